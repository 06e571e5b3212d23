"""What a treatment is made of: drugs and procedures, by code, by full name, or by the short name of a regimen.

A name counts only where every word of it is understood: `Dara-Rd` does, `Rd refused` and `XRd` do not. A short name
that means several things is never read, and its doubt is told.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from openpoems.knowledge.index import name_words
from openpoems.knowledge.model import Agent, ProcedureKind, Regimen
from openpoems.knowledge.store import Knowledge
from openpoems.language import gettext, told_once
from openpoems.record.model import Concept, Treatment

# What may stand beside a drug without changing which drug it is: doses, routes, rhythm, and the words that join.
_BESIDE = re.compile(
    r"\(?(\d\S*|d\d\S*|x\d+|mg|g|gy|iu|cycles?|weekly|daily|monthly|oral|iv|sc|po|intravenous|subcutaneous|capsules?|"
    r"tablets?|injection|solution|fractions?|m2|low|high|dose|first|second|tandem|induction|consolidation|maintenance|"
    r"salvage|and|plus|with|then|followed|by|protocol|regimen|therapy|treatment)[.)]*",
    re.IGNORECASE,
)
# The longest name, in words, that is looked for as one.
_LONGEST = 5


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name of a treatment means.

    `parts` are the drugs and procedures it certainly is, `mentions` those it names in any way, `doubts` what an
    ambiguous name in it could mean.
    """

    parts: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()
    doubts: tuple[str, ...] = ()


_NOTHING = Meaning()


def made_of(treatment: Treatment, knowledge: Knowledge) -> Meaning:
    """What a line of treatment is made of; the name of its regimen is in doubt only where its drugs do not tell."""
    drugs = _together(meaning(agent.drug, knowledge) for agent in treatment.agents)
    regimen = read_name(treatment.regimen, knowledge) if treatment.regimen else _NOTHING
    if drugs.parts:
        regimen = Meaning(regimen.parts, regimen.mentions)
    return _together((drugs, regimen))


def meaning(concept: Concept, knowledge: Knowledge) -> Meaning:
    """What a concept means as a treatment: by its codes, else by its words."""
    coded = frozenset(_codes(knowledge)[c.id] for c in concept.codings if c.id in _codes(knowledge))
    worded = _together(read_name(text, knowledge) for text in (concept.text, *(c.label for c in concept.codings)))
    if coded:
        return Meaning(coded | worded.parts, coded | worded.mentions)
    return worded


@told_once(maxsize=10_000)
def read_name(text: str, knowledge: Knowledge) -> Meaning:
    """Read the name of a treatment from its longest known names; with a word that is not understood nothing counts."""
    words = name_words(text)
    found: list[Meaning] = []
    understood, at = True, 0
    while at < len(words):
        length, known = _longest(words[at : at + _LONGEST], _names(knowledge))
        if known:
            found.append(known)
        elif not _BESIDE.fullmatch(words[at]):
            understood = False
        at += length
    whole = _together(found)
    if understood and not whole.doubts:
        return whole
    return Meaning(frozenset(), whole.mentions, whole.doubts if understood else ())


def _longest(words: list[str], names: dict[str, Meaning]) -> tuple[int, Meaning | None]:
    """The longest name that some words begin with, and how many of them it takes."""
    for length in range(len(words), 0, -1):
        name = " ".join(words[:length]).strip("().")
        known = names.get(f"={name}") or names.get(name.lower())
        if known:
            return length, known
    return 1, None


def _together(meanings: Iterable[Meaning]) -> Meaning:
    several = [each for each in meanings if each is not _NOTHING]
    if len(several) < 2:  # noqa: PLR2004 - one alone is itself
        return several[0] if several else _NOTHING
    return Meaning(
        frozenset().union(*(each.parts for each in several)),
        frozenset().union(*(each.mentions for each in several)),
        tuple(dict.fromkeys(doubt for each in several for doubt in each.doubts)),
    )


@cache
def _codes(knowledge: Knowledge) -> dict[str, str]:
    """The drug or procedure that each code stands for, those too broad left out; openpoems' own codes are its ids."""
    kinds: tuple[tuple[str, Agent | ProcedureKind], ...] = (*knowledge.agents.items(), *knowledge.procedures.items())
    coded = {code.id: id for id, each in kinds for code in each.codes if code.match != "broader"}
    return coded | {f"OPENPOEMS:{id}": id for id, _ in kinds}


@told_once(maxsize=None)
def _names(knowledge: Knowledge) -> dict[str, Meaning]:
    """Every name in lower case, words apart; one that is read only as written stands behind a `=`."""
    full = {id: (each.name, *each.words) for id, each in knowledge.agents.items()}
    full |= {id: (each.name,) for id, each in knowledge.procedures.items()}
    names = {_plain(word): _certain({id}) for id, several in full.items() for word in (id, *several)}
    for each in knowledge.regimens.values():
        stands_for = Meaning(doubts=(_doubt(each),)) if each.doubt else None
        stands_for = stands_for or _certain({*each.agents, *each.procedures})
        names |= {_plain(word): stands_for for word in each.words}
        names |= {f"={word}": stands_for for word in each.exact}
    return names


def _doubt(each: Regimen) -> str:
    return gettext("%(name)s may be %(meanings)s") % {"name": each.words[0], "meanings": each.doubt}


def _certain(parts: set[str]) -> Meaning:
    return Meaning(frozenset(parts), frozenset(parts))


def _plain(name: str) -> str:
    return " ".join(name_words(name)).lower()
