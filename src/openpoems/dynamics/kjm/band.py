"""How sure a risk is: posterior draws of the parameters, and a floor for what the model itself gets wrong.

Everything happens on the scale of the log cumulative hazard (complementary log-log), where errors are even.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from openpoems.dynamics.interface import Array
from openpoems.dynamics.kjm.layout import settings

_LEAST = 1e-12  # of a cumulative hazard, to keep its logarithm
_SURE = 1 - 1e-12  # of a risk, likewise


@dataclass(frozen=True, slots=True)
class Band:
    """Draws of the parameter vector, shape (draws, parameters), and the standard deviation of `floor`."""

    draws: Array
    floor: float

    def around(self, drawn: Array) -> tuple[Array, Array, Array]:
        """Risk with its lower and upper bound, from the cumulative hazards of the draws (first axis).

        The risk is the mean over the draws: what the posterior predicts.
        """
        risk = -np.expm1(-drawn).mean(axis=0)
        logs = np.log(np.maximum(drawn, _LEAST))
        centre = np.log(np.maximum(-np.log1p(-np.minimum(risk, _SURE)), _LEAST))
        reach = NormalDist().inv_cdf(0.5 + settings()["band"]["level"] / 2) * np.sqrt(logs.var(axis=0) + self.floor**2)
        # The reach shrinks as the risk grows; a bound of a curve may not turn back with it.
        bounds = (np.maximum.accumulate(-np.expm1(-np.exp(centre + side)), axis=-1) for side in (-reach, reach))
        lower, upper = bounds
        return risk, lower, upper


def band_of(vector: Array, covariance: Array, prior_mean: Array, prior_spread: Array) -> Band:
    """Draws around `vector`, kept within the bounds of the search."""
    chosen, bound = settings()["band"], settings()["search"]["bound"]
    values, vectors = np.linalg.eigh(covariance)
    half = np.random.default_rng(chosen["seed"]).standard_normal((chosen["draws"] // 2, len(vector)))
    draws = vector + (np.vstack([half, -half]) * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return Band(np.clip(draws, prior_mean - bound * prior_spread, prior_mean + bound * prior_spread), chosen["floor"])
