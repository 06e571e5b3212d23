"""English that stands on a Spanish page although it was translated."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.pofile import read_po

import openpoems.web

PO = Path(openpoems.web.__path__[0]) / "locale/es/LC_MESSAGES/django.po"
SPOKEN = ("title", "alt", "placeholder", "aria-label", "data-label")
SILENT = ("script", "style", "code", "pre", "textarea", "option")
# Words of the interface that are also words of content, which people translate and which says so where it is English: terms
# of the glossary, headings of answers, the fields of a project that a centre describes.
ALSO_CONTENT = {
    *("below detection", "complete response", "confirmed", "nerve conduction studies", "pseudonym", "radiotherapy"),
    *("verified", "what else moves a value", "How often", "Date of birth", "Treatment"),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
# By how many of its first letters a sentence with a gap is looked up.
BEGINNING = 6


def english(html):
    """The sentences of the page that stand there in English and have a translation, each once."""
    words = _Words()
    words.feed(html)
    whole, with_gaps = _translated()
    return {
        said
        for said in words.found - ALSO_CONTENT
        if said in whole or any(each.fullmatch(said) for each in with_gaps.get(said[:BEGINNING], ()))
    }


@cache
def _translated():
    """The English sentences that have another translation: those without a gap, and the others by their beginning."""
    whole, with_gaps = set(), {}
    with PO.open("rb") as file:
        catalog = read_po(file)
    spanish = {_flat(said) for each in catalog if each.id for said in _forms(each.string)}
    for said in {_flat(said) for each in catalog if each.id for said in _forms(each.id)} - spanish:
        first, *rest = _PLACEHOLDER.split(said)
        if not rest:
            whole.add(said)
        elif len(first) >= BEGINNING:
            pattern = ".+".join(re.escape(part) for part in (first, *rest))
            with_gaps.setdefault(first[:BEGINNING], []).append(re.compile(pattern))
    return whole, with_gaps


def _forms(said):
    return said if isinstance(said, tuple) else (said,)


def _flat(said):
    return " ".join(said.replace("%%", "%").split())


class _Words(HTMLParser):
    """Every run of words of a page that is read in the page's language."""

    def __init__(self):
        super().__init__()
        self.found, self._closed = set(), []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if self._closed:
            self._closed.append(tag)
        elif tag in SILENT or told.get("lang", "es") != "es":
            self._closed = [tag]
        if not self._closed:
            self.found |= {_flat(told[name]) for name in SPOKEN if told.get(name)}
        if tag in ("input", "br", "img", "meta", "link", "hr", "source", "wbr") and self._closed:
            self._closed.pop()

    def handle_endtag(self, tag):
        if self._closed and tag in self._closed:
            del self._closed[len(self._closed) - 1 - self._closed[::-1].index(tag) :]

    def handle_data(self, data):
        if not self._closed and data.strip():
            self.found.add(_flat(data))
