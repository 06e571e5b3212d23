"""A whole Phenopacket, written: every fact where the schema has a place for it, and the rest
beside it.
"""

import json
from collections.abc import Iterable
from typing import Any

from openpoems.codes import code_systems
from openpoems.interchange.phenopackets import rest
from openpoems.interchange.phenopackets.deeds import hospital_stay, line_of_treatment, procedure
from openpoems.interchange.phenopackets.features import write_disease, write_feature
from openpoems.interchange.phenopackets.measurements import write_measurement
from openpoems.interchange.phenopackets.person import (
    read_death,
    read_subject,
    write_death,
    write_interpretation,
    write_subject,
)
from openpoems.interchange.phenopackets.reading import read_entry
from openpoems.interchange.phenopackets.shape import Report
from openpoems.interchange.phenopackets.times import stamp
from openpoems.record import (
    Concept,
    Event,
    Feature,
    Measurement,
    PartialDate,
    PatientRecord,
    Procedure,
    Treatment,
)
from openpoems.record.model import Fact

_VERSION = "2.0"


def write(record: PatientRecord, *, created: PartialDate, created_by: str) -> dict[str, Any]:
    """Write a record as a Phenopacket (version 2, JSON in camelCase); `read` gives the same record.

    `created` is the day of writing, `created_by` the program or the role that writes, not a person.
    """
    packet = _Packet(record)
    for fact in _facts(record):
        packet.add(fact)
    written: dict[str, Any] = {"id": record.patient, "subject": packet.subject, **packet.lists}
    references = [_reference(each) for each in record.references]
    if added := packet.rest():
        references.append({"id": rest.ID, "description": json.dumps(added, ensure_ascii=False)})
    written["metaData"] = {
        "created": stamp(created),
        "createdBy": created_by,
        "resources": _resources(written),
        "phenopacketSchemaVersion": _VERSION,
        "externalReferences": references,
    }
    return written


class _Packet:
    """A packet in the making: its lists of entries, and what they do not hold."""

    __slots__ = ("_entries", "_whole", "lists", "subject")

    def __init__(self, record: PatientRecord) -> None:
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self._entries: dict[str, list[Any]] = {}
        self._whole: dict[str, list[Any]] = {}
        self.subject = write_subject(record)
        backs = [read_subject(each, "", Report()) for each in rest.printings(self.subject)]
        differs = rest.difference(record, *backs)
        person = {name: differs[name] for name in _PERSON if name in differs}
        self._keep(self.subject, person)

    def add(self, fact: Fact) -> None:
        """Put a fact where it belongs; where nothing reads back as such a fact, keep it whole."""
        if isinstance(fact, Event) and fact.kind == "death" and "vitalStatus" not in self.subject:
            self._add_death(fact)
            return
        place, entries = _entries_of(fact, len(self.lists.get("interpretations", ())))
        backs = [_back(place, each) for each in rest.printings(entries[0])] if entries else [None]
        if any(type(back) is not type(fact) for back in backs):
            self._whole.setdefault(type(fact).__name__, []).append(rest.encode(fact))
            return
        self.lists.setdefault(place, []).extend(entries)
        self._keep(entries[0], rest.difference(fact, *backs))
        for covered in entries[1:]:
            self._keep(covered, rest.COVERED)

    def rest(self) -> dict[str, Any]:
        """Everything the packet's own fields do not hold."""
        # Equal entries share a fingerprint: each then needs its rest, be it an empty one.
        entries = {name: each for name, each in self._entries.items() if any(each)}
        kept = {"entries": entries, "facts": self._whole}
        return {name: each for name, each in kept.items() if each}

    def _add_death(self, death: Event) -> None:
        vital = write_death(death)
        backs = [read_death(each, "", Report())[0] for each in rest.printings(vital)]
        self.subject["vitalStatus"] = vital
        self._keep(vital, rest.difference(death, *backs))

    def _keep(self, entry: dict[str, Any], differs: dict[str, Any]) -> None:
        self._entries.setdefault(rest.fingerprint(entry), []).append(differs)


_PERSON = ("patient", "sex", "birth", "last_seen")


def _facts(record: PatientRecord) -> Iterable[Fact]:
    yield from record.features
    yield from record.measurements
    yield from record.treatments
    yield from record.procedures
    yield from record.events


def _entries_of(fact: Fact, number: int) -> tuple[str, list[dict[str, Any]]]:
    """The list a fact belongs to, and its entries: the first says it, others repeat its parts."""
    place, entries = "medicalActions", list[dict[str, Any]]()
    match fact:
        case Feature(category="disease"):
            place, entries = "diseases", [write_disease(fact)]
        case Feature():
            place, entries = "phenotypicFeatures", [write_feature(fact)]
        case Measurement():
            place, entries = "measurements", [write_measurement(fact)]
        case Treatment():
            entries = line_of_treatment(fact)
        case Procedure():
            entries = procedure(fact)
        case Event(kind="hospitalisation"):
            entries = [hospital_stay(fact)]
        case Event(kind="diagnosis", concept=Concept() as disease):
            said = write_interpretation(fact, disease, f"diagnosis-{number + 1}")
            place, entries = "interpretations", [said]
    return place, entries


def _back(place: str, entry: dict[str, Any]) -> Fact | None:
    facts = list(read_entry(place, entry, "", Report()))
    return facts[0] if len(facts) == 1 else None


def _reference(said: str) -> dict[str, str]:
    if said.startswith(("http://", "https://")):
        return {"reference": said}
    prefix, colon, code = said.partition(":")
    curie = colon and prefix.isalnum() and code and not any(map(str.isspace, said))
    return {"id" if curie else "description": said}


def _resources(written: dict[str, Any]) -> list[dict[str, str]]:
    """The terminologies used. Which release a code was taken from is not known to the record."""
    used = sorted({prefix for prefix in _prefixes(written) if prefix in code_systems()})
    return [
        {
            "id": prefix.lower(),
            "name": code_systems()[prefix].name,
            "url": next(iter(code_systems()[prefix].uri), ""),
            "version": "unknown",
            "namespacePrefix": prefix,
            "iriPrefix": "",
        }
        for prefix in used
    ]


def _prefixes(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        code = value.get("id")
        if isinstance(code, str):
            yield code.partition(":")[0]
        for each in value.values():
            yield from _prefixes(each)
    elif isinstance(value, list):
        for each in value:
            yield from _prefixes(each)
