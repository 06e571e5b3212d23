"""What is written is read again, by us and by protobuf's own reader; and no document ends in a traceback."""

import json
import re
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phenopackets import Phenopacket

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.phenopackets import read, split, write
from openpoems.record import PartialDate, PatientRecord
from tests.generative.records import in_any_order, records

# One of everything openpoems reads, and of the fields in it nothing that it does not.
EVERYTHING = """{
 "id": "packet-1",
 "subject": {
  "id": "person-1", "dateOfBirth": "1960-02-03T00:00:00Z", "sex": "MALE",
  "taxonomy": {"id": "NCBITaxon:9606", "label": "Homo sapiens"},
  "timeAtLastEncounter": {"age": {"iso8601duration": "P61Y"}},
  "vitalStatus": {
   "status": "DECEASED", "timeOfDeath": {"timestamp": "2022-01-02T00:00:00Z"},
   "causeOfDeath": {"id": "ICD10:J18.9", "label": "Pneumonia"}, "survivalTimeInDays": 400
  }
 },
 "phenotypicFeatures": [
  {
   "type": {"id": "HP:0001271", "label": "Polyneuropathy"}, "description": "first in the feet",
   "severity": {"id": "HP:0012828", "label": "Severe"},
   "modifiers": [{"id": "HP:0012832", "label": "Bilateral"}],
   "onset": {"ageRange": {"start": {"iso8601duration": "P58Y"}, "end": {"iso8601duration": "P59Y"}}},
   "resolution": {"interval": {"start": "2021-01-01T00:00:00Z", "end": "2021-02-01T00:00:00Z"}},
   "evidence": [{"reference": {"id": "PMID:1", "description": "a letter"}}]
  },
  {"type": {"id": "HP:0001744", "label": "Splenomegaly"}, "excluded": true,
   "onset": {"ontologyClass": {"id": "HP:0003581", "label": "Adult onset"}}},
  {"type": {"id": "HP:0002240", "label": "Hepatomegaly"},
   "onset": {"gestationalAge": {"weeks": 20, "days": 3}}}
 ],
 "measurements": [
  {
   "assay": {"id": "OPENPOEMS:vegf", "label": "VEGF in Plasma"}, "description": "<31",
   "value": {"quantity": {
    "unit": {"id": "UCUM:pg/mL", "label": "pg/mL"}, "value": 31,
    "referenceRange": {"unit": {"id": "UCUM:pg/mL", "label": "pg/mL"}, "low": 9, "high": 86}}},
   "timeObserved": {"timestamp": "2021-03-04T00:00:00Z"},
   "procedure": {"code": {"id": "NCIT:C28221", "label": "Phlebotomy"},
    "bodySite": {"id": "UBERON:0001638", "label": "vein"},
    "performed": {"timestamp": "2021-03-04T00:00:00Z"}}
  },
  {"assay": {"id": "LOINC:33358-3", "label": "M-protein"},
   "complexValue": {"typedQuantities": [{"type": {"id": "LOINC:51435-6", "label": "band"},
    "quantity": {"unit": {"id": "UCUM:g/L", "label": "g/L"}, "value": 4.5}}]}},
  {"assay": {"id": "LOINC:25700-6", "label": "Immunofixation"},
   "value": {"ontologyClass": {"id": "HP:0032295", "label": "IgG lambda"}}}
 ],
 "biosamples": [
  {
   "id": "sample-1", "individualId": "person-1", "description": "node of the neck",
   "sampledTissue": {"id": "UBERON:0000029", "label": "lymph node"},
   "sampleType": {"id": "EFO:0009655", "label": "tissue"},
   "timeOfCollection": {"timestamp": "2021-03-05T00:00:00Z"},
   "histologicalDiagnosis": {"id": "MONDO:0015564", "label": "Castleman disease"},
   "tumorProgression": {"id": "NCIT:C8509", "label": "primary"},
   "tumorGrade": {"id": "NCIT:C28077", "label": "grade 1"},
   "pathologicalStage": {"id": "NCIT:C27966", "label": "stage I"},
   "pathologicalTnmFinding": [{"id": "NCIT:C48720", "label": "T1"}],
   "diagnosticMarkers": [{"id": "NCIT:C0", "label": "lambda"}],
   "phenotypicFeatures": [{"type": {"id": "HP:0002716", "label": "Lymphadenopathy"}}],
   "measurements": [{"assay": {"id": "LOINC:11150-0", "label": "plasma cells"},
    "value": {"quantity": {"unit": {"id": "UCUM:%", "label": "%"}, "value": 5}}}],
   "procedure": {"code": {"id": "NCIT:C15189", "label": "Biopsy"}}
  }
 ],
 "diseases": [
  {
   "term": {"id": "ORPHA:2905", "label": "POEMS syndrome"}, "excluded": false,
   "onset": {"age": {"iso8601duration": "P58Y"}}, "resolution": {"age": {"iso8601duration": "P60Y"}},
   "diseaseStage": [{"id": "NCIT:C27966", "label": "stage I"}],
   "clinicalTnmFinding": [{"id": "NCIT:C48720", "label": "T1"}],
   "primarySite": {"id": "UBERON:0002371", "label": "bone marrow"},
   "laterality": {"id": "HP:0012834", "label": "Right"}
  }
 ],
 "medicalActions": [
  {"procedure": {"code": {"id": "SNOMED:108290001", "label": "Surgery"}},
   "responseToTreatment": {"id": "NCIT:C102560", "label": "favourable"}},
  {
   "treatment": {
    "agent": {"id": "ATC:L04AX04", "label": "lenalidomide"},
    "routeOfAdministration": {"id": "NCIT:C38288", "label": "oral"},
    "doseIntervals": [{
     "quantity": {"unit": {"id": "UCUM:mg", "label": "mg"}, "value": 25},
     "scheduleFrequency": {"id": "NCIT:C64498", "label": "daily"},
     "interval": {"start": "2021-04-01T00:00:00Z", "end": "2021-08-01T00:00:00Z"}}],
    "cumulativeDose": {"unit": {"id": "UCUM:mg", "label": "mg"}, "value": 2000}},
   "treatmentTarget": {"id": "ORPHA:2905", "label": "POEMS syndrome"},
   "treatmentIntent": {"id": "NCIT:C62220", "label": "curative"},
   "adverseEvents": [{"id": "HP:0001873", "label": "Thrombocytopenia"}],
   "treatmentTerminationReason": {"id": "NCIT:C1", "label": "done"}
  },
  {"radiationTherapy": {"modality": {"id": "NCIT:C28039", "label": "photons"},
   "bodySite": {"id": "UBERON:0001273", "label": "ilium"}, "dosage": 45, "fractions": 25}},
  {"therapeuticRegimen": {"ontologyClass": {"id": "NCIT:C2", "label": "Rd"},
   "startTime": {"timestamp": "2021-04-01T00:00:00Z"}, "endTime": {"timestamp": "2021-08-01T00:00:00Z"},
   "regimenStatus": "COMPLETED"}},
  {"therapeuticRegimen": {"externalReference": {"id": "NCT01639898", "reference": "a registry",
   "description": "a trial"}}}
 ],
 "interpretations": [
  {"id": "i", "progressStatus": "SOLVED", "summary": "agreed",
   "diagnosis": {"disease": {"id": "ORPHA:2905", "label": "POEMS syndrome"}}}
 ],
 "metaData": {
  "created": "2021-09-01T00:00:00Z", "createdBy": "a registry", "phenopacketSchemaVersion": "2.0",
  "resources": [{"id": "hp", "name": "HPO", "url": "u", "version": "1", "namespacePrefix": "HP",
   "iriPrefix": "p"}],
  "externalReferences": [{"id": "PMID:1", "reference": "r", "description": "a paper"}]
 }
}"""

