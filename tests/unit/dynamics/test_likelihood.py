"""The joint likelihood against a particle filter and against numerical integration, on small cases.

The filter keeps two normal distributions where the truth keeps whatever comes out; what that costs is stated here.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import log_ndtr, logsumexp

from openpoems.dynamics.kjm import kernels
from openpoems.dynamics.kjm.kernels import BELOW, TREATMENT, VALUE
from openpoems.dynamics.kjm.moments import onset
from openpoems.dynamics.kjm.parameters import Belief, Clock, Dynamics, Entry, Moments, Subject

P = Dynamics(
    drift=0.0, reversion=0.7, agitation=0.2, fading=4.0, onset_rate=0.2, rise=1.0, rise_variance=0.5, rise_reversion=0.3,
    log_hazard=-2.0, log_shape=0.1, by_level=0.9, by_slope=0.2, inverse_ceiling=0.4, floor=0.02, step=0.25,
)  # fmt: skip
WHO = Subject(0.4, 0.3)
VARIANCE, TAIL = 0.05, 0.15


def start(p, spread=0.6, slope=0.1):
    quiet = Moments(1.0, p.drift, 0.0, spread, 0.0, 0.0, slope, 0.0, 0.0)
    return Belief(quiet, onset(quiet, p), 0.0)


def value(time, z, kind=VALUE):
    return Entry(time, kind, z, VARIANCE, TAIL)


def filtered(entries, end, event, p=P, belief=None):
    b, clock, total = belief or start(p), Clock(0.0, 0.0), 0.0
    for entry in entries:
        b, clock, logp = kernels.take(b, clock, entry, WHO, p)
        total += logp
    return total + kernels.end(b, clock, end, event, WHO, p)


def log_density(u):
    """Log density of a normal plus a Laplace error, in closed form."""
    s = math.sqrt(VARIANCE)
    ratio = VARIANCE / (2 * TAIL**2)
    parts = [ratio + sign * u / TAIL + log_ndtr(-sign * u / s - s / TAIL) for sign in (1, -1)]
    return logsumexp(parts, axis=0) - math.log(2 * TAIL)


GRID = np.linspace(-6, 6, 6001)
CUMULATED = np.concatenate([[0.0], np.cumsum(np.exp(log_density((GRID[1:] + GRID[:-1]) / 2)) * np.diff(GRID))])


def log_hazard(time, x, v, p):
    base = p.log_hazard + WHO.own + p.log_shape + math.expm1(p.log_shape) * np.log(max(time, 0.02))
    return np.log(p.floor + 1 / (np.exp(-(base + p.by_level * x + p.by_slope * v)) + p.inverse_ceiling))


def test_values_and_survival_of_a_level_that_stands_still_against_integration():
    """One unknown, the level: its integral is exact. Agreement: 0.01 nats."""
    still = P._replace(agitation=1e-12, onset_rate=1e-12, by_slope=0.0, log_shape=0.0)
    belief = start(still, slope=1e-12)
    entries = [value(0.0, 0.8), value(0.6, 1.3), value(1.1, 0.2, BELOW), value(1.7, 1.0)]
    x = np.linspace(-5, 7, 40001)
    logs = -0.5 * (x - 1.0) ** 2 / 0.6 - 0.5 * math.log(2 * math.pi * 0.6)
    logs += sum(log_density(e.value - x) for e in entries if e.kind == VALUE)
    logs += np.log(np.interp(0.2 - x, GRID, CUMULATED) + 1e-300)
    hazard = log_hazard(1.0, x, 0.0, still)
    logs -= (2.5 - WHO.entry) * np.exp(hazard)
    for event in (0, 1):
        exact = math.log(np.trapezoid(np.exp(logs + event * hazard), x))
        assert filtered(entries, 2.5, event, still, belief) == pytest.approx(exact, abs=0.01)


CASES = {
    "rising, event": ([value(0.0, 1.1), value(0.5, 0.9), value(1.2, 1.6), value(1.8, 2.4)], 2.2, 1),
    "quiet, censored": ([value(0.0, 1.1), value(0.6, 0.9), value(1.4, 1.0), value(2.3, 0.8)], 3.0, 0),
    "treated, below": ([value(0.0, 2.0), Entry(0.0, TREATMENT, -8.0, 1.0, 1.0), value(0.7, 0.3, BELOW)], 2.0, 0),
    "wild value": ([value(0.0, 1.0), value(0.5, 1.0), value(1.0, 4.0), value(1.5, 1.1)], 2.0, 0),
}


@pytest.mark.parametrize("name", CASES)
def test_the_whole_model_against_a_particle_filter(name):
    """20,000 particles in steps of .01 years, mean of 4 runs (its own error about .02). Agreement: 0.1 nats."""
    entries, end, event = CASES[name]
    runs = [particles(entries, end, event, np.random.default_rng(seed)) for seed in range(4)]
    exact = logsumexp(runs) - math.log(len(runs))
    assert filtered(entries, end, event) == pytest.approx(exact, abs=0.1)


def particles(entries, end, event, rng, n=20_000, dt=0.01):
    """The log-likelihood under the generating model itself, by simulation."""
    cloud = SimpleNamespace(
        x=1.0 + math.sqrt(0.6) * rng.standard_normal(n),
        v=math.sqrt(0.1) * rng.standard_normal(n),
        r=np.zeros(n),
        rising=np.zeros(n, dtype=bool),
        logw=np.zeros(n),
    )
    waiting, total = list(entries), 0.0
    for k in range(round(end / dt) + 1):
        while waiting and waiting[0].time <= k * dt + 1e-9:
            see(cloud, waiting.pop(0), rng)
            total += resampled(cloud, rng)
        if k * dt < end - 1e-9:
            move(cloud, (k + 0.5) * dt, dt, rng)
    cloud.logw += event * log_hazard(end, cloud.x, cloud.v, P)
    return total + logsumexp(cloud.logw) - math.log(n)


def see(cloud, entry, rng):
    if entry.kind == TREATMENT:
        cloud.r += entry.value + math.sqrt(entry.variance) * rng.standard_normal(cloud.x.size)
    elif entry.kind == BELOW:
        cloud.logw += np.log(np.interp(entry.value - cloud.x, GRID, CUMULATED) + 1e-300)
    else:
        cloud.logw += log_density(entry.value - cloud.x)


def resampled(cloud, rng):
    """Draw the particles anew by weight; the log of the mean weight."""
    gained = logsumexp(cloud.logw) - math.log(cloud.x.size)
    weights = np.exp(cloud.logw - cloud.logw.max())
    points = (rng.random() + np.arange(cloud.x.size)) / cloud.x.size
    chosen = np.searchsorted(np.cumsum(weights / weights.sum()), points).clip(0, cloud.x.size - 1)
    for name in ("x", "v", "r", "rising"):
        setattr(cloud, name, getattr(cloud, name)[chosen])
    cloud.logw = np.zeros(cloud.x.size)
    return gained


def move(cloud, time, dt, rng):
    begins = ~cloud.rising & (rng.random(cloud.x.size) < P.onset_rate * dt)
    cloud.rising |= begins
    cloud.v = np.where(begins, P.rise + math.sqrt(P.rise_variance) * rng.standard_normal(cloud.x.size), cloud.v)
    if time > WHO.entry:
        cloud.logw -= dt * np.exp(log_hazard(time, cloud.x, cloud.v, P))
    cloud.x = cloud.x + dt * (cloud.v + cloud.r)
    back = np.where(cloud.rising, P.rise_reversion * (P.rise - cloud.v), P.reversion * (P.drift - cloud.v))
    cloud.v = cloud.v + dt * back + math.sqrt(P.agitation * dt) * rng.standard_normal(cloud.x.size)
    cloud.r = cloud.r * math.exp(-P.fading * dt)


def test_a_finer_grid_tells_the_same():
    """Survival taken in every three months or every two weeks: within 0.05 nats."""
    for entries, end, event in CASES.values():
        fine = filtered(entries, end, event, P._replace(step=1 / 24))
        assert filtered(entries, end, event) == pytest.approx(fine, abs=0.05)


def test_compiled_and_plain_give_the_same_numbers():
    compiled = pytest.importorskip("openpoems.dynamics.kjm.compiled").compiled
    pytest.importorskip("numba")
    fast = compiled()
    for entries, _, _ in CASES.values():
        b, clock = start(P), Clock(0.0, 0.0)
        for entry in entries:
            assert fast.take(b, clock, entry, WHO, P) == kernels.take(b, clock, entry, WHO, P)
            b, clock, _ = kernels.take(b, clock, entry, WHO, P)
        curves = [np.empty(8), np.empty(8)]
        for module, out in zip((fast, kernels), curves, strict=True):
            module.forecast(b, clock, 3.0, WHO, P, out)
        assert curves[0].tolist() == curves[1].tolist()
