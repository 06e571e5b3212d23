"""When VEGF is raised: the laboratory's own limit first, else a published cut-off for that specimen, else unknown."""

from dataclasses import replace

import pytest

from openpoems.criteria.look_alikes import look_alikes
from openpoems.knowledge.store import knowledge
from openpoems.record import Agent, Concept, PartialDate, PatientRecord, ReferenceRange, Treatment
from tests.spec.tables import CELL, look, result, rows

PLASMA = """
Source: D'Souza 2011, Blood 118:4663 (plasma, 200 pg/mL, as printed in Dispenzieri 2012, Table 1); Mayo Clinic Laboratories, test 63019 (plasma, up to 96.2 pg/mL); 1 pg/mL = 1 ng/L.
result       | specimen | limit      | flags | VEGF | VEGF1000
250 pg/mL    | plasma   |            |       | T    |
200 pg/mL    | plasma   |            |       | T    |
199.9 pg/mL  | plasma   |            |       | F    |
200 ng/L     | plasma   |            |       | T    |
199 ng/L     | plasma   |            |       | F    |
0.2 ng/mL    | plasma   |            |       | T    |
0.19 ng/mL   | plasma   |            |       | F    |
5000 pg/mL   | plasma   |            |       | T    |
<31 pg/mL    | plasma   |            |       | F    |
<200 pg/mL   | plasma   |            |       | F    |
<500 pg/mL   | plasma   |            |       |      |
>1000 pg/mL  | plasma   |            |       | T    |
>200 pg/mL   | plasma   |            |       | T    |
>150 pg/mL   | plasma   |            |       |      |
150 pg/mL    | plasma   | 96.2 pg/mL |       | T    |
96.2 pg/mL   | plasma   | 96.2 pg/mL |       | F    |
90 pg/mL     | plasma   | 96.2 pg/mL |       | F    |
250 pg/mL    | plasma   | 300 pg/mL  |       | F    |
0.15 ng/mL   | plasma   | 96.2 pg/mL |       | T    |
0.0962 ng/mL | plasma   | 96.2 ng/L  |       | F    |
0.115 ng/mL  | plasma   | 115 pg/mL  |       | F    |
<31 pg/mL    | plasma   | 96.2 pg/mL |       | F    |
>96.2 pg/mL  | plasma   | 96.2 pg/mL |       | T    |
>90 pg/mL    | plasma   | 96.2 pg/mL |       |      |
150 pg/mL    | plasma   |            | H     | T    |
150 pg/mL    | plasma   |            | N     | F    |
250 pg/mL    | plasma   |            | N     | F    |
             | plasma   |            | H     | T    |
             | plasma   |            | N     | F    |
250 pg/mL    | plasma   | 96.2 pg/mL | H     | T    |
250 pg/mL    | plasma   | 96.2 pg/mL | N     |      |
"""

SERUM = """
Source: Japanese Ministry of Health 2015 (serum, 1000 pg/mL or more); Misawa 2015 (Chiba's limit 1040 pg/mL in serum); Pihan 2018, NNN 5:e486 (the laboratory's own limit).
result       | specimen | limit       | flags | VEGF | VEGF1000
1000 pg/mL   | serum    |             |       | T    | T
999 pg/mL    | serum    |             |       | F    | F
250 pg/mL    | serum    |             |       | F    | F
1000 ng/L    | serum    |             |       | T    | T
999 ng/L     | serum    |             |       | F    | F
1.04 ng/mL   | serum    |             |       | T    | T
0.999 ng/mL  | serum    |             |       | F    | F
<31 pg/mL    | serum    |             |       | F    | F
<2000 pg/mL  | serum    |             |       |      |
>2000 pg/mL  | serum    |             |       | T    | T
>500 pg/mL   | serum    |             |       |      |
850 pg/mL    | serum    | 771 pg/mL   |       | T    | F
1030 pg/mL   | serum    | 1040 pg/mL  |       | F    | T
1041 pg/mL   | serum    | 1040 pg/mL  |       | T    | T
4000 pg/mL   | serum    | 0.6 ng/mL   |       | T    | T
4000 pg/mL   | serum    |             | H     | T    | T
700 pg/mL    | serum    |             | H     | T    | F
4000 pg/mL   | serum    |             | N     | F    | T
             | serum    |             | H     | T    |
"""

