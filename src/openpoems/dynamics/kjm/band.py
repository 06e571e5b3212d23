"""How sure a risk is: draws of the parameters, spread as the fit itself says (see `fitting.covariance_at`).

The band lies on the scale of the log cumulative hazard (complementary log-log), where errors are even.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from openpoems.dynamics.interface import Array
from openpoems.dynamics.kjm.layout import settings

_LEAST = 1e-12  # of a cumulative hazard, to keep its logarithm


@dataclass(frozen=True, slots=True)
class Band:
    """Draws of the parameter vector, shape (draws, parameters); the first is the most probable vector itself."""

    draws: Array

    def around(self, drawn: Array) -> tuple[Array, Array, Array]:
        """Risk with its lower and upper bound, from the cumulative hazards of the draws (first axis).

        The risk is the mean over the draws. The band is that of the most probable vector, as wide as the draws spread.
        """
        risk = -np.expm1(-drawn).mean(axis=0)
        logs = np.log(np.maximum(drawn, _LEAST))
        reach = NormalDist().inv_cdf(0.5 + settings()["band"]["level"] / 2) * logs.std(axis=0)
        # The reach shrinks as the risk grows; a bound of a curve may not turn back with it.
        lower, upper = (np.maximum.accumulate(-np.expm1(-np.exp(logs[0] + side)), axis=-1) for side in (-reach, reach))
        return risk, np.minimum(lower, risk), np.maximum(upper, risk)


def band_of(vector: Array, covariance: Array, prior_mean: Array, prior_spread: Array) -> Band:
    """Draws around `vector`, in pairs on either side of it, kept within the bounds of the search."""
    chosen, bound = settings()["band"], settings()["search"]["bound"]
    values, vectors = np.linalg.eigh(covariance)
    half = np.random.default_rng(chosen["seed"]).standard_normal((chosen["pairs"], len(vector)))
    draws = vector + (np.vstack([half, -half]) * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    kept = np.clip(draws, prior_mean - bound * prior_spread, prior_mean + bound * prior_spread)
    return Band(np.vstack([vector, kept]))
