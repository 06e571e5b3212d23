"""A centre's list, its completeness and quality, and what is due: only of people who agreed."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from openpoems.quantities import Quantity
from openpoems.record import PartialDate
from openpoems.record.model import Coding, Concept, Event, Feature, Measurement, Provenance, Treatment
from openpoems.web.audit.models import Entry
from openpoems.web.clinic import followup, jobs, overview, people, snapshots
from openpoems.web.clinic.models import Job, Reminder, Snapshot
from openpoems.web.clinic.people import Wish
from openpoems.web.clinic.views.people import wished
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.facts import enter, verify
from openpoems.web.registry.identity import Who, seal
from openpoems.web.registry.models import Fact, Identity

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
VEGF = Concept((Coding("LOINC:75628-8"),))


def vegf(on, value=343.0, said_by="patient", **more):
    return Measurement(
        VEGF,
        value=Quantity(value, "pg/mL"),
        specimen="plasma",
        on=PartialDate.parse(on),
        provenance=Provenance(said_by=said_by),
        **more,
    )


def poems(on):
    return Event("diagnosis", Concept((Coding("OPENPOEMS:poems-syndrome"),)), on=PartialDate.parse(on))


@pytest.fixture
def told(cast):
    """Alice's record: a diagnosis, and two values of VEGF of which one is verified."""
    alice, user = cast.people.alice, cast.users.alice
    enter(by=user, person=alice, fact=poems("2024-03-05"))
    verify(by=cast.users.nora, row=enter(by=user, person=alice, fact=vegf("2024-03-05", 1900.0)))
    enter(by=user, person=alice, fact=vegf("2026-02-01"))
    return cast


@pytest.fixture
def seen(told):
    """The same, with every snapshot made."""
    snapshots.refresh([told.people.alice.pk, told.people.bruno.pk, told.people.dora.pk], TODAY)
    return told


def address(name, centre="northtown", **more):
    return reverse(name, kwargs={"slug": centre, **more})


def lines(cast, wish=None, **more):
    return people.page(cast.centres.northtown, wish or Wish(), TODAY, named=False, **more)[1]


def test_only_who_agreed_to_the_centre_is_listed(seen):
    assert {line.person.pk for line in lines(seen)} == {seen.people.alice.pk, seen.people.dora.pk}
    decide(by=seen.users.alice, person=seen.people.alice, choices={"centre": False})
    assert {line.person.pk for line in lines(seen)} == {seen.people.dora.pk}


def test_a_line_tells_the_record(seen):
    alice = next(line for line in lines(seen) if line.person == seen.people.alice)
    snapshot = alice.snapshot
    assert (snapshot.diagnosed, snapshot.last_visit) == (date(2024, 3, 5), date(2026, 2, 1))
    assert (snapshot.vegf, snapshot.vegf_day) == ("343 pg/mL plasma", date(2026, 2, 1))
    # The newest value and the diagnosis: neither was entered or verified by a clinician.
    assert (snapshot.unverified, snapshot.conflicts) == (2, 0)


def test_a_page_shows_what_changed_a_moment_ago(seen):
    row = Fact.objects.get(person=seen.people.alice, first_day=date(2026, 2, 1))
    enter(by=seen.users.abel, person=seen.people.alice, fact=vegf("2026-02-01", 34.3, "abstractor"))
    alice = next(line for line in lines(seen) if line.person == seen.people.alice)
    assert alice.snapshot.conflicts == 1
    assert (
        Snapshot.objects.get(pk=alice.person.pk).revision
        == seen.people.alice.__class__.objects.get(pk=row.person_id).revision
    )


def test_a_snapshot_is_made_once_for_a_revision(seen, monkeypatch):
    made = []
    monkeypatch.setattr(snapshots, "snapshot", lambda *a: made.append(a))
    lines(seen)
    assert made == []


def test_the_list_is_sorted_with_the_unknown_last(seen):
    for descending in (True, False):
        found = lines(seen, Wish(sort="vegf", descending=descending))
        assert [line.person.pk for line in found] == [seen.people.alice.pk, seen.people.dora.pk]


def test_equals_stand_by_pseudonym_in_both_orders(seen):
    both = sorted([seen.people.alice.pk, seen.people.dora.pk])
    for descending in (True, False):
        assert [line.person.pk for line in lines(seen, Wish(sort="conflicts", descending=descending))] == both


def test_a_number_given_after_a_search_is_found(seen):
    assert lines(seen, Wish(search="N-17")) == []
    row = Identity.objects.get(person=seen.people.alice)
    seal(row, Who(name="Alice Example", local_number="N-17"), seen.centres.northtown.pk)
    row.save()
    assert [line.person.pk for line in lines(seen, Wish(search="N-17"))] == [seen.people.alice.pk]


