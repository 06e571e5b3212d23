"""A model file as it is written: the fitted model, and what it was learned from."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import pairwise
from statistics import median, quantiles
from typing import Any

from openpoems.dynamics.data import Cohort
from openpoems.dynamics.interface import Model
from openpoems.dynamics.learned import Learned, Simulation

# What a shipped model holds beyond these is noise of the simulation, and time that each risk takes.
DIGITS, PAIRS_OF_DRAWS = 7, 10
_HUNDREDTHS = 100


def learned_from(cohort: Cohort, limits: Mapping[str, float], simulation: Simulation | None = None) -> Learned:
    """What a model learns from a cohort can be asked."""
    courses = cohort.courses
    gaps = [later.time - earlier.time for each in courses for earlier, later in pairwise(each.visits)]
    return Learned(
        subjects=len(cohort),
        values=sum(len(each.visits) for each in courses),
        events=sum(each.event for each in courses),
        assays=cohort.assays,
        treatments=cohort.treatments,
        limits=dict(limits),
        entry=round(median(each.entry for each in courses), 4),
        followed=round(max(each.time for each in courses), 4),
        longest_gap=round(quantiles(gaps, n=_HUNDREDTHS, method="inclusive")[-1], 4) if len(gaps) > 1 else 0.0,
        simulation=simulation,
    )


def model_file(model: Model, learned: Learned) -> str:
    """The model as a document that `load_model` and `read_learned` read; one of simulated people is made compact."""
    document = json.loads(model.to_json())
    if learned.simulation:
        document = _rounded(document | {"draws": _some(document["draws"])} if "draws" in document else document)
    document["learned_from"] = asdict(learned)
    parts = (f" {json.dumps(key)}: {_told(value)}" for key, value in document.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def digest(settings: Iterable[Any]) -> str:
    """A digest of settings by their content: comments and the order of names do not matter."""
    return hashlib.sha256(json.dumps(list(settings), sort_keys=True).encode()).hexdigest()


def _some(draws: list[Any]) -> list[Any]:
    """The first of the draws, each with its mirror image, which stands half the list away."""
    half = len(draws) // 2
    return [*draws[: min(half, PAIRS_OF_DRAWS)], *draws[half : half + PAIRS_OF_DRAWS]]


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) and math.isfinite(value) else value


def _told(value: Any) -> str:
    """A value on one line; a list of lists with a line per row, so that a change can be read."""
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[\n" + ",\n".join(f"  {json.dumps(row)}" for row in value) + "\n ]"
    return json.dumps(value, allow_nan=False)
