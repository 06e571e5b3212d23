"""The laws of disclosure: what nobody can work out of what is shown, whoever comes and goes."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from openpoems.disclosure import Rule, Shown, Sum, median, rule, share, shown, standing, table

RULES = [rule("statistics"), rule("map")]
rules = st.sampled_from(RULES)


@given(st.integers(0, 400), rules)
def test_what_is_said_of_a_count_holds_and_never_names_fewer_than_a_step_of_counts(count, by):
    said = shown(count, by)
    assert said.low <= count <= said.high
    assert said.high - said.low + 1 >= by.step
    assert said.hidden == (count < by.floor)


@given(st.integers(0, 400), rules)
def test_one_person_more_changes_what_is_said_by_one_step_at_most(count, by):
    before, after = shown(count, by), shown(count + 1, by)
    if before != after:
        assert after.low == before.high + 1  # the very next step: nothing between
        assert (after.rounded or 0) - (before.rounded or 0) in (by.step, after.rounded if before.hidden else by.step)


@given(rules)
def test_nobody_is_told_from_few(by):
    assert len({shown(count, by) for count in range(by.floor)}) == 1


sizes = st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=4)


def counts_of(rows):
    """The cells of a table and the totals of its rows, with the sums that a reader knows to hold."""
    counts = {(r, c): n for r, row in enumerate(rows) for c, n in enumerate(row)}
    counts |= {(r, None): sum(row) for r, row in enumerate(rows)}
    return counts, [Sum((r, None), tuple((r, c) for c in range(3))) for r in range(len(rows))]


@settings(max_examples=60, deadline=None)
@given(sizes, rules)
def test_no_arithmetic_on_a_published_table_narrows_a_hidden_small_count(rows, by):
    counts, sums = counts_of(rows)
    told = table(counts, by, sums)
    names = list(counts)
    equal = np.array([[(n in s.parts) - (n == s.total) for n in names] for s in sums], dtype=float)
    # A reader knows of a shown count its interval, of a hidden one only that it is none or more.
    bounds = [(0, None) if told[n].hidden else (told[n].low, told[n].high) for n in names]
    for place, name in enumerate(names):
        if not told[name].hidden or counts[name] >= by.floor:
            continue
        wish = np.eye(len(names))[place]
        least = linprog(wish, A_eq=equal, b_eq=np.zeros(len(sums)), bounds=bounds)
        most = linprog(-wish, A_eq=equal, b_eq=np.zeros(len(sums)), bounds=bounds)
        assert least.status == 0
        assert least.fun <= 1e-6, (rows, name, least.fun)
        assert most.status == 3 or -most.fun >= by.floor - 1 - 1e-6, (rows, name, -most.fun)


@given(sizes, rules)
def test_hiding_more_never_shows_what_was_hidden_alone(rows, by):
    counts, sums = counts_of(rows)
    told = table(counts, by, sums)
    for name, count in counts.items():
        assert told[name].hidden or told[name] == shown(count, by)
        assert told[name].low <= count <= told[name].high or told[name].hidden


people = st.integers(0, 30)


def test_totals_of_rows_and_of_columns_together_are_refused():
    """They can give a cell away although no line does: 4 0 1 / 6 0 0 under a floor of five names a hidden member."""
    cells = {(r, c): 1 for r in "ab" for c in "xy"}
    across, down = Sum("a", (("a", "x"), ("a", "y"))), Sum("x", (("a", "x"), ("b", "x")))
    with pytest.raises(ValueError, match="one sum"):
        table({**cells, "a": 2, "x": 2}, rule("map"), [across, down])


cells = st.sampled_from(["FR", "DE", "LI"])
steps = st.lists(st.tuples(st.sampled_from(["join", "leave", "release"]), people, cells), max_size=60)


def published(course, by, without=None):
    """What stands published after every step of a course, as a reader sees it who looks all the time."""
    members, counted, gone, seen = {}, {}, set(), []
    for step, who, cell in course:
        if step == "release":
            counted, gone = dict(members), set()
        elif who != without and step == "join":
            members[who] = cell
        elif who != without and step == "leave":
            members.pop(who, None)
            gone.add(who)
        seen.append(standing(counted, gone, by))
    return seen


def step_of(said: Shown | None, by: Rule) -> int:
    return 0 if said is None or said.rounded is None else 1 + (said.rounded - shown(by.floor, by).rounded) // by.step


@given(steps, people, rules)
def test_with_or_without_one_person_no_published_map_differs_by_more_than_a_step_in_that_persons_cells(course, one, by):
    own = {cell for step, who, cell in course if who == one and step == "join"}
    for with_one, without in zip(published(course, by), published(course, by, without=one), strict=True):
        for cell in {*with_one, *without}:
            difference = step_of(with_one.get(cell), by) - step_of(without.get(cell), by)
            assert difference in ((0, 1) if cell in own else (0,))


@given(steps, rules)
def test_between_releases_only_a_withdrawal_changes_anything_and_never_upwards(course, by):
    for (before, after), (step, _who, _cell) in zip(pairwise(published(course, by)), course[1:], strict=False):
        falls = [step_of(before.get(c), by) - step_of(after.get(c), by) for c in {*before, *after}]
        if step == "join":
            assert not any(falls)
        if step == "leave":
            assert sorted(falls)[-1:] in ([], [0], [1])
            assert sum(falls) in (0, 1)
            assert min(falls, default=0) == 0


@given(steps, people, rules)
def test_who_withdrew_is_counted_nowhere_at_once(course, one, by):
    """What stands after a withdrawal is what would stand had that person never been there."""
    left = [*course, ("leave", one, "FR")]
    before = [s for s in course if s[1] != one or s[0] == "release"]
    here, never = published(left, by)[-1], published([*before, ("leave", one, "FR")], by)[-1]
    assert {c: said for c, said in here.items() if not said.hidden} == {
        c: said for c, said in never.items() if not said.hidden
    }


def test_shares_and_medians_are_of_what_is_shown_alone():
    by = rule("statistics")
    assert share(shown(7, by), shown(40, by)) is None
    assert share(shown(8, by), shown(8, by)) == 100
    assert median([1.0] * 7, by, to=1) is None
    assert median(range(100), by, to=10) in (40, 50)  # 49.5, told to ten


@pytest.mark.parametrize(
    ("floor", "step", "rounding"), [(1, 1, "down"), (7, 5, "nearest"), (6, 5, "down"), (4, 5, "down")]
)
def test_a_rule_that_would_tell_more_at_its_floor_is_refused(floor, step, rounding):
    with pytest.raises(ValueError, match="floor"):
        Rule("mine", "", floor, step, rounding, "", "none")
