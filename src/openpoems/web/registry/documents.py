"""A fact as a JSON document and back: the values of `openpoems.record`, without loss, read strictly.

Fields at their default are left out. A time is written as the record writes it: `2021-04`, `P52Y3M`, `2021..2022-03`.
"""

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from openpoems.record.model import Event, Feature, Measurement, Procedure, Treatment
from openpoems.record.time import Age, PartialDate, Span, When

RecordFact: TypeAlias = Feature | Measurement | Treatment | Procedure | Event
Document: TypeAlias = dict[str, Any]

KINDS: dict[str, type[Any]] = {
    "feature": Feature,
    "measurement": Measurement,
    "treatment": Treatment,
    "procedure": Procedure,
    "event": Event,
}
_TIMES = (PartialDate, Age, Span)
_PLAIN = (str, int, float, type(None))


class BadDocument(ValueError):
    """A stored document that is not what its kind must be; the message names the place, never the content."""


def kind_of(fact: RecordFact) -> str:
    """The kind under which a fact is stored."""
    return type(fact).__name__.lower()


def to_document(fact: RecordFact) -> Document:
    """The document of a fact. Where it stood in its source (`path`) is not part of it."""
    document: Document = _write(replace(fact, path=""))
    return document


def from_document(kind: str, document: Mapping[str, Any]) -> RecordFact:
    """The fact of a document. Raises `BadDocument`."""
    if kind not in KINDS:
        raise BadDocument("there is no such kind of fact")
    fact: RecordFact = _read(KINDS[kind], document, kind)
    return fact


def digest_of(fact: RecordFact) -> str:
    """Equal for facts that say the same, whoever says it and wherever it stood."""
    return digest_of_document(kind_of(fact), to_document(fact))


def digest_of_document(kind: str, document: Mapping[str, Any]) -> str:
    """The digest of the fact that a document holds."""
    said = {name: value for name, value in document.items() if name != "provenance"}
    text = json.dumps([kind, said], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _write(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, _TIMES):
        return str(value)
    if isinstance(value, tuple):
        return [_write(each) for each in value]
    document: Document = {}
    kind: Any = type(value)
    for name, default in _defaults(kind):
        part = getattr(value, name)
        # A default is mostly the very same object: comparing by content is slow, and comes second.
        if part is not default and part != default:
            document[name] = _write(part)
    return document


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a value with their defaults; a field that must be given has MISSING, which is equal to nothing."""
    return tuple((f.name, f.default) for f in fields(kind))


def _read(kind: Any, value: Any, path: str) -> Any:
    origin = get_origin(kind)
    if kind in _TIMES:
        return _time(value, path)
    if is_dataclass(kind):
        return _dataclass(kind, value, path)
    if origin in (Union, types.UnionType):
        return _optional(kind, value, path)
    if origin is tuple and isinstance(value, list):
        return tuple(_read(get_args(kind)[0], each, f"{path}[{i}]") for i, each in enumerate(value))
    if _is_plain(kind, value):
        return value
    raise BadDocument(f"{path}: not what stands there")


def _is_plain(kind: Any, value: Any) -> bool:
    """Whether a value is of a plain type: text, number, flag or one of some words."""
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    return type(value) is kind or (kind is float and type(value) is int)


def _optional(kind: Any, value: Any, path: str) -> Any:
    if value is None:
        return None
    choices = [choice for choice in get_args(kind) if choice is not type(None)]
    if all(choice in _TIMES for choice in choices):
        return _time(value, path)
    for choice in choices[:-1]:
        try:
            return _read(choice, value, path)
        except BadDocument:
            continue
    return _read(choices[-1], value, path)


def _dataclass(kind: Any, value: Any, path: str) -> Any:
    hints = _hints(kind)
    if not isinstance(value, Mapping) or not set(value) <= set(hints):
        raise BadDocument(f"{path}: not what stands there")
    try:
        return kind(**{name: _read(hints[name], each, f"{path}.{name}") for name, each in value.items()})
    except (TypeError, ValueError) as error:
        if isinstance(error, BadDocument):
            raise
        raise BadDocument(f"{path}: a part is missing or impossible") from None


def _time(value: Any, path: str) -> Any:
    if not isinstance(value, str):
        raise BadDocument(f"{path}: a time is written as text")
    try:
        return time_of(value)
    except ValueError:
        raise BadDocument(f"{path}: not a time") from None


def time_of(text: str) -> When:
    """A time as the record writes it. Raises `ValueError`.

    >>> str(time_of("2021..2022-03"))
    '2021..2022-03'
    """
    if ".." in text:
        start, _, end = text.partition("..")
        return Span(_point(start), _point(end))
    point = _point(text)
    if point is None:
        raise ValueError("empty")
    return point


def _point(text: str) -> PartialDate | Age | None:
    if not text:
        return None
    return Age.parse(text) if text.startswith("P") else PartialDate.parse(text)


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return {f.name: hint for f in fields(kind) for hint in [get_type_hints(kind)[f.name]]}
