import re
from dataclasses import astuple
from datetime import date
from pathlib import Path

import pytest

from openpoems.quantities import Quantity
from openpoems.record import Coding, Concept, Event, Feature, Measurement, PartialDate
from openpoems.web.registry.actions import facts
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.people import describe
from openpoems.web.registry.common_data_elements import NAMES, UNDETERMINED, common_data_elements
from openpoems.web.registry.identity import Who
from openpoems.web.registry.models import Person
from openpoems.web.registry.store import record_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def code(id, text=""):
    return Concept((Coding(id),), text)


def told(person, as_of=TODAY, who=None):
    return common_data_elements(person, record_of(person), as_of, who)


FACTS = (
    Event("first-symptom", on=PartialDate(2022, 3)),
    Event("other", code("OPENPOEMS:first-contact"), on=PartialDate(2023, 1, 9)),
    Event("other", code("OPENPOEMS:first-contact"), on=PartialDate(2023, 5, 2)),
    Event("diagnosis", code("ORPHA:2905"), on=PartialDate(2023, 4, 18)),
    Feature(code("HP:0001271")),
    Measurement(code("OPENPOEMS:research-sample"), result=Concept(text="Yes"), on=PartialDate(2023, 6)),
    Measurement(code("OPENPOEMS:biobank"), result=Concept(text="Northtown biobank")),
    Measurement(code("OPENPOEMS:ecog"), Quantity(1, "{score}"), on=PartialDate(2024)),
    Measurement(code("OPENPOEMS:onls"), Quantity(5, "{score}"), on=PartialDate(2023, 5)),
    Measurement(code("OPENPOEMS:onls"), Quantity(2, "{score}"), on=PartialDate(2024, 5)),
)


@pytest.fixture
def alice(cast):
    for fact in FACTS:
        facts.enter(by=cast.users.alice, person=cast.people.alice, fact=fact)
    describe(by=cast.users.alice, person=cast.people.alice, sex="female", birth_year=1961)
    return cast.people.alice


def test_every_element_is_told_from_what_was_said(alice):
    assert astuple(told(alice)) == (
        alice.pk, "1961", "Female", "Alive", UNDETERMINED, "2023-01-09", "2022-03", "2023-04-18", "ORPHA:2905",
        UNDETERMINED, "not applicable: diagnosed", "Yes", "Yes", "Yes", "Northtown biobank", "onls 2 on 2024-05",
    )  # fmt: skip


def test_of_whom_nothing_is_known_nothing_is_said(db):
    person = Person.objects.create()
    assert astuple(told(person)) == (
        person.pk, UNDETERMINED, "Undetermined", "Alive", *[UNDETERMINED] * 12,
    )  # fmt: skip


def test_what_came_later_was_not_known_earlier(alice):
    earlier = told(alice, date(2023, 4, 1))
    assert (earlier.diagnosis, earlier.diagnosed, earlier.functioning) == (UNDETERMINED, UNDETERMINED, UNDETERMINED)
    assert earlier.undiagnosed == "HP:0001271"
    assert told(alice, date(2023, 12, 1)).functioning == "onls 5 on 2023-05"


def test_the_day_of_birth_is_told_only_with_the_identity(alice):
    assert told(alice, who=Who(birth="1961-04-23")).date_of_birth == "1961-04-23"
    assert told(alice).date_of_birth == "1961"


def test_a_death_is_told_with_its_day(alice, cast):
    facts.enter(by=cast.users.nora, person=alice, fact=Event("death", on=PartialDate(2025, 2, 3)))
    assert (told(alice).status, told(alice).date_of_death) == ("Dead", "2025-02-03")


def test_no_is_told_where_it_was_said_and_not_where_nobody_asked(cast, alice):
    decide(by=cast.users.alice, person=alice, choices={"contact": False})
    assert (told(alice).contact_for_research, told(alice).reuse_of_data) == ("No", "Yes")
    describe(by=cast.users.alice, person=alice, status="withdrawn")
    assert (told(alice).status, told(alice).reuse_of_data) == ("Opted-out", "No")


def test_a_gene_is_a_genetic_diagnosis_and_poems_is_none(alice, cast):
    facts.enter(by=cast.users.nora, person=alice, fact=Feature(code("HGNC:1234"), category="disease"))
    assert told(alice).genetic_diagnosis == "HGNC:1234"


def test_the_page_has_a_row_for_each_element():
    page = Path("docs/reference/common-data-elements.md").read_text("utf-8")
    assert len(re.findall(r"^\| \d\.\d \|", page, re.M)) == len(NAMES) == 16
