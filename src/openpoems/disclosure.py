"""What may be said of a few people: a floor for small counts, rounding, tables whose sums give nothing away, and
releases that stand still.

What leaves a centre or is shown to anybody passes through here. The rules are data (`disclosure.toml`); no caller can
lower a floor.
"""

import tomllib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Generic, Literal, TypeVar

Cell = TypeVar("Cell", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: below `floor` nothing is said, from it on only steps of `step`."""

    name: str
    says: str
    floor: int
    step: int
    rounding: Literal["nearest", "down"]
    source: str
    verified: Literal["primary", "secondary", "none"]

    def __post_init__(self) -> None:
        """Refuse a rule that hides nothing, or whose lowest step tells more than the others."""
        lowest = self.floor if self.rounding == "down" else self.floor + self.step // 2
        if self.floor < self.step or self.step < 2 or lowest % self.step:  # noqa: PLR2004 - a step of one is none
            raise ValueError(f"disclosure.toml, {self.name}: the floor does not begin a step of {self.step}")


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be said of a count: it lies from `low` to `high`. `rounded` is printed; None is printed as hidden."""

    low: int
    high: int
    rounded: int | None

    @property
    def hidden(self) -> bool:
        """Whether only this may be said: that there are too few, or that a sum would give another count away."""
        return self.rounded is None


@dataclass(frozen=True, slots=True)
class Sum(Generic[Cell]):
    """A count that is published beside its parts, and is their sum."""

    total: Cell
    parts: tuple[Cell, ...]


@cache
def rule(name: str) -> Rule:
    """The rule of that name. Raises `KeyError`.

    >>> rule("statistics").floor, rule("map").floor
    (8, 5)
    """
    text = (files("openpoems") / "disclosure.toml").read_text(encoding="utf-8")
    return {each: Rule(name=each, **row) for each, row in tomllib.loads(text).items()}[name]


def shown(count: int, by: Rule) -> Shown:
    """What may be said of one count, alone.

    >>> shown(11, rule("statistics"))
    Shown(low=8, high=12, rounded=10)
    >>> shown(7, rule("map")), shown(0, rule("map")).hidden
    (Shown(low=5, high=9, rounded=5), True)
    """
    if count < 0:
        raise ValueError("nobody counts fewer than none")
    if count < by.floor:
        return Shown(0, by.floor - 1, None)
    before = by.step // 2 if by.rounding == "nearest" else 0
    rounded = (count + before) // by.step * by.step
    return Shown(rounded - before, rounded - before + by.step - 1, rounded)


def table(counts: Mapping[Cell, int], by: Rule, sums: Sequence[Sum[Cell]] = ()) -> dict[Cell, Shown]:
    """What may be said of counts that are published together, some of them sums of others.

    Where a sum and its other parts would tell of a hidden count more than that it is small, further parts are hidden,
    the smallest first, and then the sum itself. A count stands in one sum at most: totals of rows and of columns
    together can give a cell away although no single line does, so the one of them is added up from what is shown.
    Raises `ValueError` for sums that share a count.
    """
    _disjoint(sums)
    told = {cell: shown(count, by) for cell, count in counts.items()}
    while (given_away := next((each for each in sums if _gives_away(each, told, by)), None)) is not None:
        cell = _least(given_away, counts, told)
        told[cell] = Shown(0, max(one.high for one in told.values()), None)
    return told


def share(part: Shown, whole: Shown) -> int | None:
    """A part as a percentage of a whole, from what is shown of both alone; None where either is hidden.

    >>> share(shown(11, rule("statistics")), shown(41, rule("statistics")))
    25
    """
    if part.rounded is None or whole.rounded is None:
        return None
    return min(100, round(100 * part.rounded / whole.rounded))


def beside_all(some: Shown, others: int, by: Rule) -> Shown:
    """What may be said of some people beside the number of all: nothing where the others of them are too few.

    >>> beside_all(shown(20, rule("statistics")), 7, rule("statistics")).hidden
    True
    """
    return some if others >= by.floor else Shown(0, some.high, None)


def lowered(
    before: Mapping[Cell, Shown], after: Mapping[Cell, Shown], sums: Sequence[Sum[Cell]] = ()
) -> dict[Cell, Shown]:
    """What stands of a release whose cells were worked out again after a withdrawal: of each cell the lower.

    What was hidden stays hidden while the release stands. Where anything shown of a sum or its parts falls, the parts
    are shown no longer: two of them seen to fall, one after the other or at once, would tell what lies between.
    """
    stands = {cell: min(before.get(cell, now), now, key=lambda one: one.rounded or 0) for cell, now in after.items()}
    for each in sums:
        if any(stands[cell].rounded != before[cell].rounded for cell in (each.total, *each.parts)):
            stands |= {part: Shown(0, before[part].high, None) for part in each.parts}
    return stands


def _disjoint(sums: Sequence[Sum[Cell]]) -> None:
    named = [cell for each in sums for cell in (each.total, *each.parts)]
    if len(set(named)) < len(named):
        raise ValueError("a count stands in one sum of a table at most")


def _gives_away(one: Sum[Cell], told: Mapping[Cell, Shown], by: Rule) -> bool:
    if told[one.total].hidden:
        return False
    hidden = [part for part in one.parts if told[part].hidden]
    if not hidden:
        return False
    # Who sees the step of a sum and of a part fall at once knows both: each stood at its lowest.
    least_shown = sum(told[part].low for part in one.parts if not told[part].hidden)
    return len(hidden) == 1 or told[one.total].low - least_shown < by.floor - 1


def _least(one: Sum[Cell], counts: Mapping[Cell, int], told: Mapping[Cell, Shown]) -> Cell:
    """What is hidden next of a sum that gives a part away: its smallest shown part, or the sum."""
    parts = (part for part in one.parts if not told[part].hidden)
    return min(parts, key=lambda part: counts[part], default=one.total)
