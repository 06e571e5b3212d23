"""Someone like me: nobody is named before both agreed, nobody's record is read by another's look, nothing resets a limit."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openpoems.record import Coding, Concept, PartialDate
from openpoems.record.model import Event, Measurement, Quantity, Treatment
from openpoems.reports.likeness import edition
from openpoems.reports.traits import Traits
from openpoems.web.accounts.models import User
from openpoems.web.audit.context import acts
from openpoems.web.audit.models import Entry
from openpoems.web.community.actions import complaints, members, reading
from openpoems.web.community.actions import meetings as actions
from openpoems.web.community.actions.compared import compare, stop
from openpoems.web.community.likeness import columns, traits_of, wishes_for
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Compared, Complaint, Deed, Meeting, Member, Message, Wish
from openpoems.web.community.publishing import publish_what_is_due
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.erasure import erase
from openpoems.web.registry.actions.facts import enter
from openpoems.web.registry.actions.people import describe
from openpoems.web.registry.concepts import measure_concept
from tests.alike import compared_members

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 28)
POEMS = Concept((Coding("OPENPOEMS:poems-syndrome"),))
# Born in 1960, diagnosed in March 2024, under Rd, with a stick: by the bands of likeness.toml.
KNOWN = Traits(2, "female", 1, 1, 1, frozenset({"lenalidomide"}))


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The traits are those of a day: a band tells how long ago the diagnosis was."""
    real = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda value=None, zone=None: real(value, zone) if value else TODAY)


def fill(cast, name, sex="female", birth_year=1960, drug="Rd"):
    """A record that says all six things."""
    user, person = getattr(cast.users, name), getattr(cast.people, name)
    describe(by=user, person=person, sex=sex, birth_year=birth_year)
    onls = Measurement(
        measure_concept("onls"), Quantity(5.0, "{score}"), on=PartialDate(2026, 10, 1), note="arms 2, legs 3\nfine"
    )
    for fact in (Treatment(drug, start=PartialDate(2024, 4)), Event("diagnosis", POEMS, PartialDate(2024, 3, 5)), onls):
        enter(by=user, person=person, fact=fact)


@pytest.fixture
def two(cast):
    """Alice and chloe, alike and compared, among five more who are like them."""
    compared_members(*[KNOWN] * 5)
    return [keep(cast, name) for name in ("alice", "chloe")]


def keep(cast, name, made=KNOWN):
    """A new member of whom these traits are kept, as `compare` does."""
    user, person = getattr(cast.users, name), getattr(cast.people, name)
    member = Member.objects.filter(user=user).first() or members.join(by=user, role="affected", name=f"Heron {name}")
    now = timezone.now()
    Compared.objects.create(member=member, person=person, at=now, edition=edition(), **columns(made))
    Deed.objects.create(user=user, kind="compare", at=now)
    return member


def wishes(member):
    return list(wishes_for(member, timezone.now()))


def meet(cast, two):
    """Alice wishes, chloe agrees."""
    wish = actions.wish(by=cast.users.alice, member=two[0])
    return actions.answer(by=cast.users.chloe, member=two[1], wish=wish.public_id, agreed=True)


def page(user, address="/community/like-me/"):
    client = Client()
    client.force_login(user)
    return client.get(address).content.decode()


def test_the_traits_are_worked_out_of_ones_own_record_and_logged_as_read_by_oneself(cast):
    fill(cast, "alice")
    alice, before = members.join(by=cast.users.alice, role="affected", name="Heron"), Entry.objects.count()
    with acts(str(cast.users.alice.public_id), via="web"):
        kept = compare(by=cast.users.alice, member=alice, today=TODAY)
    assert traits_of(kept) == KNOWN
    logged = Entry.objects.filter(seq__gt=before).exclude(person="")
    assert {(one.action, one.place, one.actor, one.person) for one in logged} == {
        (action, place, str(cast.users.alice.public_id), cast.people.alice.pk)
        for action, place in (("read", "community-like-me"), ("insert", "community_compared"))
    }


def test_a_look_asks_for_no_record_at_all_and_for_no_more_with_more_wishes(cast, two):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert wishes_for(two[1], timezone.now()).first() is not None
        return [each["sql"] for each in queries]

    actions.wish(by=cast.users.alice, member=two[0])
    one = asked()
    assert not any("registry_" in sql for sql in one)
    more = compared_members(*[KNOWN] * 30)
    Wish.objects.bulk_create(Wish(compared=each.compared, at=timezone.now()) for each in more)
    assert len(asked()) == len(one)


