"""The questionnaires: data beside this file, each with its version, its pages and what a page asks for."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from openpoems.knowledge.store import knowledge
from openpoems.web.registry.scales import scales

Kind = Literal["way", "effects", "grades", "scale"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of a page of grades: a number from `low` to `high`, or one of `choices`."""

    id: str
    title: str
    measure: str
    low: int = 0
    high: int = 0
    low_says: str = ""
    high_says: str = ""
    choices: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One page; what it asks for follows from its kind. A page of a scale has the scale's id."""

    id: str
    kind: Kind
    title: str
    labels: int = 0
    agents: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One questionnaire; asked again `every_days` days after it was answered, 0 for once."""

    id: str
    version: int
    title: str
    says: str
    minutes: int
    every_days: int
    pages: tuple[Page, ...]

    def page(self, id: str) -> Page:
        """The page of that id. Raises `KeyError`."""
        return {page.id: page for page in self.pages}[id]


@cache
def questionnaires() -> dict[str, Questionnaire]:
    """Every questionnaire. Raises `KeyError` or `TypeError` where a file names what is not there."""
    return {path.stem: _read(path) for path in sorted(Path(__file__).parent.glob("*.toml"), reverse=True)}


def _read(path: Path) -> Questionnaire:
    table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return Questionnaire(path.stem, pages=tuple(_page(row) for row in table.pop("page")), **table)


def _page(row: dict[str, Any]) -> Page:
    asks = tuple(Ask(**ask) for ask in row.pop("ask", ()))
    told: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    page = Page(**told, asks=asks)
    for agent in page.agents:
        knowledge().agents[agent]
    for procedure in page.procedures:
        knowledge().procedures[procedure]
    if page.kind == "scale":
        scales()[page.id]
    return page
