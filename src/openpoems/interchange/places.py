"""Where a fact or an issue stands in what a user gave: the line or the element, and below it the path within."""

import re
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import cache
from operator import attrgetter
from typing import Any, TypeAlias

from openpoems.errors import Issue
from openpoems.record.model import PatientRecord

Reading: TypeAlias = tuple[PatientRecord, tuple[Issue, ...]]

_ELEMENT = re.compile(r"\[(\d+)\]")


def below(place: str, path: str) -> str:
    """A path within a place."""
    joint = ": " if "line " in place and ": " not in place else "."
    return f"{place}{joint}{path}" if place else path


def numbered(path: str, places: Sequence[str]) -> str:
    """A path that begins with the number of a document (`[2].status`), with that document's own place instead."""
    match = _ELEMENT.match(path)
    if match is None or int(match[1]) >= len(places):
        return path
    place = places[int(match[1])]
    rest = path[match.end() :]
    return below(place, rest.lstrip(" .")) if rest.strip(" .") else place


def moved(reading: Reading, move: Callable[[str], str]) -> Reading:
    """The same reading, with the place of each fact and issue as `move` tells it."""
    record, issues = reading
    facts: dict[str, Any] = {
        name: tuple(_at(each, move(each.path)) for each in getattr(record, name))
        for name in ("features", "measurements", "treatments", "procedures", "events")
    }
    return replace(record, **facts), tuple(replace(each, path=move(each.path)) for each in issues)


def _at(fact: Any, path: str) -> Any:
    # As `dataclasses.replace`, which takes a large part of the time of reading many packets.
    kind: Any = type(fact)
    return kind(*_content(kind)(fact), path=path)


@cache
def _content(kind: Any) -> Callable[[object], tuple[Any, ...]]:
    return attrgetter(*(each.name for each in fields(kind) if each.name != "path"))