def test_looking_logs_a_read_of_ones_own_record_and_of_nobody_elses(cast, two):
    actions.wish(by=cast.users.alice, member=two[0])
    before = Entry.objects.count()
    page(cast.users.chloe)
    seen = Entry.objects.filter(seq__gt=before).exclude(person="")
    assert {(entry.action, entry.person) for entry in seen} == {("read", cast.people.chloe.pk)}


def test_nobody_is_named_before_both_agreed_and_no_address_is_ever_shown(cast, two, django_capture_on_commit_callbacks):
    alice, chloe = two
    wish = actions.wish(by=cast.users.alice, member=alice)
    before = page(cast.users.chloe)
    assert "Somebody like you wishes to meet you" in before
    for hidden in ("Heron alice", "alice@example.org", cast.people.alice.pk, str(alice.public_id), "1960"):
        assert hidden not in before
    with django_capture_on_commit_callbacks(execute=True):
        met = actions.answer(by=cast.users.chloe, member=chloe, wish=wish.public_id, agreed=True)
        actions.write(by=cast.users.chloe, member=chloe, meeting=met, text="Hello <b>you</b>")
    after = page(cast.users.alice, f"/community/like-me/meetings/{met.pk}/")
    assert "Heron chloe" in after
    assert "&lt;b&gt;you&lt;/b&gt;" in after
    assert "chloe@example.org" not in after
    assert {to for each in mail.outbox for to in each.to} == {"alice@example.org"}
    for each in mail.outbox:
        assert not any(word in each.body + each.subject for word in ("Heron", "Hello <b>", "chloe", "POEMS", "like"))
    assert Client().get(f"/community/like-me/meetings/{met.pk}/").status_code == 302


def test_a_wish_is_told_only_to_whose_traits_were_worked_out_before_it(cast, two):
    actions.wish(by=cast.users.alice, member=two[0])
    assert wishes(two[1])
    Compared.objects.filter(member=two[1]).update(at=timezone.now())
    assert wishes(two[1]) == []


def test_a_changed_record_changes_nothing_until_it_may_be_compared_anew_and_no_wish_that_stands(cast, two):
    chloe = two[1]
    actions.wish(by=cast.users.alice, member=two[0])
    fill(cast, "chloe", sex="male", birth_year=1999, drug="VMP")
    assert wishes(chloe)
    with pytest.raises(Refused, match="compared lately"):
        compare(by=cast.users.chloe, member=chloe, today=TODAY)
    Deed.objects.update(at=timezone.now() - timedelta(days=limits().compared_anew_days, seconds=1))
    compare(by=cast.users.chloe, member=chloe, today=TODAY)
    assert wishes(chloe) == []


@pytest.mark.parametrize("how", ["stop", "leave"])
def test_stopping_or_leaving_does_not_let_an_account_be_compared_anew(cast, two, how):
    chloe = two[1]
    if how == "stop":
        stop(by=cast.users.chloe, member=chloe)
    else:
        members.leave(by=cast.users.chloe, member=chloe)
        chloe = members.join(by=cast.users.chloe, role="affected", name="Another Name")
    with pytest.raises(Refused, match="compared lately"):
        compare(by=cast.users.chloe, member=chloe, today=TODAY)
    assert "You can have your record compared again from" in page(cast.users.chloe)


def test_where_too_few_are_like_the_one_who_looks_no_wish_is_told(cast, two):
    actions.wish(by=cast.users.alice, member=two[0])
    assert wishes(two[1])
    crowd = Member.objects.filter(name__startswith="Alike")
    # Alice joined today and is not counted: five others are the floor of the map.
    crowd.first().delete()
    assert wishes(two[1]) == []
    Member.objects.filter(pk=two[0].pk).update(joined=timezone.now() - timedelta(days=8))
    assert wishes(two[1])


def test_a_record_that_says_too_little_is_not_compared_and_may_be_filled_in_at_once(cast):
    alice = members.join(by=cast.users.alice, role="affected", name="Heron")
    describe(by=cast.users.alice, person=cast.people.alice, sex="female", birth_year=1960)
    with pytest.raises(Refused, match="2 are known, and 4 are needed"):
        compare(by=cast.users.alice, member=alice, today=TODAY)
    fill(cast, "alice")
    compare(by=cast.users.alice, member=alice, today=TODAY)