OTHER_SPECIMEN = """
Source: D'Souza 2011 and the ministry 2015 give their cut-offs for one specimen each; serum and plasma are never compared.
result       | specimen | limit       | flags | VEGF | VEGF1000
5000 pg/mL   |          |             |       |      |
50 pg/mL     |          |             |       |      |
5000 pg/mL   |          | 1040 pg/mL  |       | T    |
50 pg/mL     |          | 96.2 pg/mL  |       | F    |
5000 pg/mL   |          |             | H     | T    |
50 pg/mL     |          |             | N     | F    |
>5000 pg/mL  |          | 1040 pg/mL  |       | T    |
<500 ng/L    |          | 1040 pg/mL  |       | F    |
5000 pg/mL   | blood    |             |       |      |
5000 pg/mL   | csf      |             |       |      |
"""

UNITS = """
Source: mass and amount of substance have no exact conversion (UCUM); a range without a unit is in that of its result.
result       | specimen | limit       | flags | VEGF | VEGF1000
5000 pmol/L  | serum    |             |       |      |
5000 pmol/L  | plasma   | 96.2 pg/mL  |       |      |
20 pmol/L    | plasma   | 5 pmol/L    |       | T    |
150 pg/mL    | plasma   | 96.2        |       | T    |
5000         | serum    |             |       |      |
"""


def judged(row):
    vegf = result("vegf", row["result"], row["specimen"], row["limit"], row["flags"])
    return look(PatientRecord("row", measurements=(vegf,)))


def ids(table):
    return [pytest.param(p.values[0], id=" ".join(filter(None, p.values[0].values()))) for p in rows(table)]


@pytest.mark.parametrize("row", [*ids(PLASMA), *ids(SERUM), *ids(OTHER_SPECIMEN), *ids(UNITS)])
def test_vegf(row):
    found = judged(row)
    assert found.truth("vegf-elevated") is CELL[row["VEGF"]]
    assert found.truth("vegf-serum-1000") is CELL[row["VEGF1000"]]


@pytest.mark.parametrize("row", [*ids(OTHER_SPECIMEN)[:2], *ids(UNITS)[:2], *ids(UNITS)[4:]])
def test_a_result_that_cannot_be_judged_is_reported(row):
    issues = judged(row).issues
    assert {issue.severity for issue in issues} == {"warning"}
    assert len(set(issues)) == len(issues)


@pytest.mark.parametrize("text", ["-5 pg/mL", "-5000 pg/mL"])
def test_a_negative_result_is_an_error_and_shows_nothing(text):
    found = look(PatientRecord("row", measurements=(result("vegf", text, "plasma", "96.2 pg/mL"),)))
    assert found.truth("vegf-elevated") is CELL[""]
    assert [issue.severity for issue in found.issues] == ["error"]


def test_the_missing_specimen_is_asked_for():
    [issue] = judged(rows(OTHER_SPECIMEN)[0].values[0]).issues
    assert "say serum or plasma" in issue.message


@pytest.mark.parametrize(
    ("row", "kind"),
    [(rows(PLASMA)[0], "published"), (rows(PLASMA)[14], "laboratory"), (rows(SERUM)[0], "published")],
)
def test_the_evidence_says_by_what_right(row, kind):
    [evidence] = judged(row.values[0])["vegf-elevated"].evidence
    assert evidence.kind == kind
    assert evidence.cite.ref in {"dsouza-2011", "pihan-2018", "mhlw-2015"}


