"""What was done: `medicalActions`, to treatments, procedures and stays in hospital.

A medical action has no free text. Its target, its response, why it ended and its regimen's status
go to the note.
"""

from dataclasses import replace
from typing import TypeAlias

from openpoems.interchange.phenopackets.amounts import read_amount
from openpoems.interchange.phenopackets.shape import Block, Report, block, choice, items, tell_nameless
from openpoems.interchange.phenopackets.terms import concept, concept_of, parts, reference, remark, words
from openpoems.interchange.phenopackets.times import interval_of, when
from openpoems.interchange.values import read_number
from openpoems.quantities import Quantity
from openpoems.record import Agent, Event, Procedure, Span, Treatment, When

Act: TypeAlias = Treatment | Procedure | Event

HOSPITAL = "OPENPOEMS:hospitalisation"

_KINDS = ("procedure", "treatment", "radiationTherapy", "therapeuticRegimen")
_ACTION = frozenset(
    {
        *_KINDS,
        "treatmentTarget",
        "treatmentIntent",
        "responseToTreatment",
        "adverseEvents",
        "treatmentTerminationReason",
    }
)
_PROCEDURE = frozenset({"code", "bodySite", "performed"})
_TREATMENT = frozenset({"agent", "routeOfAdministration", "doseIntervals", "cumulativeDose"})
_DOSES = frozenset({"quantity", "scheduleFrequency", "interval"})
_RADIATION = frozenset({"modality", "bodySite", "dosage", "fractions"})
_REGIMEN = frozenset({"externalReference", "ontologyClass", "startTime", "endTime", "regimenStatus", "status"})
_STATUSES = ("UNKNOWN_STATUS", "STARTED", "COMPLETED", "DISCONTINUED")


def read_action(value: object, path: str, report: Report) -> list[Act]:
    """Read a medical action, and the adverse events it names."""
    found = block(value, _ACTION, path, report)
    acts = [
        act
        for name, read in _READERS.items()
        if name in found and (act := read(found[name], f"{path}.{name}", report)) is not None
    ]
    if not acts and not any(name in found for name in _KINDS) and isinstance(value, dict):
        report.error(path, "the entry does not say what was done; nothing of it was used")
    intent = words(found, "treatmentIntent", path, report)
    notes = _notes(found, path, report)
    told = [_told(act, intent, notes, path) for act in acts]
    return [*told, *_adverse_events(found, path, report)]


def read_procedure(value: object, path: str, report: Report) -> Procedure | None:
    """Read a procedure: what, where, when."""
    found = block(value, _PROCEDURE, path, report)
    what = concept(found, "code", path, report)
    if what is None:
        tell_nameless(value, "code", path, report)
        return None
    notes: list[str] = []
    on = when(found, "performed", path, report, notes)
    site = concept(found, "bodySite", path, report)
    return Procedure(what, on=on, site=site, note="; ".join(notes), path=path)


def _procedure_or_stay(value: object, path: str, report: Report) -> Procedure | Event | None:
    done = read_procedure(value, path, report)
    if done is None or not any(coding.id == HOSPITAL for coding in done.concept.codings):
        return done
    return Event("hospitalisation", on=done.on, note=done.note, path=path)


def _treatment(value: object, path: str, report: Report) -> Treatment | None:
    found = block(value, _TREATMENT, path, report)
    drug = concept(found, "agent", path, report)
    if drug is None:
        tell_nameless(value, "agent", path, report)
        return None
    agent = Agent(drug, route=words(found, "routeOfAdministration", path, report))
    doses = [_dose(agent, each, place, report) for place, each in items(found, "doseIntervals", path, report)]
    note = ""
    if "cumulativeDose" in found:
        total = read_amount(found["cumulativeDose"], f"{path}.cumulativeDose", report).value
        note = f"cumulative dose: {total.value:g} {total.unit}" if total else ""
    return replace(_line(agent, doses), note=note, path=path)


def _dose(agent: Agent, value: object, path: str, report: Report) -> tuple[Agent, Span | None]:
    found = block(value, _DOSES, path, report)
    given = agent
    if "quantity" in found:
        given = replace(given, dose=read_amount(found["quantity"], f"{path}.quantity", report).value)
    given = replace(given, schedule=words(found, "scheduleFrequency", path, report))
    if "interval" not in found:
        return given, None
    return given, interval_of(found["interval"], f"{path}.interval", report)


