"""The timeline as a table: every fact in order of time, those without a date last; by kind, and as CSV."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from openpoems.web.clinic.export.build import cell
from openpoems.web.course.words import Words, words_of_facts
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.presenters import with_people
from openpoems.web.registry.store import record_from

KINDS = {
    "measurement": _("Results"), "treatment": _("Treatments"), "procedure": _("Procedures"),
    "imaging": _("Imaging"), "pathology": _("Biopsies"), "feature": _("Signs and diseases"), "event": _("Events"),
}  # fmt: skip
PER_PAGE = 100
_COLUMNS = ("kind", "what", "says", "when", "details", "said_by", "verified", "fact")


def rows_of(person: Person) -> Sequence[Fact]:
    """Every fact that counts, in order of time; one query, however many there are."""
    current = person.facts.filter(state=Fact.State.CURRENT)
    return list(with_people(current).order_by(F("first_day").asc(nulls_last=True), "pk"))


def page(person: Person, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the template shows: the kinds there are with their counts, and a page of lines of the kind asked for."""
    lines = _lines(person)
    counts = Counter(kind_of(line) for line in lines)
    kind = asked.get("kind", "") if asked.get("kind") in KINDS else ""
    chosen = _of_kind(lines, kind)
    size = max(1, len(chosen)) if asked.get("all") else PER_PAGE
    found = Paginator(chosen, size).get_page(asked.get("page"))
    kinds = [(id, name, counts[id]) for id, name in KINDS.items() if counts[id]]
    return {"found": found, "kinds": kinds, "kind": kind, "total": len(lines)}


def as_csv(person: Person, asked: Mapping[str, str]) -> bytes:
    """The lines of the kind asked for, or all, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for line in _of_kind(_lines(person), asked.get("kind", "")):
        told = (line.title, line.says, line.when, "; ".join(line.details), line.who)
        writer.writerow([cell(each) for each in (kind_of(line), *told, "yes" if line.verified else "no", line.pk)])
    return text.getvalue().encode()


def kind_of(line: Words) -> str:
    """The kind of a line: a sign that imaging or a biopsy showed is of theirs."""
    return line.basis if line.basis in ("imaging", "pathology") else line.kind


def _lines(person: Person) -> list[Words]:
    rows = rows_of(person)
    return list(words_of_facts(rows, record_from(person, rows)).values())


def _of_kind(lines: list[Words], kind: str) -> list[Words]:
    return [line for line in lines if kind_of(line) == kind] if kind in KINDS else lines
