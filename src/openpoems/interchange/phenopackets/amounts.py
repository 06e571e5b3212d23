"""Quantities: a value with its unit, its comparator and the laboratory's range, and back.

Phenopackets have no field for a comparator. `<` and its kin are read from the front of the unit's
label (`< pg/mL`), from a value that is written as a text (`"<31"`), and, by `measurements`, from
a description that repeats the value (`<31 pg/mL`).
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple, cast

from openpoems.interchange.phenopackets.shape import Block, Report, block, text
from openpoems.interchange.values import read_limit, read_number, read_quantity, read_range
from openpoems.quantities import Quantity, ucum
from openpoems.record import ReferenceRange
from openpoems.record.model import Comparator

COMPARATOR = re.compile(r"\s*(<=|>=|<|>|≤|≥)\s*")

# Of no schema; but beside a value, each may turn its meaning round.
MEANING = frozenset({"comparator", "modifier", "qualifier", "negated", "excluded"})
_HARMLESS = (False, "", "=")

_QUANTITY = frozenset({"unit", "value", "referenceRange"}) | MEANING
_RANGE = frozenset({"unit", "low", "high"})
_TERM = frozenset({"id", "label"})
_RANGE_CHARACTERS = 40


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
    result = None if number is None else read_quantity(number, unit, f"{path}.value", report.issues)
    if "referenceRange" in found:
        reference = _range(found["referenceRange"], result, unit, f"{path}.referenceRange", report)
    if number is None and isinstance(value, dict):
        report.warning(f"{path}.value", "there is no value; where it is zero, write 0")
    return beside(Amount(result, comparator, reference), found, path, report)


def beside(amount: Amount, owner: Block, path: str, report: Report) -> Amount:
    """The amount with the comparator that stands beside it; without its value where something else does."""
    if MEANING.isdisjoint(owner):
        return amount
    given = {name: owner[name] for name in sorted(MEANING & owner.keys()) if owner[name] not in _HARMLESS}
    signs = {_sign(each) for each in given.values()} | ({amount.comparator} if amount.comparator else set())
    if None in signs or len(signs) > 1:
        names = ", ".join(given)
        message = f"{names} may change the meaning of the value, which was not used; write only <, <=, > or >="
        report.error(path, message)
        return Amount(None, "", amount.reference)
    return amount._replace(comparator=signs.pop() or "") if signs else amount


def _sign(said: object) -> Comparator | None:
    match = COMPARATOR.fullmatch(said) if isinstance(said, str) else None
    return None if match is None else comparator_of(match)


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


def _range(value: object, result: Quantity | None, unit: str, path: str, report: Report) -> ReferenceRange | None:
    if isinstance(value, str):
        report.warning(path, "a range is an object with low and high; the text was read")
        return read_range(None, None, value.strip(), result, path, report.issues)
    found = block(value, _RANGE, path, report)
    if "low" not in found and "high" not in found:
        # That there was a range is kept: the laboratory said something.
        report.warning(path, "the range has no end; where one is zero, write 0")
        return ReferenceRange(text="without limits")
    own, _ = _unit(found, path, report)
    if not own and unit:
        report.warning(f"{path}.unit", "the range has no unit, and was read in that of the value")
    low, high = (_end(found, name, own or unit, path, report) for name in ("low", "high"))
    unread = ""
    if (low is None and "low" in found) or (high is None and "high" in found):
        ends = (("low", low), ("high", high))
        unread = "; ".join(f"{name}: {_shortly(found[name])}" for name, end in ends if name in found and end is None)
    return read_range(low, high, unread, result, path, report.issues)


def _shortly(value: object) -> str:
    return str(value)[:_RANGE_CHARACTERS] if isinstance(value, str | int | float) else "not readable"


def _end(found: Block, name: str, unit: str, path: str, report: Report) -> Quantity | None:
    said = found.get(name)
    if said is None:
        return None
    # The unit of the value has been reported once where it is not known.
    known = ucum(unit) or unit
    if isinstance(said, str) and (limit := read_limit(said, known, name)) is not None:
        return limit
    number = read_number(said, f"{path}.{name}", report.issues)
    return None if number is None else Quantity(number, known)
