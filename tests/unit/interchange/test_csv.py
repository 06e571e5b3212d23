"""The long CSV, rule by rule. Every row here is invented; expected values are the cells themselves."""

import re
from pathlib import Path

import pytest

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange import csv
from openpoems.interchange.csv.columns import NEEDED
from openpoems.interchange.rows import words
from openpoems.interchange.rows.row import CELLS
from openpoems.quantities import Quantity
from openpoems.record.model import (
    Agent,
    Coding,
    Concept,
    Event,
    Feature,
    Measurement,
    PatientRecord,
    Procedure,
    Provenance,
    ReferenceRange,
    Treatment,
)
from openpoems.record.time import Age, PartialDate, Span

ROOT = Path(__file__).parents[3]


def own(word: str, label: str) -> Concept:
    return Concept((Coding(f"OPENPOEMS:{word}", label),), label)


def only(text: str) -> tuple[PatientRecord, tuple[Issue, ...]]:
    (reading,) = csv.read(text)
    return reading


def row(delimiter: str = ",", **cells: str) -> tuple[PatientRecord, tuple[Issue, ...]]:
    """Read a table of one row of the patient P."""
    cells = {"patient": "P", **cells}
    return only(f"{delimiter.join(cells)}\n{delimiter.join(cells.values())}\n")


def measured(**cells: str) -> Measurement:
    record, issues = row(**{"kind": "lab", "what": "vegf", **cells})
    assert issues == ()
    (measurement,) = record.measurements
    return measurement


def places(issues: tuple[Issue, ...]) -> list[tuple[str, str]]:
    return [(issue.severity, issue.path) for issue in issues]


def is_empty(record: PatientRecord) -> bool:
    return record == PatientRecord(record.patient)


class TestHeading:
    @pytest.mark.parametrize(
        "heading",
        ["patient,kind,what,status", " Patient ,KIND,What,STATUS", '"patient","kind",what,Status'],
    )
    def test_letter_case_and_blanks_do_not_matter(self, heading):
        record, issues = only(f"{heading}\nP,sign,papilloedema,present\n")
        assert (len(record.features), issues) == (1, ())

    def test_hyphens_and_blanks_in_a_name_do_not_matter(self):
        _, issues = only("patient,kind,what,value,unit,Reference High,dose-unit\nP,lab,x,1,g/L,2,")
        assert issues == ()

    @pytest.mark.parametrize("missing", NEEDED)
    def test_a_missing_column_is_named(self, missing):
        names = [name for name in CELLS if name != missing]
        with pytest.raises(UnreadableInput, match=rf"no column {missing};.*blank\.csv"):
            csv.read(",".join(names) + "\nP,sign,x\n")

    def test_an_unknown_column_is_named(self):
        record, issues = row(kind="sign", what="x", status="present", colour="red")
        assert places(issues) == [("warning", "line 1")]
        assert "'colour'" in issues[0].message
        assert len(record.features) == 1

    def test_a_formula_in_the_heading_is_not_repeated(self):
        _, issues = only("patient,kind,what,status,=cmd()\nP,sign,x,present,\n")
        assert "cmd" not in str(issues)
        assert places(issues) == [("warning", "line 1")]

    def test_a_name_that_stands_twice_is_reported_and_the_first_is_read(self):
        record, issues = only("patient,kind,what,status,status\nP,sign,x,absent,present\n")
        assert places(issues) == [("warning", "line 1, column status")]
        assert record.features[0].excluded

    def test_text_below_no_heading_is_reported(self):
        _, issues = only("patient,kind,what,status,\nP,sign,x,absent,more\n")
        assert places(issues) == [("warning", "line 2")]

    @pytest.mark.parametrize("text", ["", "\n\n", ",,,\n", "patient,kind,what\n", '"'])
    def test_a_table_without_rows_is_unreadable(self, text):
        with pytest.raises(UnreadableInput, match="line"):
            csv.read(text)

    def test_recognised_by_its_columns_only(self):
        assert csv.recognise("\ufeffsep=;\nwhat;kind;patient\n")
        assert not csv.recognise("patient,kind\n")
        assert not csv.recognise("")
        assert not csv.recognise("hello")


