"""Someone like me: nobody is named before both agreed, no address is shown, and either can end it."""

from datetime import date

import pytest
from django.core import mail
from django.test import Client

from openpoems.record import PartialDate, PatientRecord
from openpoems.record.model import Event, Treatment
from openpoems.web.community.actions import meetings as actions
from openpoems.web.community.actions import reading
from openpoems.web.community.actions.members import join
from openpoems.web.community.likeness import Traits, alike, traits, wishes_for
from openpoems.web.community.models import Meeting, Message, Wish
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.people import describe

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 28)
KNOWN = Traits(3, "female", 1, 2, frozenset({"lenalidomide"}))


@pytest.mark.parametrize(
    ("other", "like"),
    [
        (KNOWN, True),
        (Traits(3, "female", 1, None, None), True),  # three known in both are the same
        (Traits(3, "female", None, None, None), False),  # what is not known counts for nothing
        (Traits(3, "male", 2, 2, frozenset({"lenalidomide", "dexamethasone"})), True),
        (Traits(4, "male", 2, 2, frozenset({"lenalidomide"})), False),
        (Traits(None, None, None, None, None), False),
    ],
)
def test_alike_means_that_enough_is_known_in_both_and_the_same(other, like):
    assert alike(KNOWN, other) is like
    assert alike(other, KNOWN) is like


def test_traits_are_bands_and_unknown_stays_unknown():
    record = PatientRecord(
        "x",
        sex="female",
        birth=PartialDate(1960),
        treatments=(Treatment("Rd"),),
        events=(Event("diagnosis", None, PartialDate(2020)),),
    )
    found = traits(record, TODAY)
    assert (found.age, found.sex, found.walking) == (66 // 15, "female", None)
    assert found.treatments == {"lenalidomide", "dexamethasone"}
    assert traits(PatientRecord("y"), TODAY) == Traits(None, None, None, None, None)


@pytest.fixture
def two(cast):
    """Alice and chloe, alike, both willing to be compared."""
    members = []
    for name in ("alice", "chloe"):
        user, person = getattr(cast.users, name), getattr(cast.people, name)
        describe(by=user, person=person, sex="female", birth_year=1960)
        from openpoems.web.registry.actions.facts import enter

        enter(by=user, person=person, fact=Treatment("Rd", start=PartialDate(2021)))
        member = join(by=user, role="affected", name=f"Heron {name}")
        actions.choose_findable(by=user, member=member, findable=True)
        members.append(member)
    return members


def page(user, address="/community/like-me/"):
    client = Client()
    client.force_login(user)
    return client.get(address).content.decode()


def test_nobody_is_named_before_both_agreed_and_no_address_is_ever_shown(cast, two, django_capture_on_commit_callbacks):
    alice, chloe = two
    wish = actions.wish(by=cast.users.alice, member=alice)
    before = page(cast.users.chloe)
    assert "Somebody like you wishes to meet you" in before
    for hidden in ("Heron", "alice@example.org", cast.people.alice.pk, str(alice.public_id), "1960"):
        assert hidden not in before
    with django_capture_on_commit_callbacks(execute=True):
        met = actions.answer(by=cast.users.chloe, member=chloe, wish=wish, agreed=True, today=TODAY)
        actions.write(by=cast.users.chloe, member=chloe, meeting=met, text="Hello <b>you</b>")
    after = page(cast.users.alice, f"/community/like-me/meetings/{met.pk}/")
    assert "Heron chloe" in after
    assert "&lt;b&gt;you&lt;/b&gt;" in after
    assert "chloe@example.org" not in after
    assert {to for each in mail.outbox for to in each.to} == {"alice@example.org"}
    assert "Hello" not in str([each.body for each in mail.outbox if "you</b>" in each.body])
    assert Client().get(f"/community/like-me/meetings/{met.pk}/").status_code == 302


def test_a_new_member_does_not_collect_names_by_agreeing_to_every_wish(cast, two):
    alice, chloe = two
    first = actions.wish(by=cast.users.alice, member=alice)
    met = actions.answer(by=cast.users.chloe, member=chloe, wish=first, agreed=True, today=TODAY)
    actions.end(by=cast.users.chloe, meeting=met)
    second = Wish.objects.create(member=alice, at=met.at)
    with pytest.raises(Refused, match="agreed often"):
        actions.answer(by=cast.users.chloe, member=chloe, wish=second, agreed=True, today=TODAY)
    assert Wish.objects.get(pk=second.pk).closed is None


def test_who_declines_is_not_named_and_not_asked_again(cast, two):
    alice, chloe = two
    wish = actions.wish(by=cast.users.alice, member=alice)
    assert actions.answer(by=cast.users.chloe, member=chloe, wish=wish, agreed=False, today=TODAY) is None
    assert wishes_for(chloe, TODAY) == []
    assert "Heron" not in page(cast.users.alice)
    assert Wish.objects.get().closed is None


@pytest.mark.parametrize("why", ["unlike", "blocked", "withdrawn", "not findable"])
def test_who_is_unlike_blocked_or_not_willing_learns_of_no_wish_and_cannot_answer(cast, two, why):
    alice, chloe = two
    wish = actions.wish(by=cast.users.alice, member=alice)
    if why == "unlike":
        describe(by=cast.users.chloe, person=cast.people.chloe, sex="male", birth_year=1999)
    elif why == "withdrawn":
        decide(by=cast.users.chloe, person=cast.people.chloe, choices={"care": False})
    elif why == "blocked":
        reading.block(by=cast.users.alice, member=alice, other=chloe)
    else:
        actions.choose_findable(by=cast.users.chloe, member=chloe, findable=False)
    chloe.refresh_from_db()
    assert wishes_for(chloe, TODAY) == []
    with pytest.raises(Refused, match="no longer open"):
        actions.answer(by=cast.users.chloe, member=chloe, wish=wish, agreed=True, today=TODAY)


def test_ending_takes_what_was_written_away_and_strangers_never_read_it(cast, two):
    alice, chloe = two
    wish = actions.wish(by=cast.users.alice, member=alice)
    met = actions.answer(by=cast.users.chloe, member=chloe, wish=wish, agreed=True, today=TODAY)
    actions.write(by=cast.users.alice, member=alice, meeting=met, text="x")
    join(by=cast.users.stan, role="family", name="Quiet Reader")
    client = Client()
    client.force_login(cast.users.stan)
    assert client.get(f"/community/like-me/meetings/{met.pk}/").status_code == 404
    actions.end(by=cast.users.chloe, meeting=met)
    assert not Message.objects.exists()
    with pytest.raises(Refused, match="ended"):
        actions.write(by=cast.users.alice, member=alice, meeting=met, text="y")


def test_too_long_a_message_is_refused_and_comes_back(cast, two):
    alice, chloe = two
    wish = actions.wish(by=cast.users.alice, member=alice)
    met = actions.answer(by=cast.users.chloe, member=chloe, wish=wish, agreed=True, today=TODAY)
    client = Client()
    client.force_login(cast.users.alice)
    answer = client.post(f"/community/like-me/meetings/{met.pk}/", {"text": "w " * 3000})
    assert answer.status_code == 400
    assert "w w w" in answer.content.decode()


def test_who_leaves_takes_wishes_and_conversations_along(cast, two):
    alice, chloe = two
    wish = actions.wish(by=cast.users.alice, member=alice)
    actions.answer(by=cast.users.chloe, member=chloe, wish=wish, agreed=True, today=TODAY)
    alice.delete()
    assert not Meeting.objects.exists()
    assert not Wish.objects.exists()