def test_serum_and_plasma_are_judged_apart_and_either_may_show_it():
    # docs/explanation/conflicts.md: two results are two samples, and a sign found once was found.
    both = (result("vegf", "50 pg/mL", "plasma"), result("vegf", "2000 pg/mL", "serum"))
    found = look(PatientRecord("row", measurements=both))
    assert found.truth("vegf-elevated") is CELL["T"]
    assert found.truth("vegf-serum-1000") is CELL["T"]


def test_serum_and_plasma_of_one_day_are_two_results():
    both = (
        result("vegf", "50 pg/mL", "plasma", "96.2 pg/mL", on=PartialDate(2021, 4, 1)),
        result("vegf", "2000 pg/mL", "serum", "1040 pg/mL", on=PartialDate(2021, 4, 1)),
    )
    found = look(PatientRecord("row", measurements=both))
    assert found.truth("vegf-elevated") is CELL["T"]
    assert found["vegf-elevated"].conflict == ""
    assert len(found["vegf-elevated"].evidence) == 2


def test_two_results_of_one_series_and_day_that_disagree_leave_it_open():
    both = tuple(
        result("vegf", value, "plasma", "96.2 pg/mL", on=PartialDate(2021, 4, 1))
        for value in ("50 pg/mL", "2000 pg/mL")
    )
    found = look(PatientRecord("row", measurements=both))
    assert found.truth("vegf-elevated") is CELL[""]
    assert "look again" in found["vegf-elevated"].conflict


# A laboratory that gave a limit we cannot read has spoken: a general cut-off may show there, and never excludes.
@pytest.mark.parametrize(
    ("value", "text", "flags", "expected"),
    [
        ("150 pg/mL", "up to the usual limit", (), ""),
        ("450 pg/mL", "up to the usual limit", (), "T"),
        ("150 pg/mL", "", ("A",), ""),
        ("150 pg/mL", "", ("see comment",), ""),
        ("150 pg/mL", "", (), "F"),
        ("150 pg/mL", "", ("above range",), "T"),
    ],
)
def test_a_limit_that_cannot_be_read_never_lets_a_general_one_exclude(value, text, flags, expected):
    given = replace(
        result("vegf", value, "plasma", "", on=PartialDate(2021, 4, 1)),
        reference=ReferenceRange(text=text) if text else None,
        flags=flags,
    )
    found = look(PatientRecord("row", measurements=(given,)))
    assert found.truth("vegf-elevated") is CELL[expected]
    if expected == "":
        assert any("could not be read" in issue.message for issue in found.issues)


def test_a_low_result_under_bevacizumab_excludes_nothing():
    low = result("vegf", "20 pg/mL", "plasma", "96.2 pg/mL", on=PartialDate(2021, 4, 1))
    drug = Agent(Concept((), "Bevacizumab 5 mg/kg"))
    for start, end, expected in ((2021, None, ""), (2020, 2020, "F"), (None, None, "")):
        given = Treatment(agents=(drug,), start=start and PartialDate(start), end=end and PartialDate(end))
        found = look(PatientRecord("row", measurements=(low,), treatments=(given,)))
        assert found.truth("vegf-elevated") is CELL[expected]


def test_a_fact_about_raised_serum_vegf_needs_a_raised_serum_vegf():
    """A normal serum value beside a raised plasma one is no raised serum VEGF."""
    for serum, told in (("50 pg/mL", False), ("2000 pg/mL", True)):
        both = (
            result("vegf", "2000 pg/mL", "plasma", "96.2 pg/mL", on=PartialDate(2021, 4, 1)),
            result("vegf", serum, "serum", "1040 pg/mL", on=PartialDate(2021, 6, 1)),
        )
        found = look_alikes(look(PatientRecord("row", measurements=both)), knowledge())
        said = [clue.says for each in found for clue, _ in each.clues]
        assert any(words.startswith("Raised serum VEGF") for words in said) is told
