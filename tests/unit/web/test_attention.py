"""Who needs attention: worked out once per change, listed for the centre, only of people who agreed and live."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks import TaskResultStatus

from openpoems.quantities import Quantity
from openpoems.record import (
    Agent,
    Coding,
    Concept,
    Event,
    Feature,
    Measurement,
    PartialDate,
    ReferenceRange,
    Treatment,
)
from openpoems.record.model import Provenance
from openpoems.web.attention import people, refresh, tasks
from openpoems.web.attention.models import Attention
from openpoems.web.attention.people import SORTS, Wish, listed
from openpoems.web.attention.views import wished
from openpoems.web.attention.words import said, titles
from openpoems.web.audit.models import Entry
from openpoems.web.insight.assessments import assessed, document_of, pages_of
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.facts import enter, verify
from openpoems.web.registry.models import Person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
VEGF = Concept((Coding("LOINC:75628-8"),))


def vegf(on, value, said_by="clinician"):
    return Measurement(
        VEGF,
        value=Quantity(value, "pg/mL"),
        specimen="plasma",
        laboratory="A",
        reference=ReferenceRange(high=Quantity(96, "pg/mL")),
        on=PartialDate.parse(on),
        provenance=Provenance(said_by=said_by),
    )


def lenalidomide(start):
    drug = Agent(Concept((Coding("OPENPOEMS:lenalidomide"),)))
    return Treatment(
        "lenalidomide", (drug,), start=PartialDate.parse(start), provenance=Provenance(said_by="clinician")
    )


@pytest.fixture
def told(cast):
    """Alice relapsed by VEGF and entered a value herself; of Dora nothing is known. Everybody was looked at."""
    alice, nora = cast.people.alice, cast.users.nora
    for fact in (
        vegf("2024-01-02", 900.0),
        lenalidomide("2024-01-10"),
        vegf("2024-07-01", 60.0),
        vegf("2025-07-01", 240.0),
        vegf("2025-09-15", 260.0),
    ):
        enter(by=nora, person=alice, fact=fact)
    sign = Feature(Concept((Coding("HP:0001271"),)), on=PartialDate(2024), provenance=Provenance(said_by="patient"))
    enter(by=cast.users.alice, person=alice, fact=sign)
    Person.objects.update(created=datetime(2026, 1, 1, tzinfo=UTC))
    tasks.look_again(Person.objects.all())
    return cast


def found(cast, today=TODAY, named=False, **wish):
    return listed(cast.centres.northtown, Wish(**wish), today, named=named)


def lines(cast, **more):
    return [line.person.pk for line in found(cast, **more).lines]


def test_a_person_is_listed_with_every_reason_and_the_page_that_settles_it(told):
    alice = told.people.alice
    line = next(each for each in found(told).lines if each.person == alice)
    reasons = said(line.person, line.attention, TODAY)
    assert {each.kind for each in reasons} == {"lost", "rising", "undetermined", "overdue", "unverified"}
    assert [each.kind for each in reasons] == sorted((e.kind for e in reasons), key=list(titles()).index)
    lost = reasons[0]
    assert lost.says == "VEGF: relapse on 2025-07-01, confirmed"
    assert lost.address == reverse("course", args=[alice.pk]) + "#response"
    assert next(e for e in reasons if e.kind == "unverified").address == reverse("record-review", args=[alice.pk])
    assert any("engineering" in each.label for each in reasons if each.kind == "rising")


def test_what_the_list_worked_out_is_what_the_persons_pages_open_with(told, monkeypatch):
    monkeypatch.setattr(
        "openpoems.web.insight.assessments.assess", lambda *args, **more: pytest.fail("worked out again")
    )
    alice = Person.objects.get(pk=told.people.alice.pk)
    assert document_of(assessed(alice))["relapse"]["turns"]
    assert pages_of(assessed(alice)).told["response"]["current"]["coming_back"]["answer"] == "shown"


def test_only_who_agreed_to_the_centre_and_lives_is_listed(told):
    alice, dora = told.people.alice.pk, told.people.dora.pk
    assert set(lines(told)) == {alice, dora}
    decide(by=told.users.alice, person=told.people.alice, choices={"centre": False})
    assert set(lines(told)) == {dora}
    Person.objects.filter(pk=dora).update(status=Person.Status.DEAD, revision=99)
    assert lines(told) == []


def test_the_weightiest_reason_comes_first_and_each_reason_narrows(told):
    alice, dora = told.people.alice.pk, told.people.dora.pk
    assert lines(told) == [alice, dora]
    assert lines(told, why="lost") == [alice]
    assert lines(told, why="undetermined") == [alice, dora]
    assert found(told).counts == {
        "lost": 1, "rising": 1, "undetermined": 2, "conflicts": 0, "overdue": 2, "unverified": 1,
    }  # fmt: skip
    for sort in SORTS:
        assert set(lines(told, sort=sort)) == {alice, dora}
    assert lines(told, sort="seen")[0] == alice


def test_what_is_overdue_depends_on_the_day_and_on_nothing_that_is_worked_out_again(told, monkeypatch):
    monkeypatch.setattr(refresh, "reasons", None)
    # VEGF every six months (followup.toml): last on 2025-09-15, so from 2026-03-16 on; the score was never recorded.
    row = Attention.objects.get(person=told.people.alice)
    vegf_due, onls = sorted(row.overdue, key=lambda each: each["rule"] == "onls")
    assert vegf_due == {"rule": "vegf", "last": "2025-09-15", "since": "2026-03-17"}
    assert onls["last"] is None
    row.overdue, row.due = [vegf_due], date(2026, 3, 17)
    row.seen = timezone.now()
    row.save()
    assert told.people.alice.pk not in lines(told, today=date(2026, 3, 16), why="overdue")
    assert told.people.alice.pk in lines(told, today=date(2026, 3, 17), why="overdue")
    Person.objects.filter(pk=told.people.alice.pk).update(status=Person.Status.LOST, revision=99)
    assert told.people.alice.pk not in lines(told, why="overdue")


def test_a_row_is_made_once_for_a_revision_and_stands_as_it_was_until_the_worker_looks(told, monkeypatch):
    made = []
    real = refresh.keep
    monkeypatch.setattr(refresh, "keep", lambda *of: made.append(of) or real(*of))
    assert tasks.look_again(Person.objects.all()) == 0
    found(told)
    assert made == []
    enter(by=told.users.nora, person=told.people.alice, fact=vegf("2026-11-01", 50.0))
    assert found(told).waiting == 1
    assert lines(told, why="lost") == [told.people.alice.pk]
    assert tasks.look_again(Person.objects.all()) == 1
    assert len(made) == 1
    assert (found(told).waiting, lines(told, why="lost")) == (0, [])


def test_an_assessment_that_is_kept_is_not_made_again(told, monkeypatch):
    enter(by=told.users.nora, person=told.people.alice, fact=vegf("2026-11-01", 50.0))
    assessed(Person.objects.get(pk=told.people.alice.pk))
    monkeypatch.setattr(refresh, "keep", lambda *_of: pytest.fail("it was made twice"))
    assert tasks.look_again(Person.objects.all()) == 1
    assert not Attention.objects.get(person=told.people.alice).lost


def test_a_change_tells_the_worker_once_it_is_stored(told, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        enter(by=told.users.nora, person=told.people.alice, fact=vegf("2026-11-01", 50.0))
    assert found(told).waiting == 0
    assert not Attention.objects.get(person=told.people.alice).lost


def test_an_erasure_amid_the_work_leaves_no_trace_in_the_task(told, monkeypatch):
    def erased(*_of):
        raise IntegrityError("Key (person_id)=(SOME-BODY) is not present")

    monkeypatch.setattr(tasks, "refresh", erased)
    Attention.objects.all().delete()
    result = tasks.look.enqueue()
    assert (result.status, result.return_value) == (TaskResultStatus.SUCCESSFUL, 0)


def test_a_fact_that_lies_ahead_is_looked_at_again_on_its_day(told):
    ahead = Event("diagnosis", Concept((Coding("OPENPOEMS:poems-syndrome"),)), on=PartialDate.parse("2027-02-01"))
    enter(by=told.users.nora, person=told.people.alice, fact=ahead)
    refresh.refresh([told.people.alice.pk], TODAY)
    alice = Person.objects.filter(pk=told.people.alice.pk)
    assert Attention.objects.get(person=told.people.alice).again == date(2027, 2, 1)
    assert not refresh.stale(alice, date(2027, 1, 31)).exists()
    assert refresh.stale(alice, date(2027, 2, 1)).exists()


def test_verifying_takes_the_reason_away(told):
    row = told.people.alice.facts.get(kind="feature")
    verify(by=told.users.nora, row=row)
    tasks.look_again(Person.objects.all())
    assert lines(told, why="unverified") == []


def test_the_page_asks_as_many_queries_for_one_person_as_for_many_and_however_many_visits(told, client):
    nora, centre = told.users.nora, told.centres.northtown
    client.force_login(nora)

    def queries():
        for cached in (people._places, people._ordered, people._counts, people._waiting):
            cached.cache_clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("centre-attention", args=[centre.slug])).status_code == 200
        return len([q for q in asked if "audit" not in q["sql"]])

    queries()  # the first page of a session asks more
    before = queries()
    more = [Person(centre=centre, birth_year=1960) for _ in range(20)]
    Person.objects.bulk_create(more)
    for person in more:
        decide(by=nora, person=person, choices={"centre": True, "care": True})
    for day in range(12):
        enter(
            by=nora, person=told.people.alice, fact=vegf(str(date(2025, 10, 1) + timedelta(days=30 * day)), 200.0 + day)
        )
    tasks.look_again(Person.objects.all())
    assert found(told).found.paginator.count == 22
    assert queries() == before


def test_that_a_line_was_read_is_written_down_for_each_person(told, client):
    client.force_login(told.users.nora)
    client.get(reverse("centre-attention", args=["northtown"]))
    read = Entry.objects.filter(action="list", place="centre-attention")
    assert {entry.person for entry in read} == {told.people.alice.pk, told.people.dora.pk}


def test_the_address_holds_the_list_and_opens_for_who_may_see_it(told, client):
    address = reverse("centre-attention", args=["northtown"]) + "?why=lost&sort=unseen"
    client.force_login(told.users.lena)
    page = client.get(address).content.decode()
    assert told.people.alice.pk in page
    assert told.people.dora.pk not in page
    client.force_login(told.users.saul)
    assert client.get(address).status_code == 404


def test_an_address_that_is_not_understood_shows_the_list_as_it_is():
    assert wished({"why": "nothing", "sort": "colour", "page": "-1"}) == Wish()
    assert wished({"why": "lost", "sort": "unseen", "page": "3"}) == Wish("lost", "unseen", 3)


def test_an_abstractor_sees_no_names(told, client):
    client.force_login(told.users.abel)
    assert client.get(reverse("centre-attention", args=["northtown"])).context["named"] is False
