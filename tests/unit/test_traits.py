"""By what one person is like another: the bands of likeness.toml, and what a record leaves open."""

from datetime import date

import pytest

from openpoems.criteria.assess import assess
from openpoems.knowledge.store import knowledge
from openpoems.record import Coding, Concept, PartialDate, PatientRecord
from openpoems.record.model import Event, Procedure, Treatment
from openpoems.reports.likeness import Compared, choices
from openpoems.reports.traits import Traits, alike, traits
from openpoems.response.respond import respond

TODAY = date(2026, 11, 28)
POEMS = Concept((Coding("OPENPOEMS:poems-syndrome"),))


def made(record, **grades):
    known = knowledge()
    return traits(assess(record, known, TODAY, today=TODAY), respond(record, known, TODAY, today=TODAY), grades)


@pytest.mark.parametrize(
    ("born", "band"), [(1987, 0), (1986, 1), (1972, 1), (1971, 2), (1957, 2), (1956, 3), (1920, 3)]
)
def test_the_age_is_the_one_reached_this_year_in_four_bands(born, band):
    """Bounds 40, 55 and 70, of likeness.toml."""
    assert made(PatientRecord("x", birth=PartialDate(born))).age == band


@pytest.mark.parametrize(
    ("on", "band"),
    [
        (PartialDate(2025, 6), 0),
        (PartialDate(2024, 3), 1),
        (PartialDate(2020, 1, 1), 2),
        (PartialDate(2024), None),  # two years ago in January, not yet in December
        (PartialDate(2021), None),  # the same at five years
        (None, None),
    ],
)
def test_the_years_since_the_diagnosis_are_open_where_the_date_leaves_them_open(on, band):
    """Bounds 2 and 5, of likeness.toml."""
    assert made(PatientRecord("x", events=(Event("diagnosis", POEMS, on),))).since == band


@pytest.mark.parametrize(
    ("arms", "legs", "bands"), [(0, 0, (0, 0)), (1, 2, (0, 0)), (2, 3, (1, 1)), (3, 4, (2, 1)), (5, 7, (2, 2))]
)
def test_arms_and_legs_are_told_apart_by_the_grades_of_onls(arms, legs, bands):
    """Arms: from 2 on something is harder, from 3 on cannot be done. Legs: from 3 on a support, from 5 on a wheelchair."""
    found = made(PatientRecord("x"), arms=arms, legs=legs)
    assert (found.nerves, found.walking) == bands


def test_treatments_count_by_their_group_a_procedure_as_well_and_what_is_in_doubt_not_at_all():
    def given(*names, procedures=()):
        return made(PatientRecord("x", treatments=tuple(Treatment(name) for name in names), procedures=procedures))

    transplant = Procedure(Concept((Coding("OPENPOEMS:autologous-stem-cell-transplantation"),)))
    assert given("Rd").treatments == {"lenalidomide"}
    assert given("Rd", procedures=(transplant,)).treatments == {"lenalidomide", "transplantation"}
    assert given("IVIg").treatments is None  # no treatment of the disease
    assert given("Rd", "MP").treatments is None  # MP means several things: melphalan may be among them
    assert given().treatments is None


def test_of_an_empty_record_nothing_is_known_and_it_is_like_nobody():
    empty = made(PatientRecord("x"))
    assert empty == Traits()
    assert not alike(empty, empty)


def test_choices_by_which_like_would_tell_each_trait_are_refused():
    by = choices().compared
    with pytest.raises(ValueError, match="more must be known"):
        Compared(by.age_reached, by.arms, by.legs, by.grades_stand_years, same=4, known=4)
