"""Writing a record as the long CSV: one row for each fact, in the order of the record.

The writer reads again what it wrote. What a row cannot hold exactly is an issue that names the row and the part, so
that nothing is changed in silence.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields

from openpoems.errors import Issue
from openpoems.interchange.csv.reader import read
from openpoems.interchange.rows.agents import BETWEEN, NONE, UNNAMED, WITHIN
from openpoems.interchange.rows.cells import read_concept
from openpoems.interchange.rows.row import CELLS, Notation, Row
from openpoems.quantities import Quantity
from openpoems.record.model import (
    Agent,
    Concept,
    Event,
    Fact,
    Feature,
    Measurement,
    PatientRecord,
    Procedure,
    Provenance,
    Treatment,
)

Cells = Mapping[str, str]
# A spreadsheet runs a cell that begins so; an apostrophe before it keeps it a text, and the reader refuses it anyway.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")
_KIND = {
    "clinical": "sign",
    "neurophysiology": "neurophysiology",
    "imaging": "imaging",
    "pathology": "pathology",
}


def write(record: PatientRecord) -> tuple[str, tuple[Issue, ...]]:
    """The table of a record, and an issue for each part of a fact that will not be read again as it was."""
    facts = facts_of(record)
    person = list(_person(record))
    text = _table(record.patient, [*person, *map(_cells, facts)])
    return text, tuple(_changed(record, facts, text, first_line=len(person) + 2))


def facts_of(record: PatientRecord) -> tuple[Fact, ...]:
    """Every fact in the order in which it is written."""
    return (*record.features, *record.measurements, *record.treatments, *record.procedures, *record.events)


def _table(patient: str, rows: list[Cells]) -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, CELLS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for cells in rows:
        writer.writerow({name: _safe(name, text) for name, text in ({"patient": patient} | dict(cells)).items()})
    return file.getvalue()


def _safe(name: str, text: str) -> str:
    number = name in {"value", "reference_low", "reference_high", "dose"} and _NUMBER.fullmatch(text)
    return f"'{text}" if text.startswith(_FORMULA) and not number else text


def _changed(record: PatientRecord, facts: tuple[Fact, ...], text: str, first_line: int) -> Iterator[Issue]:
    ((again, _),) = read(text)
    found = {(fact.path, type(fact)): fact for fact in facts_of(again)}
    for name in ("patient", "sex", "birth", "last_seen", "references"):
        if getattr(again, name) != getattr(record, name):
            yield Issue("warning", name, "a row of the table does not hold this exactly")
    for line, fact in enumerate(facts, first_line):
        other = found.get((f"line {line}", type(fact)))
        if other is None:
            yield Issue("warning", f"line {line}", "the table does not hold this fact: the row is not read again")
        else:
            yield from _differing(fact, other, f"line {line}")


def _differing(fact: Fact, other: Fact, path: str) -> Iterator[Issue]:
    for field in fields(fact):
        if field.compare and getattr(fact, field.name) != getattr(other, field.name):
            yield Issue("warning", f"{path}, {field.name}", "a row of the table does not hold this exactly")


def _person(record: PatientRecord) -> Iterator[Cells]:
    yield {"kind": "person", "what": "sex", "value": record.sex}
    if record.birth:
        yield {"kind": "person", "what": "birth", "value": str(record.birth)}
    if record.last_seen:
        yield {"kind": "person", "what": "last-seen", "value": str(record.last_seen)}
    for reference in record.references:
        yield {"kind": "person", "what": "reference", "value": reference}


def _cells(fact: Fact) -> Cells:
    match fact:
        case Feature():
            return _feature(fact)
        case Measurement():
            return _measurement(fact)
        case Treatment():
            return _treatment(fact)
        case Procedure():
            return _procedure(fact)
        case Event():
            return _event(fact)


def _feature(feature: Feature) -> Cells:
    usual = "disease" if feature.category == "disease" else _KIND.get(feature.basis, "sign")
    implied = "" if usual == "disease" else feature.basis if feature.basis in _KIND else "clinical"
    return {
        "kind": usual,
        "what": _named(feature.concept),
        "status": "absent" if feature.excluded else "present",
        "basis": "" if feature.basis == implied else feature.basis or "not said",
        "date": _text(feature.on),
        "onset": _text(feature.onset),
        "end_date": _text(feature.resolved),
        "site": _worded(feature.site),
        "severity": _worded(feature.severity),
        **_said(feature.note, feature.provenance),
    }


def _measurement(result: Measurement) -> Cells:
    value, reference = result.value, result.reference
    bounds = (reference.low, reference.high) if reference else (None, None)
    units = [quantity.unit for quantity in (value, *bounds) if quantity]
    return {
        "kind": "lab",
        "what": _named(result.measure),
        "value": f"{result.comparator}{_number(value)}" if value else result.absent or _worded(result.result),
        "unit": units[0] if units else "",
        "specimen": result.specimen,
        "laboratory": result.laboratory,
        "assay": result.assay,
        "reference_low": _number(bounds[0]),
        "reference_high": _number(bounds[1]),
        "reference_text": reference.text if reference else "",
        "flag": ", ".join(result.flags),
        "date": _text(result.on),
        **_said(result.note, result.provenance),
    }


def _treatment(line: Treatment) -> Cells:
    return {
        "kind": "treatment",
        **_regimen(line),
        "cycles": _text(line.cycles),
        "date": _text(line.start),
        "end_date": _text(line.end),
        "intent": line.intent,
        **_said(line.note, line.provenance),
    }


def _regimen(line: Treatment) -> Cells:
    """The name alone where it names the drugs, as in `lenalidomide + dexamethasone`; else the name, and the drugs."""
    by_name = [part.strip() for part in line.regimen.replace("/", "+").split("+") if part.strip()]
    if by_name and line.agents == tuple(Agent(_read(part)) for part in by_name):
        return {"what": line.regimen}
    return {"what": line.regimen or UNNAMED, "drugs": BETWEEN.join(map(_agent, line.agents)) or NONE}


def _procedure(done: Procedure) -> Cells:
    return {
        "kind": "procedure",
        "what": _named(done.concept),
        "date": _text(done.on),
        "end_date": _text(done.end),
        "site": _worded(done.site),
        "dose": _number(done.dose),
        "dose_unit": done.dose.unit if done.dose else "",
        "cycles": _text(done.fractions),
        "drugs": BETWEEN.join(map(_agent, done.conditioning)),
        **_said(done.note, done.provenance),
    }


def _event(event: Event) -> Cells:
    named = _named(event.concept) if event.concept else ""
    return {
        "kind": "event",
        **({"what": named} if event.kind == "other" else {"what": event.kind, "value": named}),
        "date": _text(event.on),
        "end_date": _text(event.end),
        **_said(event.note, event.provenance),
    }


def _said(note: str, provenance: Provenance) -> Cells:
    return {
        "note": note,
        "said_by": provenance.said_by,
        "document": provenance.document,
        "verified_by": provenance.verified_by,
        "recorded": _text(provenance.recorded),
    }


def _agent(agent: Agent) -> str:
    dose = f"{_number(agent.dose)} {agent.dose.unit}" if agent.dose else ""
    return f"{WITHIN} ".join((_named(agent.drug), dose, agent.schedule, agent.route)).rstrip(f"{WITHIN} ")


def _named(concept: Concept) -> str:
    """A concept as it is read again: its words where they give its code, else its codes and last its words."""
    if concept.text and _read(concept.text) == concept:
        return concept.text
    return _worded(concept) if concept.codings else f"| {concept.text}"


def _worded(concept: Concept | None) -> str:
    if concept is None:
        return ""
    if not concept.codings:
        return concept.text
    codes = [f"{each.id} {each.label}".strip() for each in concept.codings]
    return " | ".join(codes if concept.text == concept.codings[0].label else [*codes, concept.text]).strip()


def _read(text: str) -> Concept:
    return read_concept(Row(0, Notation(comma_allowed=False)), "what", text)


def _number(quantity: Quantity | None) -> str:
    return "" if quantity is None else repr(quantity.value).removesuffix(".0")


def _text(value: object) -> str:
    return "" if value is None else str(value)
