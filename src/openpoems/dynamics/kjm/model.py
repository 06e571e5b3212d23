"""The fitted Kalman joint model: risk from a landmark on, and the model as JSON.

The JSON document (`format` 2) holds: `model` "kjm"; `assays` (the first is the reference), `treatments` and
`covariates` by name, with `covariate_means` and `covariate_spreads`; `centre` and `spread` of the log10 value; `step`
(years); `parameters` (name to number, see `layout`); `draws` of the band (rows in the order of the parameters, the
first being `parameters` again); `fitted_on` (counts).
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from openpoems.dynamics.data import Cohort, Course
from openpoems.dynamics.interface import Array, Risk
from openpoems.dynamics.kjm import kernels as plain
from openpoems.dynamics.kjm.band import Band, band_of
from openpoems.dynamics.kjm.compiled import available, compiled, started
from openpoems.dynamics.kjm.fitting import covariance_at, most_probable, objective_of
from openpoems.dynamics.kjm.layout import Layout, unpack
from openpoems.dynamics.kjm.sequence import Scale, Sequences, sequences

FORMAT = 2
# Fewer forecasts than this are done before the compiler has started.
_WORTH_COMPILING = 1000


@dataclass(frozen=True, slots=True)
class Counts:
    """The size of the cohort a model was fitted on."""

    subjects: int
    values: int
    events: int


@dataclass(frozen=True, slots=True, repr=False)
class KalmanModel:
    """A fitted model; `vector` holds its parameters in the order of `layout.names`, in the units of `scale`."""

    layout: Layout
    scale: Scale
    step: float
    vector: Array
    band: Band
    fitted_on: Counts

    def risk(self, cohort: Cohort, landmark: float, horizon: float, times: Array | None = None) -> Risk:
        """The risk within `horizon` years of every subject at risk at `landmark`; see `interface.Model`.

        A higher confirmed value never lowers it, where the hazard rises with the level in every draw: two values that
        end a record, both multiplied by the same factor above 1.
        """
        known = cohort.at_risk(landmark)
        reasons = tuple(self._why_not(course) for course in known.courses)
        earlier = np.asarray([] if times is None else times, dtype=float)
        asked = np.unique(np.append(earlier, horizon))
        drawn = self.hazards(sequences(known, self.layout, self.scale), landmark, asked)
        drawn[:, [bool(reason) for reason in reasons]] = np.nan
        risk, lower, upper = self.band.around(drawn)
        end, along = np.searchsorted(asked, horizon), np.searchsorted(asked, earlier)
        return Risk(
            ids=tuple(course.id for course in known.courses),
            landmark=landmark,
            horizon=horizon,
            risk=risk[:, end],
            lower=lower[:, end],
            upper=upper[:, end],
            reasons=reasons,
            times=earlier,
            curve=risk[:, along],
            curve_lower=lower[:, along],
            curve_upper=upper[:, along],
        )

    def _why_not(self, course: Course) -> str:
        if unknown := course.unknown(self.layout.covariates):
            return f"{', '.join(unknown)} not known"
        if any(visit.assay in self.layout.assays for visit in course.visits):
            return ""
        return "no value of an assay this model knows" if course.visits else "no value up to the landmark"

    def hazards(self, data: Sequences, landmark: float, asked: Array) -> Array:
        """Cumulative hazards by the times `asked` (years after `landmark`), shape (draws, subjects, asked)."""
        vectors = self.band.draws
        steps = max(1, int(np.ceil(float(np.max(asked)) / self.step - 1e-9)))
        worth = started() or len(vectors) * len(data.end) > _WORTH_COMPILING
        kernels = compiled() if worth and available() else plain
        grid = np.empty((len(data.end), steps))
        weights, places = _between(asked, self.step, steps)
        out = np.empty((len(vectors), len(data.end), len(asked)))
        for k, vector in enumerate(vectors):
            p = unpack(vector, self.layout, self.step)
            kernels.forecasts(*data.filled(p), landmark, p.start, p.dynamics, grid)
            whole = np.column_stack([np.zeros(len(grid)), grid])
            out[k] = whole[:, places] * (1 - weights) + whole[:, places + 1] * weights
        return out

    def to_json(self) -> str:
        """The model as a document that `from_json` reads back to the last digit."""
        scale, layout = self.scale, self.layout
        document = {
            "model": "kjm",
            "format": FORMAT,
            "assays": layout.assays,
            "treatments": layout.treatments,
            "covariates": layout.covariates,
            "covariate_means": scale.covariate_means,
            "covariate_spreads": scale.covariate_spreads,
            "centre": scale.centre,
            "spread": scale.spread,
            "step": self.step,
            "parameters": dict(zip(layout.names, self.vector.tolist(), strict=True)),
            "draws": self.band.draws.tolist(),
            "fitted_on": asdict(self.fitted_on),
        }
        return json.dumps(document, indent=1, allow_nan=False) + "\n"


def _between(asked: Array, step: float, steps: int) -> tuple[Array, Any]:
    """Weight and place of the grid for times between its points: the cumulative hazard is a line there."""
    exact = np.asarray(asked) / step
    places = np.clip(np.floor(exact).astype(int), 0, steps - 1)
    return np.clip(exact - places, 0.0, 1.0), places


def fit(cohort: Cohort) -> KalmanModel:
    """The model of a cohort. Raises `CannotFit`, saying what is missing."""
    objective, scale = objective_of(cohort)
    vector = most_probable(objective)
    band = band_of(vector, covariance_at(objective, vector), objective.prior_mean, objective.prior_spread)
    counts = Counts(
        len(cohort), sum(len(course.visits) for course in cohort.courses), int(objective.sequences.event.sum())
    )
    return KalmanModel(objective.layout, scale, objective.step, vector, band, counts)


def from_json(document: dict[str, Any]) -> KalmanModel:
    """The model of a document of this format. Raises ValueError, KeyError or TypeError where it is not one."""
    if document["format"] != FORMAT:
        raise ValueError("another format")
    layout = Layout(tuple(document["assays"]), tuple(document["treatments"]), tuple(document["covariates"]))
    scale = Scale(
        float(document["centre"]),
        float(document["spread"]),
        tuple(map(float, document["covariate_means"])),
        tuple(map(float, document["covariate_spreads"])),
    )
    vector = np.array([document["parameters"][name] for name in layout.names], dtype=float)
    draws = np.array(document["draws"], dtype=float).reshape(-1, len(vector))
    counts = Counts(**document["fitted_on"])
    return KalmanModel(layout, scale, float(document["step"]), vector, Band(draws), counts)
