"""A model file as a person's forecast reads it: the model, and what is known of the people it was learned from.

Nothing here imports numpy before a risk is asked for.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from openpoems.dynamics.data import Cohort, Course
from openpoems.errors import UnreadableInput

if TYPE_CHECKING:
    from openpoems.dynamics.interface import Model

SHIPPED = "data/poems-model.json"
ILLUSTRATIVE = "illustrative: fitted to simulated patients calibrated to published figures; not validated on patients"
# What a shipped model holds beyond these is noise of the simulation, and time that each risk takes.
DIGITS, PAIRS_OF_DRAWS = 7, 10
_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Simulation:
    """How simulated people were made: how many, from which seed, and a digest of the settings that shape the model."""

    patients: int
    seed: int
    settings: str


@dataclass(frozen=True, slots=True)
class Learned:
    """What a model was learned from, and so where it may be asked.

    `limits` are the upper limits of normal per assay, in the unit of the cohort. Times are years: `entry` the median
    begin of being at risk, `followed` the longest follow-up, `longest_gap` the gap between two values that 99 of 100
    stay within. `simulation` is None for real people.
    """

    subjects: int
    values: int
    events: int
    assays: tuple[str, ...]
    treatments: tuple[str, ...]
    limits: Mapping[str, float]
    entry: float
    followed: float
    longest_gap: float
    simulation: Simulation | None = None

    @property
    def says(self) -> str:
        """The words that stand wherever a risk of the model is shown."""
        if self.simulation:
            return ILLUSTRATIVE
        return f"fitted to {self.subjects} people with {self.events} events by whoever made the model file"

    @property
    def says_briefly(self) -> str:
        """The same where there is room for a few words only."""
        return "illustrative: from simulated patients" if self.simulation else "by a model of one's own"


@dataclass(frozen=True, slots=True)
class RiskAt:
    """The risk within so many `years`, with its 90 % band."""

    years: float
    risk: float
    lower: float
    upper: float


@dataclass(frozen=True, repr=False)
class LearnedModel:
    """A model with what it was learned from; the model itself is read when a risk is first asked for."""

    learned: Learned
    text: str

    @cached_property
    def _model(self) -> "Model":
        from openpoems.dynamics.interface import load_model  # noqa: PLC0415 - brings numpy

        return load_model(self.text)

    def risks(self, course: Course, landmark: float, years: Sequence[float]) -> tuple[RiskAt, ...] | str:
        """The risk by each of some rising `years` after `landmark` (years), or why the model cannot tell it.

        Only what the course holds up to the landmark is used. Raises `UnreadableInput` for a model that is not whole.
        """
        from openpoems.dynamics.single import risk_of_one  # noqa: PLC0415 - brings numpy

        return risk_of_one(self._model, course, landmark, years)


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


def model_file(model: "Model", learned: Learned) -> str:
    """The model as a document that `load_model` and `read_learned` read; one of simulated people is made compact."""
    document = json.loads(model.to_json())
    if learned.simulation:
        document = _rounded(document | {"draws": _some(document["draws"])} if "draws" in document else document)
    document["learned_from"] = asdict(learned)
    parts = (f" {json.dumps(key)}: {_told(value)}" for key, value in document.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def read_learned(text: str) -> LearnedModel:
    """The model of a file. Raises `UnreadableInput` for a document that does not say what it was learned from."""
    try:
        told: dict[str, Any] = json.loads(text)["learned_from"]
        made = told["simulation"]
        names = {name: tuple(told[name]) for name in ("assays", "treatments")}
        learned = Learned(**told | names | {"simulation": Simulation(**made) if made else None})
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UnreadableInput(
            "the model file does not say what it was learned from; write it with `openpoems dynamics fit`"
        ) from None
    return LearnedModel(learned, text)


@cache
def shipped_model() -> LearnedModel:
    """The model of POEMS syndrome that ships with the package: illustrative, see `ILLUSTRATIVE`."""
    return read_learned(files("openpoems.dynamics").joinpath(SHIPPED).read_text(encoding="utf-8"))


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
