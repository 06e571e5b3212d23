"""What a model is asked about a series, or every reason why it cannot be asked. Nothing is filled in.

A value enters as a multiple of its own laboratory's upper limit, carried to the limit that the model was learned with:
laboratories differ in what they measure, and only that multiple is comparable.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from openpoems.dynamics.data import Comparator, Course, Visit
from openpoems.dynamics.learned import Learned
from openpoems.forecast.plan import DAYS_A_YEAR, kicks
from openpoems.forecast.settings import settings
from openpoems.language import gettext
from openpoems.record.model import Event, PatientRecord
from openpoems.record.time import days
from openpoems.response.axes import AxisResult
from openpoems.response.respond import Panel, ResponseAssessment
from openpoems.response.series import Point, since_start
from openpoems.response.turns import Turn
from openpoems.response.view import Days


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """A series as the model takes it: time 0 is the first treatment, `landmark` (years) the day of the view.

    `used` are the points behind the visits, in order; `scale` is the model's limit for this specimen.
    """

    course: Course
    landmark: float
    used: tuple[Point, ...]
    scale: float

    def __repr__(self) -> str:
        return "<Asked>"


@dataclass(frozen=True, slots=True, repr=False)
class Prepared:
    """What can be asked of a model, or `why` not, each reason a clause; and the points `left_out`, each with why."""

    asked: Asked | None
    why: tuple[str, ...]
    left_out: tuple[tuple[Point, str], ...]

    def __repr__(self) -> str:
        return "<Prepared>"


def prepare(panel: Panel, told: ResponseAssessment, record: PatientRecord, learned: Learned) -> Prepared:
    """What a model learned from such people can be asked about a series on the day of the view."""
    start = told.start.days
    if start is None:
        return Prepared(None, (told.start.why,), ())
    if _imprecise(start):
        return Prepared(None, (gettext("the day on which the first treatment began is not known to the month"),), ())
    given = kicks(told.bars, start, learned.treatments)
    used, left_out = _usable(panel, start, told)
    landmark = _years(told.as_of.toordinal(), start)
    why = (
        *_not_at_risk(told, record, landmark, learned),
        *_series_not_known(panel, learned),
        *given.why,
        *_values_not_enough(panel, used, landmark, start, learned),
    )
    if why:
        return Prepared(None, tuple(dict.fromkeys(why)), left_out)
    scale = learned.limits[panel.series.key.specimen]
    visits = tuple(_visit(point, start, panel.series.key.specimen, scale) for point in used)
    person = Course("", visits, given.starts, learned.entry, landmark + learned.followed)
    return Prepared(Asked(person, landmark, used, scale), (), left_out)


def _usable(
    panel: Panel, start: Days, told: ResponseAssessment
) -> tuple[tuple[Point, ...], tuple[tuple[Point, str], ...]]:
    """The baseline and the values since, without those that something else moves or that have no limit."""
    first = panel.baseline.point
    points = [*([first] if first else []), *since_start(panel.series, told.start)]
    reasons = [(point, _why_not(point, start)) for point in points]
    return tuple(p for p, why in reasons if not why), tuple((p, why) for p, why in reasons if why)


def _why_not(point: Point, start: Days) -> str:
    moved = _moved(point)
    if moved:
        return gettext("something else moves it (%(names)s)") % {"names": moved}
    if not point.limit:
        return gettext("its laboratory gave no upper limit")
    if point.amount.high == 0 or (point.amount.high is None and point.amount.low == 0):
        return gettext("it is zero")
    if _imprecise(point.days):
        return gettext("its day is not known to the month")
    if start[0] - point.days[0] > settings().baseline_within_days:
        return gettext("it is too old to be the value at the start of treatment")
    return ""


def _visit(point: Point, start: Days, assay: str, scale: float) -> Visit:
    low, high = point.amount.low, point.amount.high
    sign: Comparator = "" if point.amount.exact else "<" if high is not None else ">"
    value = low if high is None else high
    assert point.limit  # noqa: S101 - one without a limit is left out
    return Visit(max(0.0, _years(_middle(point.days), start)), float(value / point.limit) * scale, assay, sign)


def _not_at_risk(told: ResponseAssessment, record: PatientRecord, landmark: float, learned: Learned) -> Iterator[str]:
    """Why the person is not one of those the model was learned from: free of relapse, and followed so long."""
    if any(event.kind == "death" and _known(event, record, told.as_of) for event in record.events):
        yield gettext("the record tells of a death")
    if turned := _turned(told):
        first_only = gettext(
            "a relapse or progression beside that of VEGF is recorded already (%(turned)s), "
            "and the model tells the first one only"
        )
        yield first_only % {"turned": turned}
    if landmark < learned.entry:
        late = gettext("the model counts relapse from %(months)s months after treatment began")
        yield late % {"months": _months(learned.entry)}
    if landmark + max(settings().horizons_years) > learned.followed:
        long = gettext("nobody of the model was followed for longer than %(years)s years after treatment began")
        yield long % {"years": f"{learned.followed:.0f}"}


def _turned(told: ResponseAssessment) -> str:
    """The relapses and progressions that stand, but for those of the measure itself, which the model looks at."""
    others = (result for result in told.results if result.rule.axis != settings().measure)
    found = [(turn, result) for result in others for turn in result.turns if _stands(turn, result)]
    return ", ".join(f"{result.rule.name} {_first_day(turn)}" for turn, result in sorted(found, key=_when))


def _when(found: tuple[Turn, AxisResult]) -> tuple[Days, str]:
    return found[0].step.moment.days, found[1].id


def _first_day(turn: Turn) -> str:
    return date.fromordinal(turn.step.moment.days[0]).isoformat()


def _stands(turn: Turn, result: AxisResult) -> bool:
    """Whether a turn was confirmed, or nothing has spoken against it yet."""
    return turn.confirmed is not None or turn.step is result.current


def _known(event: Event, record: PatientRecord, as_of: date) -> bool:
    when = days(event.on or event.provenance.recorded, record.birth)
    return when is None or when[1] <= as_of.toordinal()


def _series_not_known(panel: Panel, learned: Learned) -> Iterator[str]:
    specimen = panel.series.key.specimen
    if specimen not in learned.limits or specimen not in learned.assays:
        known = gettext(" and ").join(map(gettext, sorted(set(learned.limits) & set(learned.assays))))
        told = {"known": known, "specimen": gettext(specimen)}
        other, unsaid = (
            gettext("the model knows %(known)s, not %(specimen)s"),
            gettext("the specimen is not said: %(known)s differ"),
        )
        yield (other if specimen else unsaid) % told


def _values_not_enough(
    panel: Panel, used: Sequence[Point], landmark: float, start: Days, learned: Learned
) -> Iterator[str]:
    latest = panel.series.latest
    if latest and (moved := _moved(latest)):
        yield gettext("something else moves the latest value (%(names)s): repeat the test") % {"names": moved}
    if panel.series.points and not any(point.limit for point in panel.series.points):
        yield gettext(
            "the laboratory gave no upper limit, and values of laboratories compare by their multiples of it only"
        )
    fewest = settings().fewest_values
    if len(used) < fewest or all(point.days[1] <= start[0] for point in used):
        few = gettext("usable values: %(n)d; at least %(fewest)d are needed, one of them after treatment began")
        yield few % {"n": len(used), "fewest": fewest}
    elif landmark - _years(_middle(used[-1].days), start) > learned.longest_gap:
        old = gettext("the last usable value is older than %(months)s months")
        yield old % {"months": _months(learned.longest_gap)}


def _moved(point: Point) -> str:
    marks = (mark.confounder for mark in point.marks if mark.confounder.bearing != "shown")
    return ", ".join(dict.fromkeys(each.name for each in marks))


def _imprecise(days: Days) -> bool:
    return days[1] - days[0] >= settings().most_days_imprecise


def _years(day: float, start: Days) -> float:
    return (day - _middle(start)) / DAYS_A_YEAR


def _middle(days: Days) -> float:
    return (days[0] + days[1]) / 2


def _months(years: float) -> str:
    return f"{round(12 * years, 1):g}"
