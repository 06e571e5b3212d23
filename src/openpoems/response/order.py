"""The order in which the axes moved, where they disagree: who turned first, who not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

from openpoems.response.axes import AxisResult
from openpoems.response.turns import Turn
from openpoems.response.view import Days


@dataclass(frozen=True, slots=True, repr=False)
class Move:
    """One turn of one axis, and how many days after the first one it came, from the least to the most."""

    result: AxisResult
    turn: Turn
    days_after_first: tuple[int, int]
    together_with_previous: bool

    def __repr__(self) -> str:
        return "<Move>"


@dataclass(frozen=True, slots=True, repr=False)
class Order:
    """The first turn of each axis result in order of time.

    `unmoved` were looked at since the first one turned and have not turned, `unseen` were judged before it only.
    """

    moves: tuple[Move, ...]
    unmoved: tuple[AxisResult, ...]
    unseen: tuple[AxisResult, ...]

    def __repr__(self) -> str:
        return "<Order>"

    @property
    def disagree(self) -> bool:
        """Whether some turned and others did not, or not at the same time."""
        apart = any(not move.together_with_previous for move in self.moves[1:])
        return bool(self.moves) and (bool(self.unmoved) or apart)


def order(results: Sequence[AxisResult]) -> Order:
    """Put the first turns in order. Two whose imprecise dates overlap are together."""
    turned = [(each, each.turns[0]) for each in results if each.turns]
    turned.sort(
        key=lambda pair: (pair[1].step.moment.days, pair[0].id, str(pair[0].series.key if pair[0].series else ""))
    )
    moves: list[Move] = []
    for result, turn in turned:
        days, first = turn.step.moment.days, turned[0][1].step.moment.days
        previous = moves[-1].turn.step.moment.days if moves else None
        after = max(0, days[0] - first[1]), days[1] - first[0]
        moves.append(Move(result, turn, after, previous is not None and days[0] <= previous[1]))
    still = [each for each in results if not each.turns and each.category is not None]
    seen = [each for each in still if not moves or _last(each) >= moves[0].turn.step.moment.days]
    return Order(tuple(moves), tuple(seen), tuple(each for each in still if each not in seen))


def _last(result: AxisResult) -> Days:
    return result.steps[-1].moment.days