def test_who_has_no_record_or_does_not_agree_that_it_is_kept_is_not_compared(cast):
    stan = members.join(by=cast.users.stan, role="affected", name="Quiet Reader")
    with pytest.raises(Refused, match="record of your own"):
        compare(by=cast.users.stan, member=stan, today=TODAY)
    decide(by=cast.users.alice, person=cast.people.alice, choices={"care": False})
    alice = members.join(by=cast.users.alice, role="affected", name="Heron")
    with pytest.raises(Refused, match="record of your own"):
        compare(by=cast.users.alice, member=alice, today=TODAY)
    with pytest.raises(Refused, match="Agree first"):
        actions.wish(by=cast.users.alice, member=alice)


@pytest.mark.parametrize("how", ["stop", "withdraw", "leave", "erase"])
def test_what_is_kept_and_the_wish_go_at_once(cast, two, how):
    alice = two[0]
    actions.wish(by=cast.users.alice, member=alice)
    if how == "stop":
        stop(by=cast.users.alice, member=alice)
    elif how == "withdraw":
        decide(by=cast.users.alice, person=cast.people.alice, choices={"care": False})
    elif how == "leave":
        members.leave(by=cast.users.alice, member=alice)
    else:
        erase(by=cast.users.alice, person=cast.people.alice)
    assert not Wish.objects.exists()
    assert not Compared.objects.filter(member_id=alice.pk).exists()
    assert wishes(two[1]) == []


def test_a_wish_ends_by_itself_and_what_is_compared_grows_too_old(cast, two):
    actions.wish(by=cast.users.alice, member=two[0])
    old = timezone.now() - timedelta(days=limits().wish_stands_days)
    Wish.objects.update(at=old)
    Compared.objects.filter(member=two[1]).update(at=old - timedelta(days=1))
    assert wishes(two[1]) == []
    Deed.objects.filter(kind="wish").update(at=old)
    again = actions.wish(by=cast.users.alice, member=two[0])
    assert wishes(two[1]) == [again]
    Compared.objects.update(at=timezone.now() - timedelta(days=limits().compared_stands_days))
    assert wishes(two[1]) == []
    with pytest.raises(Refused, match="Agree first"):
        actions.wish(by=cast.users.chloe, member=two[1])
    publish_what_is_due(timezone.now())
    assert not Compared.objects.exists()
    assert not Wish.objects.exists()


@pytest.mark.parametrize("then", ["end", "block", "leave"])
def test_nothing_lets_an_account_agree_to_every_wish_to_learn_who_they_are(cast, two, then):
    chloe = two[1]
    met = meet(cast, two)
    if then == "end":
        actions.end(by=cast.users.chloe, meeting=met)
    elif then == "block":
        reading.block(by=cast.users.chloe, member=chloe, other=two[0])
    else:
        members.leave(by=cast.users.chloe, member=chloe)
        chloe = keep(cast, "chloe")  # a member anew, as if the month had gone by
    (third,) = compared_members(KNOWN)
    second = Wish.objects.create(compared=third.compared, at=timezone.now())
    assert wishes(chloe) == [second]
    with pytest.raises(Refused, match="agreed often"):
        actions.answer(by=cast.users.chloe, member=chloe, wish=second.public_id, agreed=True)
    assert Wish.objects.filter(pk=second.pk).exists()


def test_so_many_agreements_a_month_are_enough(cast, two):
    now = timezone.now()
    days_ago = range(2, 2 + limits().contacts_a_month)
    Deed.objects.bulk_create(Deed(user=cast.users.chloe, kind="agree", at=now - timedelta(days=n)) for n in days_ago)
    with pytest.raises(Refused, match="many wishes this month"):
        meet(cast, two)


def test_a_wish_that_is_made_and_taken_back_counts(cast, two):
    actions.wish(by=cast.users.alice, member=two[0])
    actions.take_back(by=cast.users.alice, member=two[0])
    assert wishes(two[1]) == []
    with pytest.raises(Refused, match="asked often"):
        actions.wish(by=cast.users.alice, member=two[0])


def test_messages_are_counted_where_a_conversation_was_ended(cast, two):
    met, now = meet(cast, two), timezone.now()
    Deed.objects.bulk_create(
        Deed(user=cast.users.alice, kind="message", at=now) for _ in range(limits().messages_a_day)
    )
    with pytest.raises(Refused, match="many messages"):
        actions.write(by=cast.users.alice, member=two[0], meeting=met, text="x")


