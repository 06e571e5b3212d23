"""Simple rules that raise an alarm on one series. Each says whether literature or engineering made it.

An alarm asks a person to look; it is no relapse. Values that something else moves raise none and are named instead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from openpoems.knowledge.response import AlarmRule
from openpoems.language import gettext
from openpoems.logic import Truth
from openpoems.response.amounts import risen
from openpoems.response.axes import Course
from openpoems.response.judge import RECALLED
from openpoems.response.series import Point, Series, Window, baseline, in_time, since_start

State = Literal["on", "unconfirmed", "off", "withheld", "cannot-tell"]


@dataclass(frozen=True, slots=True, repr=False)
class Alarm:
    """One rule on one series.

    `state` is that at the latest value: *on*, *unconfirmed* (one value fits, a second is asked for), *off*, *withheld*
    (the latest value would fit, but something else moves it) or *cannot-tell* (`why` says why). `raised` are the values
    that completed the rule each time, `seen` those that fit at the latest one, `against` the nadir they rose from.
    """

    id: str
    rule: AlarmRule
    series: Series
    state: State
    why: str
    raised: tuple[Point, ...]
    seen: tuple[Point, ...]
    against: Point | None

    def __repr__(self) -> str:
        return "<Alarm>"


def alarms(course: Course) -> tuple[Alarm, ...]:
    """Every alarm rule on every series of its measure."""
    rules = course.view.knowledge.response.alarm.items()
    pairs = ((id, rule, each) for id, rule in rules for each in in_time(course.series, rule.measure))
    return tuple(_alarm(id, rule, each, course) for id, rule, each in pairs)


def _alarm(id: str, rule: AlarmRule, series: Series, course: Course) -> Alarm:
    if rule.cite.verified == "none" and rule.kind == "literature" and not course.unverified:
        return Alarm(id, rule, series, "cannot-tell", gettext(RECALLED), (), (), None)
    if course.start.days is None:
        return Alarm(id, rule, series, "cannot-tell", course.start.why, (), (), None)
    points = since_start(series, course.start)
    if not points:
        why = gettext("there is no value after treatment began")
        return Alarm(id, rule, series, "cannot-tell", why, (), (), None)
    walk = _Walk(id, rule, series, course)
    for point in points:
        walk.look(point)
    return walk.alarm(points[-1])


class _Walk:
    """Walks through the values once: `seen` are those in a row that fit, `reference` is the nadir they rose from."""

    def __init__(self, id: str, rule: AlarmRule, series: Series, course: Course) -> None:
        self.id, self.rule, self.series, self.bars = id, rule, series, course.bars
        first = baseline(series, course.start).point
        # The nadir is that of values that nothing else moves; a normal value before is one of all.
        self.clean, self.all = Window(course.bars), Window(course.bars)
        if first:
            self._keep(first)
        self.raised: list[Point] = []
        self.seen: list[Point] = []
        self.reference: Point | None = None
        self.truth = Truth.FALSE

    def look(self, point: Point) -> None:
        """Take the next value."""
        if self.seen and self._treated_since(self.seen[-1], point):
            self.seen = []
        if not _moved(point):
            self.reference = self.reference if self.seen else self.clean.at(point.days).best
            self.truth = self.fits(point)
            if self.truth is Truth.TRUE:
                self.seen.append(point)
                if _complete(self.rule, self.seen) and not _complete(self.rule, self.seen[:-1]):
                    self.raised.append(point)
            else:
                self.seen = []
        self._keep(point)

    def _keep(self, point: Point) -> None:
        self.all.add(point)
        if not _moved(point):
            self.clean.add(point)

    def fits(self, point: Point) -> Truth:
        """Whether a value meets everything the rule asks of one value."""
        return min(_conditions(self.rule, point, self.reference, normal=self.all.at(point.days).normal))

    def _treated_since(self, one: Point, other: Point) -> bool:
        starts = [bar.start for bar in self.bars if bar.counts and bar.start]
        return any(one.days[1] <= start[0] and start[1] <= other.days[0] for start in starts)

    def alarm(self, last: Point) -> Alarm:
        """What the walk came to, `last` being its last value."""
        state, why = self.state(last)
        against = self.reference if self.rule.rise_percent is not None and self.seen else None
        return Alarm(self.id, self.rule, self.series, state, why, tuple(self.raised), tuple(self.seen), against)

    def state(self, last: Point) -> tuple[State, str]:
        """The state at the last value, and why."""
        if last.has("suspends"):
            return "cannot-tell", gettext("the latest value is suspended: %(names)s") % {"names": _names(last)}
        if last.has("withholds"):
            self.reference = self.reference if self.seen else self.clean.at(last.days).best
            if self.fits(last) is Truth.TRUE:
                told = {"names": _names(last)}
                return "withheld", gettext("something else moves the latest value: %(names)s") % told
        if self.seen:
            complete = _complete(self.rule, self.seen)
            return ("on", "") if complete else ("unconfirmed", gettext("a second value must confirm it"))
        if self.truth is Truth.UNKNOWN:
            return "cannot-tell", gettext("the limit, or a value outside the measuring range, leaves it open")
        return "off", ""


def _conditions(rule: AlarmRule, point: Point, lowest: Point | None, *, normal: bool) -> Iterator[Truth]:
    if rule.above_limit:
        yield point.above
    if rule.after_normal:
        yield Truth.of(normal)
    if rule.rise_percent is not None:
        # The first value of all has nothing that it could have risen from.
        yield risen(point.amount, lowest.amount, rule.rise_percent, Fraction(0)) if lowest else Truth.FALSE


def _complete(rule: AlarmRule, seen: Sequence[Point]) -> bool:
    if len(seen) < rule.times:
        return False
    return rule.times == 1 or seen[-1].days[0] - seen[0].days[1] >= rule.days_apart


def _moved(point: Point) -> bool:
    return point.has("suspends") or point.has("withholds")


def _names(point: Point) -> str:
    return ", ".join(dict.fromkeys(m.confounder.name for m in point.marks if m.confounder.bearing != "shown"))


def reassured(series: Sequence[Series], measure: str) -> tuple[Point, ...]:
    """The latest values of a measure's series that are normal, beside which a sentence must stand."""
    latest = (each.latest for each in in_time(series, measure))
    return tuple(point for point in latest if point and point.above is Truth.FALSE)
