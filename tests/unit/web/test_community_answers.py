"""Questionnaires write into the record as said by the person; figures count those who agreed, and reminders end."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record import PartialDate
from openpoems.record.model import Concept, Event, Provenance
from openpoems.web.accounts.models import User
from openpoems.web.community.actions.answers import choose_rhythm, tell_outcome
from openpoems.web.community.figures import figures, publish_figures
from openpoems.web.community.models import Counted, Round
from openpoems.web.community.questionnaires import questionnaires
from openpoems.web.community.rounds import remind, standings
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.facts import enter
from openpoems.web.registry.actions.people import add_person
from openpoems.web.registry.models import Fact
from openpoems.web.registry.store import fact_of, record_of

pytestmark = pytest.mark.django_db
WAY = {"first": "tingling feet", "first_on": "2021-03", "label1": "CIDP", "label1_on": "2021-06", "poems_on": "2022-05"}


@pytest.fixture
def alice(cast):
    client = Client()
    client.force_login(cast.users.alice)
    client.person = cast.people.alice
    client.at = f"/people/{cast.people.alice.pk}/make-it-count/"
    return client


def said(person):
    return {(row.about, fact_of(row).provenance.said_by) for row in person.facts.filter(state=Fact.State.CURRENT)}


def test_the_way_to_the_diagnosis_stands_in_the_record_as_said_by_the_person(alice):
    answer = alice.post(f"{alice.at}way/1/", WAY)
    assert answer.status_code == 302
    record = record_of(alice.person)
    assert [(event.kind, str(event.on)) for event in record.events] == [
        ("first-symptom", "2021-03"), ("earlier-label", "2021-06"), ("diagnosis", "2022-05"),
    ]  # fmt: skip
    assert {by for _about, by in said(alice.person)} == {"patient"}
    assert Round.objects.get().finished is not None


def test_what_was_said_before_is_filled_in_corrected_and_never_said_twice(alice):
    alice.post(f"{alice.at}way/1/", WAY)
    again = alice.get(f"{alice.at}way/1/").content.decode()
    assert "tingling feet" in again
    assert "2022-05" in again
    alice.post(f"{alice.at}way/1/", WAY | {"label1_on": "2021-07"})
    current = alice.person.facts.filter(state=Fact.State.CURRENT)
    assert current.count() == 3
    assert str(fact_of(current.get(about="cidp")).on) == "2021-07"
    assert alice.person.facts.filter(state=Fact.State.REPLACED).count() == 1


@pytest.mark.parametrize(
    ("page", "said", "emptied"),
    [
        ("way", WAY, {"label1": "", "label1_on": ""}),
        ("way", WAY, {"poems_on": ""}),
        ("treatments", {"lenalidomide": "helped"}, {"lenalidomide": ""}),
        ("now", {"pain": "4"}, {"pain": ""}),
    ],
)
def test_an_answer_that_stands_is_not_dropped_by_emptying_its_field_but_the_page_says_how(alice, page, said, emptied):
    assert alice.post(f"{alice.at}{page}/1/", said).status_code == 302
    answer = alice.post(f"{alice.at}{page}/1/", said | emptied)
    assert answer.status_code == 400
    assert "To take it back, open it there." in answer.content.decode()
    assert not alice.person.facts.exclude(state=Fact.State.CURRENT).exists()


def test_a_day_that_nobody_is_sure_of_any_more_is_taken_away(alice):
    alice.post(f"{alice.at}way/1/", WAY)
    assert alice.post(f"{alice.at}way/1/", WAY | {"label1_on": ""}).status_code == 302
    assert fact_of(alice.person.facts.get(about="cidp", state=Fact.State.CURRENT)).on is None


def test_what_a_clinician_entered_is_not_corrected_but_stands_beside(cast, alice):
    label = Event("earlier-label", Concept(text="MGUS"), PartialDate(2021, 6), provenance=Provenance("clinician"))
    enter(by=cast.users.nora, person=alice.person, fact=label)
    alice.post(f"{alice.at}way/1/", WAY | {"label1": "MGUS", "label1_on": "2021-08"})
    labels = [event for event in record_of(alice.person).events if event.kind == "earlier-label"]
    assert [(event.provenance.said_by, str(event.on)) for event in labels] == [
        ("clinician", "2021-06"),
        ("patient", "2021-08"),
    ]


def test_nothing_changed_says_the_same_for_today(alice):
    alice.post(f"{alice.at}now/1/", {"pain": "4", "fatigue": "6", "work": "less"})
    Fact.objects.update(first_day="2020-01-01", last_day="2020-01-01")
    for row in Fact.objects.all():
        row.document["on"], row.digest = "2020-01-01", f"{row.pk}"
        row.save()
    alice.post(f"{alice.at}now/1/", {"same": "1"})
    pains = sorted(
        (str(m.on), m.value) for m in record_of(alice.person).measurements if m.measure.text.startswith("Pain")
    )
    assert pains == [("2020-01-01", Quantity(4.0, "{score}")), (str(timezone.localdate()), Quantity(4.0, "{score}"))]


def test_a_page_that_was_begun_is_kept_and_shown_again(alice):
    kept = alice.post(f"{alice.at}way/1/keep/", {"first": "numb toes"})
    assert "Kept at" in kept.json()["says"]
    assert "numb toes" in alice.get(f"{alice.at}way/1/").content.decode()
    assert "Nothing has changed" not in alice.get(f"{alice.at}way/1/").content.decode()
    assert not alice.person.facts.exists()
    long = alice.post(f"{alice.at}way/1/keep/", {"first": "x" * 1_000_000})
    assert long.status_code == 422


def test_who_only_looks_at_a_questionnaire_has_begun_nothing(alice):
    assert alice.get(f"{alice.at}now/1/").status_code == 200
    assert not Round.objects.exists()
    assert "Go on" not in alice.get(alice.at).content.decode()


def test_home_names_the_questionnaires_that_wait_and_what_data_led_to(cast, alice):
    tell_outcome(by=cast.users.rosa, kind="study", title="Does walking return?", says="Asked.", on=timezone.localdate())
    home = alice.get("/").content.decode()
    assert f"{alice.at}way/1/" in home
    assert "Does walking return?" in home
    alice.post(f"{alice.at}way/1/", WAY)
    assert f"{alice.at}way/1/" not in alice.get("/").content.decode()
    decide(by=cast.users.alice, person=alice.person, choices={"care": False})
    assert f"{alice.at}now/1/" not in alice.get("/").content.decode()


@pytest.mark.parametrize("spoil", [{"first_on": "2999"}, {"first": "", "first_on": "2021"}, {"first_on": "soon"}])
def test_a_wrong_date_is_refused_with_a_sentence_and_nothing_is_lost(alice, spoil):
    answer = alice.post(f"{alice.at}way/1/", WAY | spoil)
    assert answer.status_code == 400
    assert "2022-05" in answer.content.decode()
    assert not alice.person.facts.exists()


def test_nothing_is_entered_once_the_record_is_not_to_be_kept(cast, alice):
    decide(by=cast.users.alice, person=alice.person, choices={"care": False})
    assert alice.post(f"{alice.at}way/1/", WAY).url.endswith("/consent/")
    assert not alice.person.facts.exists()


def test_a_questionnaire_is_due_again_after_its_days_and_reminders_end(cast, alice):
    now = timezone.now()
    assert remind(now) >= 1
    mail.outbox.clear()
    assert remind(now + timedelta(days=1)) == 0
    remind(now + timedelta(days=15))
    assert "POEMS" not in str(mail.outbox[0].body)
    assert remind(now + timedelta(days=300)) == 0  # two in vain are enough
    alice.post(f"{alice.at}treatments/1/", {"lenalidomide": "helped"})
    (standing,) = (each for each in standings(alice.person, now) if each.it.id == "treatments")
    assert not standing.due
    assert standing.again.date() == timezone.localdate() + timedelta(days=questionnaires()["treatments"].every_days)
    mail.outbox.clear()
    remind(now + timedelta(days=400))
    assert [m.to for m in mail.outbox] == [["alice@example.org"]]
    choose_rhythm(by=cast.users.alice, person=alice.person, ended=True)
    assert remind(now + timedelta(days=800)) == 0


def test_a_reminder_is_in_the_language_of_the_account(cast):
    User.objects.filter(pk=cast.users.alice.pk).update(language="es")
    remind(timezone.now())
    told = {each.to[0]: each.body.splitlines()[0] for each in mail.outbox}
    assert told["alice@example.org"] == "Hola:"
    assert told["chloe@example.org"] == "Hello,"


def test_who_did_not_agree_to_be_contacted_is_not_reminded(cast):
    for user in (cast.users.alice, cast.users.chloe, cast.users.pat):
        person = user.ties.get().person
        decide(by=user, person=person, choices={"contact": False})
    assert remind(timezone.now()) == 0


def counted(cast, number, **answers):
    """People who agreed to research, and what they said."""
    for _n in range(number):
        person = add_person(by=cast.users.nora, centre=cast.centres.northtown)
        decide(by=cast.users.nora, person=person, choices={"care": True, "research": True})
        for kind, text, on in (
            ("first-symptom", "x", 2020),
            ("earlier-label", "CIDP", 2021),
            ("diagnosis", "POEMS syndrome", 2021),
        ):
            concept = Concept(text=text) if text == "x" else _concept(text)
            enter(by=cast.users.nora, person=person, fact=Event(kind, concept, PartialDate(on, 1, 1)))
    return person


def _concept(text):
    from openpoems.record.model import Coding
    from openpoems.web.registry.concepts import disease_concept

    return Concept((Coding("OPENPOEMS:poems-syndrome"),), text) if text.startswith("POEMS") else disease_concept(text)


def test_figures_count_who_agreed_and_drop_who_withdraws_at_once(cast):
    last = counted(cast, 10)
    publish_figures(timezone.now())
    assert figures().people == "about 15"  # ten, and the three of the cast
    assert not any(row.number for row in figures().delays)  # beside three, ten would tell of the three
    assert figures().labels == ()
    for _n in range(5):  # eight in all of whom nothing is known
        person = add_person(by=cast.users.nora, centre=cast.centres.northtown)
        decide(by=cast.users.nora, person=person, choices={"care": True, "research": True})
    publish_figures(timezone.now())
    found = figures()
    told = {row.name: row.number for row in found.delays}
    assert told["one to two years"] == "about 10"  # 366 days
    assert [number for name, number in told.items() if name != "one to two years"] == [""] * 6
    assert [row.number for row in found.labels] == ["about 10", "about 10"]  # CIDP, and no earlier name
    assert found.people == "about 20"
    decide(by=cast.users.nora, person=last, choices={"research": False})
    assert figures().people == "about 15"  # seventeen
    assert not any(row.number for row in figures().delays)
    assert not Counted.objects.filter(person=last).exists()


def test_the_figures_page_names_the_source_of_what_is_published(cast):
    page = Client().get("/community/figures/").content.decode()
    assert "University College London Hospital" in page
    assert "not added up" in page


def test_what_data_led_to_is_told_by_researchers_and_read_by_everybody(cast):
    rosa = Client()
    rosa.force_login(cast.users.rosa)
    told = {"kind": "study", "title": "Does walking return?", "says": "Asked of 40 people.", "on": "2026-11-01"}
    assert rosa.post("/community/outcomes/tell/", told | {"title": ""}).status_code == 400
    rosa.post("/community/outcomes/tell/", told)
    page = Client().get("/community/outcomes/").content.decode()
    assert "Does walking return?" in page
    assert "It is still running" in page


def test_every_questionnaire_says_how_long_it_takes_and_takes_no_longer_than_five_minutes():
    assert all(0 < each.minutes <= 5 for each in questionnaires().values())


def test_the_figures_page_says_members_countries_and_beside_each_table_what_was_published(cast):
    found = figures()
    page = Client().get("/community/figures/").content.decode()
    assert (found.members, found.countries) == (0, 0)
    assert "Too few members" in page
    for one in (*found.published, *found.named):
        assert knowledge().references[one.cite.ref].title.split(":")[0] in page
    assert {one.unit for one in found.named} == {"%"}