TODAY = PartialDate(2026, 11, 22)


def written(record: PatientRecord) -> dict[str, Any]:
    return write(record, created=TODAY, created_by="openpoems")


def errors(issues: tuple[Issue, ...]) -> list[str]:
    return [str(issue) for issue in issues if issue.severity == "error"]


@settings(max_examples=100, deadline=None)
@given(records())
def test_what_is_written_is_read_again(record: PatientRecord) -> None:
    packet = written(record)

    again, issues = read(json.loads(json.dumps(packet)))

    assert in_any_order(again) == in_any_order(record)
    assert errors(issues) == []


@settings(max_examples=150, deadline=None)
@given(records(), st.booleans(), st.booleans())
def test_protobufs_own_reader_takes_what_is_written_and_gives_the_same_record(
    record: PatientRecord, zeros: bool, snake: bool
) -> None:
    message = ParseDict(written(record), Phenopacket())
    packet = MessageToDict(message, always_print_fields_with_no_presence=zeros, preserving_proto_field_name=snake)

    again, issues = read(packet)

    assert in_any_order(again) == in_any_order(record)
    assert errors(issues) == []


@settings(max_examples=100, deadline=None)
@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_entries_carries_no_meaning(record: PatientRecord, random: Any) -> None:
    packet = written(record)
    for entries in packet.values():
        if isinstance(entries, list):
            random.shuffle(entries)

    again, _ = read(packet)

    assert in_any_order(again) == in_any_order(record)


KEYS = st.sampled_from(
    [
        "id", "label", "subject", "sex", "phenotypicFeatures", "phenotypic_features", "type", "excluded",
        "negated", "onset", "age", "iso8601duration", "timestamp", "measurements", "assay", "value",
        "quantity", "unit", "referenceRange", "low", "high", "complexValue", "typedQuantities",
        "biosamples", "diseases", "term", "medicalActions", "treatment", "doseIntervals", "interval",
        "interpretations", "diagnosis", "disease", "progressStatus", "metaData", "externalReferences",
        "vitalStatus", "status", "description", "surprise",
    ]
)  # fmt: skip
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["HP:0001271", "P52Y", "2021-04-01T00:00:00Z", "openpoems:rest", "<31", "MALE"]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS, inner, max_size=6)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=25,
)


