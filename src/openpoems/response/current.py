"""Where the course stands since the latest treatment: is it working, is the disease coming back, what nobody saw.

An answer is only about what was looked at since: what the record holds besides is named, and the answer is not of
everything then. A worse axis, or one that lost its response, never lets an answer be *yes*.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from openpoems.knowledge.response import Direction
from openpoems.response.alarms import Alarm
from openpoems.response.axes import AxisResult, Course
from openpoems.response.lines import Line
from openpoems.response.series import SeriesKey
from openpoems.response.standing import stands
from openpoems.response.treatments import Bar
from openpoems.response.turns import Step, Turn
from openpoems.response.view import Days

Working = Literal["yes", "in-part", "not-so-far", "not-on-everything", "no", "cannot-tell"]
Back = Literal["shown", "perhaps", "asked", "not-shown", "cannot-tell"]


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """An axis that was judged since: which way its category points, and whether it lost what it had reached since."""

    result: AxisResult
    step: Step
    direction: Direction
    lost: bool

    def __repr__(self) -> str:
        return "<Seen>"


@dataclass(frozen=True, slots=True, repr=False)
class Turned:
    """A relapse or progression since; `later` is what a later value of the same axis came to."""

    turn: Turn
    result: AxisResult
    later: Step | None

    def __repr__(self) -> str:
        return "<Turned>"


@dataclass(frozen=True, slots=True, repr=False)
class Current:
    """The two answers and what bears them, since the latest treatment of the disease began.

    `began` is None where none is dated. `seen` was judged since, but for what was not there before and is not now;
    `open` was looked at and cannot be told; `unseen` stands in the record and was not looked at since. `asking` are the
    alarms that ask for a second look, of a series the first. `whole` tells that everything of which the record holds
    anything was judged.
    """

    bars: tuple[Bar, ...]
    began: Days | None
    seen: tuple[Seen, ...]
    turned: tuple[Turned, ...]
    asking: tuple[Alarm, ...]
    open: tuple[AxisResult, ...]
    unseen: tuple[AxisResult, ...]
    whole: bool
    working: Working
    back: Back

    def __repr__(self) -> str:
        return "<Current>"

    @property
    def latest(self) -> Step | None:
        """The step of the latest day that was judged."""
        return max((each.step for each in self.seen), key=lambda step: step.moment.days, default=None)

    @property
    def last_turn(self) -> Step | None:
        """The step of the latest turn; one that is confirmed goes before any that is not."""
        sure = [each for each in self.turned if each.turn.confirmed]
        steps = (each.turn.step for each in sure or self.turned)
        return max(steps, key=lambda step: step.moment.days, default=None)


def current(course: Course, results: Sequence[AxisResult], lines: Sequence[Line], alarms: Sequence[Alarm]) -> Current:
    """Where a course stands, by the `results` since the first treatment, those of each by itself, and the alarms."""
    bars, began, since = _latest(course, results, lines)
    looked = [each for each in since if each.steps]
    judged = [_seen(each, course.view.knowledge.response.direction) for each in looked if each.category]
    seen = tuple(each for each in judged if not _never_there(each))
    turned = tuple(_turned(turn, each) for each in looked for turn in each.turns)
    asking = tuple(_first_of_series(each for each in alarms if each.state in {"on", "unconfirmed"}))
    keys = {_key(each) for each in looked}
    return Current(
        bars=bars,
        began=began,
        seen=seen,
        turned=turned,
        asking=asking,
        open=tuple(each for each in looked if not each.category),
        unseen=tuple(each for each in results if began and each.has_data and _key(each) not in keys),
        whole={each.id for each in results if each.has_data} <= {each.result.id for each in judged},
        working=working([(each.direction, each.lost) for each in seen]),
        back=back(turned, seen, asking),
    )


def working(seen: Collection[tuple[Direction, bool]]) -> Working:
    """Whether a treatment works, by which way each axis points and whether it lost what it had reached."""
    ways = {direction for direction, _ in seen}
    if not ways:
        return "cannot-tell"
    if ways & {"worse", "worse-again"} or any(lost for _, lost in seen):
        return "not-on-everything" if "better" in ways else "no"
    if "better" in ways:
        return "in-part" if "same" in ways else "yes"
    return "not-so-far"


def back(turned: Sequence[Turned], seen: Sequence[Seen], asking: Sequence[Alarm]) -> Back:
    """Whether the disease is coming back, by what turned, what was judged and which alarms ask."""
    if turned:
        return "shown" if any(each.turn.confirmed for each in turned) else "perhaps"
    if not seen:
        return "cannot-tell"
    return "asked" if asking else "not-shown"


def _latest(
    course: Course, results: Sequence[AxisResult], lines: Sequence[Line]
) -> tuple[tuple[Bar, ...], Days | None, Sequence[AxisResult]]:
    """The latest treatment, when it began, and the results since."""
    if lines:
        return lines[-1].bars, lines[-1].start, lines[-1].results
    return tuple(bar for bar in course.bars if bar.counts and bar.start), course.start.days, results


def _seen(result: AxisResult, directions: Mapping[str, Direction]) -> Seen:
    lost = any(stands(turn, result) for turn in result.turns)
    return Seen(result, result.steps[-1], directions[result.category or ""], lost)


def _never_there(seen: Seen) -> bool:
    """Whether there was nothing before and is nothing now: no answer about a treatment, and no gap."""
    return seen.direction == "same" and seen.result.nothing_before and not seen.lost


def _turned(turn: Turn, result: AxisResult) -> Turned:
    last = result.steps[-1]
    later = last if result.category and last.moment.days > turn.step.moment.days else None
    return Turned(turn, result, later)


def _first_of_series(alarms: Iterable[Alarm]) -> tuple[Alarm, ...]:
    """Of a series the first, which is the simplest; in the order of the series."""
    first: dict[SeriesKey, Alarm] = {}
    for alarm in alarms:
        first.setdefault(alarm.series.key, alarm)
    return tuple(first[key] for key in sorted(first))


def _key(result: AxisResult) -> tuple[str, SeriesKey | None]:
    return result.id, result.series.key if result.series else None
