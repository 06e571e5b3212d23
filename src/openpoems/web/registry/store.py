"""The only place where rows become a `PatientRecord` and back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from openpoems.findings.measured import measure_named
from openpoems.knowledge.store import knowledge
from openpoems.record import PartialDate, PatientRecord
from openpoems.record.model import Concept, Measurement, Treatment
from openpoems.record.time import days
from openpoems.web.registry.documents import RecordFact, digest_of_document, from_document, kind_of, to_document
from openpoems.web.registry.models import Fact, Import, Person

_LONGEST_ABOUT = 120


def record_of(person: Person) -> PatientRecord:
    """The record of a person: every fact that counts."""
    return record_from(person, person.facts.filter(state=Fact.State.CURRENT))


def record_from(person: Person, rows: Iterable[Fact]) -> PatientRecord:
    """A record of these rows; `path` of a fact is the number of its row."""
    facts: dict[str, list[Any]] = {kind: [] for kind in Fact.Kind.values}
    for row in rows:
        facts[row.kind].append(fact_of(row))
    return PatientRecord(
        patient=person.pseudonym,
        sex=person.sex,  # type: ignore[arg-type]  # the column's choices are the record's
        birth=PartialDate(person.birth_year) if person.birth_year else None,
        last_seen=PartialDate.parse(person.last_seen) if person.last_seen else None,
        features=tuple(facts["feature"]),
        measurements=tuple(facts["measurement"]),
        treatments=tuple(facts["treatment"]),
        procedures=tuple(facts["procedure"]),
        events=tuple(facts["event"]),
    )


def fact_of(row: Fact) -> RecordFact:
    """The fact of a row, with who verified it as the row has it. Raises `BadDocument`."""
    fact = replace(from_document(row.kind, row.document), path=str(row.pk))
    if row.verified_by_id is None:
        return fact
    return replace(fact, provenance=replace(fact.provenance, verified_by="clinician"))


def row_of(
    person: Person,
    fact: RecordFact,
    *,
    by: Any,
    at: datetime,
    source: Import | None = None,
    replaces: Fact | None = None,
) -> Fact:
    """An unsaved row for a fact."""
    return Fact(person=person, by=by, entered=at, source=source, replaces=replaces, **columns_of(person, fact))


def columns_of(person: Person, fact: RecordFact) -> dict[str, Any]:
    """What a row says of its fact: the columns in which facts are found and compared, and the document."""
    first, last = _span(fact, person)
    kind, document = kind_of(fact), to_document(fact)
    return {
        "kind": kind,
        "about": about(fact),
        "first_day": first,
        "last_day": last,
        "document": document,
        "digest": digest_of_document(kind, document),
    }


def facts_in(record: PatientRecord) -> Sequence[RecordFact]:
    """The facts of a record, in the order of its kinds."""
    return (*record.features, *record.measurements, *record.treatments, *record.procedures, *record.events)


def said_by(fact: RecordFact, who: str) -> RecordFact:
    """The fact as said by somebody, unless it already says by whom."""
    if fact.provenance.said_by:
        return fact
    return replace(fact, provenance=replace(fact.provenance, said_by=who))


def about(fact: RecordFact) -> str:
    """What a fact is about: the name openpoems has for it, else its first code, else its words in small letters."""
    if isinstance(fact, Treatment):
        return _short(fact.regimen or "+".join(sorted(_concept(agent.drug, "") for agent in fact.agents)))
    if isinstance(fact, Measurement):
        return _short(measure_named(fact, knowledge()) or _concept(fact.measure, "measurement"))
    kind = kind_of(fact)
    return _short(_concept(fact.concept or Concept(text=getattr(fact, "kind", "")), kind))


def _concept(concept: Concept, kind: str) -> str:
    index = knowledge().index
    for coding in concept.codings:
        if kind == "measurement" and coding.id in index.measures:
            return index.measures[coding.id]
        if coding.id.startswith("OPENPOEMS:"):
            return coding.id.partition(":")[2]
        if kind == "feature" and len(index.shows.get(coding.id, ())) == 1:
            return index.shows[coding.id][0]
    return concept.codings[0].id if concept.codings else concept.text.strip().lower()


def _short(text: str) -> str:
    return text[:_LONGEST_ABOUT]


def _span(fact: RecordFact, person: Person) -> tuple[date | None, date | None]:
    birth = PartialDate(person.birth_year) if person.birth_year else None
    found = [days(getattr(fact, name, None), birth) for name in ("on", "onset", "start", "end", "resolved")]
    known = [each for each in found if each is not None]
    if not known:
        return None, None
    return date.fromordinal(min(each[0] for each in known)), date.fromordinal(max(each[1] for each in known))