class TestDialects:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_delimiter_line_end_and_mark(self, delimiter, end, mark):
        lines = ["patient,kind,what,status,note", "P,sign,x,present,y", ",,,,", ""]
        text = mark + end.join(lines).replace(",", delimiter)
        record, issues = only(text)
        assert (record.features[0].note, issues) == ("y", ())

    @pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
    def test_the_separator_line_is_understood_and_not_counted(self, first):
        record, issues = only(f"{first}\r\npatient;kind;what;status\r\nP;sign;x;\r\n")
        assert places(issues) == [("error", "line 2, column status")]
        assert is_empty(record)

    def test_a_cell_may_hold_lines_and_the_spreadsheet_counts_rows(self):
        text = 'patient,kind,what,status,note\nP,sign,x,present,"a\nb, c"\nP,sign,y,,\n'
        record, issues = only(text)
        assert record.features[0].note == "a\nb, c"
        assert places(issues) == [("error", "line 3, column status")]

    def test_blank_rows_are_counted(self):
        record, _ = only("\n\npatient,kind,what,status\n\nP,sign,x,present\n")
        assert record.features[0].path == "line 5"

    def test_a_quotation_mark_that_is_not_closed_costs_its_own_line_only(self):
        text = 'patient,kind,what,status\nP,sign,"x,present\nP,sign,y,present\n'
        record, issues = only(text)
        assert [each.path for each in record.features] == ["line 3"]
        assert places(issues) == [("error", "line 2")]

    def test_text_behind_a_closed_quotation_mark_is_an_error(self):
        record, issues = only('patient,kind,what,status\nP,sign,"x" y,present\nP,sign,y,present\n')
        assert len(record.features) == 1
        assert places(issues) == [("error", "line 2")]

    def test_a_cell_beyond_the_limit_costs_its_own_row_only(self):
        # 131,072 characters is the limit of Python's csv module.
        text = f"patient,kind,what,status\nP,sign,{'x' * 140_000},present\nP,sign,y,present\n"
        record, issues = only(text)
        assert [each.path for each in record.features] == ["line 3"]
        assert places(issues) == [("error", "line 2")]

    def test_a_row_with_too_many_cells_is_not_used(self):
        record, issues = only("patient,kind,what,status\nP,sign,x,present,more\n")
        assert is_empty(record)
        assert places(issues) == [("error", "line 2")]

    def test_empty_cells_behind_the_last_column_do_not_matter(self):
        record, issues = only("patient,kind,what,status\nP,sign,x,present,,,\n")
        assert (len(record.features), issues) == (1, ())

    def test_a_row_with_too_few_cells_is_reported(self):
        record, issues = only("patient,kind,what,status,note\nP,sign,x,present\n")
        assert (len(record.features), places(issues)) == (1, [("warning", "line 2")])


class TestRows:
    def test_patients_come_in_order_of_first_appearance(self):
        text = "patient,kind,what,status\nB,sign,x,present\nA,sign,x,present\nB,sign,y,absent\n"
        readings = csv.read(text)
        assert [(record.patient, len(record.features)) for record, _ in readings] == [
            ("B", 2),
            ("A", 1),
        ]

    def test_a_row_of_nobody_is_reported_with_the_person_above(self):
        text = "patient,kind,what,status\n,sign,w,present\nA,sign,x,present\n,sign,y,absent\n"
        record, issues = only(text)
        assert len(record.features) == 1
        assert places(issues) == [
            ("error", "line 2, column patient"),
            ("error", "line 4, column patient"),
        ]

    def test_only_rows_of_nobody_are_unreadable(self):
        with pytest.raises(UnreadableInput, match="line 2, column patient"):
            csv.read("patient,kind,what\n,sign,x\n")

    def test_an_exact_repetition_counts_once(self):
        text = "patient,kind,what,status\nP,sign,x,present\nP,sign, x ,present\n"
        record, issues = only(text)
        assert len(record.features) == 1
        assert places(issues) == [("warning", "line 3")]
        assert "line 2" in issues[0].message

    @pytest.mark.parametrize("kind", ["", "diagnosis", "sing"])
    def test_an_unknown_kind_is_an_error(self, kind):
        record, issues = row(kind=kind, what="x", status="present")
        assert is_empty(record)
        assert places(issues) == [("error", "line 2, column kind")]

    def test_a_row_that_says_nothing_is_an_error(self):
        record, issues = row(kind="sign", what="", status="present")
        assert is_empty(record)
        assert places(issues) == [("error", "line 2, column what")]

    def test_a_cell_its_kind_does_not_use_is_named(self):
        _, issues = row(kind="sign", what="x", status="present", cycles="4")
        assert places(issues) == [("warning", "line 2, column cycles")]


