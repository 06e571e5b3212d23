"""Two requests at once: what is stored of a person is stored before a withdrawal, or not at all."""

import threading

import pytest
from django.db import connection
from django.test import Client

from openpoems.record import Concept, Feature
from openpoems.web.accounts.models import User
from openpoems.web.registry.actions import facts
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.erasure import erase
from openpoems.web.registry.actions.people import begin_record
from openpoems.web.registry.models import Fact, Person
from tests.cast import assemble

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


@pytest.mark.parametrize("address", ["add/result/vegf/", "facts/{}/correct/"])
@pytest.mark.django_db(transaction=True)
def test_an_account_is_erased_while_it_writes_into_another_record(key_ring, slow_to_store, address):
    """Whichever comes first: both end, nobody waits in a circle, no page breaks, and nothing names the account."""
    cast, statuses, (asked, go_on) = assemble(), [], slow_to_store
    pat, place, browser = cast.users.pat, f"/people/{cast.people.dora.pk}/", Client()
    own = begin_record(by=pat)
    browser.force_login(pat)
    go_on.set()
    assert browser.post(f"{place}add/result/vegf/", {**VEGF, "value": "1040"}).status_code == 302
    asked.clear()
    go_on.clear()

    def write():
        try:
            answer = browser.post(place + address.format(Fact.objects.get().pk), {**VEGF, "value": "1050"})
            statuses.append(answer.status_code)
        finally:
            connection.close()

    def leave():
        erase(by=pat, person=own, with_account=True)
        connection.close()

    writing, leaving = threading.Thread(target=write), threading.Thread(target=leave)
    writing.start()
    assert asked.wait(20)
    leaving.start()
    leaving.join(0.5)
    go_on.set()
    for thread in (writing, leaving):
        thread.join()
    assert statuses == [302]
    assert not User.objects.filter(pk=pat.pk).exists()
    assert not Person.objects.filter(pk=own.pk).exists()
    assert set(Fact.objects.values_list("person", "by")) == {(cast.people.dora.pk, None)}
    assert Fact.objects.filter(state=Fact.State.CURRENT).count() in (1, 2)
