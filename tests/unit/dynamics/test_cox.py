"""The partial likelihood against numbers that others published and against an optimiser that knows only the definition.

`THERNEAU_1` and `THERNEAU_2` are the two small data sets by which the R package survival validates `coxph`
(Therneau and Grambsch 2000, Modeling Survival Data, appendix E): their likelihoods have closed forms, worked out there
by hand. `REMISSION` is the leukaemia trial of Freireich 1963 that Cox analysed in 1972.
"""

import numpy as np
import pytest

from openpoems.dynamics.cox import Counting, fit_cox, with_baseline
from openpoems.dynamics.interface import CannotFit

THERNEAU_1 = {"stop": [1, 1, 6, 6, 8, 9], "event": [1, 0, 1, 1, 0, 1], "x": [1, 1, 1, 0, 0, 0]}
THERNEAU_2 = {
    "start": [1, 2, 5, 2, 1, 7, 3, 4, 8, 8],
    "stop": [2, 3, 6, 7, 8, 9, 9, 9, 14, 17],
    "event": [1, 1, 1, 1, 1, 1, 1, 0, 0, 0],
    "x": [1, 0, 0, 1, 0, 1, 1, 1, 0, 0],
}


@pytest.mark.parametrize(
    ("ties", "beta", "log_likelihood"),
    [
        # Breslow: 2b - log(3r + 3) - 2 log(r + 3), greatest where r² = r + 9 + ... : b = 1.475285 (appendix E).
        ("breslow", 1.475285, -3.824750),
        # Efron: 2b - log(3r + 3) - log(r + 3) - log((r + 5) / 2), greatest at b = 1.676857 (appendix E).
        ("efron", 1.676857, -3.358975),
    ],
)
def test_tied_events(ties, beta, log_likelihood):
    fitted = fit_cox(Counting.of(**THERNEAU_1), ties=ties)
    assert fitted.beta[0] == pytest.approx(beta, abs=5e-7)
    assert fitted.log_likelihood == pytest.approx(log_likelihood, abs=5e-7)


@pytest.mark.parametrize(("ties", "beta"), [("breslow", -0.084526), ("efron", -0.021105)])
def test_delayed_entry(ties, beta):
    """Appendix E, second data set: start-stop rows, b = -.084526 (Breslow) and -.021105 (Efron)."""
    assert fit_cox(Counting.of(**THERNEAU_2), ties=ties).beta[0] == pytest.approx(beta, abs=1e-6)


def test_the_remission_data_that_cox_analysed():
    """Weeks of remission under 6-MP and placebo (Freireich 1963). R: coxph(Surv(time, status) ~ rx), Efron: 1.5721."""
    treated = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    event = [1] * 9 + [0] * 12 + [1] * 21
    fitted = fit_cox(Counting.of(treated + placebo, event, [0] * 21 + [1] * 21))
    assert fitted.beta[0] == pytest.approx(1.5721, abs=5e-5)
    assert np.sqrt(fitted.covariance[0, 0]) == pytest.approx(0.4124, abs=5e-5)


def plain_log_likelihood(rows, beta, ties):
    """The definition, event time by event time and person by person."""
    total, risk = 0.0, np.exp(rows.x @ beta)
    for stratum in np.unique(rows.stratum):
        for time in np.unique(rows.stop[rows.event & (rows.stratum == stratum)]):
            mine = rows.stratum == stratum
            at_risk = mine & (rows.start < time) & (rows.stop >= time)
            died = np.flatnonzero(mine & rows.event & (rows.stop == time))
            for k, person in enumerate(died):
                share = k / len(died) if ties == "efron" else 0.0
                total += rows.x[person] @ beta - np.log(risk[at_risk].sum() - share * risk[died].sum())
    return total


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_strata_entry_and_ridge_against_an_optimiser_of_the_definition(ties):
    from scipy.optimize import minimize

    rng = np.random.default_rng(5)
    x = rng.normal(size=(60, 2)) * [1.0, 3.0]
    start = rng.integers(0, 4, 60) * 0.5
    stop = start + np.ceil(rng.exponential(2.0, 60) * 2) / 2
    rows = Counting.of(stop, rng.random(60) < 0.7, x, start=start, stratum=rng.integers(0, 3, 60))
    spread = x.std(axis=0)
    best = minimize(
        lambda b: -plain_log_likelihood(rows, b, ties) + 0.5 * 2.0 * ((b * spread) ** 2).sum(),
        np.zeros(2),
        method="BFGS",
        options={"gtol": 1e-8},
    )
    fitted = fit_cox(rows, ridge=2.0, ties=ties)
    assert fitted.beta == pytest.approx(best.x, abs=1e-6)
    assert fitted.log_likelihood == pytest.approx(plain_log_likelihood(rows, fitted.beta, ties), abs=1e-9)


def test_without_effect_the_baseline_is_nelson_aalen():
    """At b = 0 the steps are 1/at risk: times 1, 2, 3 with 4, 3, 2 at risk (one leaves at 3.5): 1/4, 1/3, 1/2."""
    fitted = fit_cox(Counting.of([1, 2, 3, 3.5], [1, 1, 1, 0], np.zeros(4)))
    assert fitted.cumulative(np.array([0.5, 1, 2.9, 3])) == pytest.approx([0, 1 / 4, 7 / 12, 13 / 12])
    assert fitted.cumulative(np.array([3.0]), after=1.0) == pytest.approx([5 / 6])
    assert fitted.cumulative_error(np.array([2.0])) == pytest.approx([5 / 12])  # sqrt(1/16 + 1/9)


def test_a_baseline_of_other_rows_keeps_the_coefficients():
    fitted = fit_cox(Counting.of(**THERNEAU_1))
    longer = with_baseline(fitted, Counting.of([1, 2], [0, 1], [0.5, 0.5]))
    assert longer.beta == pytest.approx(fitted.beta)
    assert longer.cumulative(np.array([2.0])) == pytest.approx([1.0])  # one person at risk, at the centre: 1/1


def test_a_covariate_that_separates_is_held_by_the_ridge():
    rows = Counting.of([1, 2, 3, 4], [1, 1, 0, 0], [1, 1, 0, 0])
    assert 0.5 < fit_cox(rows, ridge=1.0).beta[0] < 5


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"stop": [1, 2], "event": [0, 0], "x": [0, 1]}, "no events"),
        ({"stop": [1, 2], "event": [1, 0], "x": [0, 1], "start": [0, 2]}, "must end after it starts"),
        ({"stop": [1, 2], "event": [1, 0], "x": [0, np.nan]}, "not a finite number"),
        ({"stop": [1, 2], "event": [1], "x": [0, 1]}, "one entry per row"),
    ],
)
def test_rows_that_cannot_be_used(columns, message):
    with pytest.raises(CannotFit, match=message):
        Counting.of(**columns)
