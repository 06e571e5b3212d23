"""A model file as a person's forecast reads it: the model, and what is known of the people it was learned from.

Nothing here imports numpy before a risk is asked for.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from openpoems.dynamics.data import Cohort, Course
from openpoems.errors import UnreadableInput
from openpoems.language import gettext, gettext_noop

if TYPE_CHECKING:
    from openpoems.dynamics.interface import Model

SHIPPED = "data/poems-model.json"
ILLUSTRATIVE = gettext_noop(
    "illustrative: fitted to simulated patients calibrated to published figures; not validated on patients"
)


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
            return gettext(ILLUSTRATIVE)
        told = {"people": self.subjects, "events": self.events}
        return gettext("fitted to %(people)d people with %(events)d events by whoever made the model file") % told

    @property
    def says_briefly(self) -> str:
        """The same where there is room for a few words only."""
        return (
            gettext("illustrative: from simulated patients") if self.simulation else gettext("by a model of one's own")
        )


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

    def for_people(self) -> "LearnedModel":
        """The same, seen to be one that a record can be put to. Raises `UnreadableInput`, saying what is missing."""
        from openpoems.dynamics.interface import wanted_covariates  # noqa: PLC0415 - brings numpy

        if not self.learned.limits:
            raise UnreadableInput("the model file names no upper limits; fit it again with --limit ASSAY=VALUE")
        if wanted := wanted_covariates(self.text):
            raise UnreadableInput(f"the model asks for {', '.join(wanted)}; fit it again without --covariates")
        _ = self._model
        return self

    def risks(self, course: Course, landmark: float, years: Sequence[float]) -> tuple[RiskAt, ...] | str:
        """The risk by each of some rising `years` after `landmark` (years), or why the model cannot tell it.

        Only what the course holds up to the landmark is used. Raises `UnreadableInput` for a model that is not whole.
        """
        from openpoems.dynamics.single import risk_of_one  # noqa: PLC0415 - brings numpy

        told = risk_of_one(self._model, course, landmark, years)
        return told if isinstance(told, str) else tuple(RiskAt(*row) for row in told)


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


def beyond(text: str, cohort: Cohort, years: float) -> Iterator[str]:
    """What is asked beyond what the model of a file was learned from, in sentences; none for a file that says nothing.

    `years` is the time to which a risk of the `cohort` is asked.
    """
    try:
        learned = read_learned(text).learned
    except UnreadableInput:
        return
    if years > learned.followed:
        yield f"nobody of the model was followed beyond {learned.followed:g} years, and this looks to {years:g}"
    used = {visit.assay for course in cohort.courses for visit in course.visits}
    if new := sorted(used - set(learned.assays)):
        yield f"values not used, of an assay unknown to the model: {', '.join(name or '(no name)' for name in new)}"
    if new := sorted(set(cohort.treatments) - set(learned.treatments)):
        yield f"treatments not used, unknown to the model: {', '.join(new)}"


@cache
def shipped_model() -> LearnedModel:
    """The model of POEMS syndrome that ships with the package: illustrative, see `ILLUSTRATIVE`."""
    return read_learned(files("openpoems.dynamics").joinpath(SHIPPED).read_text(encoding="utf-8"))
