from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpoems.errors import UnreadableInput
from openpoems.interchange.table import Told, read, recognise
from openpoems.interchange.table.figures import date_text, mark_of, read_figure
from openpoems.interchange.table.headings import data

HEADING = "Date\tTest\tResult\tUnit\tReference range\n"


def one(text, told=Told()):  # noqa: B008 - frozen
    (reading,) = read(text, told)
    return reading


def result(cell, *, unit="pg/mL", told=Told(), test="VEGF"):  # noqa: B008 - frozen
    """The one result of a line, and the errors of the table."""
    record, issues = one(f"Date\tTest\tResult\tUnit\n2021-04-03\t{test}\t{cell}\t{unit}\n", told)
    errors = [str(issue) for issue in issues if issue.severity == "error"]
    return (record.measurements[0] if record.measurements else None), errors


@pytest.mark.parametrize(
    ("cell", "comparator", "value", "flags", "limits"),
    [
        ("450", "", 450, (), None),
        ("<31", "<", 31, (), None),
        ("< 31 pg/mL", "<", 31, (), None),
        (">= 2000", ">=", 2000, (), None),
        ("450 H", "", 450, ("H",), None),
        ("450 (H)", "", 450, ("H",), None),
        ("H 450", "", 450, ("H",), None),
        ("450 ↑", "", 450, ("H",), None),
        ("450 high", "", 450, ("H",), None),
        ("450*", "", 450, ("*",), None),
        ("120 (0-115)", "", 120, (), (0, 115)),
        ("120 H [31 - 86]", "", 120, ("H",), (31, 86)),
        ("120 pg/mL (0-115) H", "", 120, ("H",), (0, 115)),
        ("12,5", "", 12.5, (), None),
        ("2 450", "", 2450, (), None),
        ("2,450.5", "", 2450.5, (), None),
        ("1.234.567,8", "", 1234567.8, (), None),
    ],
)
def test_a_messy_cell_is_divided_into_what_it_says(cell, comparator, value, flags, limits):
    found, errors = result(cell)
    assert errors == []
    assert (found.comparator, found.value.value, found.value.unit, found.flags) == (comparator, value, "pg/mL", flags)
    assert (found.reference and (found.reference.low.value, found.reference.high.value)) == limits


@pytest.mark.parametrize("cell", ["2,450", "<2,450", "450 see comment", "120 ng/L extra", "450 ng/mL", "12/13", "=1+1"])
def test_what_may_mean_two_things_is_no_fact_and_is_said(cell):
    found, errors = result(cell)
    assert found is None
    assert any(error.startswith("error: line 2, column 3: ") for error in errors)


@pytest.mark.parametrize(("mark", "value"), [(".", 2450), (",", 2.45)])
def test_who_says_how_numbers_are_written_is_believed(mark, value):
    assert result("2,450", told=Told(decimal=mark))[0].value.value == value


def test_a_table_that_shows_its_decimal_mark_explains_its_thousands():
    record, issues = one(HEADING + "2021-04-03\tVEGF\t2,450\tpg/mL\t\n2021-04-03\tHb\t13.2\tg/dL\t\n")
    assert [m.value.value for m in record.measurements] == [2450, 13.2]
    assert [issue.severity for issue in issues] == ["information"]


def test_low_or_litres_is_asked():
    assert result("3.2 L", unit="", test="FVC")[0] is None
    assert result("3.2 L", unit="g/dL", test="Albumin")[0].flags == ("L",)


@pytest.mark.parametrize("words", ["positive", "not detected", "1:40", "IgA lambda"])
def test_an_answer_in_words_stays_as_it_is(words):
    found, errors = result(words, unit="")
    assert (found.result.text, errors) == (words, [])


def test_the_specimen_in_a_test_s_name_is_the_specimen():
    assert result("450", test="VEGF, plasma")[0].specimen == "plasma"
    assert result("450", test="VEGF")[0].specimen == ""


def test_tests_as_columns():
    record, _ = one("Date,VEGF,Platelets (10*9/L),ONLS\nUnit,pg/mL,,\n2021-04-03,1200,350,4\n2021-05-03,,360,\n")
    assert [(m.measure.text, m.value.value, m.value.unit, str(m.on)) for m in record.measurements] == [
        ("VEGF", 1200, "pg/mL", "2021-04-03"),
        ("Platelets", 350, "10*9/L", "2021-04-03"),
        ("ONLS", 4, "{score}", "2021-04-03"),
        ("Platelets", 360, "10*9/L", "2021-05-03"),
    ]


def test_dates_as_columns():
    record, issues = one("Test;Unit;2021-04-03;3 May 2021\nVEGF;pg/mL;1200;<31\nPlatelets, 10*9/L;;500 H;\n")
    assert [(m.measure.text, m.comparator, m.value.value, str(m.on)) for m in record.measurements] == [
        ("VEGF", "", 1200, "2021-04-03"),
        ("VEGF", "<", 31, "2021-05-03"),
        ("Platelets", "", 500, "2021-04-03"),
    ]
    assert issues == ()


def test_a_table_as_markdown_writes_it():
    record, issues = one("| Date | Test | Result |\n| --- | --- | --- |\n| 2021-01-01 | Hb | 13.2 g/dL |\n")
    assert (record.measurements[0].value.unit, issues) == ("g/dL", ())


