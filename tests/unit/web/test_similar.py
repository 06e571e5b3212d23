"""Similar people: only who agreed to research, never below the floor, once a quarter, and less at once on withdrawal."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openpoems.record import Agent, Coding, Concept, Event, PartialDate, Treatment
from openpoems.web.community.models import Cell, Release
from openpoems.web.insight import assessments
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.facts import enter
from openpoems.web.registry.actions.people import describe
from openpoems.web.registry.consent import PURPOSES, current_document
from openpoems.web.registry.models import Consent, Fact, Person
from openpoems.web.registry.store import row_of
from openpoems.web.similar.presenter import Similar, similar
from openpoems.web.similar.release import publish_once_a_quarter

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = NOW.date()
POEMS = Concept((Coding("OPENPOEMS:poems-syndrome"),))


def some(cast, number, drug="lenalidomide", purposes=PURPOSES):
    """So many men born in 1960, diagnosed in March 2024, since then under one drug, if any."""
    people = [Person(centre=cast.centres.northtown, birth_year=1960, sex="male", revision=1) for _ in range(number)]
    Person.objects.bulk_create(people)
    version = current_document().version
    Consent.objects.bulk_create(
        Consent(person=one, purpose=purpose, given=purpose in purposes, document=version, at=NOW)
        for one in people
        for purpose in PURPOSES
    )
    facts = [Event("diagnosis", POEMS, PartialDate(2024, 3, 5))]
    agents = (Agent(Concept((Coding(f"OPENPOEMS:{drug}"),))),)
    facts += [Treatment(drug, agents, start=PartialDate(2024, 4, 1))] if drug else []
    rows = [row_of(one, fact, by=cast.users.nora, at=NOW) for one in people for fact in facts]
    Fact.objects.bulk_create(rows)
    return people


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The day of the release: a group tells how long ago the diagnosis was."""
    real = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda value=None, zone=None: real(value, zone) if value else TODAY)


@pytest.fixture
def released(cast):
    """Twelve such people under lenalidomide, released under melphalan, and three more who did not agree to research."""
    people = some(cast, 12)
    some(cast, 12, "melphalan")
    some(cast, 3, purposes=("care", "centre"))
    publish_once_a_quarter(NOW)
    return cast, people


def shown(person):
    told = similar(person)
    assert isinstance(told, Similar)
    return told.whole.about, [row.about for row in told.done.rows]


def test_a_group_is_told_to_the_step_and_counts_only_who_agreed_to_research(released):
    _cast, people = released
    # Twenty-four, and twice released, rounded to the nearest five.
    assert shown(people[0]) == (25, [10, 10])
    lenalidomide, _melphalan = similar(people[0]).done.rows
    assert (lenalidomide.low, lenalidomide.high) == (8, 12)
    assert str(lenalidomide.what).startswith("Lenalidomide")


def test_below_the_floor_nothing_is_shown(cast):
    people = some(cast, 7)
    publish_once_a_quarter(NOW)
    assert shown(people[0]) == (None, [])
    assert not Cell.objects.filter(release__kind=Release.Kind.SIMILAR).exists()


def test_who_joins_waits_for_the_next_quarter_and_who_withdraws_is_gone_at_once(released):
    cast, people = released
    some(cast, 6)
    assert "stands" in publish_once_a_quarter(datetime(2026, 12, 31, tzinfo=UTC))
    assert shown(people[0]) == (25, [10, 10])
    for person in people[:5]:
        decide(by=cast.users.nora, person=person, choices={"research": False})
    # Nineteen in all; seven are left under lenalidomide, and of no part more is told until the next quarter.
    assert shown(people[0]) == (20, [])
    publish_once_a_quarter(datetime(2027, 1, 2, tzinfo=UTC))
    # Thirteen and released; both beside the whole would leave too little for the parts of nobody.
    assert shown(people[0]) == (25, [15])


def test_a_small_part_is_hidden_and_the_whole_does_not_give_it_away(cast):
    people = some(cast, 10)
    some(cast, 1, "melphalan")
    publish_once_a_quarter(NOW)
    # Eleven in all: beside the ten it would tell of the one that it is small, and of which treatment.
    assert shown(people[0]) == (10, [])


def test_what_cannot_be_compared_says_why(cast):
    assert similar(cast.people.alice) == "not-poems"
    [person] = some(cast, 1)
    assert similar(person) == "none"
    describe(by=cast.users.nora, person=person, birth_year=None)
    assert similar(Person.objects.get(pk=person.pk)) == "unknown"


def test_the_page_shows_the_group_with_as_many_queries_however_many_people(released, client, monkeypatch):
    cast, people = released
    client.force_login(cast.users.nora)
    page = reverse("similar", args=[people[0].pk])
    client.get(page)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    before = queries()
    some(cast, 3)
    enter(by=cast.users.nora, person=people[0], fact=Event("earlier-label", Concept(text="CIDP"), PartialDate(2023)))
    client.get(page)  # the record changed, and is assessed once
    assert queries() == before
    monkeypatch.setattr(assessments, "assess", lambda *_of, **_more: pytest.fail("assessed at a look"))
    body = client.get(page).content.decode()
    assert "About 25 people of the registry are in this group (23 to 27)." in body
    assert "does not tell which treatment is better" in body
