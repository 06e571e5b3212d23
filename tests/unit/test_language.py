"""In which language sentences are made, and what a catalogue must hold."""

import ast
import re
from contextvars import copy_context
from pathlib import Path
from threading import Thread

import pytest
from tools import messages

from openpoems.knowledge.store import knowledge
from openpoems.knowledge.words import worded, words
from openpoems.language import ENGLISH, Phrases, gettext, languages, ngettext, speaking, spoken, told_once

SRC = Path(__file__).resolve().parents[2] / "src" / "openpoems"


def test_english_is_spoken_unless_another_language_is_and_until_its_block_ends():
    assert (spoken(), gettext("present")) == ("en", "present")
    with speaking("es"):
        assert gettext("present") == "presente"
        with speaking("en"):
            assert gettext("present") == "present"
        assert gettext("present") == "presente"
    with pytest.raises(ZeroDivisionError), speaking("es"):
        raise ZeroDivisionError
    assert (spoken(), gettext("present")) == ("en", "present")


@pytest.mark.parametrize("code", ["xx", "", "es/../en", "es\0"])
def test_a_language_without_a_catalogue_is_spoken_in_english(code):
    with speaking("es"), speaking(code):
        assert (spoken(), gettext("present")) == ("en", "present")


def test_one_is_told_from_many():
    assert [ngettext("%(n)d year", "%(n)d years", n) for n in (0, 1, 2)] == ["%(n)d years", "%(n)d year", "%(n)d years"]
    with speaking("es"):
        assert [ngettext("%(n)d year", "%(n)d years", n) for n in (0, 1)] == ["%(n)d años", "%(n)d año"]


def test_nothing_is_nothing_in_every_language():
    # Under the empty sentence a catalogue keeps its own head.
    with speaking("es"):
        assert gettext("") == ""


def test_a_language_does_not_leak_into_another_thread_or_context():
    heard = []
    outside = copy_context()
    with speaking("es"):
        thread = Thread(target=lambda: heard.append(spoken()))
        thread.start()
        thread.join()
        heard.append(outside.run(spoken))
        heard.append(copy_context().run(spoken))
    assert heard == ["en", "en", "es"]


def test_what_is_remembered_is_remembered_for_each_language():
    asked = []

    @told_once(maxsize=None)
    def said(word):
        asked.append(word)
        return gettext(word)

    twice = [said("present"), said("present")]
    with speaking("es"):
        twice += [said("present"), said("present")]
    assert (twice, asked) == (["present", "present", "presente", "presente"], ["present", "present"])


def test_phrases_are_said_in_the_language_in_which_they_are_asked_for():
    phrases = Phrases(found="present")
    with speaking("es"):
        assert phrases["found"] == "presente"
    assert phrases["found"] == "present"


def test_knowledge_in_another_language_reads_records_as_the_english_does():
    with speaking("es"):
        known = worded(knowledge())
    assert known.findings["ascites"].name == "Ascitis"
    assert known.index is knowledge().index
    assert (known.agents, known.procedures) == (knowledge().agents, knowledge().procedures)
    adopting, adopted = known.criteria["mayo@2023"], known.criteria["mayo@2012"]
    assert adopting.levels is adopted.levels  # as in English: an adopted rule is one and the same


def test_knowledge_in_english_is_the_knowledge_itself():
    assert worded(knowledge()) is knowledge()


def test_every_word_of_the_knowledge_has_a_translation():
    for language in languages():
        with speaking(language):
            missing = [word for word in words(knowledge()) if language != ENGLISH and not gettext(word)]
        assert missing == []


def test_no_sentence_hides_from_those_who_gather_it():
    # Babel does not look into f-strings, and so would not find a sentence there.
    hidden = [
        f"{path.relative_to(SRC)}:{call.lineno}"
        for path in SRC.rglob("*.py")
        if re.search(r"\{n?gettext\(", path.read_text("utf-8"))
        for string in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "").removeprefix("n").startswith("gettext")
        and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


@pytest.mark.parametrize(
    ("english", "spanish", "fault"),
    [
        ("%(n)d days", "%(n)d días", []),
        ("%(n)d days", "", ["no translation: '%(n)d days'"]),
        ("%(n)d days", "%(m)d días", ["other placeholders: '%(n)d days'"]),
        ("%(n)d days", "días", ["other placeholders: '%(n)d days'"]),
        ("one; %(why)s", "uno, %(why)s", ["another number of semicolons: 'one; %(why)s'"]),
    ],
)
def test_a_translation_that_is_missing_or_does_not_fit_is_a_fault(english, spanish, fault):
    catalog = messages.Catalog(locale="es")
    catalog.add(english, spanish)
    assert messages.faults(catalog, parted=True) == fault


def test_a_sentence_stands_in_one_catalogue_and_pages_may_say_what_results_say():
    results, pages = (
        {messages._id(each) for each in messages._read(domain, "es") if each.id and not each.context}
        for domain in (messages.RESULTS, messages.PAGES)
    )
    assert results & pages == set()
    assert b"SE CUMPLEN" in messages.mo_bytes(messages.PAGES, "es")
