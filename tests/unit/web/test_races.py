"""Two requests at once: what is stored of a person is stored before a withdrawal, or not at all."""

import threading

import pytest
from django.db import connection

from openpoems.record import Concept, Feature
from openpoems.web.registry.actions import facts
from openpoems.web.registry.actions.consent import decide
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
