"""A fact of a preview in a few words."""

from typing import Any

from django.utils.translation import gettext

from openpoems.interchange.values import range_in_words
from openpoems.knowledge.store import knowledge
from openpoems.record.model import Concept, Feature, Measurement, Treatment
from openpoems.web.registry.documents import BadDocument, RecordFact, from_document


def name_of(about: str) -> str:
    """What a fact is about, in words."""
    facts = knowledge()
    if about in facts.measures:
        return gettext(facts.measures[about].name)
    if about in facts.findings:
        return gettext(facts.findings[about].name)
    return about


def says(kind: str, document: dict[str, Any]) -> str:
    """What a stored fact says, without what it is about; "" where the document cannot be read any more."""
    try:
        return " · ".join(filter(None, _parts(from_document(kind, document))))
    except BadDocument:
        return ""


def _parts(fact: RecordFact) -> list[str]:
    if isinstance(fact, Measurement):
        return _measured(fact)
    if isinstance(fact, Feature):
        return ["looked for and not found" if fact.excluded else "present", _text(fact.site), fact.note]
    if isinstance(fact, Treatment):
        cycles = f"{fact.cycles} cycles" if fact.cycles is not None else ""
        return [fact.regimen, cycles, f"until {fact.end}" if fact.end else "", fact.note]
    dose = getattr(fact, "dose", None)
    return [
        _text(fact.concept),
        f"{dose.value:g} {dose.unit}" if dose else "",
        f"until {fact.end}" if fact.end else "",
        fact.note,
    ]


def _measured(fact: Measurement) -> list[str]:
    value = f"{fact.comparator}{fact.value.value:.12g} {fact.value.unit}".strip() if fact.value else ""
    reference = (fact.reference.text or range_in_words(fact.reference)) if fact.reference else ""
    return [
        value,
        _text(fact.result),
        f"no value: {fact.absent}" if fact.absent else "",
        fact.specimen,
        f"range {reference}" if reference else "",
        " ".join(fact.flags),
        fact.laboratory,
        fact.note,
    ]


def _text(concept: Concept | None) -> str:
    if concept is None:
        return ""
    return concept.text or next((c.label or c.id for c in concept.codings), "")
