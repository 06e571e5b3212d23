"""What every dynamic model offers: fit on a cohort, tell the risk from a landmark on, go into JSON and come back."""

import json
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from openpoems.dynamics.data import Cohort
from openpoems.errors import OpenpoemsError, UnreadableInput

Array: TypeAlias = NDArray[np.float64]

# Where each model lives, by the name a user types. Each module offers `fit(cohort)` and `from_json(document)`.
MODELS = {
    "kjm": "openpoems.dynamics.kjm.model",
    "landmark": "openpoems.dynamics.rivals.landmark",
    "locf": "openpoems.dynamics.rivals.locf",
    "tvcox": "openpoems.dynamics.rivals.tvcox",
}


class CannotFit(OpenpoemsError):
    """A cohort from which this model cannot be learned; the message says what is missing."""


@dataclass(frozen=True, slots=True, repr=False)
class Risk:
    """The risk of the event within `horizon` years after `landmark`, one entry per subject at risk at the landmark.

    `risk`, `lower` and `upper` (a 90 % band) have shape (n,); NaN where the model cannot tell, and then `reasons`
    says why ("" elsewhere). `curve` has shape (n, k): the risk by each of the k `times` (years after the landmark),
    never decreasing along a row; `curve_lower` and `curve_upper` are its band.
    """

    ids: tuple[str, ...]
    landmark: float
    horizon: float
    risk: Array
    lower: Array
    upper: Array
    reasons: tuple[str, ...]
    times: Array
    curve: Array
    curve_lower: Array
    curve_upper: Array


class Model(Protocol):
    """A fitted model."""

    def risk(self, cohort: Cohort, landmark: float, horizon: float, times: Array | None = None) -> Risk:
        """The risk within `horizon` years of every subject at risk at `landmark` (years).

        Only visits and treatments up to the landmark are used. `times` (years after the landmark, rising) asks for the
        curve too.
        """
        ...

    def to_json(self) -> str:
        """The model as a JSON document that `load_model` reads back: the same numbers to the last digit."""
        ...


def fit(name: str, cohort: Cohort) -> Model:
    """Fit the model called `name` on the subjects of whom every covariate is known.

    Raises `CannotFit` when the cohort does not allow it, KeyError for no such name.
    """
    try:
        model: Model = import_module(MODELS[name]).fit(cohort.complete())
    except CannotFit as reason:
        raise CannotFit(f"{name}: {reason}") from None
    return model


def wanted_covariates(text: str) -> tuple[str, ...]:
    """The covariates that the model of a JSON document needs to know of everybody. Raises `UnreadableInput`."""
    return tuple(str(name) for name in _document(text).get("covariates", ()))


def load_model(text: str) -> Model:
    """The model of a JSON document. Raises `UnreadableInput`."""
    document = _document(text)
    try:
        model: Model = import_module(MODELS[document["model"]]).from_json(document)
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableInput(
            f"the model file: not a whole {document['model']} model ({type(error).__name__}); fit it again"
        ) from None
    return model


def _document(text: str) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(text)
        known = document["model"] in MODELS
    except (ValueError, KeyError, TypeError):
        document, known = {}, False
    if not known:
        raise UnreadableInput(f'the model file: not a JSON document with "model": one of {", ".join(MODELS)}')
    return document
