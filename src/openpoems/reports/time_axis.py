"""Time from left to right: days become shares of the width; a long time without any entry can be closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil

from openpoems.reports.timeline_settings import settings

MOST_TICKS = 12
DAYS_A_YEAR = 365.25
# Steps of an axis that counts days: round numbers up to a year, then years.
_STEPS = (10, 30, 90, 180, 365, 730, 1825, 3650)


@dataclass(frozen=True, slots=True)
class Piece:
    """Days from `first` to `last` drawn from the share `left` to `right`; `closed` where a gap was shrunk."""

    first: float
    last: float
    left: float
    right: float
    closed: bool


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The pieces of an axis in order; together they go from share 0 to share 1."""

    pieces: tuple[Piece, ...]

    @property
    def first(self) -> int:
        """The first day."""
        return int(self.pieces[0].first)

    @property
    def last(self) -> int:
        """The last day."""
        return int(self.pieces[-1].last)

    @property
    def closed(self) -> tuple[Piece, ...]:
        """The gaps that were closed."""
        return tuple(piece for piece in self.pieces if piece.closed)

    def x(self, day: float) -> float:
        """The share of the width at which a day is drawn; days beyond an end are drawn at it."""
        for piece in self.pieces:
            if day <= piece.last:
                share = max(0.0, day - piece.first) / (piece.last - piece.first)
                return piece.left + share * (piece.right - piece.left)
        return 1.0

    def dates(self) -> list[tuple[int, str]]:
        """The first days of years, or of quarters where the time is short; none within a closed gap."""
        years = range(date.fromordinal(self.first).year, date.fromordinal(self.last).year + 1)
        found = [(date(year, 1, 1).toordinal(), str(year)) for year in years]
        if self.last - self.first < settings().months_shown_days:
            quarters = [(year, month) for year in years for month in (1, 4, 7, 10)]
            found = [(date(year, month, 1).toordinal(), f"{year}-{month:02}") for year, month in quarters]
        shown = [tick for tick in found if self.first <= tick[0] <= self.last and not self._within_gap(tick[0])]
        return shown[:: max(1, ceil(len(shown) / MOST_TICKS))] or [self._middle()]

    def days_since(self, start: int) -> list[tuple[int, str]]:
        """Round numbers of days before and after `start`; none within a closed gap."""
        open_days = sum(piece.last - piece.first for piece in self.pieces if not piece.closed)
        step = next((each for each in _STEPS if open_days / each <= MOST_TICKS), _STEPS[-1])
        numbers = range(ceil((self.first - start) / step), (self.last - start) // step + 1)
        found = [(start + number * step, f"{number * step}") for number in numbers]
        return [tick for tick in found if not self._within_gap(tick[0])] or [self._middle()]

    def _middle(self) -> tuple[int, str]:
        """The one day that a very short axis names."""
        day = (self.first + self.last) // 2
        return day, date.fromordinal(day).isoformat()

    def _within_gap(self, day: int) -> bool:
        return any(gap.first < day < gap.last for gap in self.closed)


def time_axis(days: Iterable[int], *, close_gaps: bool) -> TimeAxis | None:
    """The axis that shows some days, with a margin; None where there is none.

    Gaps longer than the settings say are closed where that is wished.
    """
    known = sorted(set(days))
    if not known:
        return None
    margin = max(14, (known[-1] - known[0]) // 40)
    longest = settings().gap_days if close_gaps else known[-1] - known[0] + 1
    ends = [known[0] - margin]
    for before, after in pairwise(known):
        if after - before > longest:
            ends += [before + 14, after - 14]
    return TimeAxis(tuple(_pieces([*ends, known[-1] + margin])))


def _pieces(ends: list[int]) -> Iterable[Piece]:
    """Between each two ends a piece; every second one is a gap that is closed."""
    lengths = [after - before for before, after in pairwise(ends)]
    gaps = len(lengths) // 2
    width = settings().gap_share if gaps else 0.0
    scale = (1.0 - gaps * width) / sum(lengths[::2])
    left = 0.0
    for number, (before, after) in enumerate(pairwise(ends)):
        closed = number % 2 == 1
        right = left + (width if closed else scale * (after - before))
        yield Piece(before, after, left, right, closed)
        left = right