def test_who_declines_is_not_named_and_not_asked_again(cast, two):
    alice, chloe = two
    wish = actions.wish(by=cast.users.alice, member=alice)
    assert actions.answer(by=cast.users.chloe, member=chloe, wish=wish.public_id, agreed=False) is None
    assert wishes(chloe) == []
    assert "Heron chloe" not in page(cast.users.alice)
    assert Wish.objects.get() == wish


@pytest.mark.parametrize("why", ["unlike", "blocked", "blocking", "withdrawn", "stopped", "met before", "closed"])
def test_who_is_unlike_blocked_or_not_willing_learns_of_no_wish_and_cannot_answer(cast, two, why):
    alice, chloe = two
    if why == "met before":
        actions.end(by=cast.users.alice, meeting=meet(cast, two))
        Deed.objects.all().delete()
    wish = actions.wish(by=cast.users.alice, member=alice)
    if why == "unlike":
        Compared.objects.filter(member=chloe).update(sex="male", age=0, since=0, treatments=0)
    elif why == "withdrawn":
        decide(by=cast.users.chloe, person=cast.people.chloe, choices={"care": False})
    elif why == "blocked":
        reading.block(by=cast.users.alice, member=alice, other=chloe)
    elif why == "blocking":
        reading.block(by=cast.users.chloe, member=chloe, other=alice)
    elif why == "stopped":
        stop(by=cast.users.chloe, member=chloe)
    elif why == "closed":
        User.objects.filter(pk=cast.users.alice.pk).update(is_active=False)
    chloe = Member.objects.get(pk=chloe.pk)
    assert wishes(chloe) == []
    with pytest.raises(Refused, match="no longer open"):
        actions.answer(by=cast.users.chloe, member=chloe, wish=wish.public_id, agreed=True)


def test_ending_hides_what_was_written_and_deletes_it_and_strangers_never_read_it(cast, two):
    alice = two[0]
    met = meet(cast, two)
    actions.write(by=cast.users.alice, member=alice, meeting=met, text="x")
    members.join(by=cast.users.stan, role="family", name="Quiet Reader")
    client = Client()
    client.force_login(cast.users.stan)
    assert client.get(f"/community/like-me/meetings/{met.pk}/").status_code == 404
    actions.end(by=cast.users.chloe, meeting=met)
    assert 'dir="auto">x</p>' not in page(cast.users.alice, f"/community/like-me/meetings/{met.pk}/")
    publish_what_is_due(timezone.now() + timedelta(days=limits().ended_words_days))
    assert not Message.objects.exists()
    with pytest.raises(Refused, match="ended"):
        actions.write(by=cast.users.alice, member=alice, meeting=met, text="y")


def test_who_is_blocked_after_being_named_still_sees_who_saw_their_name(cast, two):
    met = meet(cast, two)
    actions.write(by=cast.users.alice, member=two[0], meeting=met, text="Are you well?")
    reading.block(by=cast.users.chloe, member=two[1], other=two[0])
    shown = page(cast.users.alice, f"/community/like-me/meetings/{met.pk}/")
    assert "Heron chloe" in shown
    assert "This conversation was ended" in shown
    assert "Are you well?" not in shown
    assert 'name="text"' not in shown


def test_too_long_a_message_is_refused_and_comes_back(cast, two):
    met = meet(cast, two)
    client = Client()
    client.force_login(cast.users.alice)
    answer = client.post(f"/community/like-me/meetings/{met.pk}/", {"text": "w " * 3000})
    assert answer.status_code == 400
    assert "w w w" in answer.content.decode()


@pytest.mark.parametrize("how", ["leave", "erase"])
def test_who_leaves_or_is_erased_takes_conversations_along(cast, two, how):
    meet(cast, two)
    if how == "leave":
        members.leave(by=cast.users.alice, member=two[0])
    else:
        erase(by=cast.users.alice, person=cast.people.alice)
    assert not Meeting.objects.exists()


def test_the_traits_are_shown_to_oneself_in_words(cast, two):
    shown = page(cast.users.alice)
    for words in ("55 to 69 years", "2 years or more, but under 5", "Some things are harder",
                  "With a stick, an arm or a frame", "Lenalidomide or pomalidomide"):  # fmt: skip
        assert words in shown
    Compared.objects.filter(member=two[0]).update(walking=None)
    assert replace(KNOWN, walking=None) == traits_of(Compared.objects.get(member=two[0]))
    assert "Nothing to compare" in page(cast.users.alice)