def read_or_refuse(document: object) -> tuple[Issue, ...]:
    try:
        record, issues = read(document)
    except UnreadableInput as refusal:
        return (Issue("error", "", str(refusal)),)
    assert isinstance(record, PatientRecord)
    assert record.patient
    return issues


@settings(max_examples=200, deadline=None)
@given(st.one_of(JSON, st.dictionaries(KEYS, JSON, max_size=8)))
@example([])
@example({})
@example(None)
def test_no_json_at_all_ends_in_a_traceback(document: object) -> None:
    read_or_refuse(document)
    for packet in split(document):
        read_or_refuse(packet)


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a document, so that a test can change what stands there."""
    found = []
    entries = node.items() if isinstance(node, dict) else enumerate(node)
    for key, each in list(entries):
        found.append((node, key))
        if isinstance(each, dict | list):
            found.extend(places(each))
    return found


@st.composite
def mutations(draw: st.DrawFn) -> list[tuple[int, str, object]]:
    kinds = st.sampled_from(["delete", "replace", "duplicate", "wrap"])
    return draw(st.lists(st.tuples(st.integers(0, 10**6), kinds, JSON), min_size=1, max_size=4))


def mutate(document: dict[str, Any], where: int, kind: str, new: object) -> None:
    found = places(document)
    if not found:
        return
    owner, key = found[where % len(found)]
    if kind == "delete":
        del owner[key]
    elif kind == "replace":
        owner[key] = new
    elif kind == "wrap":
        owner[key] = [owner[key]]
    elif isinstance(owner, list):
        owner.insert(key, owner[key])
    else:
        owner[f"{key}Copy"] = owner[key]


@settings(max_examples=200, deadline=None)
@given(changes=mutations())
def test_a_damaged_packet_never_ends_in_a_traceback(changes: list[tuple[int, str, object]]) -> None:
    document = json.loads(EVERYTHING)
    for where, kind, new in changes:
        mutate(document, where, kind, new)

    read_or_refuse(document)


@settings(max_examples=100, deadline=None)
@given(record=records(), changes=mutations())
def test_a_damaged_packet_of_our_own_never_ends_in_a_traceback(
    record: PatientRecord, changes: list[tuple[int, str, object]]
) -> None:
    document = written(record)
    for where, kind, new in changes:
        mutate(document, where, kind, new)

    read_or_refuse(document)


@settings(max_examples=100, deadline=None)
@given(record=records(), damage=JSON)
def test_a_damaged_rest_never_ends_in_a_traceback(record: PatientRecord, damage: object) -> None:
    document = written(record)
    for reference in document["metaData"]["externalReferences"]:
        if reference.get("id") == "openpoems:rest":
            rest = json.loads(reference["description"])
            owner, key = places(rest)[-1]
            owner[key] = damage
            reference["description"] = json.dumps(rest)

    read_or_refuse(document)


def objects(node: Any) -> list[dict[str, Any]]:
    found = [node] if isinstance(node, dict) else []
    for each in node.values() if isinstance(node, dict) else node:
        if isinstance(each, dict | list):
            found.extend(objects(each))
    return found


def test_an_unknown_key_anywhere_is_reported() -> None:
    for where in range(len(objects(json.loads(EVERYTHING)))):
        document = json.loads(EVERYTHING)
        objects(document)[where]["surprise"] = "x"

        issues = read_or_refuse(document)

        assert any(issue.path.endswith("surprise") for issue in issues), where


@pytest.mark.parametrize("wrong", [None, 7.5, True, "x", ["x"], {"x": 1}], ids=repr)
def test_a_value_of_the_wrong_kind_anywhere_is_reported(wrong: object) -> None:
    before = set(read_or_refuse(json.loads(EVERYTHING)))
    silent = []
    for where, (at, name) in enumerate(places(json.loads(EVERYTHING))):
        if isinstance(wrong, type(at[name])) or {type(wrong), type(at[name])} <= {int, float}:
            continue
        document = json.loads(EVERYTHING)
        owner, key = places(document)[where]
        owner[key] = wrong

        issues = set(read_or_refuse(document)) - before

        if not issues:
            silent.append(key)
    assert silent == []


def test_the_packet_that_has_everything_is_one_and_leaves_nothing_unread() -> None:
    document = json.loads(EVERYTHING)
    ParseDict(document, Phenopacket())

    record, issues = read(document)

    told = "is kept|kept in a note|kept in the note|timeObserved was used"
    assert [str(issue) for issue in issues if not re.search(told, issue.message)] == []
    assert len(record.features) == 4 + 7
    assert len(record.measurements) == 3 + 1
    assert len(record.treatments) == 3
    assert len(record.procedures) == 2 + 1
    assert sorted(event.kind for event in record.events) == ["death", "diagnosis", "other"]
    assert in_any_order(read(written(record))[0]) == in_any_order(record)
