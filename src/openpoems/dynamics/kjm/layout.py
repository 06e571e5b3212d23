"""The parameters as the search sees them: one vector, each place with a name and a prior."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Any

import numpy as np

from openpoems.dynamics.interface import Array
from openpoems.dynamics.kjm.moments import onset
from openpoems.dynamics.kjm.parameters import Belief, Dynamics, Moments


@cache
def settings() -> dict[str, Any]:
    """The engineering choices of `settings.toml`."""
    return tomllib.loads(files("openpoems.dynamics.kjm").joinpath("settings.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Layout:
    """Which assays, treatments and covariates a model knows; the other assays are compared with the first."""

    assays: tuple[str, ...]
    treatments: tuple[str, ...]
    covariates: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each place in the vector; what belongs to an assay, treatment or covariate is `kind:name`."""
        treated = ("log_fading",) if self.treatments else ()
        return (
            *("level", "log_level_spread", "log_slope_spread", "drift", "log_reversion", "log_agitation"),
            *("log_onset_rate", "rise", "log_rise_spread", "log_rise_reversion"),
            *treated,
            *(f"kick:{name}" for name in self.treatments),
            *(f"log_kick_spread:{name}" for name in self.treatments),
            *(f"log_noise:{name}" for name in self.assays),
            "log_tail",
            *(f"offset:{name}" for name in self.assays[1:]),
            *("log_hazard", "log_shape"),
            *(f"effect:{name}" for name in self.covariates),
            *("log_floor", "log_ceiling", "by_level", "by_slope"),
        )

    def prior(self) -> tuple[Array, Array]:
        """Mean and standard deviation of the prior, by place."""
        table = settings()["prior"]
        pairs = np.array([table[name.split(":")[0]] for name in self.names], dtype=float)
        return pairs[:, 0], pairs[:, 1]


@dataclass(frozen=True, slots=True)
class Parameters:
    """A vector unpacked into what the kernels compute with.

    `shift`, `variance` and `tail` have one entry per assay and then one per treatment: what is added to a value (z)
    or to 0, the variance of the normal error or of the kick, and the scale of the heavy-tailed error.
    """

    dynamics: Dynamics
    start: Belief
    shift: Array
    variance: Array
    tail: Array
    effects: Array


def unpack(vector: Array, layout: Layout, step: float) -> Parameters:
    """The parameters that stand in `vector`, with the `step` (years) of the filter."""
    at = dict(zip(layout.names, (float(number) for number in vector), strict=True))
    noise = np.exp([at[f"log_noise:{name}"] for name in layout.assays])
    offsets = np.array([0.0, *(at[f"offset:{name}"] for name in layout.assays[1:])])
    kicks = np.array([at[f"kick:{name}"] for name in layout.treatments])
    kick_spread = np.exp([at[f"log_kick_spread:{name}"] for name in layout.treatments])
    dynamics = _dynamics(at, step)
    return Parameters(
        dynamics,
        _start(at, dynamics),
        np.concatenate([-offsets, kicks]),
        np.concatenate([noise**2, kick_spread**2]),
        np.concatenate([noise * exp(at["log_tail"]), np.ones(len(kicks))]),
        np.array([at[f"effect:{name}"] for name in layout.covariates]),
    )


def _dynamics(at: dict[str, float], step: float) -> Dynamics:
    return Dynamics(
        drift=at["drift"],
        reversion=exp(at["log_reversion"]),
        agitation=exp(2 * at["log_agitation"]),
        fading=exp(at.get("log_fading", 0.0)),
        onset_rate=exp(at["log_onset_rate"]),
        rise=at["rise"],
        rise_variance=exp(2 * at["log_rise_spread"]),
        rise_reversion=exp(at["log_rise_reversion"]),
        log_hazard=at["log_hazard"],
        log_shape=at["log_shape"],
        by_level=at["by_level"],
        by_slope=at["by_slope"],
        inverse_ceiling=exp(-at["log_ceiling"]),
        floor=exp(at["log_floor"]),
        step=step,
    )


def _start(at: dict[str, float], dynamics: Dynamics) -> Belief:
    level, slope = exp(2 * at["log_level_spread"]), exp(2 * at["log_slope_spread"])
    quiet = Moments(at["level"], at["drift"], 0.0, level, 0.0, 0.0, slope, 0.0, 0.0)
    return Belief(quiet, onset(quiet, dynamics), 0.0)