@pytest.mark.parametrize(
    ("only", "names"), [("unverified", {"alice"}), ("conflicts", set()), ("alive", {"alice", "dora"})]
)
def test_the_list_is_filtered(seen, only, names):
    found = {line.person.pk for line in lines(seen, Wish(only=only))}
    assert found == {getattr(seen.people, name).pk for name in names}


def test_a_person_is_found_by_pseudonym_or_by_the_centres_own_number(seen):
    alice = seen.people.alice
    row = Identity.objects.get(person=alice)
    seal(row, Who(name="Alice Example", local_number="N-17"), seen.centres.northtown.pk)
    row.save()
    for words in (alice.pk[:6].lower(), "n-17"):
        assert [line.person.pk for line in lines(seen, Wish(search=words))] == [alice.pk]
    assert lines(seen, Wish(search="Alice Example")) == []
    assert lines(seen, Wish(search="N-1")) == []
    named = people.page(seen.centres.northtown, Wish(search="N-17"), TODAY, named=True)[1]
    assert (named[0].name, named[0].number) == ("Alice Example", "N-17")


def test_an_address_that_is_not_understood_gives_the_usual_list():
    assert wished({"sort": "name; drop", "only": "x", "page": "-3", "order": "down"}) == Wish()
    assert wished({"sort": "vegf", "order": "down", "page": "2"}) == Wish(sort="vegf", page=2)
    assert wished({"sort": "vegf"}).descending is False


def test_who_read_the_list_is_written_down_for_each_person_in_it(seen, client):
    client.force_login(seen.users.nora)
    assert client.get(address("centre-people")).status_code == 200
    read = Entry.objects.filter(action="list", place="centre-people")
    assert set(read.values_list("person", flat=True)) == {seen.people.alice.pk, seen.people.dora.pk}
    assert set(read.values_list("actor", flat=True)) == {str(seen.users.nora.public_id)}


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("centre-people", {"nora", "abel", "lena"}),
        ("centre-quality", {"lena"}),
        ("centre-follow-up", {"lena"}),
        ("centre-exports", {"lena"}),
    ],
)
def test_who_may_open_which_page(seen, client, name, allowed):
    for who in ("nora", "abel", "lena", "saul", "rosa", "adam", "alice", "stan"):
        client.force_login(getattr(seen.users, who))
        assert (client.get(address(name)).status_code == 200) is (who in allowed), who


def test_an_abstractor_sees_no_names(seen, client):
    client.force_login(seen.users.abel)
    assert b'<th scope="col">Name</th>' not in client.get(address("centre-people")).content


def test_completeness_counts_what_was_looked_for(seen):
    alice, user = seen.people.alice, seen.users.alice
    oedema = Concept((Coding("OPENPOEMS:papilloedema"),))
    enter(by=user, person=alice, fact=Feature(oedema, excluded=True, on=PartialDate.parse("2024-03-05")))
    rd = Treatment(regimen="Rd", start=PartialDate.parse("2024-04-01"), agents=())
    enter(by=user, person=alice, fact=rd)
    snapshots.refresh([alice.pk], TODAY)
    counted = {row.element.id: (row.held, row.of) for row in overview.overview(seen.centres.northtown).elements}
    assert counted["vegf"] == (1, 2)
    assert counted["diagnosis"] == (1, 2)
    assert counted["finding:papilloedema"] == (1, 2)
    assert counted["finding:castleman-disease"] == (0, 2)
    # The short name of a regimen counts as its drugs, and a value of VEGF follows its start.
    assert counted["treatment"] == (1, 2)
    assert counted["response-vegf"] == (1, 1)


def test_quality_finds_dates_out_of_order(seen):
    alice, user = seen.people.alice, seen.users.alice
    enter(by=user, person=alice, fact=Event("first-symptom", Concept(text="x"), on=PartialDate.parse("2025-01")))
    enter(by=user, person=alice, fact=Event("death", on=PartialDate.parse("2025-06-01")))
    snapshots.refresh([alice.pk], TODAY)
    said = {finding["message"] for finding in Snapshot.objects.get(pk=alice.pk).findings}
    assert "the diagnosis lies before the first symptom: correct one of the dates" in said
    assert "it lies after the death: correct one of the dates" in said
    assert [person.pk for person in overview.doubtful(seen.centres.northtown)] == [alice.pk]


