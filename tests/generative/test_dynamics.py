"""Laws that the joint model keeps on any record: fitted once on simulated people, asked about generated ones."""

import random
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("numba")

from openpoems.dynamics.data import Course, Treatment, Visit, cohort_of
from openpoems.dynamics.interface import load_model
from openpoems.dynamics.kjm.band import Band
from openpoems.dynamics.kjm.follow import Follower
from openpoems.dynamics.kjm.layout import settings
from openpoems.dynamics.kjm.model import fit
from openpoems.dynamics.simulate import simulate

LANDMARK = 2.0


@cache
def model():
    """With few of its draws: the laws hold for each."""
    fitted = fit(simulate(60, 3).cohort)
    return replace(fitted, band=replace(fitted.band, draws=fitted.band.draws[:4]))


@cache
def any_model(seed):
    """A model whose parameters were never fitted: anywhere in the range of the search, hazard rising with the level."""
    layout = model().layout
    mean, spread = layout.prior()
    bound = settings()["search"]["bound"]
    vector = mean + spread * np.random.default_rng(seed).uniform(-bound, bound, len(mean))
    at = layout.names.index("by_level")
    vector[at] = abs(vector[at])
    return replace(model(), vector=vector, band=Band(vector[None]))


visits = st.builds(
    Visit,
    time=st.integers(0, 47).map(lambda half_months: half_months / 24),
    value=st.floats(1.0, 1e5).map(lambda value: round(value, 1)),
    assay=st.sampled_from(["serum", "plasma"]),
    comparator=st.sampled_from(["", "", "", "<"]),
)
records = st.builds(
    lambda seen, entry: Course("one", tuple(seen), (Treatment(0.0, "transplant"),), entry, 9.0, False),
    st.lists(visits, min_size=1, max_size=8, unique_by=lambda visit: (visit.time, visit.assay)),
    st.sampled_from([0.0, 0.5]),
)


def risk_of(course, by=None, times=None, landmark=LANDMARK):
    return (by or model()).risk(cohort_of([course]), landmark, 2.0, times)


@given(records)
def test_risk_lies_between_0_and_1_in_its_band_and_never_decreases_with_the_horizon(course):
    found = risk_of(course, times=np.linspace(0.1, 3.0, 30))
    assert 0 <= found.lower[0] <= found.risk[0] <= found.upper[0] <= 1
    for curve in (found.curve, found.curve_lower, found.curve_upper):
        assert np.all((curve >= 0) & (curve <= 1))
        assert np.all(np.diff(curve) >= 0)


@given(records, st.randoms(use_true_random=False))
def test_the_order_of_the_record_changes_nothing(course, shuffler: random.Random):
    shuffled = list(course.visits)
    shuffler.shuffle(shuffled)
    other = replace(course, visits=tuple(shuffled))
    assert risk_of(other).risk.tolist() == risk_of(course).risk.tolist()


@given(records, st.sampled_from([1e-3, 0.0389, 1e3]))
def test_the_unit_of_the_value_changes_nothing(course, factor):
    scale = replace(model().scale, centre=model().scale.centre + np.log10(factor))
    other = replace(course, visits=tuple(replace(visit, value=visit.value * factor) for visit in course.visits))
    assert risk_of(other, replace(model(), scale=scale)).risk == pytest.approx(risk_of(course).risk, rel=1e-9)


@given(records, st.floats(0, 2))
def test_splitting_a_record_at_a_date_and_filtering_on_is_filtering_the_whole(course, date):
    follower, ordered = Follower(model()), cohort_of([course]).courses[0]
    things = sorted([*ordered.treatments, *ordered.visits], key=lambda each: (each.time, isinstance(each, Treatment)))
    whole = follower.begin(course.entry)
    for each in things:
        whole = follower.update(whole, each)
    part = follower.begin(course.entry)
    for each in [each for each in things if each.time <= date]:
        part = follower.update(part, each)
    follower.curve(part, date, 1.0)  # asked in between, which must leave no trace
    for each in [each for each in things if each.time > date]:
        part = follower.update(part, each)
    assert part.belief == whole.belief
    assert follower.curve(part, LANDMARK, 2.0)[1].tolist() == follower.curve(whole, LANDMARK, 2.0)[1].tolist()


