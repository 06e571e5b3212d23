"""A record seen as of a day: what was not yet known does not count, a date that may lie later neither."""

from datetime import date

import pytest

from openpoems.record import Coding, Concept, Feature, PartialDate, PatientRecord, Provenance
from tests.spec.tables import CELL, concluded, look, result, rows, stated_as, when

KNOWN_ON = """
Source: DESIGN: a later fact never changes an earlier view; a partial date is kept as partial; a fact without a date belongs to every view.
case                                  | seen       | as of      | splenomegaly | = issue
the day before                        | 2021-03-15 | 2021-03-14 |              |
the day itself                        | 2021-03-15 | 2021-03-15 | T            |
the day after                         | 2021-03-15 | 2021-03-16 | T            |
a month, seen from within it          | 2021-03    | 2021-03-15 |              | imprecise
a month, on its last day              | 2021-03    | 2021-03-31 | T            |
a month, before it                    | 2021-03    | 2021-02-28 |              |
February of a leap year, its 28th     | 2020-02    | 2020-02-28 |              | imprecise
February of a leap year, its 29th     | 2020-02    | 2020-02-29 | T            |
a year, seen from within it           | 2021       | 2021-12-30 |              | imprecise
a year, on its last day               | 2021       | 2021-12-31 | T            |
a year, before it                     | 2021       | 2020-12-31 |              |
without a date                        |            | 1990-01-01 | T            |
at 51, born 1970-01-01, before        | P51Y       | 2020-12-31 |              |
at 51, born 1970-01-01, that year     | P51Y       | 2021-06-01 |              | imprecise
at 51, born 1970-01-01, its last day  | P51Y       | 2021-12-31 | T            |
at 51 and 3 months, in that month     | P51Y3M     | 2021-04-15 |              | imprecise
at 51 and 3 months, after it          | P51Y3M     | 2021-04-30 | T            |
"""


@pytest.mark.parametrize("row", rows(KNOWN_ON))
def test_a_sign(row):
    seen = Feature(Concept((Coding("HP:0001744"),)), on=when(row["seen"]))
    record = PatientRecord("row", birth=PartialDate(1970, 1, 1), features=(seen,))
    found = look(record, date.fromisoformat(row["as of"]))
    assert found.truth("splenomegaly") is CELL[row["splenomegaly"]]
    assert [issue.severity for issue in found.issues] == (["warning"] if row["= issue"] else [])
    assert all(row["= issue"] in issue.message for issue in found.issues)


@pytest.mark.parametrize("row", [row for row in rows(KNOWN_ON) if not row.values[0]["seen"].startswith("P")])
def test_a_result(row):
    count = result("platelets", "520 10*9/L", limit="400 10*9/L", on=when(row["seen"]))
    found = look(PatientRecord("row", measurements=(count,)), date.fromisoformat(row["as of"]))
    assert found.truth("thrombocytosis") is CELL[row["splenomegaly"]]


def test_an_age_without_a_date_of_birth_belongs_to_every_view():
    seen = Feature(Concept((Coding("HP:0001744"),)), on=when("P51Y"))
    assert look(PatientRecord("row", features=(seen,)), date(1980, 1, 1)).truth("splenomegaly") is CELL["T"]


def test_what_began_early_and_was_recorded_late_is_known_late():
    # The onset is 2018, nobody had written it down before 2021: in 2020 it was not known.
    said = Feature(
        Concept((Coding("HP:0001744"),)), onset=when("2018"), provenance=Provenance(recorded=PartialDate(2021, 5, 1))
    )
    record = PatientRecord("row", features=(said,))
    assert look(record, date(2020, 1, 1)).truth("splenomegaly") is CELL[""]
    assert look(record, date(2021, 5, 1)).truth("splenomegaly") is CELL["T"]


@pytest.mark.parametrize("cell", ["T", "F"])
def test_a_later_fact_never_changes_an_earlier_conclusion(cell):
    # One person, written down over three years: Mayo 2023 as it could be judged on each day.
    def on(finding, day):
        stated = stated_as(finding, "T")
        return Feature(stated.concept, on=when(day))

    early = (on("polyneuropathy", "2019-05-02"), on("m-protein-serum", "2020-02-03"), on("papilloedema", "2020-07-07"))
    late = Feature(stated_as("castleman-disease", cell).concept, excluded=cell == "F", on=when("2021-01-20"))
    for day in ("2019-05-01", "2020-02-03", "2020-12-31", "2021-01-19"):
        seen = date.fromisoformat(day)
        without = concluded("mayo@2023", PatientRecord("row", features=early), seen)
        assert concluded("mayo@2023", PatientRecord("row", features=(*early, late)), seen) == without
    after = concluded("mayo@2023", PatientRecord("row", features=(*early, late)), date(2021, 1, 20))
    assert after.status == ("met" if cell == "T" else "undetermined")