class TestDangerousCells:
    @pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@SUM", "\t=1", " =1", "=HYPERLINK(0)", "+", "-", "＝1"])
    def test_a_formula_is_not_used_and_not_repeated(self, cell):
        record, issues = row(kind="sign", what="x", status="present", note=cell)
        assert record.features[0].note == ""
        assert places(issues) == [("error", "line 2, column note")]
        assert cell.strip() not in issues[0].message.replace("(= + - @ or a tab)", "")

    @pytest.mark.parametrize("column", ["value", "unit", "comparator", "specimen", "what", "kind"])
    def test_a_row_whose_meaning_it_touches_is_not_used(self, column):
        cells = {"kind": "lab", "what": "vegf", "value": "1", "unit": "pg/mL", column: "=1+A2"}
        record, issues = row(**cells)
        assert is_empty(record)
        assert ("error", f"line 2, column {column}") in places(issues)

    def test_a_patient_like_a_formula_is_nobody(self):
        with pytest.raises(UnreadableInput) as caught:
            csv.read("patient,kind,what\n=secret(),sign,x\n")
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize("value", ["-5", "+5", "-1.5e3", "-.5"])
    def test_a_signed_number_is_no_formula(self, value):
        assert measured(value=value, unit="g/L").value == Quantity(float(value), "g/L")

    @pytest.mark.parametrize("char", ["\x00", "\x1b", "\x7f"])
    def test_a_control_character_is_not_used(self, char):
        record, issues = row(kind="sign", what="x", status="present", note=f"a{char}b")
        assert record.features[0].note == ""
        assert places(issues) == [("error", "line 2, column note")]


class TestStatus:
    @pytest.mark.parametrize(
        ("status", "excluded"),
        [("present", False), ("YES", False), ("1", False), ("absent", True), ("Not found", True), ("0", True)],
    )
    def test_looked_for(self, status, excluded):
        record, issues = row(kind="sign", what="x", status=status)
        assert issues == ()
        assert record.features == (Feature(own("x", "x"), excluded, basis="clinical"),)

    @pytest.mark.parametrize(
        ("status", "severity"),
        [
            ("unknown", "information"),
            ("not looked for", "information"),
            ("n/a", "information"),
            ("suspected", "warning"),
        ],
    )
    def test_not_looked_for_or_unsure_is_no_fact(self, status, severity):
        record, issues = row(kind="sign", what="x", status=status)
        assert is_empty(record)
        assert places(issues) == [(severity, "line 2, column status")]

    @pytest.mark.parametrize("kind", ["sign", "imaging", "pathology", "disease", "neurophysiology"])
    @pytest.mark.parametrize("status", ["", "present?", "-1", "nd", "perhaps"])
    def test_an_empty_or_unknown_word_is_never_present(self, kind, status):
        record, issues = row(kind=kind, what="x", status=status)
        assert is_empty(record)
        assert places(issues) == [("error", "line 2, column status")]


class TestConcepts:
    @pytest.mark.parametrize(
        ("what", "code", "label"),
        [
            ("HP:0001271", "HP:0001271", ""),
            ("HP:0001271 Polyneuropathy", "HP:0001271", "Polyneuropathy"),
            ("LOINC:75628-8", "LOINC:75628-8", ""),
            ("SCTID: 302226006", "SNOMED:302226006", ""),
            ("icd-10-cm:D47Z2", "ICD10CM:D47.Z2", ""),
            ("OPENPOEMS:vegf", "OPENPOEMS:vegf", ""),
        ],
    )
    def test_codes_get_their_canonical_form(self, what, code, label):
        record, issues = row(kind="sign", what=what, status="present")
        assert issues == ()
        assert record.features[0].concept == Concept((Coding(code, label),), label)

    @pytest.mark.parametrize(
        ("what", "word"),
        [
            ("vegf", "vegf"),
            ("Immunofixation serum", "immunofixation-serum"),
            ("M-protein", "m-protein"),
            ("œdème", ""),
            ("café au lait", "cafe-au-lait"),
            ("浮腫", ""),
        ],
    )
    def test_words_get_openpoems_prefix_and_stay_as_label(self, what, word):
        record, _ = row(kind="sign", what=what, status="present")
        expected = own(word, what) if word else Concept(text=what)
        assert record.features[0].concept == expected

    @pytest.mark.parametrize("what", ["HP:12", "NCIT:C3056"])
    def test_a_malformed_or_foreign_code_is_kept_with_a_warning(self, what):
        record, issues = row(kind="sign", what=what, status="present")
        assert record.features[0].concept.codings[0].id == what
        assert places(issues) == [("warning", "line 2, column what")]


