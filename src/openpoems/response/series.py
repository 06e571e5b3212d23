"""Honest series: results that may be compared with each other, and no others.

A series is one measure in one specimen by one assay of one laboratory in one family of units. Series are never joined,
and serum is never converted to plasma. Within a series units are converted exactly; a value under its detection limit
stays one; a date that cannot be put in order is left out with the reason, not guessed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from openpoems.findings.results import by_reference, reaches
from openpoems.knowledge.store import Knowledge
from openpoems.language import gettext, gettext_noop
from openpoems.logic import Truth
from openpoems.quantities import IncomparableUnits, Quantity, dimension
from openpoems.record.model import Measurement
from openpoems.record.time import When
from openpoems.response.amounts import Amount, Fold, fold, in_unit
from openpoems.response.confounders import Marked, Marker
from openpoems.response.treatments import Bar, Start
from openpoems.response.view import Days, View, content


@dataclass(frozen=True, slots=True, order=True)
class SeriesKey:
    """What makes results comparable."""

    measure: str
    specimen: str
    assay: str
    laboratory: str
    family: str


@dataclass(frozen=True, slots=True, repr=False)
class Point:
    """One result in its series: its amount in the series' unit, and its own laboratory's limit in that unit.

    `above` says whether it lies over that limit (UNKNOWN where no limit was given); `marks` are what else moves it.
    """

    fact: Measurement
    amount: Amount
    days: Days
    limit: Fraction | None
    above: Truth
    marks: tuple[Marked, ...]

    def __repr__(self) -> str:
        return "<Point>"

    @property
    def when(self) -> When | None:
        """When the sample was taken."""
        return self.fact.on

    def has(self, bearing: str) -> bool:
        """Whether something with this bearing marks the value (`suspends`, `withholds`, `shown`)."""
        return bool(self.marks) and any(mark.confounder.bearing == bearing for mark in self.marks)


@dataclass(frozen=True, slots=True, repr=False)
class Series:
    """A series in order of time, and the results that belong to it but could not be placed, each with the reason."""

    key: SeriesKey
    name: str
    unit: str
    points: tuple[Point, ...]
    left_out: tuple[tuple[Measurement, str], ...]
    limit: Fraction | None

    def __repr__(self) -> str:
        return "<Series>"

    @property
    def latest(self) -> Point | None:
        """The last value."""
        return self.points[-1] if self.points else None


@dataclass(frozen=True, slots=True, repr=False)
class Baseline:
    """The last value before or on the day the first treatment began, or why there is none."""

    point: Point | None
    why: str = ""

    def __repr__(self) -> str:
        return "<Baseline>"


def all_series(view: View) -> tuple[Series, ...]:
    """Every series of the record on the day of the view, by key."""
    grouped: dict[SeriesKey, list[Measurement]] = {}
    for result in dict.fromkeys(view.measurements):
        key = _key(result, view)
        if key is not None:
            grouped.setdefault(key, []).append(result)
    marker = Marker(view)
    return tuple(_series(key, grouped[key], view, marker) for key in sorted(grouped))


def baseline(series: Series, start: Start) -> Baseline:
    """The baseline of a series, given when treatment began."""
    if start.days is None:
        return Baseline(None, start.why)
    sure = [p for p in series.points if p.days[1] <= start.days[0] and (start.after is None or p.days[0] > start.after)]
    if any(point.days[0] <= start.days[1] < point.days[1] or _straddles(point, start.days) for point in series.points):
        return Baseline(None, gettext("a value and the treatment cannot be put in order by their dates"))
    if not sure:
        return Baseline(None, gettext(_NONE_BEFORE if start.after is None else _NONE_BETWEEN))
    return Baseline(sure[-1])


_NONE_BEFORE = gettext_noop("there is no value before or on the day of the first treatment")
_NONE_BETWEEN = gettext_noop("there is no value before or on the day of this treatment, and after the one before it")


def since_start(series: Series, start: Start) -> tuple[Point, ...]:
    """The points that certainly lie after the first treatment began."""
    if start.days is None:
        return ()
    return tuple(point for point in series.points if point.days[0] > start.days[1])


def nadir(points: Iterable[Point], better: str = "lower") -> Point | None:
    """The best of some points, the earliest of equals; values from which no response is told do not count."""
    best: Point | None = None
    for point in points:
        best = _best(best, point, better)
    return best


class Window:
    """The values since the latest treatment of the disease began, the last one before it included, and their best.

    A nadir is looked for among these: a value that falls under a new treatment has not risen from an older nadir.
    Values are added, and times asked for, in order.
    """

    def __init__(self, given: Iterable[Bar], better: str = "lower") -> None:
        self._starts = sorted({bar.start for bar in given if bar.counts and bar.start})
        self._better = better
        self._since: Days | None = None
        self._points: list[Point] = []
        self.best: Point | None = None
        self.normal = False

    def add(self, point: Point) -> None:
        """Take the next value."""
        self._points.append(point)
        self.best = _best(self.best, point, self._better)
        self.normal = self.normal or (point.above is Truth.FALSE and not point.has("suspends"))

    def at(self, moment: Days) -> "Window":
        """Move to a time: what began by then narrows the window. `normal` tells whether a value in it was normal."""
        since = max((start for start in self._starts if start[1] <= moment[0]), default=None)
        if since is not None and since != self._since:
            self._since = since
            before = [number for number, point in enumerate(self._points) if point.days[1] <= since[0]]
            kept = self._points[before[-1] :] if before else self._points
            self._points, self.best, self.normal = [], None, False
            for point in kept:
                self.add(point)
        return self


def _best(best: Point | None, point: Point, better: str) -> Point | None:
    if point.has("suspends"):
        return best
    if better == "higher":
        return point if best is None or point.amount.low > best.amount.low else best
    if point.amount.high is None:
        return best
    return point if best is None or _height(point) < _height(best) else best


def folds(point: Point, reference: Point | None) -> Fold | None:
    """How many times a point is another of its series."""
    return fold(point.amount, reference.amount) if reference else None


def fold_to_limit(point: Point) -> Fold | None:
    """How many times a point is its own upper limit."""
    return fold(point.amount, Amount(point.limit, point.limit)) if point.limit else None


def _height(point: Point) -> tuple[Fraction, Fraction]:
    return point.amount.high or Fraction(0), point.amount.low


def _straddles(point: Point, start: Days) -> bool:
    """Whether a point may lie on either side of the start."""
    return point.days[0] <= start[1] and point.days[1] > start[0] and point.days != start


def _key(result: Measurement, view: View) -> SeriesKey | None:
    measure = view.measure_of(result)
    if measure is None or result.value is None:
        return None
    unit = result.value.unit
    return SeriesKey(
        measure=measure,
        specimen=result.specimen or view.knowledge.measures[measure].specimen,
        assay=" ".join(result.assay.split()),
        laboratory=" ".join(result.laboratory.split()),
        family=dimension(unit) or f"unit {unit!r}",
    )


def _series(key: SeriesKey, results: list[Measurement], view: View, marker: Marker) -> Series:
    unit = _unit(key, results, view.knowledge)
    own = [_limit(result, unit) for result in results]
    limits = {limit for limit in own if limit is not None}
    only = limits.pop() if len(limits) == 1 else None
    placed: list[Point] = []
    left: list[tuple[Measurement, str]] = []
    for result, limit in zip(results, own, strict=True):
        found = _point(result, key, unit, (limit, only), view, marker)
        if isinstance(found, Point):
            placed.append(found)
        else:
            left.append((result, found))
    points, unordered = _ordered(placed)
    left += unordered
    return Series(
        key=key,
        name=view.knowledge.measures[key.measure].name,
        unit=unit,
        points=points,
        left_out=tuple(sorted(left, key=lambda each: (str(each[0].on or ""), each[1], content(each[0])))),
        limit=only,
    )


def _unit(key: SeriesKey, results: list[Measurement], knowledge: Knowledge) -> str:
    usual = knowledge.measures[key.measure].unit
    if usual and dimension(usual) == key.family:
        return usual
    return min(result.value.unit for result in results if result.value)


def _point(
    result: Measurement,
    key: SeriesKey,
    unit: str,
    limits: tuple[Fraction | None, Fraction | None],
    view: View,
    marker: Marker,
) -> Point | str:
    """A result in its place; `limits` are its own and the only one that its series ever reports."""
    assert result.value is not None  # noqa: S101 - a key is given to results with a value only
    when = view.days(result.on)
    if when is None:
        return gettext("it has no date that can be put on the calendar")
    try:
        amount = Amount.of(result.value, result.comparator, unit)
    except ValueError:
        return gettext("it is negative or no number")
    limit, only = limits
    marks = marker.marks(result, key.measure, key.specimen, when)
    return Point(result, amount, when, limit if limit is not None else only, _above(result, limit, only, unit), marks)


def _above(result: Measurement, limit: Fraction | None, only: Fraction | None, unit: str) -> Truth:
    """Over the laboratory's limit: by its own range and flag, else by the only limit the series ever reports."""
    try:
        said = by_reference(result, "above")
    except IncomparableUnits:
        return Truth.UNKNOWN
    if said:
        return said[0] if len(said) == 1 else Truth.UNKNOWN
    if limit is None and only is not None:
        return reaches(result, Quantity(float(only), unit), "above")
    return Truth.UNKNOWN


