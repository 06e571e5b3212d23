"""A series as a picture in SVG: drawn from its scale, coloured by the page, the risk of relapse beneath it.

Nothing in it runs: the page's style sheet shows the words of the mark that is pointed at or has the focus. The table
that stands beside it says the same to those who cannot see it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from openpoems.forecast.relapse import Forecast
from openpoems.reports.course_words import dated_amount, mark_words, series_name
from openpoems.reports.risk_chart import GAP, Past, RiskPlot, last_day, risk_plot
from openpoems.reports.scale import Scale, height, middle, scale_of
from openpoems.reports.tips import Mark, Tip, tips
from openpoems.response.respond import Panel, ResponseAssessment
from openpoems.response.series import Point
from openpoems.response.treatments import Bar

WIDTH, PLOT_HEIGHT, LEFT, RIGHT, TOP = 720, 240, 64, 16, 12
AXIS_HEIGHT, BAR_HEIGHT = 26, 22
# A bar's words stand to its right unless there is more room to its left.
WORDS_BESIDE = 0.55


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, and its words."""

    at: float
    words: str


@dataclass(frozen=True, slots=True, repr=False)
class Dot:
    """One value: where it is drawn, how (`value`, `below`, `over`), and whether something moves it."""

    x: float
    y: float
    shape: str
    marked: bool
    nadir: bool

    def __repr__(self) -> str:
        return "<Dot>"


@dataclass(frozen=True, slots=True, repr=False)
class Strip:
    """One treatment under the chart, with where its words begin or end."""

    x: float
    y: float
    width: float
    words: str
    words_x: float
    anchor: str
    counts: bool

    def __repr__(self) -> str:
        return "<Strip>"


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """Everything that the template draws, in the units of the picture: values from `bottom` up, time along `axis`."""

    name: str
    height: float
    bottom: float
    axis: float
    right: float
    times: tuple[Tick, ...]
    values: tuple[Tick, ...]
    limit: Tick | None
    line: str
    dots: tuple[Dot, ...]
    strips: tuple[Strip, ...]
    risk: RiskPlot | None
    tips: tuple[Tip, ...]

    def __repr__(self) -> str:
        return "<Chart>"


def chart(panel: Panel, course: ResponseAssessment, made: Forecast | None = None, past: Past = ()) -> Chart | None:
    """Draw a series, the forecast that was made of it, and the treatments; None where there is nothing to draw."""
    told = made if made and made.curve else None
    scale = scale_of(panel, course.bars, last_day(told) if told else 0)
    if scale is None:
        return None
    bottom = TOP + PLOT_HEIGHT
    risk = risk_plot(told, past, scale, (LEFT, WIDTH - RIGHT), bottom + GAP) if told else None
    axis = risk.bottom if risk else bottom
    strips = tuple(_strips(course.bars, scale, axis))
    limit = panel.series.limit
    marks = (*(_mark(point, panel, scale) for point in panel.series.points), *(risk.marks if risk else ()))
    return Chart(
        name=series_name(panel.series),
        height=axis + AXIS_HEIGHT + BAR_HEIGHT * len(strips) + 6,
        bottom=bottom,
        axis=axis,
        right=WIDTH - RIGHT,
        times=tuple(Tick(_x(day, scale), words) for day, words in scale.time_ticks()),
        values=tuple(Tick(_y(value, scale), f"{value:g}") for value in scale.value_ticks()),
        limit=None if limit is None else Tick(_y(float(limit), scale), f"upper limit {float(limit):g}"),
        line=" ".join(f"{_x(middle(p.days), scale)},{_y(height(p), scale)}" for p in panel.series.points),
        dots=tuple(_dot(point, panel, scale) for point in panel.series.points),
        strips=strips,
        risk=risk,
        tips=tuple(tips(marks, LEFT, WIDTH - RIGHT)),
    )


def _dot(point: Point, panel: Panel, scale: Scale) -> Dot:
    shape = "value" if point.amount.exact else "over" if point.amount.high is None else "below"
    return Dot(_x(middle(point.days), scale), _y(height(point), scale), shape, bool(point.marks), point is panel.nadir)


def _mark(point: Point, panel: Panel, scale: Scale) -> Mark:
    words = [dated_amount(point, panel.series)]
    words += [("nadir" if panel.better == "lower" else "best value")] if point is panel.nadir else []
    words += [mark_words(mark.confounder, mark.because, mark.when) for mark in point.marks]
    return Mark(_x(middle(point.days), scale), _y(height(point), scale), ". ".join(words))


def _strips(bars: tuple[Bar, ...], scale: Scale, axis: float) -> Iterator[Strip]:
    row = 0
    for bar in bars:
        if bar.start is None or bar.start[0] > scale.last or (bar.end and bar.end[1] < scale.first):
            continue
        begin, end = scale.x(middle(bar.start)), scale.x(middle(bar.end)) if bar.end else 1.0
        left, right = _across(begin), _across(end)
        beside = end < WORDS_BESIDE
        yield Strip(
            x=left,
            y=axis + AXIS_HEIGHT + BAR_HEIGHT * row,
            width=max(3.0, round(right - left, 1)),
            words=f"{bar.name}, {bar.when}" + ("" if bar.end else ", no end known"),
            words_x=right + 6 if beside else left - 6 if begin > WORDS_BESIDE else left + 4,
            anchor="start" if beside or begin <= WORDS_BESIDE else "end",
            counts=bar.counts,
        )
        row += 1


def _x(day: float, scale: Scale) -> float:
    return _across(scale.x(day))


def _across(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _y(value: float, scale: Scale) -> float:
    return round(TOP + (1 - scale.y(value)) * PLOT_HEIGHT, 1)
