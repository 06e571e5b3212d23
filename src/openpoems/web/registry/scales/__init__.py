"""Guided scales: their questions stand in the TOML files beside this one, with source and how far each was checked."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from openpoems.knowledge.model import Citation
from openpoems.knowledge.store import knowledge


@dataclass(frozen=True, slots=True)
class Grade:
    """One answer and what it counts."""

    value: int
    says: str


@dataclass(frozen=True, slots=True)
class Part:
    """One question."""

    id: str
    title: str
    grades: tuple[Grade, ...]
    help: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale whose value is the sum of its answers. `wording` says how far the words of its questions were checked."""

    id: str
    name: str
    short: str
    measure: str
    says: str
    source: Citation
    wording: Citation
    parts: tuple[Part, ...]

    @property
    def most(self) -> int:
        """The largest sum."""
        return sum(max(grade.value for grade in part.grades) for part in self.parts)


@cache
def scales() -> dict[str, Scale]:
    """Every scale, by its id. Raises `KeyError` or `TypeError` where a file is none."""
    return {path.stem: _scale(path) for path in sorted(Path(__file__).parent.glob("*.toml"))}


def _scale(path: Path) -> Scale:
    table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    shared = tuple(Grade(**row) for row in table.pop("grade", ()))
    rows = table.pop("part")
    parts = tuple(
        Part(row["id"], row["title"], tuple(Grade(**g) for g in row.get("grade", ())) or shared, row.get("help", ""))
        for row in rows
    )
    source, wording = (Citation(**table.pop(name)) for name in ("source", "wording"))
    knowledge().measures[table["measure"]]
    for cite in (source, wording):
        knowledge().references[cite.ref]
    return Scale(path.stem, source=source, wording=wording, parts=parts, **table)
