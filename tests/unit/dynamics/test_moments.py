"""Each step of the filter against numerical integration over the state (scipy's adaptive quadrature, 1e-9 and better)."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from openpoems.dynamics.kjm import moments
from openpoems.dynamics.kjm.parameters import Dynamics, Moments

P = Dynamics(
    drift=0.1, reversion=0.7, agitation=0.4, fading=4.0, onset_rate=0.1, rise=1.0, rise_variance=1.0, rise_reversion=0.3,
    log_hazard=-1.0, log_shape=0.2, by_level=0.8, by_slope=0.3, inverse_ceiling=0.3, floor=0.01, step=0.25,
)  # fmt: skip
S = Moments(0.3, 0.2, -1.0, 0.8, 0.15, 0.05, 0.3, 0.02, 0.4)
VARIANCE, TAIL = 0.05, 0.15


def normal(x, mean, variance):
    return math.exp(-0.5 * (x - mean) ** 2 / variance) / math.sqrt(2 * math.pi * variance)


def error_density(u):
    """Of the sum of a normal and a Laplace error, by the convolution itself."""
    integrand = lambda w: math.exp(-abs(w) / TAIL) / (2 * TAIL) * normal(u - w, 0.0, VARIANCE)  # noqa: E731
    return quad(integrand, -9, 9, points=[0.0, u], limit=300)[0]


ERRORS = np.linspace(-9, 9, 3601)
DENSITY = np.array([error_density(u) for u in ERRORS])
MASS = np.concatenate([[0.0], np.cumsum((DENSITY[1:] + DENSITY[:-1]) / 2 * np.diff(ERRORS))])


def moments_of(likelihood):
    """Log mass, mean and variance of the level once weighted with the likelihood."""
    x = np.linspace(S.x - 9 * math.sqrt(S.xx), S.x + 9 * math.sqrt(S.xx), 20001)
    weight = np.exp(-0.5 * (x - S.x) ** 2 / S.xx) / math.sqrt(2 * math.pi * S.xx) * likelihood(x)
    mass = np.trapezoid(weight, x)
    mean = np.trapezoid(weight * x, x) / mass
    return math.log(mass), mean, np.trapezoid(weight * (x - mean) ** 2, x) / mass


@pytest.mark.parametrize("value", [-2.5, 0.0, 0.31, 1.0, 4.0])
def test_a_value_is_learned_exactly(value):
    found, logp = moments.observe(S, value, VARIANCE, TAIL)
    expected = moments_of(lambda x: np.interp(value - x, ERRORS, DENSITY))
    assert (logp, found.x, found.xx) == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize("limit", [-2.0, 0.0, 0.5, 2.0])
def test_a_limit_is_learned_exactly(limit, side):
    found, logp = moments.observe_beyond(S, limit, VARIANCE, TAIL, side)
    below = lambda x: np.interp(limit - x, ERRORS, MASS)  # noqa: E731
    expected = moments_of(below if side > 0 else lambda x: 1 - below(x))
    assert (logp, found.x, found.xx) == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("limit", [-2.0, -0.5, 0.3, 1.0, 2.5])
def test_a_limit_tells_less_than_the_value_below_it_does_on_average(limit):
    """The law of total variance: what "below" leaves open is what the value would leave open, and what it would tell.

    It holds on average over the values that can lie below, for every limit; a single wild value may tell less.
    """
    values = np.linspace(limit - 12, limit, 6001)
    told = [moments.observe(S, value, VARIANCE, TAIL) for value in values]
    weight = np.exp([logp for _, logp in told])
    weight /= weight.sum()
    left_open = weight @ [found.xx for found, _ in told]
    means = np.array([found.x for found, _ in told])
    would_tell = weight @ means**2 - (weight @ means) ** 2
    below, _ = moments.observe_beyond(S, limit, VARIANCE, TAIL, 1.0)
    assert below.xx == pytest.approx(left_open + would_tell, abs=2e-3)
    assert below.xx > left_open + 0.01


@pytest.mark.parametrize("value", [-300.0, -40.0, 40.0, 300.0])
def test_a_wild_value_moves_the_level_by_a_bounded_amount(value):
    found, logp = moments.observe(S, value, VARIANCE, TAIL)
    assert abs(found.x - S.x) <= S.xx / TAIL * (1 + 1e-12)
    assert math.isfinite(logp)


def test_the_laplace_error_vanishes_into_the_normal_filter():
    found, logp = moments.observe(S, 1.0, VARIANCE, 1e-4)
    total = S.xx + VARIANCE
    assert found.x == pytest.approx(S.x + S.xx / total * (1.0 - S.x), abs=1e-6)
    assert found.xx == pytest.approx(S.xx - S.xx**2 / total, abs=1e-6)
    assert logp == pytest.approx(math.log(normal(1.0, S.x, total)), abs=1e-6)


@pytest.mark.parametrize("z", [-30.0, -1.0, 0.0, 3.0, 34.99, 35.01, 200.0])
def test_the_tail_ratio(z):
    reach, peak = (60 / max(z, 1.0), 0.0) if z > 0 else (20 - 2 * z, -z)
    expected = quad(lambda t: math.exp(-z * t - t * t / 2), 0, reach, limit=500, points=[peak])[0]
    assert moments.log_mills(z) == pytest.approx(math.log(expected), abs=1e-8)


@pytest.mark.parametrize("reversion", [1e-3, 0.04, 0.7, 11.0])
def test_two_advances_are_one(reversion):
    once = moments.advance(S, 1.0, P.drift, reversion, P)
    twice = moments.advance(moments.advance(S, 0.3, P.drift, reversion, P), 0.7, P.drift, reversion, P)
    assert twice == pytest.approx(once, rel=1e-9)


def hazard_moments(weight):
    """Mass, and mean of the log hazard's direction, under exact integration of `weight(log hazard)`."""
    variance = P.by_level**2 * S.xx + 2 * P.by_level * P.by_slope * S.xv + P.by_slope**2 * S.vv
    centre = -0.7 + P.by_level * S.x + P.by_slope * S.v
    reach = 9 * math.sqrt(variance)
    mass = quad(lambda e: normal(e, centre, variance) * weight(e), centre - reach, centre + reach, epsabs=1e-12)[0]
    mean = quad(lambda e: e * normal(e, centre, variance) * weight(e), centre - reach, centre + reach, epsabs=1e-12)[0]
    return math.log(mass), mean / mass


