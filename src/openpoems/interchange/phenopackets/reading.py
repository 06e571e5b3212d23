"""A whole Phenopacket, read; and families and cohorts, split into their packets."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.phenopackets import rest
from openpoems.interchange.phenopackets.actions import Act, read_action
from openpoems.interchange.phenopackets.biosamples import read_biosample
from openpoems.interchange.phenopackets.features import read_disease, read_feature
from openpoems.interchange.phenopackets.measurements import read_measurements
from openpoems.interchange.phenopackets.person import (
    read_death,
    read_interpretation,
    read_subject,
)
from openpoems.interchange.phenopackets.shape import Block, Report, block, items, kind_of, text
from openpoems.interchange.phenopackets.terms import reference
from openpoems.interchange.values import read_date
from openpoems.record import (
    Event,
    Feature,
    Measurement,
    PatientRecord,
    Procedure,
    Treatment,
)
from openpoems.record.model import Fact

_PACKET = frozenset(
    {
        "id",
        "subject",
        "phenotypicFeatures",
        "measurements",
        "biosamples",
        "interpretations",
        "diseases",
        "medicalActions",
        "metaData",
    }
)
_REQUIRED = ("created", "createdBy", "resources", "phenopacketSchemaVersion")
_META = frozenset({*_REQUIRED, "externalReferences"})
_RESOURCE = frozenset({"id", "name", "url", "version", "namespacePrefix", "iriPrefix"})
_UNNAMED = "unnamed"


class Meta(NamedTuple):
    """What the metadata say of the record: its references, and our own rests."""

    references: tuple[str, ...] = ()
    rests: rest.Rests | None = None


def read(document: object) -> tuple[PatientRecord, tuple[Issue, ...]]:
    """Read one Phenopacket (version 2, as JSON) into a record, with what a person should look at.

    Field names may be in camelCase or snake_case. Raises `UnreadableInput` where the document is no
    Phenopacket at all; everything else that is amiss is an issue, and the rest is read.
    """
    report = Report()
    packet = _packet(document, report)
    meta = _meta(packet, report)
    facts = [*_facts(packet, meta.rests, report)]
    record = replace(
        _person(packet, meta.rests, report),
        features=tuple(fact for fact in facts if isinstance(fact, Feature)),
        measurements=tuple(fact for fact in facts if isinstance(fact, Measurement)),
        treatments=tuple(fact for fact in facts if isinstance(fact, Treatment)),
        procedures=tuple(fact for fact in facts if isinstance(fact, Procedure)),
        events=tuple(fact for fact in facts if isinstance(fact, Event)),
        references=meta.references,
    )
    if meta.rests is not None and (lost := meta.rests.waiting()):
        message = f"{lost} additions by openpoems belong to entries that were changed; not used"
        report.warning("metaData.externalReferences", message)
    return record, report.all()


def split(document: object) -> list[Any]:
    """The packets of a cohort (its members) or of a family (the proband, then the relatives).

    Any other document is one packet: itself. Each entry is given as it stands, for `read` to judge.
    """
    if not isinstance(document, dict):
        return [document]
    if "members" in document:
        members = document["members"]
        return members if isinstance(members, list) else [members]
    if "proband" in document:
        relatives = document.get("relatives") or []
        return [
            document["proband"],
            *(relatives if isinstance(relatives, list) else [relatives]),
        ]
    return [document]


def read_entry(name: str, value: object, path: str, report: Report) -> Iterable[Fact]:
    """Read one entry of a list of the packet: what it says, without any rest."""
    return _READERS[name](value, path, report)


def _packet(document: object, report: Report) -> Block:
    if not isinstance(document, dict):
        message = f"this is {kind_of(document)}, not a Phenopacket, which is a JSON object"
        raise UnreadableInput(f"{message} with id, subject, phenotypicFeatures, metaData")
    if "members" in document or "proband" in document:
        kind, part = ("cohort", "members") if "members" in document else ("family", "proband")
        raise UnreadableInput(f"this is a {kind} of several people: read each packet in `{part}`")
    if "resourceType" in document:
        raise UnreadableInput("this is a FHIR resource, not a Phenopacket: read it as FHIR")
    packet = block(document, _PACKET, "", report)
    if not packet:
        message = "this JSON object has none of the fields of a Phenopacket (id, subject, "
        raise UnreadableInput(f"{message}phenotypicFeatures, ... metaData); is it another format?")
    return packet


def _meta(packet: Block, report: Report) -> Meta:
    if "metaData" not in packet:
        report.warning("metaData", "the schema requires metaData; add it (created, resources, ...)")
        return Meta()
    found = block(packet["metaData"], _META, "metaData", report)
    for name in _REQUIRED:
        if name not in found and found:
            report.information(f"metaData.{name}", "the schema requires this field; add it")
    _check_meta(found, report)
    references, rests = [], None
    for place, each in items(found, "externalReferences", "metaData", report):
        if isinstance(each, dict) and each.get("id") == rest.ID and rests is None:
            rests = _rests(each, place, report)
        elif said := reference(each, place, report):
            references.append(said)
    return Meta(tuple(references), rests)


def _check_meta(found: Block, report: Report) -> None:
    if "created" in found:
        read_date(found["created"], "metaData.created", report.issues)
    text(found, "createdBy", "metaData", report)
    if text(found, "phenopacketSchemaVersion", "metaData", report).startswith("1"):
        message = "this is version 1 of the schema; openpoems reads version 2, so look at the issues"
        report.warning("metaData.phenopacketSchemaVersion", message)
    for place, each in items(found, "resources", "metaData", report):
        resource = block(each, _RESOURCE, place, report)
        for name in resource:
            text(resource, name, place, report)


def _rests(value: Block, path: str, report: Report) -> rest.Rests | None:
    try:
        return rest.Rests(value.get("description"))
    except (ValueError, RecursionError):
        report.warning(path, "what openpoems added to this file is damaged, and was not used")
        return None


def _person(packet: Block, rests: rest.Rests | None, report: Report) -> PatientRecord:
    name = text(packet, "id", "", report)
    if not name:
        report.warning("id", "the schema requires an id; give the packet one")
    person = PatientRecord(patient="")
    if "subject" in packet:
        person = read_subject(packet["subject"], "subject", report)
        added = rests.take(_without_death(packet["subject"])) if rests else None
        person = rest.completed(person, added, "subject", report)
    if person.patient:
        return person
    if not name:
        report.warning("subject.id", f"nobody is named: the record is called {_UNNAMED!r}")
    return replace(person, patient=name or _UNNAMED)


def _without_death(subject: object) -> object:
    if not isinstance(subject, dict):
        return subject
    deaths = ("vitalStatus", "vital_status")
    return {name: each for name, each in subject.items() if name not in deaths}


def _facts(packet: Block, rests: rest.Rests | None, report: Report) -> Iterable[Fact]:
    for name, read_one in _READERS.items():
        if name in packet:
            for place, each in items(packet, name, "", report):
                yield from _entry(read_one, each, place, rests, report)
    subject = packet.get("subject")
    vital = _vital(subject)
    if vital is not None:
        yield from _entry(read_death, vital, "subject.vitalStatus", rests, report)
    if "biosamples" in packet:
        yield from _samples(packet, report)
    if rests is not None:
        yield from _whole(rests, report)


def _entry(read_one: "_Reader", value: object, path: str, rests: rest.Rests | None, report: Report) -> Iterable[Fact]:
    if rests is None:
        return read_one(value, path, report)
    added = rests.take(value)
    if added == rest.COVERED:
        return ()
    return [rest.completed(fact, added, path, report) for fact in read_one(value, path, report)]


def _vital(subject: object) -> object:
    if not isinstance(subject, dict):
        return None
    return subject.get("vitalStatus", subject.get("vital_status"))


def _samples(packet: Block, report: Report) -> Iterable[Fact]:
    subject = packet.get("subject")
    person = subject.get("id") if isinstance(subject, dict) else None
    name = person.strip() if isinstance(person, str) else ""
    for place, each in items(packet, "biosamples", "", report):
        sample = read_biosample(each, place, report, name)
        yield from sample.features
        yield from sample.measurements
        yield from sample.procedures


def _whole(rests: rest.Rests, report: Report) -> Iterable[Fact]:
    """The facts that Phenopackets have no place for at all."""
    for name, entries in rests.facts.items():
        for index, each in enumerate(entries):
            path = f"{rest.ID}.{name[:40]}[{index}]"
            try:
                yield _whole_fact(name, each, path)
            except (KeyError, ValueError):
                report.warning(path, "what openpoems added to this file is damaged; not used")


def _whole_fact(name: str, value: object, path: str) -> Fact:
    fact: Fact = rest.decode(_KINDS[name], value)
    return replace(fact, path=path)


def _feature(value: object, path: str, report: Report) -> tuple[Feature, ...]:
    feature = read_feature(value, path, report)
    return () if feature is None else (feature,)


def _disease(value: object, path: str, report: Report) -> tuple[Feature, ...]:
    disease = read_disease(value, path, report)
    return () if disease is None else (disease,)


def _action(value: object, path: str, report: Report) -> list[Act]:
    return read_action(value, path, report)


_Reader: TypeAlias = Callable[[object, str, Report], Iterable[Fact]]

_READERS: dict[str, _Reader] = {
    "phenotypicFeatures": _feature,
    "diseases": _disease,
    "measurements": read_measurements,
    "medicalActions": _action,
    "interpretations": read_interpretation,
}
_KINDS: dict[str, type[Fact]] = {
    "Feature": Feature,
    "Measurement": Measurement,
    "Treatment": Treatment,
    "Procedure": Procedure,
    "Event": Event,
}