def _line(agent: Agent, doses: list[tuple[Agent, Span | None]]) -> Treatment:
    """One line of treatment: with several doses in turn, each says in its schedule when."""
    if not doses:
        return Treatment(agents=(agent,))
    spans = [span for _, span in doses if span is not None]
    starts, ends = ([getattr(span, end) for span in spans] for end in ("start", "end"))
    start: When | None = min((day for day in starts if day), default=None)
    end: When | None = max((day for day in ends if day), default=None)
    if len(doses) == 1:
        return Treatment(agents=(doses[0][0],), start=start, end=end)
    agents = [
        replace(given, schedule=" ".join(filter(None, (given.schedule, str(span or ""))))) for given, span in doses
    ]
    open_ended = len(ends) < len(doses) or None in ends
    return Treatment(agents=tuple(agents), start=start, end=None if open_ended else end)


def _radiation(value: object, path: str, report: Report) -> Procedure | None:
    found = block(value, _RADIATION, path, report)
    what = concept(found, "modality", path, report)
    if what is None:
        tell_nameless(value, "modality", path, report)
        return None
    dose = fractions = None
    if "dosage" in found:  # the schema counts it in gray
        dose = read_number(found["dosage"], f"{path}.dosage", report.issues)
    if "fractions" in found:
        fractions = read_number(found["fractions"], f"{path}.fractions", report.issues)
    if fractions is not None and fractions != int(fractions):
        report.error(f"{path}.fractions", "this is not a whole number; it was not used")
        fractions = None
    # Protobuf may print a zero for what was not given, and nobody is irradiated in no fraction.
    return Procedure(
        what,
        site=concept(found, "bodySite", path, report),
        dose=None if dose is None else Quantity(dose, "Gy"),
        fractions=int(fractions) if fractions else None,
        path=path,
    )


def _regimen(value: object, path: str, report: Report) -> Treatment | None:
    found = block(value, _REGIMEN, path, report)
    name, notes = "", list[str]()
    if "ontologyClass" in found:
        code, label = parts(found["ontologyClass"], f"{path}.ontologyClass", report)
        name = label or code
        notes.append(f"code: {code}" if code and label else "")
    if "externalReference" in found:
        said = reference(found["externalReference"], f"{path}.externalReference", report)
        name, described = (name, said) if name else (said, "")
        notes.append(described)
    if not name:
        report.error(path, "the regimen has no name; nothing of it was used")
        return None
    notes.append(_status(found, path, report))
    start = when(found, "startTime", path, report, notes)
    end = when(found, "endTime", path, report, notes)
    note = "; ".join(filter(None, notes))
    return Treatment(regimen=name, start=start, end=end, note=note, path=path)


def _status(found: Block, path: str, report: Report) -> str:
    name = "regimenStatus" if "regimenStatus" in found else "status"
    said = choice(found, name, _STATUSES, path, report)
    return "" if said == _STATUSES[0] else f"status: {said.lower()}"


def _notes(found: Block, path: str, report: Report) -> list[str]:
    said = (
        ("target", words(found, "treatmentTarget", path, report)),
        ("response", words(found, "responseToTreatment", path, report)),
        ("ended because", words(found, "treatmentTerminationReason", path, report)),
    )
    return [f"{label}: {each}" for label, each in said if each]


def _told(act: Act, intent: str, notes: list[str], path: str) -> Act:
    if isinstance(act, Treatment):
        note = "; ".join(filter(None, (act.note, *notes)))
        return replace(act, intent=intent, note=note, path=path)
    told = [f"intent: {intent}"] if intent else []
    return replace(act, note="; ".join(filter(None, (act.note, *told, *notes))), path=path)


def _adverse_events(found: Block, path: str, report: Report) -> list[Event]:
    """Harm done by a treatment is kept as an event: it is no sign of the disease."""
    events = []
    for place, each in items(found, "adverseEvents", path, report):
        harm = concept_of(each, place, report)
        if harm is not None:
            report.information(place, "an adverse event is kept, and not counted as a sign")
            note = f"adverse event of treatment: {remark(each, place, Report())}"
            events.append(Event("other", harm, note=note, path=place))
    return events


_READERS = {
    "procedure": _procedure_or_stay,
    "treatment": _treatment,
    "radiationTherapy": _radiation,
    "therapeuticRegimen": _regimen,
}
