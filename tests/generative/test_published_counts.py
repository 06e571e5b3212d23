"""The laws of what is published of a few people, through the tables and actions themselves: whoever comes and goes.

A reader who looks all the time knows each release and each fall, and that every fall is one withdrawal: no arithmetic
on anything seen while a release stands narrows a count that is hidden for being small.
"""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from openpoems.disclosure import rule
from openpoems.web.accounts.models import User
from openpoems.web.community.counting import PARTS, SOME_OF, Count, publish, withdraw
from openpoems.web.community.models import Counted, Member, Release
from tests.generative.worlds import RULES, published, step_of, undone

pytestmark = pytest.mark.django_db
NOW = timezone.now()
KINDS = {"map": "map", "people": "figures", "treatments": "figures", "similar-outcome": "similar"}
some = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def crowd(db):
    """Sixty-six members, of whom a test counts some."""
    users = User.objects.bulk_create(User(email=f"c{n}@example.org") for n in range(66))
    return Member.objects.bulk_create(
        Member(user=user, name="c", role="affected", joined=NOW - timedelta(days=99)) for user in users
    )


# ---- what arithmetic can tell of a cell and its parts, by everything seen of it while a release stands


@st.composite
def falling(draw):
    """A table, how many stand in each part of a cell of it, and the parts of those who leave, one after the other."""
    name = draw(st.sampled_from(sorted(KINDS)))
    near = st.one_of(st.integers(0, 3), st.sampled_from([4, 5, 7, 8, 9, 10, 13, 15]))
    counts = dict(
        zip(PARTS[name], draw(st.lists(near, min_size=len(PARTS[name]), max_size=len(PARTS[name]))), strict=True)
    )
    everybody = sorted(Counter(counts).elements())
    assume(0 < len(everybody) <= 66)
    return name, everybody, draw(st.lists(st.integers(0, 65), max_size=10))


def looks_of(name, everybody, leaving, crowd):
    """What a reader sees of a cell at each look, beside the true counts: (told, counts)."""
    kind = Release.Kind(KINDS[name])
    who = list(zip(crowd, everybody, strict=False))
    base = [Count(member, *SOME_OF[name]) for member in crowd] if name in SOME_OF else []
    publish(kind, [*base, *(Count(member, name, "here", part) for member, part in who)], NOW, Member.objects.all())
    seen = [(told_of(name), Counter(part for _member, part in who))]
    for place in leaving:
        if who:
            member, _part = who.pop(place % len(who))
            withdraw(Counted.objects.filter(member=member))
            seen.append((told_of(name), Counter(part for _member, part in who)))
    return seen


def told_of(name):
    return {part: said for (_kind, table, cell, part), said in published().items() if (table, cell) == (name, "here")}


def fell(before, after):
    """Which counts a reader sees fall, by one person and so from their lowest.

    What is told lower fell. Of parts that are told no longer, one fell, from the lowest step: a reader knows which where
    it stood there alone, or where it was the only one.
    """
    lower = [key for key in after if after[key] != before[key]]
    gone = [part for part in before if part not in after]
    if not set(after) - {""} and len(gone) > 1:
        return lower
    could = [part for part in gone if before[part][0] == min(said[0] for said in before.values())]
    return lower or could if len(could) == 1 else lower


def moments_of(seen, upto):
    """What a reader knows of each moment: (low, high) of a part, and of all under "".

    At the release, just before each fall, and just after.
    """
    found = [{key: said[:2] for key, said in seen[0][0].items()}]
    for (before, _), (after, _) in pairwise(seen[: upto + 1]):
        if after != before:
            exactly = {key: before[key][0] for key in fell(before, after)}
            found.append({k: said[:2] for k, said in before.items()} | {k: (low, low) for k, low in exactly.items()})
            found.append({k: said[:2] for k, said in after.items()} | {k: (n - 1, n - 1) for k, n in exactly.items()})
    return found


def reach(seen, parts, upto, part):
    """Between which ends a reader can place a part at a look; no upper end is None.

    A linear programme with a variable for each part at each moment: none or more, within what is told, never growing.
    """
    moments = moments_of(seen, upto)
    shape, bounds, above, ends = (len(moments), len(parts)), [], [], []
    for place, told in enumerate(moments):
        bounds += [told.get(one, (0, None)) for one in parts]
        for which in range(len(parts) if place else 0):
            grew = np.zeros(shape)
            grew[place, which], grew[place - 1, which] = 1, -1
            above, ends = [*above, grew.ravel()], [*ends, 0]
        if "" in told:
            total = np.zeros(shape)
            total[place] = 1
            above, ends = [*above, total.ravel(), -total.ravel()], [*ends, told[""][1], -told[""][0]]
    wish = np.zeros(shape)
    wish[-1, parts.index(part)] = 1
    least, most = (
        linprog(sign * wish.ravel(), A_ub=above or None, b_ub=ends or None, bounds=bounds) for sign in (1, -1)
    )
    assert least.status == 0
    return least.fun, None if most.status == 3 else -most.fun  # 3: unbounded


# Everybody of one role: that there is nobody else would be told. Four roles at the top of a step, and a fifth that falls
# below the floor: the four and the sum would tell it. Nearly everybody said the same of a treatment.
ALL_OF_ONE = ("map", ["affected"] * 15, [0])
FOUR_AND_ONE = ("map", [*sorted([*PARTS["map"]][:4] * 14), *[PARTS["map"][4]] * 5], [60, 59])
ALL_HELPED = ("treatments", ["helped"] * 18 + ["not"] * 5, [0])


@some
@example(ALL_OF_ONE)
@example(FOUR_AND_ONE)
@example(ALL_HELPED)
@given(falling())
def test_no_arithmetic_on_anything_seen_while_a_release_stands_narrows_a_hidden_small_count(crowd, course):
    name, everybody, leaving = course
    by, parts = rule(RULES[KINDS[name]]), list(PARTS[name])
    with undone():
        seen = looks_of(name, everybody, leaving, crowd)
    first = seen[0][0]
    for look, (told, counts) in enumerate(seen):
        if look and told == seen[look - 1][0]:
            continue
        known = fell(seen[look - 1][0], told) if look else []
        small = [part for part in parts if part not in told and counts[part] < by.floor and part not in known]
        for part in small:
            if part in first:
                least, most = reach(seen, parts, look, part)
                assert most is None or most - least >= by.step - 1 - 1e-6, (seen, part, least, most)
        for part in [each for each in small if each not in first][:1]:  # a reader knows the same of each of them
            least, most = reach(seen, parts, look, part)
            assert least <= 1e-6, (seen, part, least)  # none looks like many
            assert most is None or most >= by.floor - 1 - 1e-6, (seen, part, most)


@some
@given(falling())
def test_while_a_release_stands_every_withdrawal_lowers_its_own_cell_by_a_step_or_hides_and_nothing_rises(
    crowd, course
):
    name, everybody, leaving = course
    kind = KINDS[name]
    with undone():
        seen = looks_of(name, everybody, leaving, crowd)
    for (before, _), (after, counts) in pairwise(seen):
        assert set(after) <= set(before)
        falls = {part: step_of(before[part], kind) - step_of(after.get(part), kind) for part in before}
        assert falls.get("", 0) in (0, 1) or "" not in after
        assert all(after[part] == before[part] for part in after if part)
        if any(falls.values()):
            assert set(after) <= {""}  # the parts go together, so that nobody sees which of them fell
        for part, (low, high, _rounded) in after.items():
            assert low <= (counts[part] if part else counts.total()) <= high