def test_a_date_with_two_readings_is_asked_and_not_guessed():
    text = HEADING + "03/04/2021\tVEGF\t450\tpg/mL\t\n"
    record, issues = one(text)
    assert record.measurements == ()
    assert issues[0].path == "line 2, column 1"
    days = [str(one(text, Told(order=order))[0].measurements[0].on) for order in ("day", "month")]
    assert days == ["2021-04-03", "2021-03-04"]


@pytest.mark.parametrize("written", ["3 Apr 2021", "03-Apr-2021", "April 3, 2021", "3 abril 2021", "2021-04-03 08:15"])
def test_a_date_whose_month_has_a_name(written):
    record, _ = one(HEADING + f'"{written}"\tVEGF\t450\tpg/mL\t\n')
    assert str(record.measurements[0].on) == "2021-04-03"


def test_what_is_told_of_the_whole_table_fills_what_it_does_not_say():
    record, issues = one(
        "Test,Result\nVEGF,450 pg/mL\n", Told(date="2021-04-03", specimen="plasma", laboratory="North")
    )
    found = record.measurements[0]
    assert (str(found.on), found.specimen, found.laboratory, issues) == ("2021-04-03", "plasma", "North", ())


def test_every_line_is_accounted_for():
    record, issues = one(
        "My results\n" + HEADING + "\n"
        "2021-04-03\tVEGF\t450\tpg/mL\t\n"
        "HAEMATOLOGY\n"
        "Date\tTest\tResult\tUnit\tReference range\n"
        "2021-04-03\tVEGF\t450\tpg/mL\t\n"
        "2021-04-03\tHb\t13\tg/dL\t\textra\n"
        '2021-04-03\t"Hb\t13\n'
        "\tHb\t13\tg/dL\t\n"
        "2021-04-03\t\t13\tg/dL\t\n"
    )
    assert [m.path for m in record.measurements] == ["line 4", "line 10"]
    assert {issue.path.partition(",")[0] for issue in issues} == {f"line {n}" for n in (1, 5, 7, 8, 9, 10, 11)}


def test_columns_that_are_not_known_are_named_by_their_place():
    _, issues = one("Date,Test,Result,Nurse,Result\n2021-01-01,Hb,13 g/dL,Smith,14\n")
    assert [(i.path, i.severity) for i in issues] == [("line 1, column 4", "warning"), ("line 1, column 5", "warning")]
    assert "Smith" not in str(issues)


def test_many_people_are_told_apart_and_a_line_of_nobody_is_said():
    readings = read(
        "MRN,Date,Test,Result\nA1,2021-01-01,Hb,13 g/dL\n,2021-01-01,Hb,12 g/dL\nB2,2021-01-01,Hb,11 g/dL\n"
    )
    assert [(record.patient, len(record.measurements)) for record, _ in readings] == [("A1", 1), ("B2", 1)]
    assert readings[0][1][0].path == "line 3, column 1"


@pytest.mark.parametrize("text", ["", "  \n", "hello", "VEGF\t450\n", "Date\tTest\tResult\n"])
def test_what_is_no_table_is_refused_with_the_mend(text):
    with pytest.raises(UnreadableInput, match=r"headings|columns"):
        read(text)
    assert not recognise("hello")
    assert recognise(HEADING)


CELL = st.text(alphabet=st.sampled_from("0123456789.,<>()[]-/ HLpgm=+@\x00ΩVEF\"'"), max_size=12)


@given(st.lists(st.lists(CELL, min_size=1, max_size=6), max_size=8), st.sampled_from("\t;,|"))
def test_any_cells_end_as_facts_or_issues(lines, delimiter):
    text = delimiter.join(("Date", "Test", "Result", "Unit", "Range")) + "\n"
    body = "\n".join(delimiter.join(cell.replace('"', "").replace(delimiter, "") for cell in line) for line in lines)
    try:
        record, issues = one(text + body)
    except UnreadableInput:
        return
    said = {m.path for m in record.measurements} | {i.path.partition(",")[0] for i in issues}
    for number, line in enumerate(body.splitlines(), start=2):
        cells = [cell for cell in line.split(delimiter) if cell.strip()]
        ruler = not line.replace(delimiter, "").strip("-: ")
        assert f"line {number}" in said or not cells or ruler


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=99), st.sampled_from((",", ".")))
def test_a_number_with_marks_is_read_as_it_was_written(whole, part, mark):
    other = "." if mark == "," else ","
    written = f"{whole:,}".replace(",", other) + f"{mark}{part:02}"
    assert float(read_figure(written, mark).text) == float(f"{whole}.{part:02}")
    assert mark_of([written]) in (mark, "")


def test_no_date_is_made_up():
    assert date_text("Smarch 2021", "") == "Smarch 2021"


class TestDocumentation:
    PAGE = (Path(__file__).resolve().parents[3] / "docs/reference/pasted-table.md").read_text("utf-8")

    def test_every_heading_that_is_known_is_named(self):
        for field, words in data()["fields"].items():
            assert f"| {', '.join(words)} |" in self.PAGE, field

    def test_each_example_is_read_without_a_complaint(self):
        examples = self.PAGE.split("```")[1::2]
        assert len(examples) == 3
        for example in examples:
            record, issues = one(example.strip("\n"))
            assert len(record.measurements) in (2, 3)
            assert {issue.severity for issue in issues} <= {"information"}
