"""Amounts that may be censored: exact bounds, and three-valued comparisons between them."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import isfinite

from openpoems.logic import Truth
from openpoems.quantities import Quantity, factor


@dataclass(frozen=True, slots=True)
class Amount:
    """Everything a result can mean: from `low` to `high`, which is None where there is no upper bound.

    >>> Amount.of(Quantity(31, "pg/mL"), "<", "pg/mL")
    Amount(low=Fraction(0, 1), high=Fraction(31, 1))
    """

    low: Fraction
    high: Fraction | None

    @classmethod
    def of(cls, value: Quantity, comparator: str, unit: str) -> "Amount":
        """Read a result in a unit. Raises `IncomparableUnits`, and `ValueError` where it is negative or no number."""
        if not isfinite(value.value) or value.value < 0:
            raise ValueError("a result is a number and not negative")
        exact = in_unit(value, unit)
        if comparator in {"<", "<="}:
            return cls(Fraction(0), exact)
        return cls(exact, None if comparator in {">", ">="} else exact)

    @property
    def exact(self) -> bool:
        """Whether the result was a plain number."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Fold:
    """How many times a value is another one, from `low` to `high`; None where there is no upper bound."""

    low: float
    high: float | None


@lru_cache(maxsize=10_000)
def in_unit(value: Quantity, unit: str) -> Fraction:
    """The decimal as it was written, in a unit. Raises `IncomparableUnits`."""
    exact = Fraction(Decimal(repr(float(value.value))))
    return exact if value.unit == unit else exact * factor(value.unit, unit)


def fold(value: Amount, reference: Amount) -> Fold | None:
    """How many times `value` is `reference`; None where that has no meaning."""
    if reference.high == 0 or (reference.low == 0 and reference.high is None):
        return None
    low = _ratio(value.low, reference.high) if reference.high else 0.0
    high = None if value.high is None or reference.low == 0 else _ratio(value.high, reference.low)
    return Fold(low, high)


def _ratio(one: Fraction, other: Fraction) -> float:
    """The nearest float, as `float(one / other)` is, without the lowest terms that nobody needs."""
    return (one.numerator * other.denominator) / (one.denominator * other.numerator)


def fallen(value: Amount, reference: Amount, percent: float, least: Fraction) -> Truth:
    """Whether `value` is at least so many percent, and at least the amount `least`, under `reference`."""
    keep = 1 - Fraction(repr(float(percent))) / 100
    if value.high is not None and _under(value.high, reference.low, reference.low * keep, least):
        return Truth.TRUE
    if reference.high is not None and (value.low > reference.high * keep or reference.high - value.low < least):
        return Truth.FALSE
    return Truth.FALSE if value.exact and value == reference else Truth.UNKNOWN


def risen(value: Amount, reference: Amount, percent: float, least: Fraction) -> Truth:
    """Whether `value` is at least so many percent, and at least the amount `least`, over `reference`.

    A value under its detection limit has not risen measurably when that limit is not above the reference.
    """
    grown = 1 + Fraction(repr(float(percent))) / 100
    if reference.high is not None and _over(value.low, reference.high, reference.high * grown, least):
        return Truth.TRUE
    if value.high is not None and (value.high < reference.low * grown or value.high - reference.low < least):
        return Truth.FALSE
    # With the reference's own detection limit in place of what it was, nothing measurable has risen.
    unseen = value.low == 0 and value.high is not None and reference.high is not None and value.high <= reference.high
    return Truth.FALSE if unseen or value == reference else Truth.UNKNOWN


def _under(value: Fraction, reference: Fraction, mark: Fraction, least: Fraction) -> bool:
    return value < reference and value <= mark and reference - value >= least


def _over(value: Fraction, reference: Fraction, mark: Fraction, least: Fraction) -> bool:
    return value > reference and value >= mark and value - reference >= least