def _limit(result: Measurement, unit: str) -> Fraction | None:
    high = result.reference.high if result.reference else None
    if high is None or result.value is None:
        return None
    try:
        return in_unit(Quantity(high.value, high.unit or result.value.unit), unit)
    except (IncomparableUnits, ValueError):
        return None


def _ordered(points: list[Point]) -> tuple[tuple[Point, ...], list[tuple[Measurement, str]]]:
    """In order of time. What overlaps with another and is imprecise is left out, and so are two values of one day."""
    together: dict[Days, list[Point]] = {}
    for point in points:
        together.setdefault(point.days, []).append(point)
    unordered = {id(point): why for point in points if (why := _clash(point, together))}
    kept = sorted((p for p in points if id(p) not in unordered), key=lambda p: p.days)
    return tuple(kept), [(p.fact, unordered[id(p)]) for p in points if id(p) in unordered]


def _clash(point: Point, together: dict[Days, list[Point]]) -> str:
    first, last = point.days
    others = [each for each in together[point.days] if each is not point]
    if first != last:
        elsewhere = any(days[0] <= last and first <= days[1] for days in together if days != point.days)
        unclear = gettext("its imprecise date cannot be put in order with another result")
        return unclear if others or elsewhere else ""
    if any(not _same(point, other) for other in others):
        return gettext("another result of the same series and day says otherwise")
    return gettext("the same result stands twice") if any(_later_twin(point, other) for other in others) else ""


def _same(one: Point, other: Point) -> bool:
    return (one.amount, one.above) == (other.amount, other.above)


def _later_twin(point: Point, other: Point) -> bool:
    """Of two that say the same on one day the one with a limit of its own is kept, else the one that sorts first."""
    return _rank(other) < _rank(point)


def _rank(point: Point) -> tuple[bool, bytes]:
    return point.fact.reference is None, content(point.fact)


def in_time(series: Iterable[Series], measure: str) -> Iterator[Series]:
    """The series of one measure."""
    return (each for each in series if each.key.measure == measure)