class TestValues:
    def test_a_full_result(self):
        assert measured(
            value="<31", unit="pg/ml", specimen="EDTA plasma", laboratory="L", assay="A", flag="low; A",
            reference_low="0", reference_high="96.5", date="2021-04", note="n", said_by="laboratory",
            document="d", verified_by="v",
        ) == Measurement(
            measure=own("vegf", "vegf"), value=Quantity(31.0, "pg/mL"), comparator="<", specimen="plasma",
            laboratory="L", assay="A", flags=("L", "A"), on=PartialDate(2021, 4), note="n",
            reference=ReferenceRange(Quantity(0.0, "pg/mL"), Quantity(96.5, "pg/mL")),
            provenance=Provenance("laboratory", "d", None, "v"),
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("value", "comparator", "expected"),
        [
            ("<31", "", "<"),
            ("> 31", "", ">"),
            ("≤31", "", "<="),
            ("31", ">=", ">="),
            ("31", "=", ""),
            ("<31", "<", "<"),
        ],
    )
    def test_comparators(self, value, comparator, expected):
        result = measured(value=value, comparator=comparator, unit="g/L")
        assert (result.comparator, result.value) == (expected, Quantity(31.0, "g/L"))

    @pytest.mark.parametrize("comparator", [">", "about", "~"])
    def test_a_comparator_that_contradicts_or_says_nothing_stops_the_value(self, comparator):
        record, issues = row(kind="lab", what="x", value="<3", unit="g/L", comparator=comparator)
        assert is_empty(record)
        assert places(issues) == [("error", "line 2, column comparator")]

    @pytest.mark.parametrize("word", ["positive", "Not detected", "IgA lambda", "1:40", "2+"])
    def test_words_are_a_result(self, word):
        assert measured(value=word).result == Concept(text=word)

    @pytest.mark.parametrize(
        ("word", "reason"), [("not done", "not-performed"), ("N/A", "unknown"), ("pending", "temp-unknown")]
    )
    def test_why_there_is_no_value(self, word, reason):
        result = measured(value=word)
        assert (result.absent, result.value, result.result) == (reason, None, None)

    @pytest.mark.parametrize("value", ["12 pg/mL", "5-10", "1 000", "1.2.3", "<", "<low", "1e999"])
    def test_what_is_no_number_is_an_error(self, value):
        record, issues = row(kind="lab", what="x", value=value, unit="g/L")
        assert is_empty(record)
        assert places(issues) == [("error", "line 2, column value")]

    def test_an_unknown_unit_is_kept_with_a_warning(self):
        record, issues = row(kind="lab", what="x", value="1", unit="furlongs")
        assert record.measurements[0].value == Quantity(1.0, "furlongs")
        assert places(issues) == [("warning", "line 2, column unit")]

    def test_a_result_by_its_status(self):
        assert measured(status="present").result == Concept(text="present")
        assert measured(status="negative").result == Concept(text="absent")

    @pytest.mark.parametrize(
        ("status", "severity", "column"),
        [("", "error", "value"), ("unknown", "information", "status"), ("possible", "warning", "status")],
    )
    def test_no_value_and_no_answer(self, status, severity, column):
        record, issues = row(kind="lab", what="x", status=status)
        assert is_empty(record)
        assert places(issues) == [(severity, f"line 2, column {column}")]

    def test_a_status_beside_a_value_is_not_used(self):
        record, issues = row(kind="lab", what="x", status="absent", value="1", unit="g/L")
        assert record.measurements[0].value == Quantity(1.0, "g/L")
        assert places(issues) == [("warning", "line 2, column status")]

    def test_a_score_needs_no_unit(self):
        record, issues = row(kind="score", what="ONLS", value="5")
        assert issues == ()
        assert record.measurements[0].value == Quantity(5.0, "{score}")

    def test_imaging_may_have_a_status_and_a_value(self):
        record, issues = row(kind="imaging", what="spleen", status="present", value="15", unit="cm")
        assert issues == ()
        assert record.features[0].basis == "imaging"
        assert record.measurements[0].value == Quantity(15.0, "cm")

    @pytest.mark.parametrize("written", ["above range", "Abnormally high", "H", "raised"])
    def test_words_for_a_flag(self, written):
        assert measured(value="5", unit="pg/mL", flag=written).flags == ("H",)

    @pytest.mark.parametrize(
        ("cells", "low", "high"),
        [
            ({"reference_high": "<96"}, None, 96.0),
            ({"reference_high": "<= 96.2 pg/mL"}, None, 96.2),
            ({"reference_high": "up to 96"}, None, 96.0),
            ({"reference_low": ">31"}, 31.0, None),
        ],
    )
    def test_a_limit_with_its_sign(self, cells, low, high):
        reference = measured(value="5", unit="pg/mL", **cells).reference
        ends = [None if each is None else Quantity(each, "pg/mL") for each in (low, high)]
        assert reference == ReferenceRange(*ends)

    def test_both_limits_in_one_cell(self):
        record, issues = row(kind="lab", what="vegf", value="5", unit="pg/mL", reference_high="31 to 86")
        low, high = Quantity(31.0, "pg/mL"), Quantity(86.0, "pg/mL")
        assert record.measurements[0].reference == ReferenceRange(low, high, "31 to 86")
        assert places(issues) == [("information", "line 2, column reference_high")]

    @pytest.mark.parametrize(
        ("cells", "text"),
        [
            ({"reference_high": "below the mean"}, "high: below the mean"),
            ({"reference_high": ">96"}, "high: >96"),
            ({"reference_low": "0", "reference_high": "0"}, "0 pg/mL – 0 pg/mL"),
            ({"reference_low": "9", "reference_high": "3"}, "9 pg/mL – 3 pg/mL"),
            ({"reference_high": "-1"}, "<= -1 pg/mL"),
            ({"reference_high": "<96 mmol/L"}, "<= 96 mmol/L"),
        ],
    )
    def test_a_range_that_cannot_be_used_is_kept_as_words(self, cells, text):
        record, issues = row(kind="lab", what="vegf", value="5", unit="pg/mL", **cells)
        assert record.measurements[0].reference == ReferenceRange(text=text)
        assert [issue.severity for issue in issues] == ["warning"]

    def test_an_unknown_flag_or_specimen_is_reported(self):
        record, issues = row(kind="lab", what="x", value="1", unit="g/L", flag="!!", specimen="Tears")
        assert (record.measurements[0].specimen, record.measurements[0].flags) == ("tears", ("!!",))
        assert sorted(places(issues)) == [
            ("warning", "line 2, column flag"),
            ("warning", "line 2, column specimen"),
        ]


