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
    "number": _("perhaps the number of a document"),
    "date": _("an exact date"),
    "name": _("perhaps a name"),
    "place": _("perhaps a place"),
}
_EMAIL = r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+"
_DOT = r"(?:\.| ?[(\[]?(?:dot|punto)[)\]]? ?)"
_SPELT = rf"(?i:[\w.+-]{{1,64}} ?[(\[](?:at|arroba)[)\]] ?[\w-]{{1,64}}(?:{_DOT}[\w-]{{1,64}}){{1,4}})"
_HANDLE = r"(?<![\w@.])@\w(?:[\w.]{0,38}\w)"
_WEB = r"(?:https?://|www\.)\S{3,200}"
_PHONE = r"(?<![\w-])\+?\(?\d(?:[ ().\-/]{0,2}\d){7,14}(?!\w)|(?<![\w-])\d{3}-\d{4}(?![\w-])"
_NUMBER = r"\b[A-Z]{1,3}[ -]?\d{7,10}[A-Z]?\b|\b\d{7,8}[ -]?[A-Z]\b"
_POSTCODE = r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b\d{5}(?= [^\W\d_a-zà-ÿ][^\W\d_]{2})"
_CAPITAL = r"[^\W\d_a-zà-ÿ][^\W\d_]{0,30}(?:['’-][^\W\d_]{1,30}){0,3}(?!\w)"
_BETWEEN = r"(?: (?:de|del|la|las|los|y|e|van|von|der|den|da|do|dos|di|du|le)){0,2}"
_NAME = rf"(?:St\.? )?(?:[A-Z]\. ?){{0,3}}{_CAPITAL}(?:{_BETWEEN} (?:{_CAPITAL}|[A-Z]\.)){{0,4}}"
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True, repr=False)
class Piece:
    """A part of a text: plain where `kind` is "", else of one of `KINDS`. All pieces together are the text."""

    text: str
    kind: str = ""


def pieces(text: str) -> list[Piece]:
    """The text cut into what is plain and what the writer should look at."""
    found, at = [], 0
    spans = list(_found(text))
    spans += _again(text, spans)
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < at:
            continue
        if start > at:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], kind))
        at = end
    if at < len(text):
        found.append(Piece(text[at:]))
    return found


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    for kind, pattern in _patterns():
        for match in pattern.finditer(text):
            start, end = match.span((pattern.groups and match.lastindex) or 0)
            if kind not in ("name", "place") or not _is_known(text[start:end]):
                yield start, end, kind


def _again(text: str, spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Where a name or a place that was found stands once more, such as at the beginning of a sentence."""
    kinds = {
        word: kind
        for at, end, kind in spans
        if kind in ("name", "place")
        for word in _WORD.findall(text[at:end])
        if word[0].isupper() and not _is_known(word)
    }
    if not kinds:
        return []
    found = re.finditer(rf"\b(?:{_any(list(kinds))})\b", text)
    return [(*match.span(), kinds[match.group()]) for match in found]


def _is_known(words: str) -> bool:
    parts = (re.sub(r"['’]s$", "", part.strip("'’.")) for part in re.split(r"[\s-]+", words))
    return all(part.casefold() in _known() for part in parts)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    told = _read("identifying.toml")
    any_of = {name: _any(words) for name, words in told.items()}
    before = _any([*told["called"], *told["relatives"]])
    places = _any([name for country in world().countries.values() for name in country.names.values()])
    found = (
        ("address", f"{_EMAIL}|{_WEB}|{_SPELT}|{_HANDLE}"),
        ("number", _NUMBER),
        ("place", _POSTCODE),
        *(("date", pattern) for pattern in _dates(any_of)),
        ("phone", _PHONE),
        ("name", rf"\b(?:{any_of['titles']})\.? {_NAME}"),
        ("name", rf"(?i:\b(?:{any_of['short_titles']})\.? )[^\W\d_]{{2,30}}"),
        ("name", rf"(?i:\b(?:{before})),? ({_NAME})"),
        (
            "place",
            rf"(?<!\w)(?:{_CAPITAL} ){{0,3}}(?:{any_of['houses']})(?: (?:of |de |del |for )?{_NAME})?(?:,? \d+)?\b",
        ),
        ("place", rf"\b(?:{places})\b"),
        ("place", rf"(?<!\w)(?i:{any_of['near']}) (?:the )?({_NAME})"),
        ("name", rf"(?<=[^\s.!?:;…»\"”\n]\s)({_NAME})"),
    )
    return tuple((kind, re.compile(pattern)) for kind, pattern in found)


def _dates(any_of: dict[str, str]) -> Iterator[str]:
    """Exact dates: in figures, with the month's name before or after, and with the day in words."""
    months, short, days = any_of["months"], any_of["short_months"], any_of["days"]
    number, year = r"\d{1,2}(?:st|nd|rd|th)?(?!\d)", r"(?:,? (?:de )?\d{4}(?!\d))?"
    yield r"(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?!\d)"
    yield rf"(?i)\b(?:{number}|{days}) (?:of |de )?(?:{months})\b{year}"
    yield rf"(?i)\b(?:{months}) (?:the )?(?:{number}|{days}\b){year}"
    yield rf"(?i)\b{number}[ -](?:{short}|{months})\b\.?(?:[ -]\d{{2,4}}(?!\d))?"
    yield rf"(?i)\b(?:{short})\.? {number}{year}"


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
