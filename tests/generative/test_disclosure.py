"""The laws of disclosure: what nobody can work out of what is shown. Who comes and goes: `test_two_worlds.py`."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from openpoems.disclosure import Rule, Sum, rule, share, shown, table

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


def test_totals_of_rows_and_of_columns_together_are_refused():
    """They can give a cell away although no line does: 4 0 1 / 6 0 0 under a floor of five names a hidden member."""
    cells = {(r, c): 1 for r in "ab" for c in "xy"}
    across, down = Sum("a", (("a", "x"), ("a", "y"))), Sum("x", (("a", "x"), ("b", "x")))
    with pytest.raises(ValueError, match="one sum"):
        table({**cells, "a": 2, "x": 2}, rule("map"), [across, down])


def test_shares_are_of_what_is_shown_alone():
    by = rule("statistics")
    assert share(shown(7, by), shown(40, by)) is None
    assert share(shown(8, by), shown(8, by)) == 100


@pytest.mark.parametrize(
    ("floor", "step", "rounding"), [(1, 1, "down"), (7, 5, "nearest"), (6, 5, "down"), (4, 5, "down")]
)
def test_a_rule_that_would_tell_more_at_its_floor_is_refused(floor, step, rounding):
    with pytest.raises(ValueError, match="floor"):
        Rule("mine", "", floor, step, rounding, "", "none")
