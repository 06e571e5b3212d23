"""A series as a picture in SVG: drawn from its scale, coloured by the page, the risk of relapse beneath it.

Nothing in it runs: the page's style sheet shows the words of the mark that is pointed at or has the focus. The table
that stands beside it says the same to those who cannot see it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from openpoems.forecast.relapse import Forecast
from openpoems.language import gettext
from openpoems.reports.course_words import dated_amount, limit_words, mark_words, series_name
from openpoems.reports.limit_steps import limit_steps
from openpoems.reports.risk_chart import GAP, Past, RiskPlot, last_day, risk_plot
from openpoems.reports.scale import Scale, height, middle, scale_of
from openpoems.reports.tips import Mark, Tip, tips
from openpoems.response.respond import Panel, ResponseAssessment
from openpoems.response.series import Point, Series
from openpoems.response.treatments import Bar

# How wide a letter of a bar's words is about.
LETTER = 6.4
# The words of a tick of time have this much room at least.
TICK_ROOM = 48


@dataclass(frozen=True, slots=True)
class Size:
    """How large a picture is, in its own units: its text is 12 high in the report, and may be larger in a narrow one.

    Without `pointed` no mark can be reached by keyboard: the table beside the picture is what says it all. `numbered`
    bars have the number of their treatment, for a list beside the picture, in place of its words.
    """

    width: float = 720
    plot_height: float = 240
    left: float = 64
    end: float = 16
    top: float = 12
    axis_height: float = 26
    bar_height: float = 22
    pointed: bool = True
    bars: bool = True
    numbered: bool = False

    @property
    def right(self) -> float:
        """Where the plot ends."""
        return self.width - self.end


REPORT = Size()


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, and its words."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Limit:
    """An upper limit from `left` to `right` at a height, and its words where there is room."""

    left: float
    right: float
    y: float
    words: str


@dataclass(frozen=True, slots=True, repr=False)
class Dot:
    """One value: where it is drawn, how (`value`, `below`, `over`), whether something moves it, and its words."""

    x: float
    y: float
    shape: str
    marked: bool
    nadir: bool
    words: str

    def __repr__(self) -> str:
        return "<Dot>"


@dataclass(frozen=True, slots=True, repr=False)
class Strip:
    """One treatment under the chart: its words, and what of them is written, with where that begins or ends."""

    x: float
    y: float
    width: float
    words: str
    label: str
    label_x: float
    anchor: str
    counts: bool

    def __repr__(self) -> str:
        return "<Strip>"


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """Everything that the template draws, in the units of the picture: values from `bottom` up, time along `axis`."""

    name: str
    size: Size
    log: bool
    height: float
    bottom: float
    axis: float
    times: tuple[Tick, ...]
    values: tuple[Tick, ...]
    limits: tuple[Limit, ...]
    line: str
    dots: tuple[Dot, ...]
    strips: tuple[Strip, ...]
    risk: RiskPlot | None
    tips: tuple[Tip, ...]

    def __repr__(self) -> str:
        return "<Chart>"

    @property
    def says(self) -> str:
        """The picture in a sentence, for those who do not see it."""
        if self.risk and self.log:
            says = gettext(
                "%(name)s over time, on a logarithmic axis, with the risk of clinical relapse beneath it; "
                "the table below says the same"
            )
        elif self.risk:
            says = gettext(
                "%(name)s over time, with the risk of clinical relapse beneath it; the table below says the same"
            )
        elif self.log:
            says = gettext("%(name)s over time, on a logarithmic axis; the table below says the same")
        else:
            says = gettext("%(name)s over time; the table below says the same")
        return says % {"name": self.name}


def chart(
    panel: Panel,
    course: ResponseAssessment,
    made: Forecast | None = None,
    past: Past = (),
    *,
    size: Size = REPORT,
    over: tuple[int, int] | None = None,
) -> Chart | None:
    """Draw a series, the forecast that was made of it, and the treatments; None where there is nothing to draw.

    `over` are the first and the last day of the axis of time, where several pictures share it.
    """
    told = made if made and made.curve else None
    scale = scale_of(panel, course.bars, last_day(told) if told else 0)
    if scale is None:
        return None
    if over is not None:
        scale = replace(scale, first=min(over[0], scale.first), last=max(over[1], scale.last))
    return _drawn(_Plot(scale, size), panel, course, told, past)


def _drawn(plot: "_Plot", panel: Panel, course: ResponseAssessment, told: Forecast | None, past: Past) -> Chart:
    size, scale, points = plot.size, plot.scale, panel.series.points
    risk = risk_plot(told, past, scale, (size.left, size.right), plot.bottom + GAP) if told else None
    axis = risk.bottom if risk else plot.bottom
    strips = tuple(_strips(course.bars, plot, axis)) if size.bars else ()
    dots = tuple(_dot(point, panel, plot) for point in points)
    marks = (*(Mark(dot.x, dot.y, dot.words) for dot in dots), *(risk.marks if risk else ()))
    return Chart(
        name=series_name(panel.series),
        size=size,
        log=scale.log,
        height=axis + size.axis_height + size.bar_height * len(strips) + 6,
        bottom=plot.bottom,
        axis=axis,
        times=tuple(Tick(plot.x(day), words) for day, words in plot.times()),
        values=tuple(Tick(plot.y(value), f"{value:g}") for value in scale.value_ticks()),
        limits=tuple(_limits(panel.series, plot)),
        line=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        dots=dots,
        strips=strips,
        risk=risk,
        tips=tuple(tips(marks, size.left, size.right)) if size.pointed else (),
    )


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where days and values stand in a picture."""

    scale: Scale
    size: Size

    @property
    def bottom(self) -> float:
        return self.size.top + self.size.plot_height

    def x(self, day: float) -> float:
        return self.across(self.scale.x(day))

    def across(self, share: float) -> float:
        return round(self.size.left + share * (self.size.right - self.size.left), 1)

    def y(self, value: float) -> float:
        return round(self.size.top + (1 - self.scale.y(value)) * self.size.plot_height, 1)

    def times(self) -> list[tuple[int, str]]:
        """As many of the scale's ticks as have room for their words."""
        ticks = self.scale.time_ticks()
        room = max(1, int((self.size.right - self.size.left) // TICK_ROOM))
        return ticks[:: max(1, -(-len(ticks) // room))]


def _dot(point: Point, panel: Panel, plot: _Plot) -> Dot:
    shape = "value" if point.amount.exact else "over" if point.amount.high is None else "below"
    x, y, nadir = plot.x(middle(point.days)), plot.y(height(point)), point is panel.nadir
    words = [dated_amount(point, panel.series)]
    words += [gettext("nadir") if panel.better == "lower" else gettext("best value")] if nadir else []
    words += [mark_words(mark.confounder, mark.because, mark.when) for mark in point.marks]
    return Dot(x, y, shape, bool(point.marks), nadir, ". ".join(words))


def _limits(series: Series, plot: _Plot) -> Iterator[Limit]:
    """The limits of a series over time; one that reaches not far has no words, and stands in the table."""
    values = [
        (plot.x(middle(point.days)), None if point.limit is None else float(point.limit)) for point in series.points
    ]
    for step in limit_steps(values, plot.size.left, plot.size.right):
        words = limit_words(step.limit, series)
        room = len(words) * LETTER <= step.right - step.left
        yield Limit(round(step.left, 1), round(step.right, 1), plot.y(step.limit), words if room else "")


def _strips(bars: tuple[Bar, ...], plot: _Plot, axis: float) -> Iterator[Strip]:
    row, scale, size = 0, plot.scale, plot.size
    for number, bar in enumerate(bars, 1):
        if bar.start is None or bar.start[0] > scale.last or (bar.end and bar.end[1] < scale.first):
            continue
        begin, end = scale.x(middle(bar.start)), scale.x(middle(bar.end)) if bar.end else 1.0
        left, right = plot.across(begin), plot.across(end)
        when = bar.when if bar.end else gettext("%(when)s, no end known") % {"when": bar.when}
        words = f"{bar.called}, {when}"
        label = str(number) if size.numbered else words
        label_x, anchor = _label_at(left, max(right, left + 3.0), len(label) * LETTER, size)
        yield Strip(
            x=left,
            y=axis + size.axis_height + size.bar_height * row,
            width=max(3.0, round(right - left, 1)),
            words=words,
            label=label,
            label_x=label_x,
            anchor=anchor,
            counts=bar.counts,
        )
        row += 1


def _label_at(left: float, right: float, wide: float, size: Size) -> tuple[float, str]:
    """Where the words of a bar stand, and which of their ends: beside it where there is room, else on it."""
    if right + 6 + wide <= size.width:
        return right + 6, "start"
    return (left - 6, "end") if left - 6 >= wide else (left + 4, "start")
