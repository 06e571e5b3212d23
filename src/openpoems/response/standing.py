"""Which relapses and progressions still stand: nothing was begun against them, and the axis is not complete again."""

from openpoems.logic import Truth
from openpoems.response.axes import AxisResult
from openpoems.response.respond import ResponseAssessment
from openpoems.response.turns import Turn


def standing(course: ResponseAssessment) -> tuple[tuple[Turn, AxisResult], ...]:
    """The turns since the latest treatment began after which no complete response of that axis was seen."""
    begun = course.lines[-1].start[1] if course.lines else None
    return tuple(
        (turn, result)
        for result in course.results
        for turn in result.turns
        if (begun is None or turn.step.moment.days[0] > begun) and not _complete_since(turn, result)
    )


def _complete_since(turn: Turn, result: AxisResult) -> bool:
    after = turn.step.moment.days[1]
    return any(
        step.complete is Truth.TRUE and not step.withheld and step.moment.days[0] > after for step in result.steps
    )
