"""What Phenopackets have no field for: kept word for word in one external reference,
`openpoems:rest`.

The writer reads each entry back as it would come out of protobuf (which leaves out zeros) and
keeps here the fields that came back otherwise: a laboratory, an assay, a partial date, a second
code. They are found again by the content of the entry, so that a file may be sorted or trimmed by
others; an entry that was changed since is read as it now stands, and its rest is reported.
"""

import json
from dataclasses import MISSING, fields, is_dataclass, replace
from functools import cache
from hashlib import blake2b
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from openpoems.interchange.phenopackets.shape import Report, camel
from openpoems.record import (
    Age,
    Event,
    Feature,
    Measurement,
    PartialDate,
    PatientRecord,
    Procedure,
    Span,
    Treatment,
)

ID = "openpoems:rest"
COVERED: dict[str, Any] = {"covered": True}
"""The rest of an entry that only repeats for others what the rest of another entry says."""

_TIMES = (PartialDate, Age, Span)
_DEEPEST = 12
_T = TypeVar("_T", bound=Feature | Measurement | Treatment | Procedure | Event | PatientRecord)


class Rests:
    """The rests of one document, each waiting for its entry."""

    __slots__ = ("_entries", "facts")

    def __init__(self, written: object) -> None:
        """Take a rest as it was written. Raises `ValueError` where it is none."""
        found = json.loads(written) if isinstance(written, str) else None
        if not isinstance(found, dict):
            raise ValueError("not an object")
        entries, facts = found.get("entries", {}), found.get("facts", {})
        if not isinstance(entries, dict) or not isinstance(facts, dict):
            raise ValueError("not entries and facts")
        lists = [*entries.values(), *facts.values()]
        if not all(isinstance(each, list) for each in lists):
            raise ValueError("not lists")
        self._entries: dict[str, list[Any]] = entries
        self.facts: dict[str, list[Any]] = facts

    def take(self, entry: object) -> object:
        """The rest of an entry, once; None where there is none."""
        waiting = self._entries.get(fingerprint(entry))
        return waiting.pop(0) if waiting else None

    def waiting(self) -> int:
        """How many rests have found no entry."""
        return sum(len(each) for each in self._entries.values())


def plain(value: Any, depth: int = 0) -> Any:
    """A JSON value as protobuf would print it: without zeros, empty texts, lists and objects."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        kept = ((camel(str(name)), plain(each, depth + 1)) for name, each in value.items())
        return {name: each for name, each in kept if not _left_out(each)}
    if isinstance(value, list):
        return [plain(each, depth + 1) for each in value]
    return value


def fingerprint(entry: object) -> str:
    """A short name for the content of an entry, the same however protobuf prints it."""
    text = json.dumps(_floats(plain(entry)), sort_keys=True, ensure_ascii=True)
    return blake2b(text.encode("ascii"), digest_size=9).hexdigest()


def printings(entry: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """An entry as it may come back: as it is, without any zeros, and with every zero printed."""
    return entry, plain(entry), _printed(entry)


def difference(fact: Any, *backs: Any) -> dict[str, Any]:
    """The fields of a fact that came back otherwise in any of its printings, as JSON."""
    return {
        each.name: encode(getattr(fact, each.name))
        for each in fields(fact)
        if each.compare and any(getattr(fact, each.name) != getattr(back, each.name) for back in backs)
    }


def completed(fact: _T, rest: object, path: str, report: Report) -> _T:
    """The fact with its rest. A rest that is damaged is a warning."""
    if rest is None:
        return fact
    try:
        if not isinstance(rest, dict):
            raise ValueError("not an object")
        kind: Any = type(fact)
        hints = _hints(kind)
        known = {name: decode(hints[name], each) for name, each in rest.items()}
    except (KeyError, ValueError):
        report.warning(path, f"what {ID} adds to this entry is damaged, and was not used")
        return fact
    return replace(fact, **known)


def encode(value: Any) -> Any:
    """A value of the record as JSON; of a fact, the fields that are not at their default."""
    if isinstance(value, _TIMES):
        return str(value)
    if isinstance(value, tuple):
        return [encode(each) for each in value]
    if not is_dataclass(value):
        return value
    return {
        each.name: encode(getattr(value, each.name))
        for each in fields(value)
        if each.compare and (each.default is MISSING or getattr(value, each.name) != each.default)
    }


def decode(kind: Any, value: Any) -> Any:
    """Read what `encode` wrote. Raises `ValueError` where it is not of that kind."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _decode_union(inner, value)
    if origin is tuple and isinstance(value, list):
        return tuple(decode(inner[0], each) for each in value)
    if kind in _TIMES and isinstance(value, str):
        return _decode_time(kind, value)
    if is_dataclass(kind) and isinstance(value, dict):
        return _decode_fact(kind, value)
    return _decode_plain(kind, value)


def _decode_plain(kind: Any, value: Any) -> Any:
    if kind is float and type(value) in (int, float) and isfinite(value):
        return float(value)
    if get_origin(kind) is Literal and value in get_args(kind):
        return value
    if kind in (str, int, bool) and type(value) is kind:
        return value
    raise ValueError("not of the kind that belongs here")


def _decode_union(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None and NoneType in kinds:
        return None
    for kind in kinds:
        try:
            return decode(kind, value)
        except ValueError:
            continue
    raise ValueError("not of the kind that belongs here")


def _decode_time(kind: Any, value: str) -> Any:
    if kind is not Span:
        return kind.parse(value)
    start, dots, end = value.partition("..")
    if not dots or not (start or end):
        raise ValueError("not a span")
    ends = (decode(PartialDate | Age, each) if each else None for each in (start, end))
    return Span(*ends)


def _decode_fact(kind: Any, value: dict[str, Any]) -> Any:
    hints = _hints(kind)
    try:
        return kind(**{name: decode(hints[name], each) for name, each in value.items()})
    except (KeyError, TypeError):
        raise ValueError("not the fields of this kind") from None


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind) if each.compare}


def _left_out(value: Any) -> bool:
    if isinstance(value, str):
        return not value or value.startswith("UNKNOWN_")
    return not value


def _printed(value: Any) -> Any:
    if isinstance(value, list):
        return [_printed(each) for each in value]
    if not isinstance(value, dict):
        return value
    printed = {name: _printed(each) for name, each in value.items()}
    if "referenceRange" in printed:
        printed["referenceRange"] = {"low": 0.0, "high": 0.0} | printed["referenceRange"]
    return printed


def _floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _floats(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_floats(each) for each in value]
    if isinstance(value, int):
        return repr(float(value)) if abs(value) < 2**53 else "large"
    return repr(value) if isinstance(value, float) else value