# The last two values of a record (log10) and how many years lie between them.
pairs = st.tuples(st.floats(0.5, 5.0), st.floats(0.5, 5.0), st.sampled_from([0.0, 1 / 12, 0.25, 1.0]))


def confirmed(course, pair, more, by):
    """The risk within half a year, one and two years after a pair of values, both raised by `more` (log10)."""
    first, second, apart = pair
    last = (Visit(LANDMARK - apart, 10 ** (first + more), "serum"), Visit(LANDMARK, 10 ** (second + more), "serum"))
    before = tuple(visit for visit in course.visits if visit.time < LANDMARK - apart)
    found = risk_of(replace(course, visits=(*before, *last)), by, np.array([0.5, 1.0]))
    return np.array([*found.curve[0], *found.risk])


@given(records, pairs, st.floats(0.001, 3.0))
def test_a_higher_confirmed_value_never_lowers_the_risk(course, pair, more):
    """Two last values, whether they agree or not, both multiplied by the same factor. To the last digits."""
    by_level = model().band.draws[:, model().layout.names.index("by_level")]
    assert by_level.min() > 0, "the law is for a hazard that rises with the level"
    assert np.all(confirmed(course, pair, more, model()) >= confirmed(course, pair, 0.0, model()) - 1e-9)


@given(records, pairs, st.floats(0.001, 3.0), st.integers(0, 2**32))
def test_the_same_under_any_parameters(course, pair, more, seed):
    by = any_model(seed)
    assert np.all(confirmed(course, pair, more, by) >= confirmed(course, pair, 0.0, by) - 1e-9)


@given(records, pairs, st.floats(0.001, 3.0), st.integers(0, 2**32))
def test_a_higher_confirmed_value_never_raises_the_risk_where_the_hazard_falls_with_the_level(course, pair, more, seed):
    by = any_model(seed)
    vector = by.vector.copy()
    vector[by.layout.names.index("by_level")] *= -1
    by = replace(by, vector=vector, band=Band(vector[None]))
    assert np.all(confirmed(course, pair, more, by) <= confirmed(course, pair, 0.0, by) + 1e-9)


@given(records, st.floats(-0.15, 0.15))
def test_a_value_below_a_limit_carries_less_information_than_the_value(course, beside):
    """The level is known less well after `< limit` than after the limit itself as a value, where that is expected.

    A value far from what is expected is taken for a wild one and tells little, by design: no such law holds there.
    """
    follower, ordered = Follower(model()), cohort_of([course]).courses[0]
    state = follower.begin(course.entry)
    for each in ordered.visits:
        state = follower.update(state, each)
    # A limit that nothing reaches says nothing, and brings the belief forward. Serum has no offset in this model.
    state = follower.update(state, Visit(LANDMARK, 1e12, "serum", "<"))
    expected = 10 ** ((state.belief.quiet.x + beside) * model().scale.spread + model().scale.centre)
    told, below = (follower.update(state, Visit(LANDMARK, expected, "serum", sign)) for sign in ("", "<"))
    assert told.belief.quiet.xx <= below.belief.quiet.xx * (1 + 1e-9)


@given(records)
def test_a_model_read_back_from_json_gives_the_same_numbers(course):
    again = load_model(model().to_json())
    assert risk_of(course, again).upper.tolist() == risk_of(course).upper.tolist()


@given(records)
def test_what_comes_after_the_landmark_is_not_looked_at(course):
    later = (*course.visits, Visit(LANDMARK + 0.1, 1e5, "serum"))
    assert risk_of(replace(course, visits=later)).risk.tolist() == risk_of(course).risk.tolist()
