"""Quantities with UCUM units: exact conversion within a dimension, and nothing else.

The factors stand in `units.toml` with their source. Two units are comparable only when both are in the same table;
mass and amount of substance, or two arbitrary units, are never converted into each other.
"""

import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from openpoems.language import gettext


class IncomparableUnits(ValueError):
    """Two units between which no exact conversion is known."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value and its unit: a UCUM code where the unit is known, else the text as it was reported.

    >>> Quantity(1.04, "ng/mL").to("pg/mL")
    Quantity(value=1040.0, unit='pg/mL')
    """

    value: float
    unit: str

    def to(self, unit: str) -> "Quantity":
        """Express the quantity in another unit. Raises `IncomparableUnits` where that is not exact."""
        if unit == self.unit:
            return self
        return Quantity(float(_exact(self.value) * factor(self.unit, unit)), unit)


def compare(one: Quantity, other: Quantity) -> int:
    """Compare exactly: -1, 0 or 1. Raises `IncomparableUnits`.

    >>> compare(Quantity(0.0962, "ng/mL"), Quantity(96.2, "pg/mL"))
    0
    """
    if one.unit == other.unit:
        return (one.value > other.value) - (one.value < other.value)
    left, right = _exact(one.value) * factor(one.unit, other.unit), _exact(other.value)
    return (left > right) - (left < right)


@cache
def factor(unit: str, into: str) -> Fraction:
    """What a value in `unit` is multiplied by to be in `into`. Raises `IncomparableUnits`."""
    table = _units()
    if unit == into and unit:
        return Fraction(1)
    if unit not in table or into not in table or table[unit][0] != table[into][0]:
        told = {"unit": unit or gettext("no unit"), "into": into or gettext("no unit")}
        raise IncomparableUnits(gettext("no exact conversion from %(unit)s to %(into)s") % told)
    return table[unit][1] / table[into][1]


@cache
def ucum(text: str) -> str | None:
    """Read a unit as people write it and return its UCUM code, or None when it is not known.

    >>> ucum("x10^9/L"), ucum("pg/ml"), ucum("furlongs")
    ('10*9/L', 'pg/mL', None)
    """
    written = text.strip()
    if written in _units():
        return written
    if any(written in texts for texts in _data()["ambiguous"].values()):
        return None
    return _spellings().get(_squash(written))


def dimension(unit: str) -> str | None:
    """Name the dimension a unit belongs to, or None when the unit is not known."""
    known = _units().get(unit)
    return known[0] if known else None


def convertible(unit: str) -> tuple[str, ...]:
    """Every unit that converts exactly into this one, itself included; nothing for a unit that is not known.

    >>> convertible("Gy")
    ('Gy', 'cGy')
    """
    kind = dimension(unit)
    return tuple(each for each, (name, _) in _units().items() if name == kind)


def _exact(value: float) -> Fraction:
    # The decimal a person wrote, not the binary number nearest to it: 0.0962 ng/mL is 96.2 pg/mL.
    return Fraction(repr(value))


def _squash(text: str) -> str:
    return text.replace(" ", "").replace("µ", "u").replace("μ", "u").lower()


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("openpoems") / "units.toml").read_text(encoding="utf-8"))


@cache
def _units() -> dict[str, tuple[str, Fraction]]:
    return {
        unit: (name, Fraction(size)) for name, units in _data()["dimension"].items() for unit, size in units.items()
    }


@cache
def _spellings() -> dict[str, str]:
    spellings = {_squash(unit): unit for unit in _units()}
    if len(spellings) != len(_units()):
        raise ValueError("units.toml: two units differ only in case; name the spellings apart")
    for unit, written in _data()["spelling"].items():
        spellings.update({_squash(each): unit for each in written})
    return spellings
