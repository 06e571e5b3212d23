"""Assessing a record: once for each change of it, each version of openpoems and each day, and never per view."""

import json
import zlib
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from openpoems import __version__
from openpoems.criteria.assess import DiagnosisAssessment, assess
from openpoems.interchange.fhir import write_ips
from openpoems.knowledge.store import knowledge
from openpoems.reports.document import encode
from openpoems.reports.html import html
from openpoems.reports.letter import Letter, letter
from openpoems.response.respond import respond
from openpoems.web.insight.models import Assessed
from openpoems.web.registry.models import Person
from openpoems.web.registry.store import record_of


def assessed(person: Person) -> Assessed:
    """The assessment of the record as it is now: the kept one, or a new one where record, version or day changed."""
    today = timezone.localdate()
    kept = Assessed.objects.filter(person=person, revision=person.revision, version=__version__, as_of=today).first()
    return kept or _compute(person, today)


def letter_of(person: Person, who: dict[str, str]) -> Letter:
    """The letter about the record as it is now; `who` names the person where the reader may know."""
    made = _assess(person, timezone.localdate())
    return letter(made, respond(made.record, knowledge(), made.as_of), knowledge(), who=who)


def summary_of(person: Person, who: dict[str, str]) -> dict[str, Any]:
    """The letter's content as a FHIR patient summary; `who` is as in `letter_of`."""
    made = _assess(person, timezone.localdate())
    course = respond(made.record, knowledge(), made.as_of)
    return write_ips(made, course, knowledge(), made=timezone.now(), who=who)


def report_of(kept: Assessed) -> str:
    """The whole report as HTML."""
    return zlib.decompress(kept.report).decode()


def _compute(person: Person, today: date) -> Assessed:
    made = _assess(person, today)
    told = json.loads(encode(made, knowledge()))
    report = zlib.compress(html(made, knowledge()).encode())
    with transaction.atomic():
        kept, _ = Assessed.objects.update_or_create(
            person=person,
            defaults={
                "revision": person.revision,
                "version": __version__,
                "as_of": today,
                "document": told,
                "report": report,
            },
        )
    return kept


def _assess(person: Person, today: date) -> DiagnosisAssessment:
    return assess(record_of(person), knowledge(), today, today=today)
