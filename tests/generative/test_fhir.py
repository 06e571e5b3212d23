"""FHIR: what is written is read again as it was, is valid to an independent library, and no input ends in a traceback."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.fhir import read, write
from openpoems.interchange.fhir.meanings import fields, table
from openpoems.quantities import Quantity
from openpoems.record import Measurement, PatientRecord
from tests.generative.records import records

SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
# Warnings that the generated records call for: units nobody knows, and ranges that are words.
CALLED_FOR = ("the unit", "the value has no unit", "the reference range is not used")


def worse_than_information(issues: tuple[Issue, ...]) -> list[Issue]:
    return [issue for issue in issues if issue.severity != "information" and not issue.message.startswith(CALLED_FOR)]


def with_usable_ranges(record: PatientRecord) -> PatientRecord:
    """The record without ranges that a reader keeps as words: no limit is negative."""
    kept = (
        replace(each, reference=None) if any(end is not None and end.value < 0 for end in _ends(each)) else each
        for each in record.measurements
    )
    return replace(record, measurements=tuple(kept))


def _ends(result: Measurement) -> tuple[Quantity | None, Quantity | None]:
    return (result.reference.low, result.reference.high) if result.reference else (None, None)


@SLOW
@given(records().map(with_usable_ranges))
def test_a_record_written_and_read_again_is_the_same_record(record: PatientRecord) -> None:
    ((again, issues),) = read(json.loads(json.dumps(write(record))))
    assert again == record
    assert worse_than_information(issues) == []


@SLOW
@given(records())
def test_writing_is_deterministic_and_every_resource_has_an_id_and_address_of_its_own(record: PatientRecord) -> None:
    bundle = write(record)
    assert write(record) == bundle
    names = [(entry["resource"]["resourceType"], entry["resource"]["id"]) for entry in bundle["entry"]]
    assert len(set(names)) == len(names)
    assert len({entry["fullUrl"] for entry in bundle["entry"]}) == len(names)


@SLOW
@given(records())
def test_an_independent_library_accepts_the_bundle_and_every_resource(record: PatientRecord) -> None:
    from fhir.resources.R4B import get_fhir_model_class

    bundle = write(record)
    get_fhir_model_class("Bundle").model_validate_json(json.dumps(bundle))
    for entry in bundle["entry"]:
        model = get_fhir_model_class(entry["resource"]["resourceType"])
        model.model_validate_json(json.dumps(entry["resource"]))


@SLOW
@given(records())
def test_statuses_are_of_the_value_sets_that_r4_binds(record: PatientRecord) -> None:
    # fhir.resources takes any status. The lists are those of the R4 value sets.
    bound = {"Patient": (), "Specimen": (), "Condition": ()} | {
        kind: tuple(code for listed in uses.values() for code in listed) for kind, uses in table()["status"].items()
    }
    for entry in write(record)["entry"]:
        resource = entry["resource"]
        status = resource.get("status")
        assert status in bound[resource["resourceType"]] if bound[resource["resourceType"]] else status is None


@SLOW
@given(records())
def test_every_reference_in_the_bundle_resolves(record: PatientRecord) -> None:
    bundle = write(record)
    addresses = {entry["fullUrl"] for entry in bundle["entry"]}
    assert set(_references(bundle)) <= addresses


@SLOW
@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_change_how_much_is_read(record: PatientRecord, random: Any) -> None:
    bundle = write(record)
    random.shuffle(bundle["entry"])
    ((again, issues),) = read(bundle)
    assert {len(again.features), len(again.measurements)} == {len(record.features), len(record.measurements)}
    assert len(again.treatments) == len(record.treatments)
    assert worse_than_information(issues) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
KINDS = sorted([*table()["status"], "Condition", "Patient", "Specimen", "Bundle", "Medication", "FamilyMemberHistory"])
FIELDS = sorted(
    fields(
        "id status code subject value valueQuantity valueCodeableConcept valueBoolean valueString valueInteger valueRange "
        "valueRatio component category clinicalStatus verificationStatus onsetAge onsetRange onsetPeriod onsetDateTime "
        "abatementString abatementAge bodySite severity evidence stage note specimen performer device method "
        "interpretation dataAbsentReason referenceRange extension modifierExtension implicitRules contained entry type "
        "collection result conclusion conclusionCode presentedForm performedPeriod performedAge complication outcome "
        "medicationReference medicationCodeableConcept dosage dosageInstruction effectivePeriod partOf class period "
        "reasonCode statusReason gender birthDate deceasedDateTime deceasedBoolean link request fullUrl resource issued "
        "recordedDate asserter recorder hasMember coding system display text unit low high start end reference url "
        "valueDateTime valueAge effectiveDateTime informationSource dateAsserted authoredOn intent patient ingredient"
    )
)
SMALL = st.sampled_from(
    [
        None, True, False, 0, -1, 1.5, "", " ", "2021", "2021-02-31", "P1Y", "final", "#a", "Patient/1", "urn:uuid:1",
        "active", "completed", "http://loinc.org", "HP:0001271", "a", "mo", "<", [], {}, [[]], [None], [{}], ["x"],
        {"reference": "Patient/1"}, {"reference": 5}, {"coding": [{"system": "http://loinc.org", "code": "75321-0"}]},
        {"coding": {"code": "x"}}, {"text": 3}, {"value": "1,5", "unit": "g/L"}, {"start": "x", "end": 4}, 1e308,
    ]
)  # fmt: skip
LOOSE = st.recursive(
    SMALL,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=10,
)
RESOURCES = st.builds(
    lambda kind, body: {"resourceType": kind, **body},
    st.sampled_from(KINDS),
    st.dictionaries(st.sampled_from(FIELDS), LOOSE, max_size=8),
)


def read_or_refuse(document: object) -> None:
    """Read; the only way out but a result is `UnreadableInput`, in words, and each issue names its place."""
    before = copy.deepcopy(document)
    try:
        found = read(document)
    except UnreadableInput:
        event("refused")
        return
    assert found
    event("read")
    for record, issues in found:
        assert isinstance(record, PatientRecord)
        assert all(issue.path and issue.message for issue in issues)
        assert len(json.dumps(write(record))) > 0
    assert repr(document) == repr(before)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_json_is_read_or_refused(document: object) -> None:
    read_or_refuse(document)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RESOURCES, max_size=4))
def test_any_resources_are_read_or_refused(resources: list[Any]) -> None:
    read_or_refuse(resources)
    read_or_refuse({"resourceType": "Bundle", "type": "batch", "entry": [{"resource": each} for each in resources]})


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(records(max_facts=2), st.data())
def test_a_valid_bundle_with_mutations_is_read_or_refused(record: PatientRecord, data: st.DataObject) -> None:
    bundle = write(record)
    for _ in range(data.draw(st.integers(1, 4))):
        places = list(_places(bundle))
        if not places:
            break
        holder, key = data.draw(st.sampled_from(places))
        if data.draw(st.booleans()):
            holder[key] = copy.deepcopy(data.draw(LOOSE))
        else:
            del holder[key]
    read_or_refuse(bundle)


@pytest.mark.parametrize("depth", [50, 5000])
def test_deep_nesting_is_read_or_refused(depth: int) -> None:
    deep: Any = {}
    for _ in range(depth):
        deep = {"extension": [deep]}
    resource = {"resourceType": "Observation", "id": "1", "status": "final", "code": {"text": "x"}, **deep}
    twin = {**resource, "extension": [{"extension": list(deep["extension"])}]}
    patient = {"resourceType": "Patient", "id": "p", **deep}
    ((record, _),) = read([resource, twin, {**resource}, patient])
    assert len(record.measurements) >= 1


def _references(element: Any) -> list[str]:
    if isinstance(element, dict):
        own = [element["reference"]] if isinstance(element.get("reference"), str) else []
        return own + [found for value in element.values() for found in _references(value)]
    return [found for value in element for found in _references(value)] if isinstance(element, list) else []


def _places(element: Any) -> list[tuple[Any, Any]]:
    keys = list(element) if isinstance(element, dict) else range(len(element)) if isinstance(element, list) else ()
    return [place for key in keys for place in ((element, key), *_places(element[key]))]
