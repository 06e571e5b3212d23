"""The long CSV under generated tables: nothing breaks it, and no row is lost in silence."""

import csv as plain_csv
import io
import re
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange import csv
from openpoems.interchange.rows import words
from openpoems.interchange.rows.row import CELLS
from openpoems.record.model import PatientRecord
from tests.generative.records import records

EXAMPLE = (Path(__file__).parents[2] / "examples/filled.csv").read_text(encoding="utf-8")

ANYTHING = st.text(max_size=8) | st.sampled_from(
    ["", "=1+1", "-5", "1,5", "1.234,5", "<31", "≤ 2", "\x00", '"', ";", "\n", "03/04/2021", "44289", "P52Y", "2021-04", "HP:0001271"]
)  # fmt: skip


def spellings(vocabulary: words.Words) -> list[str]:
    return [spelling for word, others in vocabulary.others.items() for spelling in (word, *others)]


# Cells as people fill them, and in every column now and then something else.
USUAL = {
    "patient": ["P", "Q", ""],
    "kind": spellings(words.KINDS),
    "what": ["vegf", "HP:0001271 Polyneuropathy", "lenalidomide + dexamethasone", "ASCT", *spellings(words.TRAITS), *spellings(words.EVENTS)],
    "status": ["", *spellings(words.STATUSES)],
    "value": ["", "1040.5", "<31", "positive", "not done", "F", "2021-04"],
    "unit": ["", "pg/mL", "g/L", "furlongs"],
    "comparator": ["", "<", "="],
    "specimen": ["", "serum", "EDTA plasma", "tears"],
    "flag": ["", "H", "low", "?"],
    "date": ["", "2021", "2021-04-03", "03/04/2021"],
    "cycles": ["", "4", "four"],
    "dose": ["", "40"],
    "dose_unit": ["", "Gy"],
}  # fmt: skip

rows = st.fixed_dictionaries({name: st.sampled_from(USUAL.get(name, ["", "x"])) | ANYTHING for name in CELLS})
tables = st.lists(rows, max_size=8)
usual_rows = st.fixed_dictionaries({name: st.sampled_from(USUAL.get(name, ["", "x"])) for name in CELLS})


def written(table: list[dict[str, str]], columns: tuple[str, ...] = CELLS, delimiter: str = ",") -> str:
    file = io.StringIO(newline="")
    writer = plain_csv.DictWriter(file, columns, delimiter=delimiter, quoting=plain_csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(table)
    return file.getvalue()


def facts(record: PatientRecord) -> list:
    return [*record.features, *record.measurements, *record.treatments, *record.procedures, *record.events]


def lines_told(readings: list[tuple[PatientRecord, tuple[Issue, ...]]]) -> set[int]:
    """The lines that stand in a record as a fact, or are named by an issue."""
    paths = [each.path for record, _ in readings for each in facts(record)]
    paths += [issue.path for _, issues in readings for issue in issues]
    return {int(match[1]) for path in paths if (match := re.match(r"line (\d+)", path))}


def is_about_the_person(row: dict[str, str]) -> bool:
    return words.KINDS.find(row["kind"]) == "person"


@given(tables)
@settings(deadline=None)
def test_no_row_is_lost_in_silence(table):
    try:
        readings = csv.read(written(table))
    except UnreadableInput:
        assert not any(row["patient"] in USUAL["patient"][:2] for row in table)
        return
    told = lines_told(readings)
    for line, row in enumerate(table, start=2):
        if any(cell.strip() for cell in row.values()):
            assert line in told or is_about_the_person(row)


@given(usual_rows)
@example(dict.fromkeys(CELLS, "") | {"patient": "P", "kind": "person", "what": "sex", "value": "F"})
@example(dict.fromkeys(CELLS, "") | {"patient": "P", "kind": "person", "what": "born", "date": "2021"})
@settings(deadline=None)
def test_a_row_about_the_person_changes_the_record_or_is_named(row):
    row = row | {"patient": "P", "kind": "person"}
    ((record, issues),) = csv.read(written([row]))
    assert record != PatientRecord("P") or issues


@given(st.lists(usual_rows, min_size=1, max_size=6), st.permutations(CELLS), st.sampled_from(",;\t|"))
@settings(deadline=None)
def test_order_of_columns_and_delimiter_do_not_matter(table, columns, delimiter):
    table = [row | {"patient": row["patient"] or "P"} for row in table]
    first = csv.read(written(table))
    second = csv.read(written(table, tuple(columns), delimiter))
    assert [record for record, _ in first] == [record for record, _ in second]
    assert [set(issues) for _, issues in first] == [set(issues) for _, issues in second]


@given(st.lists(usual_rows, min_size=1, max_size=6))
@settings(deadline=None)
def test_patients_do_not_touch_each_other(table):
    table = [row | {"patient": "P", "note": str(index)} for index, row in enumerate(table)]
    ((alone, _),) = csv.read(written(table))
    mixed = [copy for row in table for copy in (row, row | {"patient": "Q"})]
    assert {record.patient: record for record, _ in csv.read(written(mixed))}["P"] == alone


@given(st.lists(st.lists(ANYTHING, max_size=30), max_size=6), st.sampled_from(",;\t|"), st.booleans())
@settings(deadline=None)
def test_any_grid_is_read_or_refused(grid, delimiter, with_heading):
    heading = [delimiter.join(CELLS)] if with_heading else []
    read_or_refuse("\n".join(heading + [delimiter.join(cells) for cells in grid]))


@given(st.text())
@settings(deadline=None)
def test_any_text_is_read_or_refused(text):
    read_or_refuse(text)


SPOILT = st.tuples(
    st.integers(0, len(EXAMPLE)),
    st.sampled_from([0, 1, 5, 80]),
    st.sampled_from(["", '"', ",", ";", "\n", "\x00", "=", "\t", "ß", "1,5"]),
)


@given(st.lists(SPOILT, min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_the_example_spoilt_is_read_with_no_line_lost_or_refused(changes):
    text = EXAMPLE
    for start, length, put in changes:
        text = text[:start] + put + text[start + length :]
    readings = read_or_refuse(text)
    heading, *body = text.split("\n")
    if readings and '"' not in text and heading.split(",") == list(CELLS):
        told = lines_told(readings)
        for line, row in enumerate(body, start=2):
            assert line in told or not row.strip(", \t") or row.split(",")[1] == "person"


def read_or_refuse(text: str) -> list[tuple[PatientRecord, tuple[Issue, ...]]]:
    try:
        return csv.read(text)
    except UnreadableInput:
        return []


@given(records())
@settings(max_examples=60, deadline=None)
def test_a_record_is_read_again_as_it_was_written_or_the_writer_says_where_not(record):
    text, issues = csv.write(record)
    ((again, _),) = csv.read(text)
    assert (again == record) is (issues == ())
    assert len({issue.path for issue in issues}) == len(issues)
