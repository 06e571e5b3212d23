"""Reading what the user named, one record after the other: a bad source is reported and never loses the others."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from openpoems.errors import UnreadableInput
from openpoems.interchange.decoding import MAX_BYTES
from openpoems.interchange.sources import Reading, expand, load, read_source

# Fewer files than this are done before a progress bar could be read.
WORTH_A_BAR = 50


@dataclass(slots=True)
class Named:
    """What the user named, and how many sources of it could not be read."""

    files: tuple[str, ...]
    form: str | None = None
    failed: int = field(default=0)

    @property
    def one_file(self) -> bool:
        """Whether a single file, or standard input, was named."""
        return len(self.files) == 1 and (self.files[0] == "-" or Path(self.files[0]).is_file())

    def report(self, error: UnreadableInput) -> None:
        """Say on standard error which source could not be read, and why."""
        self.failed += 1
        click.echo(f"error: {error}", err=True)


def readings(named: Named) -> Iterator[Reading]:
    """Every record of every source, with its issues; a source that cannot be read is reported and passed over."""
    paths = list(_paths(named))
    with _progress(paths) as shown:
        for path in shown:
            try:
                data = sys.stdin.buffer.read(MAX_BYTES + 1) if str(path) == "-" else load(path)
                found = read_source(None if str(path) == "-" else path, data, form=named.form)
            except UnreadableInput as error:
                named.report(error)
            else:
                yield from found


def _paths(named: Named) -> Iterator[Path]:
    seen: set[Path] = set()
    for each in named.files:
        try:
            for path in expand([each]):
                if path not in seen:
                    seen.add(path)
                    yield path
        except UnreadableInput as error:
            named.report(error)


@contextmanager
def _progress(paths: list[Path]) -> Iterator[Iterator[Path]]:
    if len(paths) < WORTH_A_BAR or not sys.stderr.isatty():
        yield iter(paths)
        return
    with click.progressbar(paths, label="records", file=sys.stderr) as bar:
        yield iter(bar)
