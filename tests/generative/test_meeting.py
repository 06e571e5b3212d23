"""What somebody can learn by looking for people like them, whatever they write into their own record (decision 0011)."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openpoems.disclosure import rule
from openpoems.reports.likeness import choices
from openpoems.reports.traits import Traits, alike, treatment_groups
from openpoems.web.accounts.models import User
from openpoems.web.community.actions import compared, members
from openpoems.web.community.likeness import alike_to, columns, traits_of, wishes_for
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Compared, Deed, Wish
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.people import begin_record
from tests.alike import compared_members

FLOOR = rule("map").floor
# Of each trait few values, so that people are often alike.
VALUES = {
    "age": (None, 0, 1),
    "sex": (None, "female", "male"),
    "since": (None, 0, 1),
    "nerves": (None, 0, 2),
    "walking": (None, 0, 1),
    "treatments": (None, *(frozenset(treatment_groups()[low:high]) for low, high in ((0, 1), (0, 3), (3, 4)))),
}
anybody = st.builds(Traits, **{name: st.sampled_from(values) for name, values in VALUES.items()})
comparable = anybody.filter(lambda made: made.enough)


@given(anybody, anybody)
def test_being_alike_is_mutual_and_needs_enough_that_is_known_of_both(one, other):
    assert alike(one, other) is alike(other, one)
    if alike(one, other):
        assert len(set(one.known) & set(other.known)) >= choices().compared.same
        assert one.enough
        assert other.enough


EVERYBODY = [made for each in product(*VALUES.values()) if (made := Traits(*each)).enough]


@settings(max_examples=30)
@given(comparable)
def test_like_tells_no_single_trait_of_the_other(mine):
    """Whatever stands in a record: of those like it, somebody differs in any one trait, or it is not known of them."""
    like = [other for other in EVERYBODY if alike(mine, other)]
    for name in mine.known:
        own, theirs = getattr(mine, name), [getattr(other, name) for other in like]
        assert any(not (own & each) if name == "treatments" and each else own != each for each in theirs), name


@given(comparable)
def test_the_columns_keep_the_traits(made):
    assert traits_of(Compared(**columns(made))) == made


@pytest.mark.django_db
@settings(max_examples=15)
@given(st.lists(comparable, min_size=2, max_size=12))
def test_the_database_finds_alike_whom_the_one_rule_does(several):
    with transaction.atomic():
        people = [member.compared for member in compared_members(*several)]
        for mine, made in zip(people, several, strict=True):
            found = set(alike_to(mine, Compared.objects.all()).values_list("pk", flat=True))
            pairs = zip(people, several, strict=True)
            assert found == {row.pk for row, other in pairs if row.pk != mine.pk and alike(made, other)}
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=15)
@given(comparable, st.lists(comparable, min_size=FLOOR - 1, max_size=FLOOR + 5))
def test_a_wish_that_is_told_could_be_of_any_who_are_alike_and_never_of_fewer_than_the_floor(mine, several):
    """Even who knew everybody's record does not learn whose wish it is: it would be told of each of them the same."""
    with transaction.atomic():
        looker, *others = compared_members(mine, *several)
        candidates = {other.pk for other, made in zip(others, several, strict=True) if alike(mine, made)}
        now, told = timezone.now(), set()
        for other in others:
            wish = Wish.objects.create(compared=other.compared, at=now)
            if [each.public_id for each in wishes_for(looker, now)] == [wish.public_id]:
                told.add(other.pk)
            wish.delete()
        assert told == (candidates if len(candidates) >= FLOOR else set())
        transaction.set_rollback(True)


class Looker:
    """An account that does what it likes with its own record and membership, and looks whether a wish is told."""

    def __init__(self):
        self.now, self.record = datetime(2026, 11, 1, tzinfo=UTC), Traits()
        self.user = User.objects.create_user("looker@example.org")
        decide(by=self.user, person=begin_record(by=self.user), choices={"care": True})
        self.member = members.join(by=self.user, role="affected", name="Looker")

    def does(self, step, what):
        if step == "waits":
            self.now += timedelta(days=what)
        elif step == "writes":
            self.record = what
        elif step == "stops":
            compared.stop(by=self.user, member=self.member)
        elif step == "leaves":
            members.leave(by=self.user, member=self.member)
            self.member = members.join(by=self.user, role="affected", name="Looker")
        else:
            self.is_compared()

    def is_compared(self):
        with suppress(Refused):
            compared.compare(by=self.user, member=self.member, today=date(2026, 11, 1))

    def looks(self):
        return wishes_for(self.member, self.now).exists()


LIKE, UNLIKE = Traits(0, "male", 0, 0), Traits(1, "female", 1, 2)
DEEDS = st.one_of(
    st.tuples(st.just("writes"), st.sampled_from((LIKE, UNLIKE))),
    st.tuples(st.just("is compared"), st.none()),
    st.tuples(st.sampled_from(("stops", "leaves")), st.none()),
    st.tuples(st.just("waits"), st.sampled_from((1, limits().compared_anew_days))),
)


@pytest.mark.django_db
@settings(max_examples=25)
@example([], [("writes", LIKE), ("is compared", None)])
@example(
    [("writes", UNLIKE), ("is compared", None)],
    [("writes", LIKE), ("waits", limits().compared_anew_days), ("is compared", None)],
)
@given(st.lists(DEEDS, max_size=4), st.lists(DEEDS, min_size=1, max_size=12))
def test_whatever_an_account_does_to_itself_a_wish_answers_it_once(before, after):
    """Of a wish one learns "like" or nothing, once: no change of one's record makes it appear that did not show."""
    with transaction.atomic():
        looker = Looker()
        with (
            patch.object(timezone, "now", lambda: looker.now),
            patch.object(compared, "worked_out", lambda person, today: looker.record),
        ):
            other, *_crowd = compared_members(LIKE, *[LIKE] * FLOOR)
            for deed in before:
                looker.does(*deed)
            looker.now += timedelta(seconds=1)
            Wish.objects.create(compared=other.compared, at=looker.now)
            seen = [looker.looks()]
            for deed in after:
                looker.does(*deed)
                seen.append(looker.looks())
            assert seen == sorted(seen, reverse=True)
            between = sorted(Deed.objects.filter(user=looker.user, kind="compare").values_list("at", flat=True))
            least = timedelta(days=limits().compared_anew_days)
            assert all(later - sooner >= least for sooner, later in pairwise(between))
        transaction.set_rollback(True)
