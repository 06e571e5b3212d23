"""Three-valued logic: a fact holds, does not hold, or is not known (Kleene's strong logic)."""

from collections.abc import Iterable
from enum import IntEnum
from typing import NoReturn


class Truth(IntEnum):
    """Whether something holds, as far as is known.

    >>> Truth.TRUE & Truth.UNKNOWN
    <Truth.UNKNOWN: 1>
    >>> ~Truth.UNKNOWN
    <Truth.UNKNOWN: 1>
    """

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    @classmethod
    def of(cls, value: bool | None) -> "Truth":
        """Read a nullable boolean: nothing is UNKNOWN, never FALSE."""
        return cls.UNKNOWN if value is None else cls.TRUE if value else cls.FALSE

    def __and__(self, other: int) -> "Truth":
        return Truth(min(self.value, other))

    def __or__(self, other: int) -> "Truth":
        return Truth(max(self.value, other))

    def __invert__(self) -> "Truth":
        return Truth(2 - self.value)

    # Patterns of truths are looked up by the thousand, and an enum's own hash is that of its name.
    __hash__ = int.__hash__

    def __bool__(self) -> NoReturn:
        """Refuse: `if truth:` would read UNKNOWN as one side or the other."""
        raise TypeError("a Truth has three values: compare it, `truth is Truth.TRUE`")


def at_least(count: int, truths: Iterable[Truth]) -> Truth:
    """Tell whether at least `count` of the truths hold.

    >>> at_least(1, [Truth.FALSE, Truth.UNKNOWN])
    <Truth.UNKNOWN: 1>
    >>> at_least(2, [Truth.TRUE, Truth.FALSE])
    <Truth.FALSE: 0>
    """
    held = possible = 0
    for truth in truths:
        held += truth is Truth.TRUE
        possible += truth is not Truth.FALSE
    if held >= count:
        return Truth.TRUE
    return Truth.UNKNOWN if possible >= count else Truth.FALSE
