"""The measures on cases small enough to work out by hand, and where everything is known from the start."""

import numpy as np
import pytest

from openpoems.dynamics import metrics
from openpoems.dynamics.metrics import Outcome

# Two cases, one person lost at 1.5, three controls at the horizon 2. Free of censoring: 1 until 1.5, then 3/4 (four at
# risk at 1.5). Weights: case at 1: 1/1; case at 2: 1/(3/4) = 4/3; controls (past 2): 4/3 each.
OUTCOME = Outcome.of([1.0, 1.5, 2.0, 3.0, 3.0], [1, 0, 1, 0, 0])
RISK = np.array([0.8, 0.5, 0.4, 0.4, 0.1])


def test_the_weights_of_cases_and_controls():
    case, control = OUTCOME.known(2.0)
    assert case == pytest.approx([1, 0, 4 / 3, 0, 0])
    assert control == pytest.approx([0, 0, 0, 4 / 3, 4 / 3])


def test_an_event_comes_before_a_censoring_at_the_same_time():
    """At time 1 one has the event and one is lost of three: two are left to be lost from, so 1/2 stays."""
    assert metrics.censoring(Outcome.of([1, 1, 2], [1, 0, 1]))(np.array([1.0])) == pytest.approx([0.5])


def test_auc_by_hand():
    """Pairs: the case at 1 (weight 1) above both controls (4/3 each): 8/3; the case at 2 (4/3) ties one and beats one:
    (4/3)(4/3)(1.5) = 8/3. Over all pairs (7/3)(8/3): (16/3) / (56/9) = 6/7."""
    assert metrics.auc(OUTCOME, RISK, 2.0) == pytest.approx(6 / 7)


def test_brier_by_hand():
    """(1 × .2² + 4/3 × .6² + 4/3 × .4² + 4/3 × .1²) / 5 = (.04 + .48 + .2133 + .0133) / 5."""
    assert metrics.brier(OUTCOME, RISK, 2.0) == pytest.approx((0.04 + 4 / 3 * (0.36 + 0.16 + 0.01)) / 5)


def test_integrated_brier_by_hand():
    """Nobody is lost: Brier is 1/2 × .25 at 1 and .25 at 2 for risks .5; trapezium from 0: (.25/2 + .25)/2."""
    outcome = Outcome.of([0.5, 3.0], [1, 0])
    curve = np.full((2, 2), 0.5)
    assert metrics.integrated_brier(outcome, curve, np.array([1.0, 2.0])) == pytest.approx((0.125 + 0.25) / 2)


def test_a_weight_of_two_is_the_same_as_being_there_twice():
    rng = np.random.default_rng(3)
    time, event, risk = rng.exponential(2, 40).round(1), rng.random(40) < 0.6, rng.random(40).round(1)
    weight = rng.integers(0, 3, 40)
    twice = np.repeat(np.arange(40), weight)
    weighted, copied = Outcome.of(time, event, weight), Outcome.of(time[twice], event[twice])
    for measure in (metrics.auc, metrics.brier, metrics.observed_to_expected, metrics.calibration_slope):
        assert measure(weighted, risk, 2.0) == pytest.approx(measure(copied, risk[twice], 2.0), abs=1e-9)


def test_observed_to_expected_by_hand():
    """Kaplan-Meier: 4/5 after 1, then of three at risk at 2 one has the event: 4/5 × 2/3 = 8/15; expected: .44."""
    assert metrics.observed(OUTCOME, 2.0) == pytest.approx(7 / 15)
    assert metrics.observed_to_expected(OUTCOME, RISK, 2.0) == pytest.approx(7 / 15 / 0.44)


def test_the_calibration_slope_finds_how_much_too_far_apart_the_risks_are():
    """Hazards are exponential with log-hazard z; predictions made from 2z are twice too far apart: slope 1/2."""
    rng = np.random.default_rng(11)
    z = rng.normal(size=20000) * 0.7
    time = rng.exponential(1 / np.exp(z - 1))
    outcome = Outcome.of(np.minimum(time, 3.0), time <= 3.0)
    assert metrics.calibration_slope(outcome, 1 - np.exp(-np.exp(z - 1)), 1.0) == pytest.approx(1.0, abs=0.04)
    assert metrics.calibration_slope(outcome, 1 - np.exp(-np.exp(2 * z - 1)), 1.0) == pytest.approx(0.5, abs=0.02)


def test_censoring_weights_take_the_censoring_out():
    """The same people with and without random censoring: the weighted measures agree but for chance (n = 20,000)."""
    rng = np.random.default_rng(12)
    z = rng.normal(size=20000)
    time, lost = rng.exponential(1 / np.exp(z - 1.5)), rng.exponential(2.0, 20000)
    risk = 1 - np.exp(-np.exp(z - 1.5))
    whole = Outcome.of(time, np.ones(20000))
    seen = Outcome.of(np.minimum(time, lost), time <= lost)
    assert metrics.auc(seen, risk, 1.0) == pytest.approx(metrics.auc(whole, risk, 1.0), abs=0.015)
    assert metrics.brier(seen, risk, 1.0) == pytest.approx(metrics.brier(whole, risk, 1.0), abs=0.005)


def test_net_benefit_by_hand():
    """At a threshold of .2 (odds 1/4) all but the last are acted on: (7/3 - 4/3/4) / 5 = 2/5; everybody: (7/3 - 2/3)/5."""
    point = metrics.net_benefit(OUTCOME, RISK, 2.0, 0.2)
    assert point.model == pytest.approx(0.4)
    assert point.everybody == pytest.approx(1 / 3)


def test_what_cannot_be_told_is_nan():
    nobody = Outcome.of([3.0, 3.0], [0, 0])
    assert np.isnan(metrics.auc(nobody, np.array([0.1, 0.2]), 2.0))
    assert np.isnan(metrics.calibration_slope(nobody, np.array([0.1, 0.2]), 2.0))