class TestDecimalComma:
    TABLE = "patient;kind;what;value;unit\n"

    @pytest.mark.parametrize(
        ("text", "value"), [("12,5", 12.5), ("0,234", 0.234), ("1234,567", 1234.567), ("<3,1", 3.1)]
    )
    def test_read_where_it_can_mean_nothing_else(self, text, value):
        record, issues = only(f"{self.TABLE}P;lab;x;{text};g/L\n")
        assert record.measurements[0].value == Quantity(value, "g/L")
        assert places(issues) == [("information", "line 2, column value")]

    def test_said_once(self):
        record, issues = only(f"{self.TABLE}P;lab;x;1,5;g/L\nP;lab;x;2,5;g/L\n")
        assert (len(record.measurements), len(issues)) == (2, 1)

    @pytest.mark.parametrize("text", ["1.234,5", "1,234", "1,234.5", "123,456", "1,2,3"])
    def test_an_issue_where_it_can_mean_two_things(self, text):
        record, issues = only(f"{self.TABLE}P;lab;x;{text};g/L\n")
        assert is_empty(record)
        assert places(issues) == [("error", "line 2, column value")]

    def test_a_point_before_three_digits_is_unsure_beside_decimal_commas(self):
        record, issues = only(f"{self.TABLE}P;lab;x;1.234;g/L\nP;lab;x;2,5;g/L\n")
        assert [each.path for each in record.measurements] == ["line 3"]
        assert ("error", "line 2, column value") in places(issues)
        alone, _ = only(f"{self.TABLE}P;lab;x;1.234;g/L\n")
        assert alone.measurements[0].value == Quantity(1.234, "g/L")

    def test_never_where_commas_part_cells(self):
        record, issues = row(kind="lab", what="x", value='"12,5"', unit="g/L")
        assert is_empty(record)
        assert places(issues) == [("error", "line 2, column value")]


