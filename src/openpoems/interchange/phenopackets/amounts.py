"""Quantities: a value with its unit, its comparator and the laboratory's range, and back.

Phenopackets have no field for a comparator. `<` and its kin are read from the front of the unit's
label (`< pg/mL`), from a value that is written as a text (`"<31"`), and, by `measurements`, from
a description that repeats the value (`<31 pg/mL`).
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple, cast

from openpoems.interchange.phenopackets.shape import Block, Report, block, text
from openpoems.interchange.values import read_number, read_quantity
from openpoems.quantities import Quantity, ucum
from openpoems.record import ReferenceRange
from openpoems.record.model import Comparator

COMPARATOR = re.compile(r"\s*(<=|>=|<|>|≤|≥)\s*")

_QUANTITY = frozenset({"unit", "value", "referenceRange"})
_RANGE = frozenset({"unit", "low", "high"})
_TERM = frozenset({"id", "label"})


class Amount(NamedTuple):
    """What a quantity says: its value, `<` and its kin, and the range that came with it."""

    value: Quantity | None
    comparator: Comparator
    reference: ReferenceRange | None


def read_amount(value: object, path: str, report: Report) -> Amount:
    """Read a quantity."""
    found = block(value, _QUANTITY, path, report)
    unit, comparator = _unit(found, path, report)
    number = found.get("value")
    if isinstance(number, str) and (match := COMPARATOR.match(number)):
        comparator, number = comparator_of(match), number[match.end() :]
        report.warning(f"{path}.value", "a value is a number; the sign in front was read apart")
    reference = None
    if "referenceRange" in found:
        reference = _range(found["referenceRange"], unit, f"{path}.referenceRange", report)
    if number is None:
        if isinstance(value, dict):
            report.warning(f"{path}.value", "there is no value; where it is zero, write 0")
        return Amount(None, comparator, reference)
    return Amount(read_quantity(number, unit, f"{path}.value", report.issues), comparator, reference)


def comparator_of(match: re.Match[str]) -> Comparator:
    """The comparator a text begins with."""
    return cast(Comparator, match[1].replace("≤", "<=").replace("≥", ">="))


def write_amount(value: Quantity, reference: ReferenceRange | None = None) -> dict[str, Any]:
    """Write a quantity, with a range in its unit."""
    written: dict[str, Any] = {"unit": _write_unit(value.unit), "value": value.value}
    ends = {} if reference is None else {"low": reference.low, "high": reference.high}
    given = {name: end for name, end in ends.items() if end is not None}
    units = {end.unit for end in given.values()}
    if len(units) == 1:
        bounds = {name: end.value for name, end in given.items()}
        written["referenceRange"] = {"unit": _write_unit(units.pop()), **bounds}
    return written


def _write_unit(unit: str) -> dict[str, str]:
    return {"id": f"UCUM:{unit}", "label": unit} if ucum(unit) == unit else {"label": unit}


def _unit(owner: Block, path: str, report: Report) -> tuple[str, Comparator]:
    found = owner.get("unit")
    if found is None:
        return "", ""
    if isinstance(found, dict) and len(found) == len(_TERM):  # nearly all: read in one step
        code, label = found.get("id"), found.get("label")
        if isinstance(code, str) and isinstance(label, str):
            return _known_unit(code.strip(), label.strip())
    place = f"{path}.unit"
    if isinstance(found, str):
        report.warning(place, 'a unit is a term such as {"id": "UCUM:g/L"}; its text was read')
        return _known_unit("", found.strip())
    unit = block(found, _TERM, place, report)
    return _known_unit(text(unit, "id", place, report), text(unit, "label", place, report))


@lru_cache(maxsize=2048)
def _known_unit(code: str, label: str) -> tuple[str, Comparator]:
    match = COMPARATOR.match(label)
    comparator: Comparator = comparator_of(match) if match else ""
    spelled = label[match.end() :] if match else label
    prefix, colon, rest = code.partition(":")
    bare = rest if colon and prefix.upper() == "UCUM" else code
    for written in (bare, spelled):
        if written and ucum(written) is not None:
            return written, comparator
    return (bare if bare != code else spelled or code), comparator


def _range(value: object, unit: str, path: str, report: Report) -> ReferenceRange | None:
    found = block(value, _RANGE, path, report)
    if "low" not in found and "high" not in found:
        if isinstance(value, dict):
            report.warning(path, "the range has no end; where one is zero, write 0")
        return None
    own, _ = _unit(found, path, report)
    if not own and unit:
        report.warning(f"{path}.unit", "the range has no unit, and was read in that of the value")
    low, high = (_end(found, name, own or unit, path, report) for name in ("low", "high"))
    if low is not None and high is not None and high.value <= low.value:
        # Protobuf's zeros again: a printed default is no laboratory's limit.
        report.warning(path, "the range does not end above its beginning, and was not used")
        return None
    return ReferenceRange(low, high) if low or high else None


def _end(found: Block, name: str, unit: str, path: str, report: Report) -> Quantity | None:
    if name not in found:
        return None
    number = read_number(found[name], f"{path}.{name}", report.issues)
    if number is None:
        return None
    # The unit of the value has been reported once where it is not known.
    return Quantity(number, ucum(unit) or unit)
