"""From bytes to reports: real files, damaged in every way, end in a report or in a sentence, never in a traceback."""

import json
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from openpoems.criteria.assess import assess
from openpoems.errors import UnreadableInput
from openpoems.interchange import fhir
from openpoems.interchange.sources import expand, read_source
from openpoems.knowledge.store import knowledge
from openpoems.reports.document import encode
from openpoems.reports.html import html
from openpoems.reports.text import text

DAY = date(2026, 1, 1)
CASES = [path.read_text(encoding="utf-8") for path in expand(["tests/cases"])]
TABLE = Path("examples/filled.csv").read_text(encoding="utf-8")


def _bundles():
    for case in CASES[::6]:
        ((record, _),) = read_source(None, case.encode(), form=None)
        yield json.dumps(fhir.write(record))


FILES = [*CASES, *_bundles(), TABLE]
DOCUMENTS = [json.loads(file) for file in FILES[:-1]]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


def reported(data: bytes) -> int:
    """How many records the bytes gave; each is assessed and reported in every form."""
    try:
        readings = read_source(None, data, form=None)
    except UnreadableInput:
        return 0
    for record, issues in readings:
        done = assess(record, knowledge(), DAY, today=DAY, issues=issues)
        json.loads(encode(done, knowledge()))
        assert text(done, knowledge())
        assert html(done, knowledge())
    return len(readings)


@given(st.sampled_from(FILES), st.data())
@settings(max_examples=60)
def test_a_file_cut_or_spoilt_anywhere(file, data):
    raw = bytearray(file.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    reported(bytes(raw[: data.draw(st.integers(1, len(raw)))]))


@given(st.sampled_from(DOCUMENTS), st.data())
@settings(max_examples=150)
def test_a_document_with_anything_anywhere(document, data):
    """One node of a real document becomes any value, is taken out, or stands twice."""
    spoilt = json.loads(json.dumps(document))
    places = list(_places(spoilt))
    for holder, key in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        how = data.draw(st.sampled_from(("replaced", "removed", "doubled")))
        try:
            if how == "replaced":
                holder[key] = data.draw(anything)
            elif how == "removed":
                del holder[key]
            elif isinstance(holder, list):
                holder.append(holder[key])
        except (IndexError, KeyError):  # an earlier change took the place away
            continue
    reported(json.dumps(spoilt).encode())


@given(st.sampled_from(DOCUMENTS))
@settings(max_examples=30)
def test_an_undamaged_document_gives_its_one_record(document):
    assert reported(json.dumps(document).encode()) == 1


def _places(value):
    """Every holder and key of a document."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
