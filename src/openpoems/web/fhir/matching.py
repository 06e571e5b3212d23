"""Whether a resource is what a search parameter asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpoems.web.fhir.moments import Range, compares, ranges_in
from openpoems.web.fhir.rendering import Resource
from openpoems.web.fhir.table import Parameter

_COMMA, _BAR = re.compile(r"(?<!\\),"), re.compile(r"(?<!\\)\|")
Alternative = tuple[str, str] | tuple[str, Range]  # system and code, or a prefix and a range


@dataclass(frozen=True, slots=True)
class Test:
    """One parameter as asked for: any of its alternatives, none of them (`not`), or whether it is there (`missing`)."""

    parameter: Parameter
    modifier: str
    alternatives: tuple[Any, ...]


def matches(resource: Resource, test: Test, now: datetime) -> bool:
    """Whether a resource passes a test."""
    found = list(_values(resource, test.parameter))
    if test.modifier == "missing":
        return (not found) is test.alternatives[0]
    if test.parameter.type == "date":
        ranges = [each for value in found for each in ranges_in(value)]
        return any(compares(prefix, each, asked, now) for each in ranges for prefix, asked in test.alternatives)
    codes = [code for value in found for code in _codes(value)]
    said = any(_is(code, asked) for code in codes for asked in test.alternatives)
    return not said if test.modifier == "not" else said


def alternatives(text: str) -> list[str]:
    """What stands between the commas of a value."""
    return _COMMA.split(text)


def token(text: str) -> tuple[str | None, str]:
    """The system (None where any will do) and the code of a token."""
    parts = [re.sub(r"\\([,|$\\])", r"\1", part) for part in _BAR.split(text, maxsplit=1)]
    return (None, parts[0]) if len(parts) == 1 else (parts[0], parts[1])


def _values(resource: Resource, parameter: Parameter) -> Iterator[Any]:
    for path in parameter.at:
        value: Any = resource
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if value is not None:
            yield from value if isinstance(value, list) else (value,)


def _codes(value: Any) -> Iterator[tuple[str, str]]:
    """System and code of a code, a Coding, a CodeableConcept or an Identifier."""
    if isinstance(value, bool):
        yield "", str(value).lower()
    elif isinstance(value, str):
        yield "", value
    elif isinstance(value, dict):
        for coding in value.get("coding", (value,)):
            yield coding.get("system", ""), str(coding.get("code", coding.get("value", "")))


def _is(code: tuple[str, str], asked: tuple[str | None, str]) -> bool:
    system, wanted = asked
    if system is not None and system != code[0]:
        return False
    return code[1] == wanted or (wanted == "" and bool(system))
