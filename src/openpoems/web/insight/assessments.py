"""Assessing a record: once for each change of it, each version of openpoems, each day and language; never per view.

Pages and letters speak the language of their reader. What programs read as data is in English (`ENGLISH`).
"""

import zlib
from datetime import date
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone

from openpoems import __version__
from openpoems.criteria.assess import DiagnosisAssessment, assess
from openpoems.interchange.fhir import write_ips
from openpoems.knowledge.store import Knowledge, knowledge
from openpoems.knowledge.words import worded
from openpoems.language import speaking, spoken
from openpoems.record import PatientRecord
from openpoems.reports.document import encode
from openpoems.reports.full import Full, full
from openpoems.reports.html import html
from openpoems.reports.letter import Letter, letter, named
from openpoems.response.respond import respond
from openpoems.web.insight.models import Assessed
from openpoems.web.insight.pages import Pages, pages, visit_before
from openpoems.web.registry.models import Person
from openpoems.web.registry.store import record_of

# What made an assessment: a version of openpoems, and the shape in which the pages' share is kept.
MADE_BY = f"{__version__}/5"


def assessed(person: Person, language: str = "") -> Assessed:
    """The assessment of the record as it is now: the kept one, or a new one where record, version or day changed.

    It is in the language of this context, unless another is named.
    """
    today = timezone.localdate()
    # What is long is asked for by who shows it.
    found = Assessed.objects.defer("document", "report", "letter")
    with speaking(language or spoken()):
        kept = found.filter(
            person=person, language=spoken(), revision=person.revision, version=MADE_BY, as_of=today
        ).first()
        return kept or keep(person, record_of(person), today)


def letter_of(person: Person, who: dict[str, str]) -> Letter:
    """The letter about the record as it is now; `who` names the person where the reader may know."""
    return named(msgspec.json.decode(zlib.decompress(assessed(person).letter), type=Letter), who)


def full_of(person: Person, who: dict[str, str]) -> Full:
    """Everything about the record as it is now, for paper. It is seldom asked for, and made when it is."""
    made = _today(person)
    return full(made, respond(made.record, _known(), made.as_of, today=made.today), _known(), who=who)


def summary_of(person: Person, who: dict[str, str]) -> dict[str, Any]:
    """The letter's content as a FHIR patient summary; `who` is as in `letter_of`."""
    made = _today(person)
    course = respond(made.record, _known(), made.as_of)
    return write_ips(made, course, _known(), made=timezone.now(), who=who)


def document_of(kept: Assessed) -> dict[str, Any]:
    """The published document."""
    told: dict[str, Any] = msgspec.json.decode(document_bytes(kept))
    return told


def document_bytes(kept: Assessed) -> bytes:
    """The published document as JSON."""
    return zlib.decompress(kept.document)


def report_of(kept: Assessed) -> str:
    """The whole report as HTML."""
    return zlib.decompress(kept.report).decode()


def pages_of(kept: Assessed) -> Pages:
    """What the pages show beside the document."""
    return msgspec.json.decode(zlib.decompress(kept.pages), type=Pages)


def keep(person: Person, record: PatientRecord, today: date) -> Assessed:
    """The assessment of a person's `record` on a day, made anew and kept for who asks next in this language."""
    made = _assess(record, today, today)
    document = encode(made, _known())
    kept = {
        "revision": person.revision,
        "version": MADE_BY,
        "as_of": today,
        "document": zlib.compress(document),
        "report": zlib.compress(html(made, _known()).encode()),
        **_beside(made, msgspec.json.decode(document)),
    }
    with transaction.atomic():
        if not Person.objects.select_for_update(no_key=True).filter(pk=person.pk).exists():
            return Assessed(person=person, language=spoken(), **kept)  # erased meanwhile: nothing of it is kept
        return Assessed.objects.update_or_create(person=person, language=spoken(), defaults=kept)[0]


def _beside(made: DiagnosisAssessment, told: dict[str, Any]) -> dict[str, bytes]:
    """What is kept beside the document and the report."""
    course = respond(made.record, _known(), made.as_of, today=made.today)
    day = visit_before(made)
    before = msgspec.json.decode(encode(_assess(made.record, day, made.as_of), _known())) if day else None
    parts = {"pages": pages(made, course, told, before), "letter": letter(made, course, _known())}
    return {name: zlib.compress(msgspec.json.encode(part)) for name, part in parts.items()}


def _today(person: Person) -> DiagnosisAssessment:
    today = timezone.localdate()
    return _assess(record_of(person), today, today)


def _assess(record: PatientRecord, as_of: date, today: date) -> DiagnosisAssessment:
    return assess(record, _known(), as_of, today=today)


def _known() -> Knowledge:
    return worded(knowledge())
