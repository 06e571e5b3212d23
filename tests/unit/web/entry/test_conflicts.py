"""Which facts stand against each other."""

from dataclasses import replace

import pytest

from openpoems.quantities import Quantity
from openpoems.record import Event, Feature, Measurement, PartialDate, Provenance
from openpoems.record.model import Concept
from openpoems.web.registry.actions import facts
from openpoems.web.registry.concepts import disease_concept, finding_concept, measure_concept
from openpoems.web.registry.conflicts import conflicts, differ

DAY = PartialDate(2021, 4, 15)
VEGF = Measurement(measure_concept("vegf"), Quantity(96.2, "pg/mL"), specimen="plasma", laboratory="North Lab", on=DAY)


@pytest.mark.parametrize(
    ("other", "against"),
    [
        (replace(VEGF, value=Quantity(962.0, "pg/mL")), True),
        (replace(VEGF, value=Quantity(0.0962, "ng/mL")), False),
        (replace(VEGF, comparator="<"), True),
        (replace(VEGF, value=Quantity(962.0, "pg/mL"), specimen="serum"), False),
        (replace(VEGF, value=Quantity(962.0, "pg/mL"), specimen=""), True),
        (replace(VEGF, value=Quantity(962.0, "pg/mL"), laboratory="South Lab"), False),
        (replace(VEGF, value=Quantity(962.0, "pg/mL"), laboratory="north lab"), True),
        (replace(VEGF, value=Quantity(962.0, "pmol/L")), False),
        (replace(VEGF, value=None, result=Concept(text="high")), True),
        (replace(VEGF, note="fasting"), False),
    ],
)
def test_two_results_of_one_sample(other, against):
    assert differ(VEGF, other) is against
    assert differ(other, VEGF) is against


def test_a_sign_that_one_found_and_another_excluded():
    found = Feature(finding_concept("ascites", excluded=False), on=DAY)
    assert differ(found, Feature(finding_concept("ascites", excluded=True), True, on=DAY))
    assert not differ(found, replace(found, onset=PartialDate(2020)))


def said(who, fact):
    return replace(fact, provenance=Provenance(who))


@pytest.fixture
def alice(cast):
    return cast.people.alice


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        (VEGF, replace(VEGF, value=Quantity(962.0, "pg/mL")), 1),
        (VEGF, replace(VEGF, value=Quantity(962.0, "pg/mL"), on=PartialDate(2021, 4, 16)), 0),
        (VEGF, replace(VEGF, measure=measure_concept("il-6"), value=Quantity(962.0, "pg/mL")), 0),
        (
            Event("first-symptom", disease_concept("fatigue"), PartialDate(2020)),
            Event("first-symptom", None, PartialDate(2019)),
            1,
        ),
        (Event("hospitalisation", None, PartialDate(2020)), Event("hospitalisation", None, PartialDate(2019)), 0),
        (Event("death", on=PartialDate(2024)), Event("death", on=PartialDate(2023)), 1),
        (
            Event("first-symptom", disease_concept("fatigue"), PartialDate(2020)),
            Event("hospitalisation", on=PartialDate(2020)),
            0,
        ),
        (
            Event("diagnosis", disease_concept("POEMS"), PartialDate(2021)),
            Event("diagnosis", disease_concept("POEMS"), PartialDate(2022)),
            1,
        ),
    ],
)
def test_facts_of_two_sources(cast, alice, one, other, count):
    facts.enter(by=cast.users.alice, person=alice, fact=said("patient", one))
    facts.enter(by=cast.users.nora, person=alice, fact=said("clinician", other))
    assert len(conflicts(alice)) == count


@pytest.mark.django_db
def test_two_values_of_one_source_are_two_samples(cast, alice):
    for value in (96.2, 962.0):
        facts.enter(
            by=cast.users.alice, person=alice, fact=said("patient", replace(VEGF, value=Quantity(value, "pg/mL")))
        )
    assert conflicts(alice) == []


@pytest.mark.django_db
def test_three_that_disagree_are_one_conflict(cast, alice):
    for user, who, value in (("alice", "patient", 1.0), ("nora", "clinician", 2.0), ("abel", "abstractor", 3.0)):
        facts.enter(
            by=getattr(cast.users, user), person=alice, fact=said(who, replace(VEGF, value=Quantity(value, "pg/mL")))
        )
    (group,) = conflicts(alice)
    assert len(group) == 3
