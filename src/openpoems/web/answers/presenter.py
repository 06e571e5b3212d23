"""An answer as a page shows it: figures put in, terms marked, every claim with its numbered sources.

What is made of one version under one state of the facts is kept: it is the same for every reader.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from openpoems.knowledge.answers import Answer, Claim
from openpoems.knowledge.drawing import told
from openpoems.knowledge.evidence import Fact
from openpoems.knowledge.figures import Voice
from openpoems.knowledge.model import Citation, Reference
from openpoems.knowledge.store import knowledge
from openpoems.language import spoken
from openpoems.reports.wording import CHECKED, reference
from openpoems.web.answers.documents import read
from openpoems.web.answers.models import ORIGINAL, Translation, Version
from openpoems.web.answers.voices import voice_of
from openpoems.web.community.figures import figures
from openpoems.web.glossary.terms import term_words

_KEPT = 4096
# Words of the glossary that answers use in their everyday sense.
_EVERYDAY = frozenset(
    {
        *("alarm", "axis", "band", "confirmed", "criteria", "evidence", "excluded", "finding", "illustrative", "met"),
        *("not-met", "prognosis", "recalled", "risk", "second-hand", "series", "undetermined", "unknown", "verified"),
    }
)


@dataclass(frozen=True, slots=True)
class Source:
    """A source of an answer: its number there, in one line, the place in it, how far it was checked, where it opens."""

    number: int
    line: str
    where: str
    verified: str
    checked: str
    link: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a claim; `term` is the glossary's word that they are, or ""."""

    words: str
    term: str


@dataclass(frozen=True, slots=True)
class Line:
    """A claim: its pieces, its sources, and the weakest way in which one of them was checked."""

    pieces: tuple[Piece, ...]
    sources: tuple[Source, ...]
    weakest: str
    item: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its claims, in runs of paragraphs and lists."""

    title: str
    lines: tuple[Line, ...]

    @property
    def runs(self) -> list[tuple[bool, list[Line]]]:
        """Lines that stand together: (as a list, the lines)."""
        runs: list[tuple[bool, list[Line]]] = []
        for line in self.lines:
            if not runs or runs[-1][0] != line.item:
                runs.append((line.item, []))
            runs[-1][1].append(line)
        return runs


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole answer."""

    question: str
    also: tuple[str, ...]
    short: Line
    short_words: str
    parts: tuple[Part, ...]
    unknown: Part
    ask: tuple[str, ...]
    related: tuple[str, ...]
    sources: tuple[Source, ...]

    @property
    def text(self) -> str:
        """All its words, for the index and for comparing versions."""
        return "\n".join(self.sentences)

    @property
    def sentences(self) -> list[str]:
        """Its sentences one by one, each section's title before them."""
        lines = [self.question, self.short_words]
        for part in (*self.parts, self.unknown):
            lines += [
                *filter(None, [part.title]),
                *("".join(piece.words for piece in line.pieces) for line in part.lines),
            ]
        return [*lines, *self.ask]


def shown(told: Version | Translation) -> Shown:
    """A stored version, or a translation of one, as a page shows it now, its figures said in its own language."""
    language = told.language if isinstance(told, Translation) else ORIGINAL
    words = json.dumps(told.document, sort_keys=True)
    registry = of_the_registry() if "{registry." in words else {}
    key = hashlib.sha256(f"{spoken()}{language}{words}{sorted(registry.items())}".encode()).digest()
    return _shown(key, _Carried(told.document, knowledge().figures, registry, language))


def of_the_registry() -> dict[str, str]:
    """What the registry itself tells, as it was last published by the rules of disclosure."""
    people = figures().people
    return {"registry.people": people} if people else {}


class _Carried:
    """What a page is made of where it is not kept yet: words, and the facts, which do not change while this runs."""

    def __init__(self, document: Any, figures: dict[str, Fact], registry: dict[str, str], language: str) -> None:
        self.document, self.figures, self.registry, self.language = document, figures, registry, language

    def __hash__(self) -> int:
        return id(self.figures)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Carried) and other.figures is self.figures


@lru_cache(maxsize=_KEPT)
def _shown(words: bytes, carried: _Carried) -> Shown:
    return _Present(read(carried.document), carried.registry, voice_of(carried.language)).whole()


class _Present:
    """One answer being presented: its sources numbered as they come, each term explained once."""

    def __init__(self, answer: Answer, registry: dict[str, str], voice: Voice) -> None:
        self._answer, self._registry, self._voice = answer, registry, voice
        self._sources: dict[tuple[str, str, str], Source] = {}
        self._explained: set[str] = set()

    def whole(self) -> Shown:
        answer = self._answer
        short = self._line(answer.short)
        parts = tuple(Part(each.title, tuple(map(self._line, each.claim))) for each in answer.section)
        unknown = Part("", tuple(map(self._line, answer.unknown)))
        return Shown(
            question=answer.question,
            also=answer.also,
            short=short,
            short_words="".join(piece.words for piece in short.pieces),
            parts=parts,
            unknown=unknown,
            ask=answer.ask,
            related=answer.related,
            sources=tuple(self._sources.values()),
        )

    def _line(self, claim: Claim) -> Line:
        words = told(claim.says, knowledge().figures, self._registry, self._voice)
        item = words.startswith("- ")
        named = [self._source(knowledge().figures[name].cite) for name in claim.facts if name in knowledge().figures]
        sources = tuple(dict.fromkeys(named))
        levels = {source.verified for source in sources}
        weakest = next((level for level in ("none", "secondary") if level in levels), "primary")
        return Line(self._pieces(words.removeprefix("- ")), sources, weakest, item)

    def _source(self, cite: Citation) -> Source:
        key = (cite.ref, cite.where, cite.verified)
        if key not in self._sources:
            known, number = knowledge().references[cite.ref], len(self._sources) + 1
            checked = CHECKED[cite.verified]
            self._sources[key] = Source(number, reference(known), cite.where, cite.verified, checked, link_to(known))
        return self._sources[key]

    def _pieces(self, words: str) -> tuple[Piece, ...]:
        pieces, at = [], 0
        for match in _any_term().finditer(words):
            term = term_words()[match[0].casefold()]
            if term not in self._explained:
                self._explained.add(term)
                pieces += [Piece(words[at : match.start()], ""), Piece(match[0], term)]
                at = match.end()
        return tuple(piece for piece in (*pieces, Piece(words[at:], "")) if piece.words)


def link_to(source: Reference) -> str:
    """Where a source opens; nowhere as long as its identifiers are only recalled."""
    if source.identifiers == "none":
        return source.url
    if source.doi:
        return f"https://doi.org/{source.doi}"
    return f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/" if source.pmid else source.url


@lru_cache(maxsize=1)
def _any_term() -> "re.Pattern[str]":
    """Any word that the glossary explains, the longest first."""
    named = (word for word, id in term_words().items() if len(word) > 2 and id not in _EVERYDAY)  # noqa: PLR2004 - PR
    words = sorted(named, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-]|\.\w)", re.IGNORECASE)
