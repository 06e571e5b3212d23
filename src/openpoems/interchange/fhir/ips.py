"""The letter's content as a FHIR R4 document: an International Patient Summary (IPS).

A Bundle of type `document`: the Composition with a narrative in every section, then the person, then the facts that the
sections point at. What was not asked is said to be so (`emptyReason`), and what IPS wants and the record does not know
stands as absent with the reason. Nothing is judged here: words and results are those of the assessment.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from openpoems import __version__
from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.findings.evidence import result_text
from openpoems.findings.measured import measure_named
from openpoems.interchange.fhir.bundle import Element
from openpoems.interchange.fhir.ips_chosen import Chosen, chosen
from openpoems.interchange.fhir.ips_wanted import complete
from openpoems.interchange.fhir.meanings import OWN, TERMS
from openpoems.interchange.fhir.naming import ByPlace
from openpoems.interchange.fhir.narrative import called, line, narrative
from openpoems.interchange.fhir.writer import entries
from openpoems.knowledge.store import Knowledge
from openpoems.record.model import Measurement, Procedure
from openpoems.reports.letter import Letter, Row, letter
from openpoems.reports.wording import dated
from openpoems.response.respond import ResponseAssessment


@cache
def form() -> dict[str, Any]:
    """The whole of `ips.toml`."""
    return tomllib.loads((files("openpoems.interchange.fhir") / "ips.toml").read_text("utf-8"))


@dataclass(slots=True, repr=False)
class _Section:
    """A section as it grows: paragraphs and lines for people, references for machines."""

    paragraphs: list[str]
    lines: list[str]
    entry: list[str]


def write_ips(
    assessment: DiagnosisAssessment,
    course: ResponseAssessment,
    knowledge: Knowledge,
    *,
    made: datetime,
    who: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Write the summary of one assessment; `who` names the person where the sender may (`{"Name": …, "Born": …}`).

    `made` is the time of writing, with its zone. Raises `ValueError` for an assessment without any edition.
    """
    picked = chosen(assessment, knowledge)
    naming = ByPlace(picked.record.patient)
    words = letter(assessment, course, knowledge, who=who)
    resources = _resources(picked, naming, knowledge, who or {})
    plan = _plan(words, naming)
    sections = _sections(picked, words, naming, knowledge)
    sections["plan"].entry += [each["fullUrl"] for each in plan]
    composition = _composition(sections, words, naming, made)
    return {
        "resourceType": "Bundle",
        "meta": _profile("Bundle"),
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{_document_id(naming, made)}"},
        "type": "document",
        "timestamp": made.isoformat(timespec="seconds"),
        "entry": [composition, *resources, *plan, _device(naming)],
    }


def _resources(picked: Chosen, naming: ByPlace, knowledge: Knowledge, who: Mapping[str, str]) -> list[Element]:
    """The person and the facts, each as its profile wants it."""
    whole = entries(picked.record, naming, observe=False)
    facts = [each for each in whole if not each["resource"]["id"].startswith("event-")]
    over = {f"feature-{place + 1}" for place in picked.over}
    categories = _category_of(picked, knowledge)
    return [complete(each, categories, over, who) for each in facts]


def _composition(sections: dict[str, _Section], words: Letter, naming: ByPlace, made: datetime) -> Element:
    resource = {
        "resourceType": "Composition",
        "id": "composition",
        "meta": _profile("Composition"),
        "language": "en",
        "text": narrative([words.about, words.conclusion, words.warning], [_line(row) for row in words.who]),
        "status": "final",
        "type": _loinc(form()["type"]),
        "subject": {"reference": naming.address("Patient", "patient", None)},
        "date": made.isoformat(timespec="seconds"),
        "author": [{"reference": naming.address("Device", "device", None)}],
        "title": "POEMS syndrome: summary of a record",
        "section": [_section(name, said) for name, said in sections.items() if _shown(name, said)],
    }
    return {"fullUrl": naming.address("Composition", "composition", None), "resource": resource}


def _shown(name: str, said: _Section) -> bool:
    return bool(said.lines or said.paragraphs or form()["section"][name].get("needed"))


def _section(name: str, said: _Section) -> Element:
    told = form()["section"][name]
    empty = "Not asked." if told["empty"] == "notasked" else "Nothing in the record."
    section = {
        "title": told["title"],
        "code": _loinc(told["code"]),
        "text": narrative(said.paragraphs if said.paragraphs or said.lines else [empty], said.lines),
    }
    if said.entry:
        return section | {"entry": [{"reference": each} for each in said.entry]}
    if said.lines or said.paragraphs:
        return section
    return section | {"emptyReason": {"coding": [{"system": f"{TERMS}/list-empty-reason", "code": told["empty"]}]}}


