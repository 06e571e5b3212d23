"""The table of what is served (`resources.toml`)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

ParameterType = Literal["token", "date", "reference"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter: its type, the elements it looks at, and what is special about it here."""

    name: str
    type: ParameterType
    at: tuple[str, ...]
    says: str = ""


@dataclass(frozen=True, slots=True)
class Served:
    """A resource type that is served. `sort` is the date parameter by which it can be sorted, or ""."""

    kind: str
    right: str
    holds: str
    include: tuple[str, ...]
    parameters: dict[str, Parameter]
    sort: str


_ID = Parameter("_id", "token", ("id",))
_UPDATED = Parameter("_lastUpdated", "date", ("meta.lastUpdated",))


@cache
def served() -> dict[str, Served]:
    """Every resource type that is served, by its name."""
    told = tomllib.loads(Path(__file__).with_name("resources.toml").read_text("utf-8"))
    return {kind: _served(kind, row) for kind, row in told.items()}


def _served(kind: str, row: dict[str, Any]) -> Served:
    found = {name: Parameter(name, each["type"], tuple(each["at"]), each.get("says", ""))
             for name, each in row["parameters"].items()}  # fmt: skip
    common = {"_id": _ID} | ({"_lastUpdated": _UPDATED} if row.get("updated") else {})
    whose = {name: Parameter(name, "reference", ("subject", "patient")) for name in row["include"]}
    return Served(kind, row["right"], row["holds"], tuple(row["include"]), common | whose | found, row.get("sort", ""))