class TestDates:
    @pytest.mark.parametrize(
        ("text", "when"),
        [
            ("2021", PartialDate(2021)),
            ("2021-04", PartialDate(2021, 4)),
            ("2021-04-03", PartialDate(2021, 4, 3)),
            ("2021-04-03 00:00:00", PartialDate(2021, 4, 3)),
            ("2021-04-03T10:00", PartialDate(2021, 4, 3)),
            ("P52Y", Age(52)),
            ("2020..2021-04", Span(PartialDate(2020), PartialDate(2021, 4))),
            ("2020..", Span(PartialDate(2020), None)),
        ],
    )
    def test_as_precise_as_given(self, text, when):
        assert measured(value="1", unit="g/L", date=text).on == when

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("15/04/2021", "2021-04-15"),
            ("04/15/2021", "2021-04-15"),
            ("15.4.2021", "2021-04-15"),
            ("4/4/2021", "2021-04-04"),
            ("2021/4/15", "2021-04-15"),
            ("2021-4-5", "2021-04-05"),
            ("04/2021", "2021-04"),
        ],
    )
    def test_a_date_that_can_mean_one_day_only_is_read_and_said_so(self, text, day):
        record, issues = row(kind="lab", what="x", value="1", unit="g/L", date=text)
        assert str(record.measurements[0].on) == day
        assert places(issues) == [("information", "line 2, column date")]

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("31/02/2021", "no such day"),
            ("15/15/2021", "no such day"),
            ("03/04/2021", "ambiguous"),
            ("3.4.21", "ambiguous"),
            ("44289", "serial number"),
            ("44289.5", "serial number"),
            ("2021-13", "date"),
            ("2021-02-30", "calendar"),
            ("yesterday", "date"),
            ("52 years", "date"),
            ("2021..x", "date"),
        ],
    )
    def test_anything_else_is_an_error_and_the_fact_stays_without_date(self, text, says):
        record, issues = row(kind="lab", what="x", value="1", unit="g/L", date=text)
        assert record.measurements[0].on is None
        assert places(issues) == [("error", "line 2, column date")]
        assert says in issues[0].message