def hazard(e):
    return P.floor + 1 / (math.exp(-e) + P.inverse_ceiling)


def test_survival_of_an_interval():
    found, logp = moments.survive(S, -0.7, 0.25, P)
    expected = hazard_moments(lambda e: math.exp(-0.25 * hazard(e)))
    assert (logp, -0.7 + P.by_level * found.x + P.by_slope * found.v) == pytest.approx(expected, abs=1e-6)


def test_the_event():
    found, logp = moments.event(S, -0.7, P)
    assert (logp, -0.7 + P.by_level * found.x + P.by_slope * found.v) == pytest.approx(hazard_moments(hazard), abs=1e-5)


def test_a_state_as_good_as_unknown_is_given_up():
    wild = S._replace(xx=1e4)
    assert moments.survive(wild, 0.0, 1.0, P)[1] < -1e5
    assert moments.event(wild, 0.0, P)[1] < -1e5


def test_merging_keeps_mean_and_variance():
    other = Moments(1.3, -0.2, 0.0, 0.5, 0.0, 0.0, 0.2, 0.0, 0.1)
    found = moments.merge(S, 0.3, other, 0.1)
    mean = 0.75 * S.x + 0.25 * other.x
    second = 0.75 * (S.xx + S.x**2) + 0.25 * (other.xx + other.x**2)
    assert (found.x, found.xx) == pytest.approx((mean, second - mean**2), abs=1e-12)
