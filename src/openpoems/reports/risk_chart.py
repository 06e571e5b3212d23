"""The risk of relapse beneath the values of its series: as it was told at each value, and the curve from today on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from openpoems.dynamics.learned import RiskAt
from openpoems.forecast.relapse import Forecast
from openpoems.language import gettext
from openpoems.reports.course_words import dated_amount
from openpoems.reports.forecast_words import band, percent, within, within_words
from openpoems.reports.scale import Scale, middle
from openpoems.reports.tips import Mark
from openpoems.response.series import Point

HEIGHT, GAP = 110, 26
DAYS_A_YEAR = 365.25
# The axis ends at the least of these that holds the band; a point of every so many months can be pointed at.
TOPS = (0.1, 0.2, 0.5, 1.0)
POINTED_MONTHS = 3

Past = Sequence[tuple[Point, RiskAt]]


@dataclass(frozen=True, slots=True)
class RiskTick:
    """A risk on the axis, and its words."""

    at: float
    words: str


@dataclass(frozen=True, slots=True, repr=False)
class RiskPlot:
    """Everything that the template draws of a risk, in the units of the picture.

    `band` and `curve` begin at `now`, with no risk; `past` joins the risks that were told at the values before.
    """

    name: str
    top: float
    bottom: float
    ticks: tuple[RiskTick, ...]
    now: float
    as_of: str
    band: str
    curve: str
    past: str
    told: tuple[tuple[float, float], ...]
    marks: tuple[Mark, ...]

    def __repr__(self) -> str:
        return "<RiskPlot>"


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the plot stands: time runs on `scale` from `left` to `right`, risk from `bottom` up to `highest`."""

    scale: Scale
    left: float
    right: float
    bottom: float
    highest: float

    def x(self, day: float) -> float:
        """The place of a day."""
        return round(self.left + self.scale.x(day) * (self.right - self.left), 1)

    def y(self, risk: float) -> float:
        """The place of a risk."""
        return round(self.bottom - HEIGHT * risk / self.highest, 1)


def last_day(made: Forecast) -> int:
    """The day on which the curve ends."""
    return round(_day(made, made.curve[-1]))


def risk_plot(made: Forecast, past: Past, scale: Scale, sides: tuple[float, float], top: float) -> RiskPlot:
    """The plot of a forecast that is told, from the height `top` down, between the `sides` of the picture."""
    highest = max(at.upper for at in (*made.curve, *(at for _, at in past)))
    frame = Frame(scale, *sides, top + HEIGHT, next(each for each in TOPS if highest <= each))
    now = made.as_of.toordinal()
    start = f"{frame.x(now)},{frame.bottom}"
    upper = [f"{frame.x(_day(made, at))},{frame.y(at.upper)}" for at in made.curve]
    lower = [f"{frame.x(_day(made, at))},{frame.y(at.lower)}" for at in reversed(made.curve)]
    told = tuple((frame.x(middle(point.days)), frame.y(at.risk)) for point, at in past)
    return RiskPlot(
        name=gettext("risk of clinical relapse, %(says)s") % {"says": made.model.learned.says_briefly},
        top=top,
        bottom=frame.bottom,
        ticks=tuple(RiskTick(frame.y(risk), f"{100 * risk:g} %") for risk in (frame.highest, frame.highest / 2)),
        now=frame.x(now),
        as_of=str(made.as_of),
        band=" ".join([start, *upper, *lower]),
        curve=" ".join([start, *(f"{frame.x(_day(made, at))},{frame.y(at.risk)}" for at in made.curve)]),
        past=" ".join(f"{x},{y}" for x, y in told),
        told=told,
        marks=(*_past_marks(made, past, frame), *_marks(made, frame)),
    )


def risk_rows(made: Forecast, past: Past) -> tuple[tuple[str, ...], ...]:
    """The plot as rows of a table: told on which day, until when, the risk and its band."""
    before = [
        (
            dated_amount(point, made.series),
            gettext("within %(time)s") % {"time": within(at.years)},
            percent(at.risk),
            band(at),
        )
        for point, at in past
    ]
    after = [
        (f"{made.as_of}", gettext("by %(when)s") % {"when": _date(made, at)}, percent(at.risk), band(at))
        for at in _pointed(made)
    ]
    return (*before, *after)


def _past_marks(made: Forecast, past: Past, frame: Frame) -> Iterable[Mark]:
    for point, at in past:
        told = {"value": dated_amount(point, made.series), "risk": within_words(at)}
        words = gettext("Told at %(value)s: %(risk)s") % told
        yield Mark(frame.x(middle(point.days)), frame.y(at.risk), words)


def _marks(made: Forecast, frame: Frame) -> Iterable[Mark]:
    for at in _pointed(made):
        told = {
            "when": _date(made, at), "risk": percent(at.risk), "band": band(at), "time": within(at.years),
            "day": made.as_of,
        }  # fmt: skip
        words = gettext("By %(when)s: %(risk)s (90 %% band %(band)s), %(time)s from %(day)s") % told
        yield Mark(frame.x(_day(made, at)), frame.y(at.risk), words)


def _pointed(made: Forecast) -> Sequence[RiskAt]:
    return made.curve[POINTED_MONTHS - 1 :: POINTED_MONTHS]


def _day(made: Forecast, at: RiskAt) -> float:
    return made.as_of.toordinal() + DAYS_A_YEAR * at.years


def _date(made: Forecast, at: RiskAt) -> str:
    return date.fromordinal(round(_day(made, at))).isoformat()