def _sections(picked: Chosen, words: Letter, naming: ByPlace, knowledge: Knowledge) -> dict[str, _Section]:
    found = {name: _Section([], [], []) for name in form()["section"]}
    _tell_assessment(found["assessment"], words)
    record = picked.record
    for place, feature in enumerate(record.features):
        section = found["past" if place in picked.over else "problems"]
        section.lines.append(line(called(feature.concept), when=dated(feature.onset or feature.on)))
        section.entry.append(naming.address("Condition", f"feature-{place + 1}", feature))
    found["medications"].lines += [_line(row) for row in words.treatments]
    for place, treatment in enumerate(record.treatments, 1):
        parts = range(1, len(treatment.agents) + 1) if len(treatment.agents) > 1 else ()
        names = (f"treatment-{place}", *(f"treatment-{place}-{part}" for part in parts))
        found["medications"].entry += [naming.address("MedicationStatement", name, treatment) for name in names]
    for place, procedure in enumerate(record.procedures, 1):
        found["procedures"].lines.append(_done(procedure))
        found["procedures"].entry.append(naming.address("Procedure", f"procedure-{place}", procedure))
    for place, result in enumerate(record.measurements, 1):
        section = found[_places().get(measure_named(result, knowledge) or "", ("results", ""))[0]]
        section.lines.append(_result(result, knowledge))
        section.entry.append(naming.address("Observation", f"measurement-{place}", result))
    found["plan"].lines += [_line(row) for row in words.outstanding]
    return found


def _tell_assessment(section: _Section, words: Letter) -> None:
    """The conclusion, what it rests on, the response on each axis, and what must be read beside it."""
    section.paragraphs += [words.conclusion, words.others, *words.sentences, words.warning]
    section.lines += [f"found: {_line(row)}" for row in words.present]
    section.lines += [f"looked for and not found: {name}" for name in words.excluded]
    section.lines += [f"response: {_line(row)}" for row in words.response]


def _result(result: Measurement, knowledge: Knowledge) -> str:
    measure = measure_named(result, knowledge)
    name = knowledge.measures[measure].name if measure else called(result.measure)
    where = result.laboratory or ("laboratory not said" if result.specimen else "")
    return line(", ".join(filter(None, (name, where))), result_text(result), dated(result.on) or "not dated")


def _done(procedure: Procedure) -> str:
    return line(called(procedure.concept), when=dated(procedure.on))


def category_of_measure(measure: str | None) -> str:
    """FHIR's category of an observation of a measure."""
    return _places().get(measure or "", ("", "laboratory"))[1]


def _category_of(picked: Chosen, knowledge: Knowledge) -> dict[str, str]:
    """FHIR's category of each result, by its id."""
    named = ((place, measure_named(each, knowledge)) for place, each in enumerate(picked.record.measurements, 1))
    return {f"measurement-{place}": category_of_measure(name) for place, name in named}


@cache
def _places() -> dict[str, tuple[str, str]]:
    """The section and the category of each measure that is no laboratory result."""
    return {
        measure: (section, category)
        for section, categories in form()["measures"].items()
        for category, measures in categories.items()
        for measure in measures
    }


def _plan(words: Letter, naming: ByPlace) -> list[Element]:
    """What is outstanding, as a proposal that nobody has ordered; none where nothing is."""
    if not words.outstanding:
        return []
    resource = {
        "resourceType": "CarePlan",
        "id": "plan",
        "status": "active",
        "intent": "proposal",
        "title": form()["section"]["plan"]["title"],
        "subject": {"reference": naming.address("Patient", "patient", None)},
        "activity": [
            {"detail": {"code": {"text": row.what}, "status": "not-started", "description": row.says}}
            for row in words.outstanding
        ],
    }
    return [{"fullUrl": naming.address("CarePlan", "plan", None), "resource": resource}]


def _device(naming: ByPlace) -> Element:
    """Who wrote it: this software."""
    resource = {
        "resourceType": "Device",
        "id": "device",
        "deviceName": [{"name": "openpoems", "type": "other"}],
        "version": [{"value": __version__}],
    }
    return {"fullUrl": naming.address("Device", "device", None), "resource": resource}


def _line(row: Row) -> str:
    return line(row.what, row.says, row.when)


def _loinc(code: str) -> Element:
    return {"coding": [{"system": "http://loinc.org", "code": code}]}


def _profile(kind: str) -> Element:
    return {"profile": [f"{form()['profile']}{kind}-uv-ips|{form()['version']}"]}


def _document_id(naming: ByPlace, made: datetime) -> object:
    return uuid5(NAMESPACE_URL, f"{OWN}{naming.patient}/summary/{made.isoformat()}")
