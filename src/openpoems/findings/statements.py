"""Features as evidence: by their codes, else by their words; never against what their words say."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from openpoems.findings.evidence import Evidence
from openpoems.findings.view import Reading, View, not_ours
from openpoems.knowledge.index import CodeIndex, plain_words
from openpoems.language import gettext
from openpoems.logic import Truth
from openpoems.record.model import Coding, Concept, Feature


def read_feature(feature: Feature, view: View, reading: Reading) -> None:
    """Add what a feature shows, excludes or hints at."""
    if _taken_back(feature, view, reading):
        return
    index = view.knowledge.index
    codings = [c for c in feature.concept.codings if not _contradicted(c, feature, view, reading)]
    table, says = (index.excludes, Truth.FALSE) if feature.excluded else (index.shows, Truth.TRUE)
    found = dict.fromkeys(id for c in codings for id in table.get(c.id, ()))
    if not found and len(codings) == len(feature.concept.codings) and not _known(codings, index):
        found = dict.fromkeys(_by_words(feature, view, reading))
    when = view.days((feature.onset if not feature.excluded else None) or feature.on or feature.onset)
    for id in found:
        reading.add(Evidence(id, says, "stated", feature, when, label=view.label(codings)))
    if not feature.excluded:
        _hint(codings, found, feature, view, reading)


def _known(codings: Iterable[Coding], index: CodeIndex) -> bool:
    return any(coding.id in index.known or coding.id in index.measures for coding in codings)


def _hint(codings: list[Coding], found: dict[str, None], feature: Feature, view: View, reading: Reading) -> None:
    when = view.days(feature.onset or feature.on)
    for coding in codings:
        for id in view.knowledge.index.hints.get(coding.id, ()):
            if id in found:
                continue
            name = view.knowledge.findings[id].name
            told = {"code": coding.id, "name": name}
            note = gettext("the code %(code)s is broader than %(name)s: shown as a hint, not counted") % told
            reading.add(Evidence(id, Truth.UNKNOWN, "hint", feature, when, note=note, label=view.label([coding])))
            told["note"] = note
            message = gettext("%(note)s; state %(name)s itself when it was seen") % told
            reading.note("information", feature, message)


def _contradicted(coding: Coding, feature: Feature, view: View, reading: Reading) -> bool:
    """Whether the label of an HPO code names another finding than the code does: then neither is believed."""
    index = view.knowledge.index
    if not coding.label or not coding.id.startswith("HP:") or index.labels.get(coding.id) == coding.label:
        return False
    named = index.names.get(plain_words(coding.label))
    if named is None:
        return False
    meant = {*index.shows.get(coding.id, ()), *index.excludes.get(coding.id, ()), *index.hints.get(coding.id, ())}
    if named in meant:
        return False
    told = {
        "code": coding.id,
        "label": index.labels.get(coding.id) or gettext("another term"),
        "other": view.knowledge.findings[named].name,
    }
    message = gettext(
        "the code %(code)s (%(label)s) and its label, which says %(other)s, name different things: not used; "
        "correct the one that is wrong"
    )
    reading.note("error", feature, message % told)
    return True


def _by_words(feature: Feature, view: View, reading: Reading) -> Iterator[str]:
    """Read a concept without a known code by its words, where these name a finding."""
    labels = [c.label or c.id.removeprefix("OPENPOEMS:") for c in feature.concept.codings if not c.id.startswith("HP:")]
    for words in (feature.concept.text, *labels):
        id = view.knowledge.index.names.get(plain_words(words)) if words else None
        if id is not None:
            told = {"name": view.knowledge.findings[id].name}
            reading.note("information", feature, gettext("read by its words as %(name)s; add a code") % told)
            yield id
            return
    not_ours(feature.concept, "finding", feature, reading)


def _taken_back(feature: Feature, view: View, reading: Reading) -> bool:
    """Whether the words of a statement deny or doubt it; nothing is then counted, and nothing guessed."""
    for words in _own_words(feature.concept, view):
        if _doubted(words, excluded=feature.excluded):
            message = gettext(
                "its words deny or doubt it: not counted; state it as excluded, or leave the doubt to a note"
            )
            reading.note("warning", feature, message)
            return True
    return False


def _own_words(concept: Concept, view: View) -> Iterator[str]:
    """The words of a concept that are not the title of a code."""
    index = view.knowledge.index
    titles = [index.labels[c.id] for c in concept.codings if c.id in index.labels]
    for words in (concept.text, *(coding.label for coding in concept.codings)):
        known = not words or words in titles or plain_words(words) in index.names
        if not known and plain_words(words) not in map(plain_words, titles):
            yield words


@cache
def _doubted(words: str, *, excluded: bool) -> bool:
    # What is stated as excluded may well say so in words.
    data = _doubts()
    said = words.lower()
    for phrase in data["harmless"]:
        said = said.replace(phrase, " ")
    against = {*data["doubts"], *(() if excluded else data["negations"])}
    marked = any(mark in said for mark in data["marks"])
    return marked or not against.isdisjoint(re.findall(r"[^\W_]+", said))


@cache
def _doubts() -> dict[str, list[str]]:
    return tomllib.loads((files("openpoems.findings") / "doubts.toml").read_text(encoding="utf-8"))
