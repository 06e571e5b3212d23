"""The page of all terms."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from openpoems.web.accounts.gate import public
from openpoems.web.glossary.terms import GROUPS, Term, terms


@dataclass(frozen=True, slots=True)
class Line:
    """A term with its words in the reader's language."""

    id: str
    term: Term
    full: str
    says: str


@dataclass(frozen=True, slots=True)
class Group:
    """The terms about one matter, by name."""

    id: str
    title: str
    lines: tuple[Line, ...]


@public
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every term, in groups."""
    return render(request, "glossary/terms.html", {"groups": [_group(id, str(title)) for id, title in GROUPS.items()]})


def _group(id: str, title: str) -> Group:
    chosen = [(key, term) for key, term in terms().items() if term.group == id]
    lines = [Line(key, it, gettext(it.full) if it.full else "", gettext(it.says)) for key, it in chosen]
    return Group(id, title, tuple(sorted(lines, key=lambda line: line.term.name.casefold())))