class TestKinds:
    def test_person(self):
        text = (
            "patient,kind,what,value,date\nP,person,Sex,F,\nP,person,date of birth,,1968-03\n"
            "P,person,last-seen,2024,\nP,person,reference,PMID:1,\n"
        )
        assert only(text) == (
            PatientRecord("P", "female", PartialDate(1968, 3), PartialDate(2024), references=("PMID:1",)),
            (),
        )

    @pytest.mark.parametrize(
        ("what", "value", "column"),
        [("sex", "x", "value"), ("birth", "03/04/1968", "value"), ("sex", "", "value"), ("height", "170", "what")],
    )
    def test_person_errors(self, what, value, column):
        record, issues = row(kind="person", what=what, value=value)
        assert is_empty(record)
        assert places(issues) == [("error", f"line 2, column {column}")]

    def test_a_person_contradicted(self):
        text = "patient,kind,what,value\nP,person,sex,F\nP,person,sex,M\nP,person,gender,female\n"
        record, issues = only(text)
        assert (record.sex, places(issues)) == ("female", [("error", "line 3, column value")])

    def test_feature(self):
        record, issues = row(
            kind="imaging", what="lesion", status="present", date="2021", onset="P50Y", end_date="2022",
            site="left iliac bone", note="n", said_by="clinician",
        )  # fmt: skip
        assert issues == ()
        assert record.features == (
            Feature(
                own("lesion", "lesion"), basis="imaging", on=PartialDate(2021), onset=Age(50),
                resolved=PartialDate(2022), site=Concept(text="left iliac bone"), note="n",
                provenance=Provenance("clinician"),
            ),
        )  # fmt: skip
        assert record.features[0].path == "line 2"

    def test_disease(self):
        record, issues = row(kind="disease", what="ICD10CM:E11.9", status="absent")
        assert issues == ()
        assert record.features == (Feature(Concept((Coding("ICD10CM:E11.9"),)), True, "disease"),)

    def test_treatment_with_several_drugs(self):
        record, issues = row(
            kind="treatment", what="Lenalidomide + dexamethasone", date="2022-12", end_date="2023",
            cycles="4", intent="induction",
        )  # fmt: skip
        assert issues == ()
        agents = (Agent(own("lenalidomide", "Lenalidomide")), Agent(own("dexamethasone", "dexamethasone")))
        assert record.treatments == (
            Treatment("Lenalidomide + dexamethasone", agents, 4, PartialDate(2022, 12), PartialDate(2023), "induction"),
        )

    def test_a_dose_belongs_to_one_drug(self):
        one, issues = row(kind="treatment", what="RXNORM:1", dose="25", dose_unit="mg")
        assert (one.treatments[0].agents[0].dose, issues) == (Quantity(25.0, "mg"), ())
        two, issues = row(kind="treatment", what="a/b", dose="25", dose_unit="mg")
        assert [agent.dose for agent in two.treatments[0].agents] == [None, None]
        assert places(issues) == [
            ("warning", "line 2, column dose"),
            ("warning", "line 2, column dose_unit"),
        ]

    @pytest.mark.parametrize("cycles", ["four", "1.5", "4-6"])
    def test_cycles_are_a_whole_number(self, cycles):
        record, issues = row(kind="treatment", what="x", cycles=cycles)
        assert record.treatments[0].cycles is None
        assert places(issues) == [("error", "line 2, column cycles")]

    def test_procedure(self):
        record, issues = row(
            kind="procedure", what="radiotherapy", dose="40", dose_unit="Gy", cycles="20",
            site="left iliac bone", date="2023-10", end_date="2023-11",
        )  # fmt: skip
        assert issues == ()
        assert record.procedures == (
            Procedure(
                own("radiotherapy", "radiotherapy"), PartialDate(2023, 10), PartialDate(2023, 11),
                Concept(text="left iliac bone"), Quantity(40.0, "Gy"), 20,
            ),
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("what", "kind"),
        [
            ("death", "death"),
            ("Hospitalization", "hospitalisation"),
            ("diagnosis", "diagnosis"),
            ("earlier label", "earlier-label"),
            ("first-symptom", "first-symptom"),
        ],
    )
    def test_event(self, what, kind):
        record, issues = row(kind="event", what=what, value="CIDP", date="2021", end_date="2022")
        assert issues == ()
        expected = Event(kind, own("cidp", "CIDP"), PartialDate(2021), PartialDate(2022))
        assert record.events == (expected,)

    def test_another_event_keeps_its_word(self):
        record, _ = row(kind="event", what="moved abroad")
        assert record.events == (Event("other", own("moved-abroad", "moved abroad")),)

    @pytest.mark.parametrize("kind", ["treatment", "procedure", "event"])
    @pytest.mark.parametrize(
        ("status", "happened"),
        [("", True), ("yes", True), ("no", False), ("planned", False), ("unknown", False), ("possible", False)],
    )
    def test_what_did_not_happen_is_reported_and_not_recorded(self, kind, status, happened):
        record, issues = row(kind=kind, what="x", status=status)
        assert is_empty(record) is not happened
        assert bool(issues) is not happened


class TestDocumentation:
    """docs/reference/csv.md says what the code does."""

    TEXT = (ROOT / "docs/reference/csv.md").read_text(encoding="utf-8")

    def table(self, heading: str) -> list[list[str]]:
        section = self.TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
        lines = [line for line in section.splitlines() if line.startswith("|")]
        rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
        assert len(rows) > 2, heading
        return rows[2:]

    def test_every_column_in_order(self):
        assert tuple(cells[0].strip("`") for cells in self.table("Columns")) == CELLS

    @pytest.mark.parametrize("kind", list(words.KINDS))
    def test_each_kind_uses_the_columns_the_table_says(self, kind):
        said = {
            cells[0].strip("`") for cells in self.table("Columns") if cells[1] == "all" or kind in cells[1].split(", ")
        }
        full = dict.fromkeys(CELLS, "1") | {"kind": kind, "what": "death", "status": "present"}
        full |= dict.fromkeys(("date", "end_date", "onset"), "2021") | {"comparator": "<"}
        full |= {"unit": "g/L", "dose_unit": "mg", "specimen": "serum", "flag": "H"}
        used = set()
        for change in ({}, {"value": ""}):
            whole = (
                full
                | change
                | ({"what": "last-seen", "value": change.get("value", "2021")} if kind == "person" else {})
            )
            _, issues = row(**whole)
            unused = {each.path.rpartition(" ")[2] for each in issues if "not used in a row like this" in each.message}
            used |= {name for name in CELLS if name not in unused and whole[name]}
        assert used == said

    @pytest.mark.parametrize(
        ("heading", "vocabulary"),
        [
            ("Kinds", words.KINDS),
            ("Status", words.STATUSES),
            ("Of a person", words.TRAITS),
            ("Events", words.EVENTS),
            ("Flags", words.FLAGS),
            ("Why there is no value", words.ABSENT_REASONS),
        ],
    )
    def test_every_word(self, heading, vocabulary):
        said = {
            cells[0].strip("`"): tuple(words.plain(each) for each in cells[1].split(", ") if each)
            for cells in self.table(heading)
        }
        assert said == vocabulary.others

    def test_every_sex(self):
        (cell,) = (cells[2] for cells in self.table("Of a person") if cells[0] == "`sex`")
        assert re.findall(r"`(\w+)`", cell) == list(words.SEXES)
        listed = re.findall(r"\(([^)]*)\)", cell)
        assert listed == ["f, woman", "m, man"]
        assert [words.SEXES.find(each) for each in ("f", "woman", "m", "man")] == ["female"] * 2 + ["male"] * 2


