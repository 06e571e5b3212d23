"""Response since each treatment: its own baseline, the best response to it, the time to relapse or progression.

A treatment is told from the day it began to the day the next one did. What begins together is one; nothing else is put
together, for whether induction and transplantation are one line of therapy is the physician's to say.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from openpoems.response.axes import AxisResult, Course, axis_result
from openpoems.response.series import Series
from openpoems.response.treatments import Bar, Start
from openpoems.response.turns import Turn, between
from openpoems.response.view import Days


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """The time under what began on `start`, up to `until`, when the next treatment of the disease began.

    `results` are the rules of which something was seen in that time. Their baseline is the last value before or on
    `start` and since the treatment before; their steps, best and turns are those of that time, and the `since_start` of
    a turn counts from `start`.
    """

    bars: tuple[Bar, ...]
    start: Days
    until: Days | None
    results: tuple[AxisResult, ...]

    def __repr__(self) -> str:
        return "<Line>"


def lines(course: Course, results: tuple[AxisResult, ...]) -> tuple[Line, ...]:
    """Every treatment by itself, where there are several; `results` are those since the first one."""
    if course.start.days is None:
        return ()
    begun = list(_begun(course.bars))
    if len(begun) == 1:
        return ()
    starts = [_days(bars) for bars in begun]
    times = zip(begun, [None, *starts[:-1]], [*starts[1:], None], strict=True)
    return tuple(_line(bars, before, until, course, results) for bars, before, until in times)


def _begun(given: tuple[Bar, ...]) -> Iterator[tuple[Bar, ...]]:
    """The treatments of the disease in order; those that may have begun on one day are together."""
    together: list[Bar] = []
    for bar in given:
        if not bar.counts or bar.start is None:
            continue
        if together and bar.start[0] > _days(together)[1]:
            yield tuple(together)
            together = []
        together.append(bar)
    yield tuple(together)


def _days(bars: list[Bar] | tuple[Bar, ...]) -> Days:
    starts = [bar.start for bar in bars if bar.start]
    return min(start[0] for start in starts), max(start[1] for start in starts)


def _line(
    bars: tuple[Bar, ...], before: Days | None, until: Days | None, course: Course, results: tuple[AxisResult, ...]
) -> Line:
    start, after, last = _days(bars), before[1] if before else None, until[0] if until else None
    within = replace(
        course,
        series=tuple(_cut(each, last) for each in course.series),
        start=Start(start, after=after),
        statements=course.statements.within(after, last),
    )
    of = {each.key: each for each in within.series}
    told = []
    for whole in results:
        if not whole.has_data:
            continue
        found = axis_result(whole.id, whole.rule, of[whole.series.key] if whole.series else None, within)
        if found.steps:
            told.append(replace(found, turns=_turns(found, whole, start, last)))
    return Line(bars, start, until, tuple(told))


def _cut(series: Series, last: int | None) -> Series:
    """A series up to a day, that day included, as a baseline is."""
    if last is None:
        return series
    return replace(series, points=tuple(point for point in series.points if point.days[1] <= last))


def _turns(found: AxisResult, whole: AxisResult, start: Days, last: int | None) -> tuple[Turn, ...]:
    """The turns of this time: a relapse from the response to an earlier treatment is one, seen in the whole only."""
    turned = {turn.step.moment.days: turn for turn in (*found.turns, *whole.turns)}
    return tuple(
        replace(turn, since_start=between(start, days))
        for days, turn in sorted(turned.items())
        if days[0] > start[1] and (last is None or days[1] <= last)
    )
