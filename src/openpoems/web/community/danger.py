"""Whether a text suggests danger, and where help is found (`danger.toml`): nothing is refused."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from openpoems.web.community.world import world


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A number of people who listen, in one country: whose it is, where and when it was read, how far checked."""

    country: str
    name: str
    number: str
    source: str
    verified: str
    read: date

    @property
    def place(self) -> str:
        """The country's name in the language of the page."""
        return world().name(self.country)


@dataclass(frozen=True, slots=True)
class Help:
    """The lines, that of the reader's country first, and a directory for every other country."""

    lines: tuple[HelpLine, ...]
    directory: dict[str, str]
    read: date


def suggests_danger(text: str) -> bool:
    """Whether a text has words after which help should stand beside it."""
    return _words().search(text.replace("’", "'")) is not None


def help_for(country: str = "") -> Help:
    """Where somebody of a country finds help. Raises `TypeError` where a line lacks what it must say."""
    lines = sorted(_lines(), key=lambda line: (line.country != country, line.place))
    return Help(tuple(lines), _told()["directory"], min(line.read for line in lines))


@cache
def _lines() -> tuple[HelpLine, ...]:
    return tuple(HelpLine(**row) for row in _told()["line"])


@cache
def _words() -> re.Pattern[str]:
    words = sorted(_told()["words"], key=len, reverse=True)
    return re.compile(rf"(?i)\b(?:{'|'.join(map(re.escape, words))})\b")


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
