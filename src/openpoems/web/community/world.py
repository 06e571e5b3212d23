"""The countries and parts of the world that a member can choose, and their outlines (see `tools/world.py`)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its two letters; `part` is the part of the world it lies in, `path` its outline where it has one."""

    code: str
    names: dict[str, str]
    part: str
    path: str


@dataclass(frozen=True, slots=True)
class World:
    """Everything that the map draws; `size` is that of the drawing."""

    size: tuple[int, int]
    countries: dict[str, Country]
    parts: dict[str, dict[str, str]]

    def name(self, place: str) -> str:
        """The name of a country or a part of the world in the language of the page; "" for none."""
        names = self.countries[place].names if place in self.countries else self.parts.get(place, {})
        return names.get((get_language() or "en")[:2], names.get("en", ""))

    def choices(self) -> list[tuple[str, str]]:
        """The countries for a form, by name."""
        return sorted(((code, self.name(code)) for code in self.countries), key=lambda pair: pair[1])


@cache
def world() -> World:
    """The world as the file has it."""
    told = json.loads(Path(__file__).with_name("world.json").read_text("utf-8"))
    countries = {
        code: Country(code, {"en": row["en"], "es": row["es"]}, row["part"], row.get("path", ""))
        for code, row in told["countries"].items()
    }
    return World(tuple(told["size"]), countries, told["parts"])
