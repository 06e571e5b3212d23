"""The published cases as people of the demo.

They are real people whom others described: nobody of them agreed to anything here, so none is counted for research.
"""

from collections.abc import Iterator
from pathlib import Path

from openpoems.errors import OpenpoemsError
from openpoems.interchange.sources import load, read_source
from openpoems.record import PatientRecord


def published_cases(folder: Path) -> Iterator[tuple[str, PatientRecord]]:
    """The cases in a folder, each with the name of its file. Raises `OpenpoemsError` where there is none."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise OpenpoemsError(f"{folder}: there are no cases here; name the folder tests/cases of the source")
    for path in files:
        for record, _ in read_source(path, load(path), form=None):
            yield path.stem, record