def test_who_reports_shows_what_the_other_wrote_and_the_moderator_bars_them(
    cast, two, django_capture_on_commit_callbacks
):
    alice, chloe = two
    met = meet(cast, two)
    for text in ("Send me money.", "Where do you live?"):
        actions.write(by=cast.users.alice, member=alice, meeting=met, text=text)
    actions.write(by=cast.users.chloe, member=chloe, meeting=met, text="My street is Mill Lane.")
    actions.end(by=cast.users.alice, meeting=met)  # which does not keep the other from reporting it
    client = Client()
    client.force_login(cast.users.chloe)
    answer = client.post(f"/community/like-me/meetings/{met.pk}/report/", {"why": "Asks for money."}, follow=True)
    assert "A moderator will look at it" in answer.content.decode()
    complaint = Complaint.objects.get()
    shown = page(cast.users.adam, f"/community/moderation/conversations/{complaint.pk}/")
    assert "Send me money." in shown
    for hidden in ("Mill Lane", "Heron", "@example.org", str(alice.public_id)):
        assert hidden not in shown
    assert f"/moderation/conversations/{complaint.pk}/" in page(cast.users.adam, "/community/moderation/")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        complaints.bar(by=cast.users.adam, complaint=complaint, reason="We ask nobody for money here.")
    assert [each.to for each in mail.outbox] == [["alice@example.org"]]
    assert Complaint.objects.get().words == []
    assert not Compared.objects.filter(member=alice).exists()
    assert "We ask nobody for money here." in page(cast.users.alice)


@pytest.mark.parametrize("first", ["stays", "leaves"])
def test_who_is_barred_is_not_compared_nor_writes_also_as_a_member_anew(cast, two, first):
    alice = two[0]
    other = Meeting.objects.create(
        asked=Member.objects.exclude(pk__in=[m.pk for m in two])[0], agreed=alice, at=timezone.now()
    )
    complaint = complaints.report(by=cast.users.chloe, member=two[1], meeting=meet(cast, two), why="Unkind.")
    complaints.bar(by=cast.users.adam, complaint=complaint, reason="Unkind words.")
    with pytest.raises(Refused, match="A moderator decided"):
        actions.write(by=cast.users.alice, member=alice, meeting=other, text="x")
    if first == "leaves":
        members.leave(by=cast.users.alice, member=alice)
        alice = members.join(by=cast.users.alice, role="affected", name="Another Name")
    for refused in (
        lambda: compare(by=cast.users.alice, member=alice, today=TODAY),
        lambda: actions.wish(by=cast.users.alice, member=alice),
    ):
        with pytest.raises(Refused, match="A moderator decided"):
            refused()
    Complaint.objects.update(decided=timezone.now() - timedelta(days=limits().barred_days))
    with pytest.raises(Refused, match="compared lately"):
        compare(by=cast.users.alice, member=alice, today=TODAY)


def test_nobody_decides_on_a_report_about_themselves_or_of_their_own_nor_twice(cast, two):
    complaint = complaints.report(by=cast.users.chloe, member=two[1], meeting=meet(cast, two), why="Unkind.")
    for user in (cast.users.alice, cast.users.chloe):
        with pytest.raises(Refused, match="another moderator"):
            complaints.leave(by=user, complaint=complaint)
    complaints.leave(by=cast.users.adam, complaint=complaint)
    with pytest.raises(Refused, match="decided in the meantime"):
        complaints.bar(by=cast.users.adam, complaint=complaint, reason="x")
    assert actions.write(by=cast.users.alice, member=two[0], meeting=Meeting.objects.get(), text="still here")


def test_a_conversation_is_reported_with_a_reason_once_and_so_often_a_day(cast, two):
    met = meet(cast, two)
    with pytest.raises(Refused, match="what is wrong"):
        complaints.report(by=cast.users.chloe, member=two[1], meeting=met, why="  ")
    complaint = complaints.report(by=cast.users.chloe, member=two[1], meeting=met, why="Unkind.")
    with pytest.raises(Refused, match="have reported"):
        complaints.report(by=cast.users.chloe, member=two[1], meeting=met, why="Unkind.")
    complaints.leave(by=cast.users.adam, complaint=complaint)
    Complaint.objects.bulk_create(
        Complaint(by=two[1], about=cast.users.stan, why="x", at=timezone.now()) for _ in range(limits().reports_a_day)
    )
    with pytest.raises(Refused, match="many conversations"):
        complaints.report(by=cast.users.chloe, member=two[1], meeting=met, why="Again.")
