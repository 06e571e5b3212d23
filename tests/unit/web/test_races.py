"""Two requests at once: what is stored of a person is stored before a withdrawal, or not at all; a story is one moderator's."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from openpoems.record import Concept, Feature
from openpoems.reports.traits import Traits
from openpoems.web.accounts.models import User
from openpoems.web.community import counting
from openpoems.web.community.actions import compared, complaints, meetings, stories
from openpoems.web.community.figures import publish_figures
from openpoems.web.community.models import Compared, Complaint, Counted, Deed, Meeting, Story
from openpoems.web.registry.actions import Refused, facts
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.erasure import erase
from openpoems.web.registry.actions.people import begin_record
from openpoems.web.registry.models import Fact, Person
from tests.cast import assemble
from tests.telling import member_since, sent

SIGN = Feature(Concept(text="numb feet"))


@pytest.fixture
def slow_to_store(monkeypatch):
    """Storing a fact stops between the question for the consent and the storing: (it is there, it may go on)."""
    asked, go_on, row_of = threading.Event(), threading.Event(), facts.row_of

    def slowly(*args, **kwargs):
        asked.set()
        assert go_on.wait(20)
        return row_of(*args, **kwargs)

    monkeypatch.setattr(facts, "row_of", slowly)
    return asked, go_on


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_waits_for_what_is_being_stored_under_the_consent(key_ring, slow_to_store):
    cast, ended, (asked, go_on) = assemble(), [], slow_to_store
    alice = cast.people.alice

    def store():
        facts.enter(by=cast.users.alice, person=alice, fact=SIGN)
        ended.append("stored")
        connection.close()

    def withdraw():
        decide(by=cast.users.alice, person=alice, choices={"care": False})
        ended.append("withdrawn")
        connection.close()

    storing, withdrawing = threading.Thread(target=store), threading.Thread(target=withdraw)
    storing.start()
    assert asked.wait(20)
    withdrawing.start()
    withdrawing.join(0.5)
    assert withdrawing.is_alive(), "the withdrawal was stored between the question and the fact"
    go_on.set()
    for thread in (storing, withdrawing):
        thread.join()
    assert sorted(ended) == ["stored", "withdrawn"]
    with pytest.raises(facts.NotAgreed):
        facts.enter(by=cast.users.alice, person=alice, fact=Feature(Concept(text="weak hands")))


VEGF = {"unit": "pg/mL", "specimen": "plasma", "on": "2021-04-15"}


def at_once(first, second, begun, go_on):
    """Begin the first, then the second while the first is held; let both end. What failed in a thread fails the test."""

    def closing(act):
        try:
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=closing, args=[act]) for act in (first, second)]
    threads[0].start()
    assert begun.wait(20)
    threads[1].start()
    threads[1].join(0.5)
    go_on.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("address", ["add/result/vegf/", "facts/{}/correct/"])
@pytest.mark.django_db(transaction=True)
def test_an_account_is_erased_while_it_writes_into_another_record(key_ring, slow_to_store, address):
    """Whichever comes first: both end, nobody waits in a circle, no page breaks, and nothing names the account."""
    cast, statuses, (asked, go_on) = assemble(), [], slow_to_store
    pat, place, browser = cast.users.pat, f"/people/{cast.people.dora.pk}/", Client()
    own = begin_record(by=pat)
    browser.force_login(pat)
    go_on.set()
    browser.post(f"{place}add/result/vegf/", {**VEGF, "value": "1040"})
    there = place + address.format(Fact.objects.get().pk)
    asked.clear()
    go_on.clear()
    at_once(
        lambda: statuses.append(browser.post(there, {**VEGF, "value": "1050"}).status_code),
        lambda: erase(by=pat, person=own, with_account=True),
        asked,
        go_on,
    )
    assert statuses == [302]
    assert not User.objects.filter(pk=pat.pk).exists()
    assert not Person.objects.filter(pk=own.pk).exists()
    assert set(Fact.objects.values_list("person", "by")) == {(cast.people.dora.pk, None)}
    assert Fact.objects.filter(state=Fact.State.CURRENT).count() in (1, 2)


@pytest.mark.parametrize("second", ["claim", "take-back"])
@pytest.mark.django_db(transaction=True)
def test_a_story_is_taken_up_by_one_moderator_or_taken_back(key_ring, monkeypatch, second):
    """Whoever comes second waits, and finds it taken up; its author takes it back from whoever has it."""
    cast, found, begun, go_on = assemble(), [], threading.Event(), threading.Event()
    story = sent(member_since(cast.users.alice, "Marrow Sparrow"))
    taken_up = stories.taken_up

    def slowly(*args):
        begun.set()
        assert go_on.wait(20)
        return taken_up(*args)

    def claiming(user):
        try:
            stories.claim(by=user, story=story)
            found.append("claimed")
        except Refused:
            found.append("refused")

    def taking_back():
        stories.take_back(by=cast.users.alice, story=story)
        found.append("taken back")

    monkeypatch.setattr(stories, "taken_up", slowly)
    other = taking_back if second == "take-back" else lambda: claiming(cast.users.adam)
    at_once(lambda: claiming(cast.users.mona), other, begun, go_on)
    row = Story.objects.get()
    claims = row.steps.filter(step="claim").count()
    assert claims == 1
    assert found == ["claimed", "refused" if second == "claim" else "taken back"]
    assert row.claimed_by == (cast.users.mona if second == "claim" else None)


@pytest.mark.django_db(transaction=True)
def test_of_who_withdraws_while_the_record_is_being_compared_nothing_is_kept(key_ring, monkeypatch):
    cast, begun, go_on = assemble(), threading.Event(), threading.Event()
    alice, person = cast.users.alice, cast.people.alice
    member = member_since(alice, "Marrow Sparrow")

    def slowly(*_asked):
        begun.set()
        assert go_on.wait(20)
        return Traits(2, "female", 1, 1, 1, frozenset())

    monkeypatch.setattr(compared, "worked_out", slowly)
    at_once(
        lambda: compared.compare(by=alice, member=member, today=timezone.localdate()),
        lambda: decide(by=alice, person=person, choices={"care": False}),
        begun,
        go_on,
    )
    assert Deed.objects.filter(user=alice).exists()
    assert not Compared.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_is_barred_while_writing_writes_this_once_and_nobody_waits_in_a_circle(key_ring, monkeypatch):
    cast, begun, go_on, may_meet = assemble(), threading.Event(), threading.Event(), meetings.may_meet
    alice, chloe = (member_since(getattr(cast.users, name), f"Heron {name}") for name in ("alice", "chloe"))
    met = Meeting.objects.create(asked=alice, agreed=chloe, at=timezone.now())
    complaint = complaints.report(by=chloe.user, member=chloe, meeting=met, why="Unkind.")

    def slowly(by):
        begun.set()
        assert go_on.wait(20)
        may_meet(by)

    monkeypatch.setattr(meetings, "may_meet", slowly)
    at_once(
        lambda: meetings.write(by=alice.user, member=alice, meeting=met, text="Send me money."),
        lambda: complaints.bar(by=cast.users.adam, complaint=complaint, reason="Unkind words."),
        begun,
        go_on,
    )
    assert met.messages.count() == 1
    assert Complaint.objects.get().outcome == "barred"
    with pytest.raises(Refused):
        meetings.write(by=alice.user, member=alice, meeting=met, text="Again.")


@pytest.mark.parametrize("purpose", ["research", "care"])
@pytest.mark.django_db(transaction=True)
def test_who_withdraws_while_the_figures_are_published_is_not_counted_in_them(key_ring, monkeypatch, purpose):
    cast, told, begun, go_on = assemble(), counting._told, threading.Event(), threading.Event()
    publish_figures(timezone.now())

    def slowly(*args):
        begun.set()
        assert go_on.wait(20)
        return told(*args)

    monkeypatch.setattr(counting, "_told", slowly)
    at_once(
        lambda: publish_figures(timezone.now()),
        lambda: decide(by=cast.users.alice, person=cast.people.alice, choices={purpose: False}),
        begun,
        go_on,
    )
    assert set(Counted.objects.values_list("person", flat=True)) == {cast.people.chloe.pk, cast.people.dora.pk}
