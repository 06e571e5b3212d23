"""The upper limit of a series over time: each value has its own laboratory's, and a changed one is seen as a step."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Step:
    """One limit, from a place on the axis of time to another."""

    left: float
    right: float
    limit: float


def limit_steps(values: Sequence[tuple[float, float | None]], first: float, last: float) -> tuple[Step, ...]:
    """The limits of values (place and limit, in order) between two places: each reaches half way to its neighbours.

    Where a value came without one nothing is drawn.

    >>> limit_steps([(2, 96.0), (4, 96.0), (8, 120.0)], 0, 10)
    (Step(left=0, right=6.0, limit=96.0), Step(left=6.0, right=10, limit=120.0))
    """
    places = [place for place, _ in values]
    edges = [first, *((one + other) / 2 for one, other in pairwise(places)), last]
    steps: list[Step] = []
    for (_, limit), left, right in zip(values, edges, edges[1:], strict=False):
        if limit is None:
            continue
        if steps and steps[-1].limit == limit and steps[-1].right == left:
            left = steps.pop().left  # noqa: PLW2901 - the same limit goes on
        steps.append(Step(left, right, limit))
    return tuple(steps)