def test_two_records_of_one_person_are_suspected(seen):
    alice, dora = seen.people.alice, seen.people.dora
    enter(by=seen.users.pat, person=dora, fact=poems("2024-03-05"))
    type(alice).objects.filter(pk__in=[alice.pk, dora.pk]).update(sex="female", birth_year=1970)
    snapshots.refresh([alice.pk, dora.pk], TODAY)
    (twins,) = overview.overview(seen.centres.northtown).twins
    assert {person.pk for person in twins} == {alice.pk, dora.pk}


def test_vegf_is_due_six_months_after_the_last(seen):
    due = {(one.person.pk, one.rule.id): one for one in followup.due(people.of_centre(seen.centres.northtown), TODAY)}
    vegf_due = due[seen.people.alice.pk, "vegf"]
    assert (vegf_due.last, vegf_due.since) == (date(2026, 2, 1), date(2026, 8, 3))  # 183 days on
    assert due[seen.people.dora.pk, "vegf"].last is None
    sooner = followup.due(people.of_centre(seen.centres.northtown), date(2026, 8, 2))
    assert (seen.people.alice.pk, "vegf") not in {(one.person.pk, one.rule.id) for one in sooner}


def test_nothing_is_due_of_the_dead(seen):
    type(seen.people.alice).objects.filter(pk=seen.people.alice.pk).update(status="dead")
    due = followup.due(people.of_centre(seen.centres.northtown), TODAY)
    assert {one.person.pk for one in due} == {seen.people.dora.pk}


@pytest.fixture
def at_once(settings, django_capture_on_commit_callbacks):
    """What is left to the worker is done when the block ends."""

    def ask(cast, kind):
        with django_capture_on_commit_callbacks(execute=True):
            return jobs.ask(by=cast.users.lena, centre=cast.centres.northtown, kind=kind)

    return ask


def test_a_reminder_says_nothing_of_the_disease_and_goes_once(seen, at_once, client):
    job = at_once(seen, Job.Kind.REMINDERS)
    job.refresh_from_db()
    assert (job.state, job.says) == ("done", "2 people were reminded.")
    assert sorted(message.to[0] for message in mail.outbox) == ["alice@example.org", "pat@example.org"]
    for message in mail.outbox:
        words = f"{message.subject} {message.body}".lower()
        assert not any(
            word in words for word in ("poems", "vegf", "syndrome", "hospital", "clinic", "northtown", "disease")
        )
    assert Reminder.objects.filter(person=seen.people.alice).count() == 2
    page = reverse("reminders", args=[seen.people.alice.pk])
    client.force_login(seen.users.alice)
    assert page.encode() in client.get("/").content
    assert b"VEGF: proposed every 6 months" in client.get(page).content
    at_once(seen, Job.Kind.REMINDERS)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("purpose", ["contact", "care", "centre"])
def test_nobody_is_reminded_who_did_not_agree(seen, at_once, purpose):
    decide(by=seen.users.alice, person=seen.people.alice, choices={purpose: False})
    at_once(seen, Job.Kind.REMINDERS)
    assert [message.to for message in mail.outbox] == [["pat@example.org"]]


def test_the_worker_looks_at_what_changed(told, at_once):
    job = at_once(told, Job.Kind.QUALITY)
    job.refresh_from_db()
    assert job.says == "2 records were looked at."
    assert overview.overview(told.centres.northtown).waiting == 0
    enter(by=told.users.alice, person=told.people.alice, fact=vegf("2026-03-01"))
    assert overview.overview(told.centres.northtown).waiting == 1


def test_a_job_that_breaks_says_so(told, at_once, monkeypatch, caplog):
    from openpoems.web.clinic import tasks

    monkeypatch.setitem(tasks._WORK, Job.Kind.QUALITY, lambda job: 1 / 0)
    job = at_once(told, Job.Kind.QUALITY)
    job.refresh_from_db()
    assert (job.state, job.says) == ("failed", "Something went wrong; the site's log says where.")


def test_the_same_work_is_not_asked_for_twice(told):
    jobs.ask(by=told.users.lena, centre=told.centres.northtown, kind=Job.Kind.QUALITY)
    with pytest.raises(Refused, match="already"):
        jobs.ask(by=told.users.lena, centre=told.centres.northtown, kind=Job.Kind.QUALITY)


def test_a_worker_that_does_not_run_is_said_so(told, client):
    client.force_login(told.users.lena)
    job = jobs.ask(by=told.users.lena, centre=told.centres.northtown, kind=Job.Kind.QUALITY)
    sentence = b"does not seem to run"
    assert sentence not in client.get(address("centre-quality")).content
    Job.objects.filter(pk=job.pk).update(asked=timezone.now() - timedelta(minutes=2))
    assert sentence in client.get(address("centre-quality")).content
