"""Prove the evidence and the answers: every claim has its source, every figure is drawn, every link leads somewhere."""

import re
from collections.abc import Iterator, Mapping

import msgspec

from openpoems.knowledge.answers import LONGEST_SHORT_ANSWER, Answer
from openpoems.knowledge.drawing import told, undrawn
from openpoems.knowledge.figures import ENGLISH
from openpoems.knowledge.places import Places
from openpoems.knowledge.store import Knowledge
from openpoems.quantities import ucum

# A digit that follows a letter belongs to a name: CD38, B12, NCT04396496.
_TYPED_FIGURE = re.compile(r"(?<![A-Za-z\d-])\d")

# In the languages in which answers are written. "One" is left out, as a pronoun, and the Spanish "once", as English.
_TYPED_NUMBER = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|dozen|half"
    r"|twice|thrice|percent|(?:one|an?) (?:day|week|month|year)"
    r"|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|quince|veinte|treinta|cien|ciento|mil|docena|mitad"
    r"|un (?:día|mes|año)|una semana)\b",
    re.IGNORECASE,
)

_PROVED_ELSEWHERE = ("cutoff.", "delay.", "edition.", "often.")


def parts_of_evidence(known: Knowledge) -> Iterator[tuple[str, str, msgspec.Struct]]:
    """Every part of the evidence that cites something, with its file and table."""
    evidence = known.evidence
    tables: dict[str, Mapping[str, msgspec.Struct]] = {
        "evidence/facts/": evidence.facts,
        "evidence/cohorts.toml": evidence.cohorts,
        "evidence/studies.toml": evidence.studies,
        "evidence/assays.toml": evidence.assays,
        "evidence/trials.toml": evidence.trials,
        "evidence/series.toml": evidence.series,
    }
    for file, table in tables.items():
        yield from ((file, id, part) for id, part in table.items())


def _evidence(known: Knowledge, places: Places) -> Iterator[str]:
    for id, study in known.evidence.studies.items():
        place = places.find("evidence/studies.toml", id)
        for agent in set(study.agents) - known.agents.keys():
            yield f"{place}: the study {id} names the drug {agent}, which is not defined"
        for procedure in set(study.procedures) - known.procedures.keys():
            yield f"{place}: the study {id} names the procedure {procedure}, which is not defined"
    for id, series in known.evidence.series.items():
        for each in series.occurrence:
            if each.finding not in known.findings:
                place = places.find("evidence/series.toml", id, each.finding)
                yield f"{place}: the series {id} names the finding {each.finding}, which is not defined"


def _figures(known: Knowledge, places: Places) -> Iterator[str]:
    for id, fact in known.figures.items():
        if id.startswith(_PROVED_ELSEWHERE):
            continue
        place = places.find("evidence/", id.partition(".")[0])
        if fact.unit and fact.unit not in ENGLISH.units and ucum(fact.unit) != fact.unit:
            yield f"{place}: the fact {id} is in {fact.unit!r}, which is no unit of units.toml"
        if (fact.low is None) != (fact.high is None):
            yield f"{place}: the fact {id} has one end of a range and not the other"
        elif fact.low is not None and fact.high is not None and not _ordered(fact.low, fact.value, fact.high):
            yield f"{place}: the fact {id} has a value outside its own range"


def _ordered(low: float, value: float | None, high: float) -> bool:
    return low <= (low if value is None else value) <= high


def _answers(known: Knowledge, places: Places) -> Iterator[str]:
    for slug, answer in known.answers.items():
        file = f"answers/{slug}.toml"
        yield from (f"{places.find(file, quoted=word)}: {wrong}" for word, wrong in problems(slug, answer, known))
        for other in answer.related:
            if other == slug or other not in known.answers:
                yield f"{places.find(file, quoted=other)}: {slug} relates to {other}, which is no other answer"


def problems(slug: str, answer: Answer, known: Knowledge) -> Iterator[tuple[str, str]]:
    """What is wrong with an answer in itself: a word of the place, and a sentence."""
    for claim in answer.claims:
        start = claim.says[:40]
        for name in claim.facts:
            if name not in known.figures:
                yield name, f"{slug} rests on the fact {name}, which nobody has told"
        if not claim.facts:
            yield start, f"{slug} claims {start!r} and names no fact for it"
    for words in _all_words(answer):
        if found := _TYPED_FIGURE.search(undrawn(words)) or _TYPED_NUMBER.search(undrawn(words)):
            near = undrawn(words)[max(0, found.start() - 20) :][:40]
            yield words[:40], f"{slug} types a figure in {near!r}: draw it from a fact"
    yield from _left_out(slug, answer, known)


def _all_words(answer: Answer) -> Iterator[str]:
    yield from (answer.question, *answer.also, *answer.ask)
    yield from (section.title for section in answer.section)
    yield from (claim.says for claim in answer.claims)


def _left_out(slug: str, answer: Answer, known: Knowledge) -> Iterator[tuple[str, str]]:
    if all(name in known.figures for name in answer.short.facts):
        words = len(told(answer.short.says, known.figures).split())
        if words > LONGEST_SHORT_ANSWER:
            yield "", f"the short answer of {slug} has {words} words; {LONGEST_SHORT_ANSWER} are the most"
    if not answer.unknown:
        yield "", f"{slug} does not say what is not known"
    if not answer.ask:
        yield "", f"{slug} does not say what to ask the team"


RULES_OF_ANSWERS = (_evidence, _figures, _answers)
