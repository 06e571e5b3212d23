"""The glossary: every term that a page names exists, and its explanation is in the page."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template

from openpoems.web.glossary.terms import term_id, terms

TEMPLATES = Path(__file__).resolve().parents[3] / "src" / "openpoems" / "web" / "templates"
_NAMED = re.compile(r"{%\s*term\s+[\"']([^\"']+)[\"']")


def shown(source, **words):
    return Template("{% load glossary %}" + source).render(Context(words))


def test_a_template_names_only_terms_that_exist():
    named = {word for path in TEMPLATES.rglob("*.html") for word in _NAMED.findall(path.read_text("utf-8"))}
    assert sorted(word for word in named if term_id(word) is None) == []


def test_a_word_is_the_name_of_one_term_only():
    words = [word.casefold() for term in terms().values() for word in {*term.words, term.name, term.full} if word]
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_a_term_opens_its_explanation_without_a_script():
    html = shown('{% term "VEGF" %}, {% term "VEGF" "its level" %}')
    assert html.startswith('<button type="button" class="term" popovertarget="term-1">VEGF</button>')
    assert '<span class="term-says" id="term-1" popover' in html
    assert 'popovertarget="term-2">its level</button>' in html
    assert html.count("makes vessels grow") == 2


def test_what_a_term_claims_stands_with_its_source_and_how_far_it_was_checked():
    assert "(second-hand)" in terms()["vegf"].cited
    assert "(second-hand)" in shown('{% term "VEGF" %}')


def test_a_word_that_is_no_term_is_shown_as_it_is():
    assert shown("{% term word %}", word="<b>CRP</b>") == "&lt;b&gt;CRP&lt;/b&gt;"


@pytest.mark.django_db
def test_the_glossary_is_open_to_everybody_and_holds_every_term(client):
    page = client.get("/glossary/").content.decode()
    assert [id for id in terms() if f'<div id="{id}">' not in page] == []
