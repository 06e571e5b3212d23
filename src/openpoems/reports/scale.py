"""Where a series stands on a chart: time from left to right, the value upwards, on a log axis where that fits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

from openpoems.response.respond import Panel
from openpoems.response.series import Point
from openpoems.response.treatments import Bar

# Amounts that span orders of magnitude; scores, percentages and strengths do not.
LOGARITHMIC = {"mass-concentration", "substance-concentration", "number-concentration", "enzyme-concentration"}
STEPS_OF_A_DECADE = (1, 2, 5)
MOST_TICKS = 6
MOST_YEARS = 12
A_YEAR_DAYS = 366


@dataclass(frozen=True, slots=True)
class Scale:
    """Days from `first` to `last`, values from `low` to `high`; `log` tells which axis."""

    first: int
    last: int
    low: float
    high: float
    log: bool

    def x(self, day: float) -> float:
        """The place of a day: 0 is the left edge, 1 the right one."""
        return min(1.0, max(0.0, (day - self.first) / (self.last - self.first)))

    def y(self, value: float) -> float:
        """The place of a value: 0 is the bottom, 1 the top."""
        low, high = self._on_axis(self.low), self._on_axis(self.high)
        return min(1.0, max(0.0, (self._on_axis(max(value, self.low)) - low) / (high - low)))

    def value_ticks(self) -> list[float]:
        """Round values within the scale."""
        if not self.log:
            return _linear_ticks(self.low, self.high)
        decades = range(floor(log10(self.low)), ceil(log10(self.high)) + 1)
        ticks = [step * 10.0**decade for decade in decades for step in STEPS_OF_A_DECADE]
        within = [tick for tick in ticks if self.low <= tick <= self.high]
        return within if len(within) <= MOST_TICKS else [t for t in within if f"{t:e}"[0] == "1"] or within

    def time_ticks(self) -> list[tuple[int, str]]:
        """First days of years, or of quarters where the time is short."""
        start, end = date.fromordinal(self.first), date.fromordinal(self.last)
        years = [(date(year, 1, 1).toordinal(), str(year)) for year in range(start.year, end.year + 1)]
        if self.last - self.first < A_YEAR_DAYS:
            months = [(y, m) for y in range(start.year, end.year + 1) for m in (1, 4, 7, 10)]
            years = [(date(y, m, 1).toordinal(), f"{y}-{m:02}") for y, m in months]
        within = [tick for tick in years if self.first <= tick[0] <= self.last]
        return within[:: max(1, ceil(len(within) / MOST_YEARS))]

    def _on_axis(self, value: float) -> float:
        return log10(value) if self.log else value


def scale_of(panel: Panel, bars: Iterable[Bar], until: int = 0) -> Scale | None:
    """The scale that shows a series with its limit and the treatments beside it; None where there is no point.

    `until` is a day (ordinal) to which time must reach.
    """
    points = panel.series.points
    if not points:
        return None
    days = [day for point in points for day in point.days]
    days += [bar.start[0] for bar in bars if bar.start and min(days) - A_YEAR_DAYS <= bar.start[0] <= max(days)]
    values = [height(point) for point in points]
    values += [float(point.limit) for point in points if point.limit]
    log = panel.series.key.family in LOGARITHMIC and max(values) > 0
    lowest, highest = ends([v for v in values if v > 0] if log else values, log=log)
    margin = max(14, (max(days) - min(days)) // 40)
    return Scale(min(days) - margin, max(max(days) + margin, until), lowest, highest, log)


def height(point: Point) -> float:
    """The value a point is drawn at: of a censored one, the bound that was reported."""
    amount = point.amount
    return float(amount.low if amount.exact or amount.high is None else amount.high)


def middle(days: tuple[int, int]) -> float:
    """Where some days are drawn."""
    return (days[0] + days[1]) / 2


def ends(values: list[float], *, log: bool) -> tuple[float, float]:
    """The least and the greatest value of an axis that shows some values; on a log axis all are above 0."""
    low, high = min(values), max(values)
    if log:
        return low / 1.5, high * 1.5
    room = (high - low) * 0.1 or 1.0
    return max(0.0, low - room), high + room


def _linear_ticks(low: float, high: float) -> list[float]:
    raw = (high - low) / MOST_TICKS
    unit = 10.0 ** floor(log10(raw))
    step = next(factor * unit for factor in (*STEPS_OF_A_DECADE, 10) if factor * unit >= raw)
    return [number * step for number in range(ceil(low / step), floor(high / step) + 1)]
