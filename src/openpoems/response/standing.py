"""Which relapses and progressions still stand: nothing was begun against them, and the axis did not recover."""

from collections.abc import Sequence

from openpoems.logic import Truth
from openpoems.response.axes import AxisResult
from openpoems.response.lines import Line
from openpoems.response.turns import Step, Turn


def standing(results: Sequence[AxisResult], lines: Sequence[Line]) -> tuple[tuple[Turn, AxisResult], ...]:
    """The turns since the latest treatment began of which the axis did not recover."""
    begun = lines[-1].start[1] if lines else None
    return tuple(
        (turn, result)
        for result in results
        for turn in result.turns
        if (begun is None or turn.step.moment.days[0] > begun) and stands(turn, result)
    )


def stands(turn: Turn, result: AxisResult) -> bool:
    """Whether no later value was a complete response, nor as good as the best one before a progression."""
    later = (step for step in result.steps if not step.withheld and step.moment.days[0] > turn.step.moment.days[1])
    return not any(step.complete is Truth.TRUE or _at_best_again(step, turn, result) for step in later)


def _at_best_again(step: Step, turn: Turn, result: AxisResult) -> bool:
    point, best = step.moment.point if step.fresh else None, turn.against
    if turn.kind == "relapse" or point is None or best is None:
        return False
    if result.rule.better == "lower":
        return point.amount.high is not None and point.amount.high <= best.amount.low
    return best.amount.high is not None and point.amount.low >= best.amount.high
