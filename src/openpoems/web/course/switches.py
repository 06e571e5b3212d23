"""The ways in which a timeline can be looked at, each an address: no script is needed to change it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext, ngettext

from openpoems.reports.timeline import Wish


@dataclass(frozen=True, slots=True)
class Choice:
    """One way, its address, and whether it is the one that is shown."""

    name: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Switch:
    """Some ways of which one is shown."""

    name: str
    choices: tuple[Choice, ...]


def wished(asked: Mapping[str, str]) -> Wish:
    """What an address asks for; what it does not understand is left out."""
    return Wish(asked.get("axis") == "days", asked.get("gaps") == "closed", asked.get("series") == "all")


def switches(wish: Wish, more: int) -> tuple[Switch, ...]:
    """The switches of a timeline on which so many series are not shown."""
    every = (
        ngettext("%d more kind of result", "%d more kinds of result", more) % more if more else gettext("All results")
    )
    found = (
        _switch(wish, gettext("Axis of time"), "since_diagnosis", gettext("Dates"), gettext("Days since diagnosis")),
        _switch(
            wish, gettext("Time without entries"), "close_gaps", gettext("Gaps as they are"), gettext("Gaps closed")
        ),
        _switch(wish, gettext("Results shown"), "everything", gettext("Main results"), every),
    )
    return found if more or wish.everything else found[:2]


def _switch(wish: Wish, name: str, field: str, off: str, on: str) -> Switch:
    value = getattr(wish, field)
    ways: tuple[tuple[str, dict[str, Any]], ...] = ((off, {field: False}), (on, {field: True}))
    return Switch(name, tuple(Choice(said, _address(replace(wish, **way)), way[field] == value) for said, way in ways))


def _address(wish: Wish) -> str:
    asked = {"axis": "days" if wish.since_diagnosis else "", "gaps": "closed" if wish.close_gaps else ""}
    asked["series"] = "all" if wish.everything else ""
    return f"?{urlencode({name: value for name, value in asked.items() if value})}#timeline"
