"""The particle filter against plain importance sampling, and against a closed form."""

from dataclasses import replace

import numpy as np
import pytest

from openpoems.dynamics.data import Course, Treatment, Visit, cohort_of
from openpoems.dynamics.metrics import Outcome, observed_to_expected
from openpoems.dynamics.oracle import Oracle, normal_below
from openpoems.dynamics.simulate import simulate
from openpoems.dynamics.truth import Hazard, draw_hidden, poems_truth

TRUTH = poems_truth()


def test_the_normal_distribution_function():
    """Quantiles of the normal distribution: .5 at 0, .975 at 1.959964, .001 at -3.090232."""
    assert normal_below(np.array([0.0, 1.959964, -3.090232])) == pytest.approx([0.5, 0.975, 0.001], abs=1e-6)


def test_a_constant_hazard_has_a_closed_form():
    """Whatever the values: 1 - exp(-.2 × 1.5)."""
    truth = replace(TRUTH, hazard=Hazard(silent=0.2, at_limit=0.0, slope=0.0, most=0.0))
    answer = Oracle(truth, particles=50).risk(simulate(20, 1).cohort, 1.0, 1.5)
    assert answer.risk == pytest.approx(np.full(len(answer.ids), 1 - np.exp(-0.3)))


def plain_importance_sampling(course, landmark, horizon, draws=200_000):
    """Draw whole courses from the truth and weigh them by the values and by having come so far: no resampling."""
    rng = np.random.default_rng(9)
    hidden = draw_hidden(TRUTH, [course.treatments], rng, copies=draws)
    wobble, log_weight, total = None, np.zeros(draws), np.zeros(draws)
    visits = {round(v.time / TRUTH.step): v for v in course.visits}
    for k in range(round((landmark + horizon) / TRUTH.step)):
        time = k * TRUTH.step
        wobble = TRUTH.wobble(wobble, rng.standard_normal((1, draws)))
        level = (hidden.smooth(time) + wobble)[0]
        if k in visits:
            kind = TRUTH.assays[visits[k].assay]
            away = np.log10(visits[k].value) - kind.offset - level
            wide = np.hypot(kind.noise, TRUTH.sampling.wild_sd)
            usual, wild = (np.exp(-0.5 * (away / sd) ** 2) / sd for sd in (kind.noise, wide))
            log_weight += np.log((1 - TRUTH.sampling.wild) * usual + TRUTH.sampling.wild * wild)
        step = TRUTH.step * TRUTH.hazard_at(level)
        if time < landmark - 1e-9:
            log_weight -= step * (time >= course.entry - 1e-9)
        else:
            total += step
    weight = np.exp(log_weight - log_weight.max())
    return float((weight * -np.expm1(-total)).sum() / weight.sum())


@pytest.mark.parametrize("values", [(4500.0, 600.0, 400.0), (4500.0, 700.0, 1900.0)])
def test_against_plain_importance_sampling(values):
    visits = tuple(Visit(time, value, "serum") for time, value in zip((0.0, 0.5, 1.0), values, strict=True))
    course = Course("A", visits, (Treatment(0.0, "transplant"),), 0.5, 9.0)
    runs = [Oracle(TRUTH, 4000, seed).risk(cohort_of([course]), 1.0, 1.0).risk[0] for seed in range(4)]
    assert np.mean(runs) == pytest.approx(plain_importance_sampling(course, 1.0, 1.0), abs=0.015)


def test_it_is_calibrated_to_what_happens():
    """As many relapses as it says, but for chance: about 60 of 600 people, so within a third."""
    cohort = simulate(600, 21).cohort
    answer = Oracle(TRUTH, 300).risk(cohort, 2.0, 1.0)
    people = cohort.at_risk(2.0).courses
    outcome = Outcome.of([c.time - 2.0 for c in people], [c.event for c in people])
    assert observed_to_expected(outcome, answer.risk, 1.0) == pytest.approx(1.0, abs=0.33)


def test_a_landmark_off_the_grid_is_refused():
    with pytest.raises(ValueError, match="grid"):
        Oracle(TRUTH, 10).risk(simulate(3, 1).cohort, 1.01, 1.0)


def test_the_risk_never_falls_with_the_horizon():
    answer = Oracle(TRUTH, 100).risk(simulate(30, 2).cohort, 1.0, 2.0, times=np.array([0.5, 1.0, 1.5]))
    assert (np.diff(np.column_stack([answer.curve, answer.risk]), axis=1) >= 0).all()
