"""What is said of the published cases in another language: every sentence of ours is in it, and nothing else changes."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

import msgspec
import pytest

from openpoems.criteria.assess import assess
from openpoems.interchange.sources import read_source
from openpoems.knowledge.store import knowledge
from openpoems.knowledge.words import worded
from openpoems.language import DOMAIN, ENGLISH, LOCALE, languages, speaking
from openpoems.reports.document import encode
from openpoems.reports.full import full
from openpoems.reports.html import html
from openpoems.reports.text import text
from openpoems.response.respond import respond

ROOT = Path(__file__).resolve().parents[2]
CASES = [*sorted((ROOT / "tests" / "cases").glob("*.json")), ROOT / "examples" / "course.csv"]
DAY = date(2026, 11, 1)
OTHERS = [language for language in languages() if language != ENGLISH]
# Keys of the document (docs/reference/assessment.md) whose values are words; all others are the same in every language.
WORDS = {
    "because", "cannot_tell", "baseline_why", "conclusion", "conflict", "counted", "doubt", "earlier_labels", "message",
    "name", "not_told", "note", "order", "population", "predicts", "reason", "reported", "says", "sentences", "source", "value",
    "what", "why",
}  # fmt: skip
# Codes under such a key.
CODES = {"present", "excluded", "hint"}
# A sentence of ours is known by this many words of it that follow each other.
ENOUGH = 3


@cache
def records():
    return {path.stem: read_source(path, path.read_bytes(), form=None)[0] for path in CASES}


@cache
def told(case, language):
    """Everything that is made of a case: the document, and what people read."""
    record, issues = records()[case]
    with speaking(language):
        known = worded(knowledge())
        made = assess(record, known, DAY, today=DAY, issues=issues)
        course = respond(record, known, DAY, today=DAY)
        letter = msgspec.json.encode(asdict(full(made, course, known))).decode()
        return encode(made, known), "\n".join((text(made, known), html(made, known), letter))


@cache
def catalogue(language):
    with (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        sentences = GNUTranslations(file)._catalog
    return {id: said for id, said in sentences.items() if isinstance(id, str) and id}


@cache
def fragments(language):
    """The longest run of words of each English sentence that the language says otherwise."""
    runs = (
        max(re.split(r"%\(\w+\)[sd]|\{\}|%%|<[^>]*>", id), key=len).strip()
        for id, said in catalogue(language).items()
        if id != said
    )
    return sorted({run for run in runs if len(re.findall(r"[A-Za-z]{2,}", run)) >= ENOUGH})


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("case", [path.stem for path in CASES])
def test_no_sentence_of_ours_is_left_in_english(case, language):
    document, read = told(case, language)
    said = document.decode() + re.sub(r"<style>.*?</style>", "", read, flags=re.DOTALL).replace("&#39;", "'")
    said = " ".join(said.split())
    # The words of the record itself stay as they were written, and so do the titles of sources.
    own = msgspec.json.encode((records()[case][0], knowledge().references)).decode()
    assert [each for each in fragments(language) if each in said and each not in own] == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("case", [path.stem for path in CASES])
def test_only_words_differ_between_languages(case, language):
    english, other = (msgspec.json.decode(told(case, each)[0]) for each in (ENGLISH, language))
    assert list(differing(english, other, catalogue(language))) == []


def differing(one, other, sentences, key="", place=""):
    """Where two documents differ in anything but words, or a word that has a translation is not that."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for name in one:
            yield from differing(one[name], other[name], sentences, name, f"{place}.{name}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (here, there) in enumerate(zip(one, other, strict=True)):
            yield from differing(here, there, sentences, key, f"{place}[{number}]")
    elif key in WORDS and isinstance(one, str) and isinstance(other, str):
        own = one if key in {"what", "value", "name"} or (key == "says" and one in CODES) else ""
        if one in sentences and other not in {sentences[one], own}:
            yield place, one, other
    elif one != other:
        yield place, one, other


def test_the_cases_say_something_in_another_language():
    # Whether the two tests above can fail: of one case, what stands first.
    document = msgspec.json.decode(told("poems-126209-ten-year-42f", "es")[0])
    names = [group["name"] for group in document["diagnosis"][0]["groups"]]
    assert names == ["obligatorios", "otros mayores", "menores"]
    assert document["diagnosis"][0]["reason"].startswith("otros mayores 0 de 1 necesarios, se desconocen: ")


def test_what_was_said_in_one_language_is_never_said_in_another():
    case = "poems-jnnp2017-asct-52m"
    expected = {language: told.__wrapped__(case, language) for language in languages()}
    asked = [language for _ in range(6) for language in languages()]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda language: told.__wrapped__(case, language), asked))
    assert all(made == expected[language] for language, made in zip(asked, found, strict=True))
    assert expected["en"] != expected["es"]
