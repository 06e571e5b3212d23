"""The series of a timeline: each in a panel of its own, on the scale of the report's chart."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpoems.quantities import dimension
from openpoems.reports.limit_steps import Step, limit_steps
from openpoems.reports.scale import LOGARITHMIC, Scale, ends, middle
from openpoems.reports.time_axis import TimeAxis
from openpoems.reports.timeline_settings import PanelChoice, settings

# Above the plot and below it, so that a mark at the edge is whole.
EDGE = 14
_OTHER_HEIGHT = 84
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Dot:
    """One value at the share `x` and the height `y`: its row of the document, its shape, whether it is the nadir."""

    x: float
    y: float
    shape: str
    nadir: bool
    point: Json

    def __repr__(self) -> str:
        return "<Dot>"


@dataclass(frozen=True, slots=True, repr=False)
class Panel:
    """One series: heights in pixels from the top, times as shares of the width; `title` is "" where none is chosen.

    `limits` are in the series' unit, and `y` gives the height of each. `pointed` tells whether its values can be
    pointed at: of very many they are read in the table.
    """

    series: Json
    title: str
    height: int
    ticks: tuple[tuple[float, str], ...]
    limits: tuple[Step, ...]
    line: tuple[tuple[float, float], ...]
    dots: tuple[Dot, ...]
    pointed: bool
    scale: Scale

    def __repr__(self) -> str:
        return "<Panel>"

    def y(self, value: float) -> float:
        """The height at which a value is drawn."""
        return _y(value, self.scale, self.height)


def panels_of(
    series: Sequence[Json], axis: TimeAxis, results: Set[str], *, everything: bool
) -> tuple[tuple[Panel, ...], int]:
    """The panels of some results in the order of the settings, then all others if wished; and how many are left out."""
    order = {each.measure: number for number, each in enumerate(settings().panel)}
    drawn = [each for each in series if any(point["path"] in results for point in each["points"])]
    chosen = [each for each in drawn if everything or each["measure"] in order]
    chosen.sort(key=lambda each: (order.get(each["measure"], len(order)), each["name"]))
    return tuple(_panel(each, axis, results) for each in chosen), len(drawn) - len(chosen)


def _panel(series: Json, axis: TimeAxis, results: Set[str]) -> Panel:
    choice = settings().choice(series["measure"]) or PanelChoice(series["measure"], "", _OTHER_HEIGHT)
    points = [point for point in series["points"] if point["path"] in results]
    heights = [height_of(point) for point in points]
    limits = [point["limit"] for point in points if point["limit"]]
    log = dimension(series["unit"]) in LOGARITHMIC and max(heights) > 0
    every = [*heights, *limits]
    low, high = ends([value for value in every if value > 0] if log else every, log=log)
    scale = Scale(axis.first, axis.last, low, high, log)
    dots = tuple(_dots(points, series, scale, axis, choice.height))
    return Panel(
        series=series,
        title=choice.title,
        height=choice.height,
        ticks=tuple(_ticks(scale, choice.height)),
        limits=limit_steps([(dot.x, dot.point["limit"]) for dot in dots], 0.0, 1.0),
        line=tuple((dot.x, dot.y) for dot in dots),
        dots=dots,
        pointed=len(dots) <= settings().most_pointed,
        scale=scale,
    )


def height_of(point: Json) -> float:
    """The value a point is drawn at: of a censored one, the bound that was reported."""
    return float(point["low"] if point["high"] is None else point["high"])


def _dots(points: Sequence[Json], series: Json, scale: Scale, axis: TimeAxis, height: int) -> Iterator[Dot]:
    nadir = series["nadir"]
    for point in points:
        exact = point["low"] == point["high"]
        shape = "value" if exact else "over" if point["high"] is None else "below"
        at = (point["days"][0], point["days"][1])
        best = bool(nadir) and nadir["days"] == point["days"] and nadir["low"] == point["low"]
        yield Dot(axis.x(_middle_of(at)), _y(height_of(point), scale, height), shape, best, point)


def _middle_of(days: tuple[str, str]) -> float:
    return middle((date.fromisoformat(days[0]).toordinal(), date.fromisoformat(days[1]).toordinal()))


def _ticks(scale: Scale, height: int) -> Iterator[tuple[float, str]]:
    """Few enough ticks that their words do not touch."""
    room = max(2, (height - 2 * EDGE) // 24)
    ticks = scale.value_ticks()
    step = -(-len(ticks) // room)
    for value in ticks[::step]:
        yield _y(value, scale, height), f"{value:g}"


def _y(value: float, scale: Scale, height: int) -> float:
    return round(EDGE + (1 - scale.y(value)) * (height - 2 * EDGE), 1)
