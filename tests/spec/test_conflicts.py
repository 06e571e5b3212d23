"""Statements that disagree: what was found once was found; at one time the stronger evidence decides, or nobody."""

import pytest

from openpoems.record import Coding, Concept, Feature, PartialDate, PatientRecord, Provenance
from tests.spec.tables import CELL, look, result, rows, when

STATED = """
Source: docs/explanation/conflicts.md: a sign once found stays found; statements that may be of one time conflict; verified outweighs unverified.
case                                | seen on    | verified | excluded on | verified it | papilloedema | = conflict
the same day                        | 2021-03-01 |          | 2021-03-01  |             |              | look again
found first, gone later             | 2021-03-01 |          | 2021-06-01  |             | T            |
not there, found later              | 2021-06-01 |          | 2021-03-01  |             | T            |
both without a date                 |            |          |             |             |              | look again
one without a date                  | 2021-03-01 |          |             |             |              | look again
the other without a date            |            |          | 2021-03-01  |             |              | look again
a month and a day within it         | 2021-03    |          | 2021-03-15  |             |              | look again
a month and a day outside it        | 2021-02    |          | 2021-03-15  |             | T            |
a year and a day within it          | 2021       |          | 2021-03-15  |             |              | look again
the same day, seen verified         | 2021-03-01 | yes      | 2021-03-01  |             | T            | stronger evidence says present
the same day, excluded verified     | 2021-03-01 |          | 2021-03-01  | yes         | F            | stronger evidence says excluded
the same day, both verified         | 2021-03-01 | yes      | 2021-03-01  | yes         |              | look again
another day, excluded verified      | 2021-03-01 |          | 2021-06-01  | yes         | T            |
"""

AGAINST_A_RESULT = """
Source: docs/explanation/conflicts.md: a laboratory's range or a definition outweighs a statement, a statement a published cut-off, that a default.
case                                     | stated | platelets  | limit      | thrombocytosis | = conflict
range says high, statement says no       | F      | 520 10*9/L | 400 10*9/L | T              | stronger evidence says present
range says normal, statement says yes    | T      | 300 10*9/L | 400 10*9/L | F              | stronger evidence says excluded
default says high, statement says no     | F      | 460 10*9/L |            | F              | stronger evidence says excluded
default says normal, statement says yes  | T      | 300 10*9/L |            | T              | stronger evidence says present
range and statement agree                | T      | 520 10*9/L | 400 10*9/L | T              |
"""


def papilloedema(day, verified, *, excluded):
    return Feature(
        Concept((Coding("HP:0001085"),)),
        excluded=excluded,
        on=when(day),
        provenance=Provenance(verified_by="ophthalmologist" if verified else ""),
    )


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "turned round"])
@pytest.mark.parametrize("row", rows(STATED))
def test_statements(row, order):
    features = (
        papilloedema(row["seen on"], row["verified"], excluded=False),
        papilloedema(row["excluded on"], row["verified it"], excluded=True),
    )
    state = look(PatientRecord("row", features=features[::order]))["papilloedema"]
    assert state.truth is CELL[row["papilloedema"]]
    assert bool(state.conflict) == bool(row["= conflict"])
    assert row["= conflict"] in state.conflict


@pytest.mark.parametrize("row", rows(AGAINST_A_RESULT))
def test_a_statement_against_a_result_of_the_same_day(row):
    day = when("2021-03-01")
    stated = Feature(Concept((Coding("HP:0001894"),)), excluded=row["stated"] == "F", on=day)
    count = result("platelets", row["platelets"], limit=row["limit"], on=day)
    state = look(PatientRecord("row", features=(stated,), measurements=(count,)))["thrombocytosis"]
    assert state.truth is CELL[row["thrombocytosis"]]
    assert bool(state.conflict) == bool(row["= conflict"])
    assert row["= conflict"] in state.conflict


def test_a_conflict_in_a_part_leaves_the_whole_open_and_says_so():
    both = [Feature(Concept((Coding("HP:0001744"),)), excluded=excluded) for excluded in (True, False)]
    state = look(PatientRecord("row", features=tuple(both)))["organomegaly"]
    assert state.truth is CELL[""]
    assert "look again" in state.conflict


def test_what_speaks_against_a_part_never_shows_the_whole():
    """Spleen seen and visceromegaly denied on one day contest each other; a later 'no' settles nothing."""
    day, later = PartialDate(2020, 5, 1), PartialDate(2021, 5, 1)
    spleen, whole = Concept((Coding("HP:0001744"),)), Concept((Coding("OPENPOEMS:organomegaly"),))
    said = (
        Feature(spleen, on=day),
        Feature(spleen, excluded=True, on=later),
        Feature(whole, excluded=True, on=day),
    )
    found = look(PatientRecord("row", features=said))
    assert found.truth("splenomegaly") is CELL["T"]
    assert found.truth("organomegaly") is CELL[""]
    assert "look again" in found["organomegaly"].conflict


def test_what_speaks_against_a_part_is_shown_beside_the_whole():
    spleen = Concept((Coding("HP:0001744"),))
    said = (Feature(spleen, on=PartialDate(2020)), Feature(spleen, excluded=True, on=PartialDate(2021)))
    found = look(PatientRecord("row", features=said))["organomegaly"]
    assert [e.says for e in found.evidence] == [CELL["T"], CELL["F"]]