class TestExamples:
    def test_the_blank_has_every_column_and_no_row(self):
        text = (ROOT / "examples/blank.csv").read_text(encoding="utf-8")
        assert text == ",".join(CELLS) + "\n"
        with pytest.raises(UnreadableInput, match="no row"):
            csv.read(text)

    def test_the_filled_one_is_read_without_a_complaint(self):
        record, issues = only((ROOT / "examples/filled.csv").read_text(encoding="utf-8"))
        # Its only remark: papilloedema was not looked for (line 19).
        assert places(issues) == [("information", "line 19, column status")]
        facts = (record.features, record.measurements, record.treatments, record.procedures, record.events)
        assert tuple(map(len, facts)) == (8, 10, 1, 2, 3)


def test_nothing_shows_a_person():
    record, issues = row(kind="sign", what="Secret", status="Secret", note="Secret")
    assert "Secret" not in f"{record!r}{issues!r}"


class TestWhat:
    @pytest.mark.parametrize(
        "what",
        [
            "splenomegaly?", "splenomegaly (-)", "no splenomegaly", "splenomegaly -", "splenomegaly +/-", "± splenomegaly",
            "possible splenomegaly", "Splenomegaly not found", "HP:0001744 no splenomegaly", "HP:0001744 ?", "splenomegaly⁻",
        ],
    )  # fmt: skip
    def test_a_negated_or_doubtful_name_is_no_fact(self, what):
        record, issues = row(kind="sign", what=what, status="present")
        assert is_empty(record)
        assert places(issues) == [("error", "line 2, column what")]
        assert "status" in issues[0].message

    @pytest.mark.parametrize("what", ["splenomegaly", "ICD10:E11.9 Type 2 diabetes without complications", "anti-MAG"])
    def test_a_plain_name_is_a_fact(self, what):
        record, _ = row(kind="sign", what=what, status="present")
        assert len(record.features) == 1

    @pytest.mark.parametrize("what", ["John Smith born 1960 fell", "one two three four five six seven"])
    def test_a_sentence_gets_no_code_of_ours_and_is_in_no_issue(self, what):
        record, issues = row(kind="sign", what=what, status="present", value="5", unit="mg John Smith", flag="John S")
        assert record.features[0].concept == Concept(text=what)
        assert issues
        assert not any("John" in str(issue) for issue in issues)

    @pytest.mark.parametrize("what", ["HP_0001744", "http://purl.obolibrary.org/obo/HP_0001744"])
    def test_a_code_in_another_form(self, what):
        record, issues = row(kind="sign", what=what, status="present")
        assert (record.features[0].concept, issues) == (Concept((Coding("HP:0001744"),)), ())


def test_thousands_in_a_sheet_with_decimal_commas_are_not_read_as_fractions():
    """`2.450` beside `31,5` is two thousand and more, whatever separates the columns."""
    table = 'patient,kind,what,value,unit\np,lab,vegf,2.450,pg/mL\np,lab,albumin,"31,5",g/L\n'
    ((record, issues),) = csv.read(table)
    assert all(m.value is None or m.value.value != 2.45 for m in record.measurements)
    assert any(i.severity == "error" and "thousand" in i.message for i in issues)


def test_a_scan_and_a_biopsy_may_be_called_so():
    table = "patient,kind,what,status\np,MRI,splenomegaly,present\np,biopsy,Castleman disease,present\n"
    ((record, _),) = csv.read(table)
    assert [feature.basis for feature in record.features] == ["imaging", "pathology"]
