"""What in a text could tell who somebody is: shown to the writer before a story goes out. Nothing leaves this machine.

It finds too much rather than too little: a capital in the middle of a sentence may be a name. The writer decides.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from openpoems.knowledge.store import knowledge
from openpoems.web.community.world import world

KINDS = {
    "address": _("an e-mail or web address"),
    "phone": _("perhaps a telephone number"),
    "date": _("an exact date"),
    "name": _("perhaps a name"),
    "place": _("perhaps a place"),
}
_EMAIL = r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+"
_WEB = r"(?:https?://|www\.)\S{3,200}"
_PHONE = r"(?<![\w-])\+?\(?\d(?:[ ().\-/]{0,2}\d){7,14}(?!\w)"
_CAPITAL = r"[^\W\d_a-zà-ÿ][^\W\d_]{0,30}(?:['’-][^\W\d_]{1,30}){0,3}"
_NAME = rf"{_CAPITAL}(?: (?:de|van|von|der|del|la) {_CAPITAL}| {_CAPITAL}){{0,3}}"


@dataclass(frozen=True, slots=True, repr=False)
class Piece:
    """A part of a text: plain where `kind` is "", else of one of `KINDS`. All pieces together are the text."""

    text: str
    kind: str = ""


def pieces(text: str) -> list[Piece]:
    """The text cut into what is plain and what the writer should look at."""
    found, at = [], 0
    for start, end, kind in sorted(_found(text), key=lambda span: (span[0], -span[1])):
        if start < at:
            continue
        if start > at:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], kind))
        at = end
    if at < len(text):
        found.append(Piece(text[at:]))
    return found


def suggests_danger(text: str) -> bool:
    """Whether a text has words after which help should stand beside it."""
    return _danger().search(text) is not None


@cache
def help_link() -> dict[str, str]:
    """Where help is found: a name and an address."""
    found: dict[str, str] = _read("danger.toml")["help"]
    return found


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    for kind, pattern in _patterns():
        for match in pattern.finditer(text):
            start, end = match.span((pattern.groups and match.lastindex) or 0)
            if kind not in ("name", "place") or not _is_known(text[start:end]):
                yield start, end, kind


def _is_known(words: str) -> bool:
    return all(word.strip("'’").casefold() in _known() for word in words.split())


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    told = _read("identifying.toml")
    months, near, houses = _any(told["months"]), _any(told["near"]), _any(told["houses"])
    titles, before = _any(told["titles"]), _any([*told["called"], *told["relatives"]])
    places = _any([name for country in world().countries.values() for name in country.names.values()])
    return (
        ("address", re.compile(f"{_EMAIL}|{_WEB}")),
        ("date", re.compile(r"(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?!\d)")),
        ("date", re.compile(rf"(?i)\b\d{{1,2}}(?:st|nd|rd|th)? (?:of |de )?(?:{months})\b(?:,? (?:de )?\d{{4}})?")),
        ("date", re.compile(rf"(?i)\b(?:{months}) \d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,? \d{{4}})?")),
        ("phone", re.compile(_PHONE)),
        ("name", re.compile(rf"\b(?:{titles})\.? {_NAME}")),
        ("name", re.compile(rf"(?i:\b(?:{before})),? ({_NAME})")),
        ("place", re.compile(rf"(?<!\w)(?:{_CAPITAL} ){{0,3}}(?:{houses})(?: (?:of |de |del |for )?{_NAME})?\b")),
        ("place", re.compile(rf"\b(?:{places})\b")),
        ("place", re.compile(rf"(?<!\w)(?i:{near}) (?:the )?({_NAME})")),
        ("name", re.compile(rf"(?<=[^\s.!?:;…»\"”\n]\s)({_NAME})")),
    )


@cache
def _danger() -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:{_any(_read('danger.toml')['words'])})\b")


@cache
def _known() -> frozenset[str]:
    """Words that have a capital and tell nothing: of the disease, its drugs and tests, and of every day."""
    known = knowledge()
    names = [item.name for table in (known.agents, known.measures, known.findings) for item in table.values()]
    words = [word for name in names for word in re.findall(r"[^\W\d_]+", name)]
    told = _read("identifying.toml")
    return frozenset(word.casefold() for word in (*words, *told["known"], *told["months"]))


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))
