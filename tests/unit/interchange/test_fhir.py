"""Each rule of reading FHIR R4, on the smallest resources that show it."""

import json
from typing import Any

import pytest

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.fhir import read, write
from openpoems.quantities import Quantity
from openpoems.record import (
    Age,
    Coding,
    Concept,
    Event,
    Feature,
    Measurement,
    PartialDate,
    PatientRecord,
    Provenance,
    Span,
)

LOINC, SNOMED, HP = "http://loinc.org", "http://snomed.info/sct", "http://human-phenotype-ontology.org"
TERMS = "http://terminology.hl7.org/CodeSystem"
UCUM = "http://unitsofmeasure.org"
PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "male", "birthDate": "1960-05"}
SUBJECT = {"reference": "Patient/p1"}


def code(system: str, value: str, text: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": value}]} | ({"text": text} if text else {})


def term(system: str, value: str) -> dict[str, Any]:
    return code(f"{TERMS}/{system}", value)


def resource(kind: str, **fields: Any) -> dict[str, Any]:
    return {"resourceType": kind, "subject": SUBJECT, **fields}


def observation(what: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return resource("Observation", status="final", code=what, **fields)


def condition(**fields: Any) -> dict[str, Any]:
    return resource("Condition", **{"code": code(SNOMED, "302226006")} | fields)


def bundle(*resources: dict[str, Any], kind: str = "collection") -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": each} for each in resources]}


def one(*resources: dict[str, Any]) -> tuple[PatientRecord, tuple[Issue, ...]]:
    ((record, issues),) = read(bundle(PATIENT, *resources))
    return record, issues


def severities(issues: tuple[Issue, ...]) -> list[str]:
    return [issue.severity for issue in issues]


def ids(concept: Concept | None) -> list[str]:
    return [coding.id for coding in concept.codings] if concept else []


VEGF = code(LOINC, "75628-8")
NEUROPATHY = code(HP, "HP:0001271")
PG = {"value": 1040.5, "unit": "pg/mL", "system": UCUM, "code": "pg/mL"}


# Documents


def test_a_bundle_a_list_and_a_single_resource_give_the_same_patient() -> None:
    for document in (bundle(PATIENT), [PATIENT], PATIENT, [bundle(PATIENT)]):
        ((record, issues),) = read(document)
        assert (record.patient, record.sex, record.birth) == ("p1", "male", PartialDate(1960, 5))
        assert issues == ()


@pytest.mark.parametrize("document", [None, 3, "x", {}, [], bundle(), [[]], {"resourceType": "Organization"}])
def test_a_document_about_nobody_is_refused(document: object) -> None:
    with pytest.raises(UnreadableInput):
        read(document)


@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction", "document", "batch", "anything"])
def test_any_type_of_bundle_is_read(kind: str) -> None:
    ((record, _),) = read(bundle(PATIENT, condition(), kind=kind))
    assert len(record.features) == 1


def test_one_page_of_several_is_a_warning() -> None:
    document = bundle(PATIENT) | {"link": [{"relation": "next", "url": "x"}]}
    assert severities(read(document)[0][1]) == ["warning"]


def test_deleted_entries_are_not_used() -> None:
    document = bundle(PATIENT, condition(id="c"), kind="transaction")
    document["entry"][1]["request"] = {"method": "DELETE", "url": "Condition/c"}
    ((record, issues),) = read(document)
    assert record.features == ()
    assert [(issue.severity, issue.path) for issue in issues] == [("information", "entry[1]")]


def test_in_a_history_only_the_newest_version_counts_and_nothing_of_what_was_deleted() -> None:
    document = bundle(
        PATIENT, condition(id="a"), condition(id="a", note=[{"text": "older"}]), condition(id="b"), kind="history"
    )
    document["entry"].insert(1, {"request": {"method": "DELETE", "url": "Condition/b"}})
    ((record, issues),) = read(document)
    assert [feature.note for feature in record.features] == [""]
    assert severities(issues) == ["information"] * 3


def test_the_same_resource_twice_is_used_once_and_another_with_its_id_is_kept() -> None:
    record, issues = one(condition(id="c"), condition(id="c"), condition(id="c", recordedDate="2020"))
    assert len(record.features) == 2
    assert severities(issues) == ["warning", "warning"]


def test_resources_of_types_that_are_not_read_are_counted_by_type() -> None:
    _, issues = one(resource("AllergyIntolerance"), resource("AllergyIntolerance"), resource("FamilyMemberHistory"))
    assert [(issue.severity, issue.path, "2 times" in issue.message) for issue in issues] == [
        ("information", "AllergyIntolerance", True),
        ("information", "FamilyMemberHistory", False),
    ]


def test_fields_and_extensions_that_are_not_read_are_named() -> None:
    _, issues = one(
        condition(encounter={"reference": "Encounter/1"}, extension=[{"url": "http://x.org/e", "valueCode": "x"}])
    )
    assert [issue.path for issue in issues] == ["Condition.encounter", "extension http://x.org/e"]
    assert set(severities(issues)) == {"information"}


@pytest.mark.parametrize("field", [{"modifierExtension": [{"url": "x"}]}, {"implicitRules": "http://x.org/rules"}])
@pytest.mark.parametrize("kind", [condition, lambda **fields: observation(VEGF, valueQuantity=PG, **fields)])
def test_what_may_mean_the_opposite_is_not_used(field: dict[str, Any], kind: Any) -> None:
    record, issues = one(kind(**field))
    assert (record.features, record.measurements) == ((), ())
    assert severities(issues) == ["error"]


# Persons


def test_names_and_identifiers_reach_neither_record_nor_issues() -> None:
    patient = PATIENT | {
        "name": [{"family": "Quixote"}], "identifier": [{"value": "SSN-77"}], "telecom": [{"value": "555-1"}],
        "contact": [{"name": {"family": "Panza"}}],
    }  # fmt: skip
    performer = [{"reference": "Practitioner/d", "display": "Dr Teresa"}]
    ((record, issues),) = read([patient, observation(VEGF, valueQuantity=PG, performer=performer)])
    kept = json.dumps(write(record)) + "".join(map(str, issues))
    assert not [word for word in ("Quixote", "SSN-77", "555-1", "Panza", "Teresa") if word in kept]
    assert record.measurements[0].provenance.said_by == "clinician"


def test_two_patients_give_two_records_and_a_warning_in_each() -> None:
    other = condition(subject={"reference": "Patient/p2"})
    found = read(bundle(PATIENT, {"resourceType": "Patient", "id": "p2"}, other, condition(), condition()))
    assert [(record.patient, len(record.features)) for record, _ in found] == [("p1", 2), ("p2", 1)]
    assert all("warning" in severities(issues) for _, issues in found)


def test_without_a_subject_a_resource_goes_to_the_only_patient_with_a_warning() -> None:
    lonely = {key: value for key, value in condition().items() if key != "subject"}
    record, issues = one(lonely)
    assert (len(record.features), severities(issues)) == (1, ["warning"])


def test_without_a_subject_and_with_two_patients_a_resource_is_nobodys() -> None:
    lonely = {key: value for key, value in condition().items() if key != "subject"}
    found = read([PATIENT, PATIENT | {"id": "p2"}, lonely])
    assert all(record.features == () for record, _ in found)
    assert all(("error", "[2] (Condition)") in [(i.severity, i.path) for i in issues] for _, issues in found)


def test_without_a_patient_resource_the_reference_is_the_pseudonym() -> None:
    ((record, issues),) = read(condition())
    assert (record.patient, record.sex, len(record.features)) == ("p1", "unknown", 1)
    assert set(severities(issues)) == {"warning"}


def test_what_is_about_a_group_is_not_used() -> None:
    record, issues = one(condition(subject={"reference": "Group/g"}))
    assert (record.features, severities(issues)) == ((), ["warning"])


@pytest.mark.parametrize(
    ("url", "reference"),
    [
        ("http://a.org/fhir/Patient/p1", "Patient/p1"),
        ("http://a.org/fhir/Patient/p1", "http://a.org/fhir/Patient/p1"),
        ("http://a.org/fhir/Patient/p1", "http://a.org/fhir/Patient/p1/_history/2"),
        ("urn:uuid:0b1f", "urn:uuid:0b1f"),
        ("", "http://elsewhere.org/Patient/p1"),
    ],
)
def test_references_of_every_form_resolve(url: str, reference: str) -> None:
    document = bundle(PATIENT, condition(subject={"reference": reference}))
    if url:
        document["entry"][0]["fullUrl"] = url
    ((record, issues),) = read(document)
    assert (record.patient, len(record.features), issues) == ("p1", 1, ())


def test_the_same_id_on_two_servers_is_two_persons() -> None:
    document = bundle(PATIENT, PATIENT | {"gender": "female"}, condition(), condition(note=[{"text": "b"}]))
    for entry, url in zip(document["entry"], ("a", "b", "a", "b"), strict=True):
        kind = entry["resource"]["resourceType"]
        entry["fullUrl"] = f"http://{url}.org/{kind}/{'p1' if kind == 'Patient' else url}"
    found = read(document)
    assert [(record.sex, [feature.note for feature in record.features]) for record, _ in found] == [
        ("male", [""]),
        ("female", ["b"]),
    ]


def test_patients_inside_their_resources_are_one_person_when_they_say_the_same() -> None:
    inside = condition(subject={"reference": "#me"}, contained=[PATIENT | {"id": "me"}])
    ((record, _),) = read([inside, {**inside, "id": "2"}])
    assert (record.patient, record.sex, len(record.features)) == ("me", "male", 2)


@pytest.mark.parametrize(
    ("field", "on"),
    [({"deceasedDateTime": "2021-03-04T10:00:00Z"}, PartialDate(2021, 3, 4)), ({"deceasedBoolean": True}, None)],
)
def test_a_death_is_an_event(field: dict[str, Any], on: PartialDate | None) -> None:
    ((record, issues),) = read(PATIENT | field)
    assert record.events == (Event("death", on=on),)
    assert issues == ()


def test_a_patient_linked_with_another_is_a_warning() -> None:
    ((_, issues),) = read(PATIENT | {"link": [{"other": {"reference": "Patient/p2"}, "type": "seealso"}]})
    assert severities(issues) == ["information", "warning"]


def test_being_alive_is_no_event_and_a_wrong_gender_is_an_error() -> None:
    ((record, issues),) = read(PATIENT | {"deceasedBoolean": False, "gender": "m"})
    assert (record.events, record.sex, severities(issues)) == ((), "unknown", ["error"])


# Conditions


@pytest.mark.parametrize(
    ("status", "excluded", "features", "events", "severity"),
    [
        ("confirmed", False, 1, 0, []),
        ("refuted", True, 1, 0, []),
        ("provisional", None, 0, 1, ["warning"]),
        ("differential", None, 0, 1, ["warning"]),
        ("unconfirmed", None, 0, 1, ["warning"]),
        ("entered-in-error", None, 0, 0, ["warning"]),
        ("sure", None, 0, 1, ["error"]),
    ],
)
def test_verification_status(
    status: str, excluded: bool | None, features: int, events: int, severity: list[str]
) -> None:
    record, issues = one(condition(verificationStatus=term("condition-ver-status", status)))
    assert (len(record.features), len(record.events), severities(issues)) == (features, events, severity)
    assert [feature.excluded for feature in record.features] == ([] if excluded is None else [excluded])
    assert [event.kind for event in record.events] == ["other"] * events


TWO = {"coding": [{"system": SNOMED, "code": "1"}, *term("condition-ver-status", "Refuted")["coding"]]}


@pytest.mark.parametrize(
    ("said", "excluded", "severity"),
    [
        ("refuted", True, ["warning"]),
        ({"text": "Refuted"}, True, []),
        ({"coding": [{"code": "CONFIRMED"}]}, False, []),
        (code(SNOMED, "410516002"), True, []),
        (TWO, True, []),
        ({}, None, ["error"]),
        (7, None, ["error"]),
        (["confirmed"], None, ["error"]),
        ({"text": "pending"}, None, ["error"]),
        ("unknown", None, ["warning", "warning"]),
    ],
)
def test_a_verification_status_in_another_form(said: Any, excluded: bool | None, severity: list[str]) -> None:
    record, issues = one(condition(verificationStatus=said))
    assert [feature.excluded for feature in record.features] == ([] if excluded is None else [excluded])
    assert [event.kind for event in record.events] == (["other"] if excluded is None else [])
    assert severities(issues) == severity


@pytest.mark.parametrize("said", ["resolved", {"text": "Resolved"}, {"coding": [{"code": "RESOLVED"}]}])
def test_a_clinical_status_in_another_form_is_read(said: Any) -> None:
    record, issues = one(condition(clinicalStatus=said))
    assert record.features[0].note == "clinical status: resolved"
    assert "warning" in severities(issues)


def test_a_clinical_status_that_cannot_be_read_is_a_warning() -> None:
    record, issues = one(condition(clinicalStatus={"text": "so so"}))
    assert (len(record.features), severities(issues)) == (1, ["warning"])


@pytest.mark.parametrize(
    ("status", "count", "severity"),
    [
        ("FINAL", 1, []),
        ("Entered-In-Error", 0, ["warning"]),
        ({"coding": [{"code": "entered-in-error"}]}, 0, ["error"]),
        (7, 0, ["error"]),
        (None, 1, ["warning"]),
    ],
)
def test_an_unusual_status_of_an_observation(status: Any, count: int, severity: list[str]) -> None:
    record, issues = one(observation(VEGF, valueQuantity=PG) | {"status": status})
    assert (len(record.measurements), severities(issues)) == (count, severity)


AGE = {"value": 52, "unit": "years", "system": UCUM, "code": "a"}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ({"onsetDateTime": "2019-04"}, PartialDate(2019, 4)),
        ({"onsetAge": AGE}, Age(52)),
        ({"onsetAge": {"value": 630, "unit": "months", "code": "mo"}}, Age(52, 6)),
        ({"onsetAge": {"value": 3, "code": "wk"}}, Age(0, 0, 21)),
        ({"onsetAge": {**AGE, "comparator": "<"}}, Span(None, Age(52))),
        ({"onsetRange": {"low": AGE, "high": {**AGE, "value": 55}}}, Span(Age(52), Age(55))),
        ({"onsetPeriod": {"start": "2019", "end": "2020-01"}}, Span(PartialDate(2019), PartialDate(2020, 1))),
    ],
)
def test_onset(field: dict[str, Any], expected: object) -> None:
    record, issues = one(condition(**field))
    assert record.features[0].onset == expected
    assert issues == ()


@pytest.mark.parametrize(
    "field", [{"onsetDateTime": "2019-02-31"}, {"onsetAge": {"value": 52, "unit": "kg"}}, {"onsetAge": 5}]
)
def test_an_onset_that_cannot_be_read_is_an_error_and_the_sign_stays(field: dict[str, Any]) -> None:
    record, issues = one(condition(**field))
    assert [feature.onset for feature in record.features] == [None]
    assert severities(issues) == ["error"]


def test_what_only_words_say_of_an_onset_or_an_end_goes_into_the_note() -> None:
    record, issues = one(condition(onsetString="last spring", abatementString="slowly"))
    assert record.features[0].note == "onset: last spring\nabatement: slowly"
    assert severities(issues) == ["warning", "warning"]


def test_a_condition_keeps_all_it_says() -> None:
    record, issues = one(
        condition(
            severity=code(SNOMED, "24484000"), bodySite=[code(SNOMED, "51185008"), code(SNOMED, "113280009")],
            abatementDateTime="2021", recordedDate="2020-02-03", asserter=SUBJECT, note=[{"text": "a"}, {"text": "b"}],
            category=[term("condition-category", "problem-list-item")], evidence=[{"code": [NEUROPATHY]}],
        )
    )  # fmt: skip
    (feature,) = record.features
    assert feature == Feature(
        Concept((Coding("SNOMED:302226006"),)),
        category="disease",
        resolved=PartialDate(2021),
        site=Concept((Coding("SNOMED:51185008"),)),
        severity=Concept((Coding("SNOMED:24484000"),)),
        note="a\nb\nfurther body sites: SNOMED:113280009\nevidence: HP:0001271",
        provenance=Provenance("patient", recorded=PartialDate(2020, 2, 3)),
    )
    assert feature.path == "entry[1].resource (Condition)"
    assert issues == ()


def test_resolved_without_a_date_is_a_warning_and_hpo_makes_a_sign() -> None:
    record, issues = one(condition(code=NEUROPATHY, clinicalStatus=term("condition-clinical", "resolved")))
    assert (record.features[0].category, record.features[0].note) == ("phenotype", "clinical status: resolved")
    assert severities(issues) == ["warning"]


def test_a_condition_without_code_and_text_is_an_error() -> None:
    record, issues = one(condition(code={}))
    assert (record.features, severities(issues)) == ((), ["error"])


# Sign or measurement


@pytest.mark.parametrize("system", [(HP, "HP:0001271"), (SNOMED, "302226006"), ("urn:openpoems:codes", "organomegaly")])
@pytest.mark.parametrize(
    ("value", "excluded"),
    [
        ({"valueBoolean": True}, False),
        ({"valueBoolean": False}, True),
        ({"valueCodeableConcept": code(SNOMED, "52101004")}, False),
        ({"valueCodeableConcept": code(SNOMED, "2667000")}, True),
        ({"valueCodeableConcept": code(SNOMED, "10828004")}, False),
        ({"valueCodeableConcept": code(SNOMED, "260385009")}, True),
        ({"valueCodeableConcept": code(LOINC, "LA33-6")}, False),
        ({"valueCodeableConcept": code(LOINC, "LA32-8")}, True),
        ({"valueCodeableConcept": code(LOINC, "LA9633-4")}, False),
        ({"valueCodeableConcept": code(LOINC, "LA9634-2")}, True),
        ({"valueString": "Absent"}, True),
        ({"interpretation": [term("v3-ObservationInterpretation", "POS")]}, False),
        ({"interpretation": [term("v3-ObservationInterpretation", "NEG")]}, True),
    ],
)
def test_a_sign_that_is_answered_is_a_feature(system: tuple[str, str], value: dict[str, Any], excluded: bool) -> None:
    record, issues = one(observation(code(*system), effectiveDateTime="2021", **value))
    assert [(feature.excluded, feature.on) for feature in record.features] == [(excluded, PartialDate(2021))]
    assert (record.measurements, issues) == ((), ())


@pytest.mark.parametrize("value", [{"valueBoolean": True}, {"valueCodeableConcept": code(SNOMED, "10828004")}])
def test_a_laboratory_code_with_an_answer_is_a_measurement_with_a_result(value: dict[str, Any]) -> None:
    record, _ = one(observation(VEGF, **value))
    assert record.features == ()
    assert ids(record.measurements[0].result) == (["LOINC:LA33-6"] if "valueBoolean" in value else ["SNOMED:10828004"])


def test_a_laboratory_code_beside_a_finding_code_is_a_measurement() -> None:
    both = {"coding": [*VEGF["coding"], *NEUROPATHY["coding"]]}
    record, _ = one(observation(both, valueBoolean=True))
    assert (record.features, len(record.measurements)) == ((), 1)


@pytest.mark.parametrize("what", [NEUROPATHY, code(SNOMED, "104133003"), VEGF, {"text": "VEGF"}])
def test_a_number_is_always_a_measurement(what: dict[str, Any]) -> None:
    record, issues = one(observation(what, valueQuantity=PG))
    assert (record.features, record.measurements[0].value, issues) == ((), Quantity(1040.5, "pg/mL"), ())


@pytest.mark.parametrize("generic", [code(LOINC, "75321-0"), code(LOINC, "8716-3"), code(SNOMED, "404684003")])
@pytest.mark.parametrize(
    "found", [NEUROPATHY, code(SNOMED, "302226006"), code("http://hl7.org/fhir/sid/icd-10", "G62.9")]
)
def test_a_finding_as_the_value_of_a_generic_code_is_a_feature(generic: dict[str, Any], found: dict[str, Any]) -> None:
    record, issues = one(observation(generic, valueCodeableConcept=found))
    (feature,) = record.features
    assert feature.concept.codings[0].id.endswith(found["coding"][0]["code"].removeprefix("HP:"))
    assert feature.note.startswith("observed as: ")
    assert (feature.excluded, record.measurements, issues) == (False, (), ())


def test_a_finding_as_the_result_of_a_test_is_both() -> None:
    record, _ = one(observation(VEGF, valueCodeableConcept=NEUROPATHY))
    assert (len(record.features), len(record.measurements)) == (1, 1)


def test_a_finding_that_is_interpreted_as_negative_is_not_counted() -> None:
    negative = [term("v3-ObservationInterpretation", "NEG")]
    record, issues = one(observation(code(LOINC, "75321-0"), valueCodeableConcept=NEUROPATHY, interpretation=negative))
    assert (record.features, len(record.events), severities(issues)) == ((), 1, ["warning"])


def test_a_sign_that_is_graded_is_present_with_its_severity() -> None:
    record, issues = one(observation(NEUROPATHY, valueCodeableConcept=code(SNOMED, "24484000")))
    assert [(feature.excluded, ids(feature.severity)) for feature in record.features] == [(False, ["SNOMED:24484000"])]
    assert issues == ()


def test_a_sign_without_an_answer_is_unknown() -> None:
    record, issues = one(observation(NEUROPATHY))
    assert (record.features, len(record.measurements), severities(issues)) == ((), 1, ["warning"])


def test_a_sign_that_was_not_looked_for_is_unknown() -> None:
    record, issues = one(observation(NEUROPATHY, dataAbsentReason=term("data-absent-reason", "not-performed")))
    assert (record.features, record.measurements[0].absent, issues) == ((), "not-performed", ())


@pytest.mark.parametrize(
    ("status", "count", "severity"),
    [
        ("final", 1, []),
        ("amended", 1, []),
        ("corrected", 1, []),
        ("preliminary", 1, ["information"]),
        ("cancelled", 0, ["information"]),
        ("registered", 0, ["information"]),
        ("entered-in-error", 0, ["warning"]),
        ("done", 0, ["error"]),
        (None, 1, ["warning"]),
    ],
)
def test_status_of_an_observation(status: str | None, count: int, severity: list[str]) -> None:
    record, issues = one(observation(VEGF, valueQuantity=PG) | {"status": status})
    assert (len(record.measurements), severities(issues)) == (count, severity)


# Values of observations


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (PG, (Quantity(1040.5, "pg/mL"), "")),
        ({**PG, "comparator": "<"}, (Quantity(1040.5, "pg/mL"), "<")),
        ({"value": 5, "unit": "x10^9/L"}, (Quantity(5.0, "10*9/L"), "")),
        ({"value": 5, "unit": "g/L", "code": "gram-per-litre"}, (Quantity(5.0, "g/L"), "")),
        ({"value": 5, "unit": "g/L", "system": "http://local.org", "code": "mg/L"}, (Quantity(5.0, "g/L"), "")),
    ],
)
def test_quantities(quantity: dict[str, Any], expected: tuple[Quantity, str]) -> None:
    record, issues = one(observation(VEGF, valueQuantity=quantity))
    assert (record.measurements[0].value, record.measurements[0].comparator) == expected
    assert issues == ()


@pytest.mark.parametrize(
    ("value", "quantity", "comparator", "text", "severity"),
    [
        ({"valueInteger": 3}, Quantity(3.0, "1"), "", None, []),
        ({"valueRange": {"low": PG}}, Quantity(1040.5, "pg/mL"), ">=", None, []),
        ({"valueRange": {"high": PG}}, Quantity(1040.5, "pg/mL"), "<=", None, []),
        (
            {"valueRange": {"low": PG, "high": {**PG, "value": 1100}}},
            None,
            "",
            "1040.5 pg/mL – 1100 pg/mL",
            ["warning"],
        ),
        ({"valueRatio": {"numerator": {"value": 1.6}, "denominator": {"value": 1}}}, Quantity(1.6, "1"), "", None, []),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 40}}}, None, "", "1 : 40", ["warning"]),
        ({"valueString": "IgA lambda"}, None, "", "IgA lambda", []),
        ({"valueString": "<31 pg/mL"}, Quantity(31.0, "pg/mL"), "<", None, ["information"]),
        ({"valueString": "482 pg/ml"}, Quantity(482.0, "pg/mL"), "", None, ["information"]),
        ({"valueString": "482"}, None, "", "482", ["warning"]),
        ({"valueString": "482 pg/mL (repeat)"}, None, "", "482 pg/mL (repeat)", []),
        ({"valueDateTime": "2021-01"}, None, "", "2021-01", []),
        ({"valueSampledData": {"data": "1 2"}}, None, "", None, ["error"]),
        ({"valueQuantity": {"value": "1,5", "unit": "g/L"}}, None, "", None, ["error"]),
        ({"valueQuantity": {**PG, "comparator": "~"}}, None, "", None, ["error"]),
        ({"valueQuantity": PG, "valueString": "x"}, None, "", None, ["error"]),
    ],
)
def test_other_values(
    value: dict[str, Any], quantity: Quantity | None, comparator: str, text: str | None, severity: list[str]
) -> None:
    record, issues = one(observation(VEGF, **value))
    (found,) = record.measurements
    assert (found.value, found.comparator, found.result and found.result.text) == (quantity, comparator, text)
    assert severities(issues) == severity


def test_components_are_measurements_that_inherit_date_specimen_and_laboratory() -> None:
    record, issues = one(
        {"resourceType": "Specimen", "id": "s", "type": code(SNOMED, "119364003")},
        {"resourceType": "Organization", "id": "o", "name": "Central Laboratory"},
        observation(
            {"text": "proteins"}, effectiveDateTime="2021-05-06", specimen={"reference": "Specimen/s"},
            performer=[{"reference": "Organization/o"}], method={"text": "ELISA"},
            component=[{"code": VEGF, "valueQuantity": PG}, {"code": code(LOINC, "718-7"), "valueQuantity": {"value": 120, "unit": "g/L"}}],
        ),
    )  # fmt: skip
    assert [(m.measure.codings[0].id, str(m.on), m.specimen, m.laboratory, m.assay) for m in record.measurements] == [
        ("LOINC:75628-8", "2021-05-06", "serum", "Central Laboratory", "ELISA"),
        ("LOINC:718-7", "2021-05-06", "serum", "Central Laboratory", "ELISA"),
    ]
    assert record.measurements[1].path == "entry[3].resource (Observation).component[1]"
    assert issues == ()


def test_a_panel_that_only_lists_its_members_is_no_measurement() -> None:
    record, issues = one(observation({"text": "panel"}, hasMember=[{"reference": "Observation/1"}]))
    assert (record.measurements, issues) == ((), ())


def test_the_note_of_a_panel_is_not_lost() -> None:
    members = [{"reference": "Observation/1"}]
    record, issues = one(observation({"text": "panel"}, hasMember=members, note=[{"text": "haemolysed"}]))
    assert [(event.kind, event.note) for event in record.events] == [("other", "haemolysed")]
    assert (record.measurements, issues) == ((), ())


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (code(SNOMED, "119361006"), "plasma"),
        ({"text": "EDTA plasma"}, "plasma"),
        ({"text": "pleural fluid"}, "pleural fluid"),
        ({"text": "Serum or Plasma"}, "Serum or Plasma"),
    ],
)
def test_a_contained_specimen_gives_its_type_and_its_date_where_there_is_no_other(
    kind: dict[str, Any], expected: str
) -> None:
    specimen = {"resourceType": "Specimen", "id": "s", "type": kind, "collection": {"collectedDateTime": "2021-02-03"}}
    fields = {"valueQuantity": PG, "specimen": {"reference": "#s"}, "contained": [specimen]}
    record, issues = one(observation(VEGF, **fields), observation(VEGF, effectiveDateTime="2022", **fields))
    assert [(m.specimen, str(m.on)) for m in record.measurements] == [(expected, "2021-02-03"), (expected, "2022")]
    assert issues == ()


def test_the_day_a_specimen_was_received_is_the_last_resort() -> None:
    specimen = {"resourceType": "Specimen", "id": "s", "receivedTime": "2021-02-04"}
    record, _ = one(specimen, observation(VEGF, valueQuantity=PG, specimen={"reference": "Specimen/s"}))
    assert (record.measurements[0].specimen, record.measurements[0].on) == ("", PartialDate(2021, 2, 4))


def test_a_reference_that_points_at_nothing_is_a_warning() -> None:
    record, issues = one(observation(VEGF, valueQuantity=PG, specimen={"reference": "Specimen/none"}))
    assert (record.measurements[0].specimen, severities(issues)) == ("", ["warning"])


@pytest.mark.parametrize(
    ("said", "flags", "severity"),
    [
        (term("v3-ObservationInterpretation", "HH"), ("HH",), []),
        (code("http://hl7.org/fhir/v2/0078", "L"), ("L",), []),
        (code(SNOMED, "281302008"), ("H",), []),
        ({"text": "High"}, ("H",), []),
        ({"text": "so so"}, ("so so",), ["warning"]),
        ({"text": "Above normal range"}, ("H",), []),
        ({"text": "Abnormally high"}, ("H",), []),
        (code("urn:oid:2.16.840.1.113883.5.83", "H"), ("H",), []),
        (code("http://example.org/local", "H", "haemolysed"), ("haemolysed",), ["warning"]),
        (term("v3-ObservationInterpretation", "A"), ("A",), []),
    ],
)
def test_interpretations(said: dict[str, Any], flags: tuple[str, ...], severity: list[str]) -> None:
    record, issues = one(observation(VEGF, valueQuantity=PG, interpretation=[said]))
    assert (record.measurements[0].flags, severities(issues)) == (flags, severity)


@pytest.mark.parametrize("said", [{"text": "High"}, "High", ["High"]])
def test_an_interpretation_that_is_no_list_is_read(said: Any) -> None:
    record, issues = one(observation(VEGF, valueQuantity=PG, interpretation=said))
    assert (record.measurements[0].flags, severities(issues)) == (("H",), ["warning"])


MEN = {"high": {"value": 115, "unit": "pg/mL"}, "appliesTo": [code(SNOMED, "248153007")]}
WOMEN = {"high": {"value": 90, "unit": "pg/mL"}, "appliesTo": [code(SNOMED, "248152002")]}
TREATED = {"high": {"value": 500, "unit": "pg/mL"}, "type": term("referencerange-meaning", "treatment")}


@pytest.mark.parametrize(
    ("ranges", "high", "severity"),
    [
        ([{"high": {"value": 115, "unit": "pg/mL"}}], 115, []),
        ([{"high": {"value": 115}}], 115, ["warning"]),
        ([MEN, WOMEN], 115, []),
        ([TREATED, {"high": {"value": 115, "unit": "pg/mL"}}], 115, []),
        ([WOMEN], None, ["warning"]),
        ([{"high": {"value": 115, "unit": "pg/mL"}}, {"high": {"value": 90, "unit": "pg/mL"}}], None, ["warning"]),
        ([{"text": "below the mean"}], None, ["warning"]),
        ([{"text": "<115"}], 115, ["information"]),
        ([{"text": "up to 115 pg/mL"}], 115, ["information"]),
        ([{"text": "31 - 115"}], 115, ["information"]),
        ([{"text": "<115 mmol/L"}], None, ["warning"]),
        ([{"low": {"value": 0, "unit": "pg/mL"}, "high": {"value": 0, "unit": "pg/mL"}}], None, ["warning"]),
        ([{"low": {"value": 90, "unit": "pg/mL"}, "high": {"value": 31, "unit": "pg/mL"}}], None, ["warning"]),
        ([{"high": {"value": -1, "unit": "pg/mL"}}], None, ["warning"]),
        ([{"high": {"value": 115, "unit": "mmol/L"}}], None, ["warning"]),
        ([{"high": {"value": "x", "unit": "pg/mL"}}], None, ["error", "warning"]),
        ("<115", 115, ["warning", "information"]),
    ],
)
def test_the_upper_limit_that_applies(ranges: list[dict[str, Any]], high: float | None, severity: list[str]) -> None:
    record, issues = one(observation(VEGF, valueQuantity=PG, referenceRange=ranges))
    reference = record.measurements[0].reference
    assert reference is not None
    assert reference.high == (None if high is None else Quantity(high, "pg/mL"))
    assert reference.high is not None or reference.text
    assert severities(issues) == severity


def test_period_instant_and_issued() -> None:
    record, issues = one(
        observation(VEGF, valueQuantity=PG, effectivePeriod={"start": "2021-01", "end": "2021-02"}),
        observation(VEGF, valueQuantity=PG, effectiveInstant="2021-01-02T03:04:05Z", issued="2021-01-03T00:00:00Z"),
    )
    assert [str(m.on) for m in record.measurements] == ["2021-01..2021-02", "2021-01-02"]
    assert record.measurements[1].provenance.recorded == PartialDate(2021, 1, 3)
    assert issues == ()


# Reports


@pytest.mark.parametrize(
    ("category", "basis"),
    [("RAD", "imaging"), ("PAT", "pathology"), ("SP", "pathology"), ("LAB", "laboratory"), ("OTH", "")],
)
def test_a_coded_conclusion_is_a_feature_with_its_basis(category: str, basis: str) -> None:
    report = resource(
        "DiagnosticReport", status="final", code={"text": "CT"}, category=[term("v2-0074", category)],
        effectiveDateTime="2021", conclusion="Several lesions.", conclusionCode=[code(HP, "HP:0011001")],
        presentedForm=[{"title": "scan.pdf"}],
    )  # fmt: skip
    record, issues = one(report)
    (feature,) = record.features
    assert (ids(feature.concept), feature.basis, feature.category) == (["HP:0011001"], basis, "phenotype")
    assert feature.note == "concluded in: CT\nSeveral lesions."
    assert sorted(severities(issues)) == ["information", "warning"]


def test_a_conclusion_in_words_is_kept_and_contained_results_are_read() -> None:
    result = {"resourceType": "Observation", "id": "r", "status": "final", "code": VEGF, "valueQuantity": PG}
    report = resource("DiagnosticReport", status="final", code={"text": "VEGF"}, conclusion="High.", contained=[result])
    record, issues = one({**report, "result": [{"reference": "#r"}, {"reference": "Observation/none"}]})
    assert [(event.kind, event.note) for event in record.events] == [("other", "High.")]
    assert [m.path for m in record.measurements] == ["entry[1].resource (DiagnosticReport).contained[0] (Observation)"]
    assert severities(issues) == ["warning", "warning"]


# What was done


def test_a_medication_statement() -> None:
    record, issues = one(
        resource(
            "MedicationStatement", status="completed", medicationCodeableConcept={"text": "lenalidomide"},
            effectivePeriod={"start": "2021-01-05", "end": "2021-06"}, dateAsserted="2021-07",
            dosage=[{"text": "days 1-21", "route": {"text": "by mouth"}, "doseAndRate": [{"doseQuantity": {"value": 25, "unit": "mg"}}]}],
        )
    )  # fmt: skip
    (treatment,) = record.treatments
    (agent,) = treatment.agents
    assert (agent.drug.text, agent.dose, agent.schedule, agent.route) == (
        "lenalidomide",
        Quantity(25.0, "mg"),
        "days 1-21",
        "by mouth",
    )
    assert (str(treatment.start), str(treatment.end), str(treatment.provenance.recorded)) == (
        "2021-01-05",
        "2021-06",
        "2021-07",
    )
    assert issues == ()


def test_what_is_not_read_of_a_dosage_and_further_dosages_are_named() -> None:
    dosage = [{"text": "daily", "asNeededBoolean": True}, {"text": "weekly"}]
    drug = {"text": "lenalidomide"}
    record, issues = one(
        resource("MedicationStatement", status="active", medicationCodeableConcept=drug, dosage=dosage)
    )
    assert record.treatments[0].agents[0].schedule == "daily"
    assert [(issue.severity, issue.path) for issue in issues] == [
        ("warning", "entry[1].resource (MedicationStatement).dosage[1]"),
        ("information", "dosage.asNeededBoolean"),
    ]


def test_a_foreign_part_of_a_treatment_stays_a_treatment_of_its_own() -> None:
    whole = resource("MedicationStatement", id="w", status="active", medicationCodeableConcept={"text": "Rd"})
    part = {**whole, "id": "x", "partOf": [{"reference": "MedicationStatement/w"}]}
    record, issues = one(whole, part)
    assert (len(record.treatments), issues) == (2, ())


def test_a_medication_by_reference_and_inside() -> None:
    drug = {"resourceType": "Medication", "id": "m", "code": {"text": "melphalan"}}
    given = {"status": "completed", "effectiveDateTime": "2021-01-05", "dosage": {"dose": {"value": 200, "unit": "mg"}}}
    record, issues = one(
        drug,
        resource("MedicationAdministration", medicationReference={"reference": "Medication/m"}, **given),
        resource("MedicationAdministration", medicationReference={"reference": "#m"}, contained=[drug], **given),
    )
    assert [t.agents[0].drug.text for t in record.treatments] == ["melphalan", "melphalan"]
    assert all(t.start == t.end == PartialDate(2021, 1, 5) for t in record.treatments)
    assert record.treatments[0].agents[0].dose == Quantity(200.0, "mg")
    assert issues == ()


@pytest.mark.parametrize(
    ("kind", "fields", "count"),
    [
        ("MedicationStatement", {"status": "not-taken"}, 0),
        ("MedicationStatement", {"status": "intended"}, 0),
        ("MedicationStatement", {"status": "entered-in-error"}, 0),
        ("MedicationAdministration", {"status": "not-done"}, 0),
        ("MedicationRequest", {"status": "active", "intent": "plan"}, 0),
        ("MedicationRequest", {"status": "active", "intent": "order", "doNotPerform": True}, 0),
        ("MedicationRequest", {"status": "active", "intent": "order", "authoredOn": "2021"}, 1),
    ],
)
def test_only_what_was_given_is_a_treatment_and_the_rest_is_named(
    kind: str, fields: dict[str, Any], count: int
) -> None:
    record, issues = one(resource(kind, medicationCodeableConcept={"text": "x"}, **fields))
    assert (len(record.treatments), len(issues)) == (count, 1)


def test_a_procedure_keeps_outcome_complication_and_follow_up() -> None:
    record, issues = one(
        resource(
            "Procedure", status="completed", code={"text": "transplantation"}, performedPeriod={"start": "2021-01", "end": "2021-02"},
            bodySite=[{"text": "marrow"}], outcome={"text": "engrafted"}, complication=[NEUROPATHY], followUp=[{"text": "in a year"}],
            report=[{"display": "letter"}],
        )
    )  # fmt: skip
    (done,) = record.procedures
    assert (str(done.on), str(done.end), done.site and done.site.text) == ("2021-01", "2021-02", "marrow")
    assert done.note == "outcome: engrafted\nfollow-up: in a year\nreport: letter"
    assert [(event.kind, ids(event.concept)) for event in record.events] == [("other", ["HP:0001271"])]
    assert issues == ()


@pytest.mark.parametrize(("status", "severity"), [("not-done", "information"), ("entered-in-error", "warning")])
def test_a_procedure_that_was_not_done_is_named(status: str, severity: str) -> None:
    record, issues = one(resource("Procedure", status=status, code={"text": "x"}))
    assert (record.procedures, severities(issues)) == ((), [severity])


def test_the_dose_of_radiotherapy_by_mcode() -> None:
    url = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-radiotherapy-dose-delivered-to-volume"
    parts = [
        {"url": "totalDoseDelivered", "valueQuantity": {"value": 45, "unit": "Gy"}},
        {"url": "fractionsDelivered", "valueUnsignedInt": 25},
    ]
    fields = {"status": "completed", "code": {"text": "radiotherapy"}, "extension": [{"url": url, "extension": parts}]}
    record, issues = one(resource("Procedure", **fields))
    assert (record.procedures[0].dose, record.procedures[0].fractions) == (Quantity(45.0, "Gy"), 25)
    assert issues == ()


def test_a_stay_in_hospital_is_an_event_and_a_visit_is_not() -> None:
    stay = resource("Encounter", status="finished", period={"start": "2021-01-02", "end": "2021-01-09"})
    record, issues = one({**stay, "class": {"code": "IMP"}}, {**stay, "class": {"code": "AMB"}})
    assert [(e.kind, str(e.on), str(e.end)) for e in record.events] == [("hospitalisation", "2021-01-02", "2021-01-09")]
    assert severities(issues) == ["information"]


# Writing


def test_a_fact_stands_in_the_field_r4_has_for_it() -> None:
    concept = Concept((Coding("HP:0001744", "Splenomegaly"),))
    record = PatientRecord("p1", features=(Feature(concept, excluded=True, on=PartialDate(2021, 4)),))
    patient, sign = (entry["resource"] for entry in write(record)["entry"])
    assert patient == {"resourceType": "Patient", "id": "p1", "gender": "unknown"}
    sign.pop("subject")
    assert sign == {
        "resourceType": "Observation",
        "id": "feature-1",
        "status": "final",
        "code": {"coding": [{"system": HP, "code": "HP:0001744", "display": "Splenomegaly"}]},
        "effectiveDateTime": "2021-04",
        "valueBoolean": False,
    }


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("pg/mL", {"value": 5, "unit": "pg/mL", "system": UCUM, "code": "pg/mL"}),
        ("furlong", {"value": 5, "unit": "furlong"}),
        ("", {"value": 5}),
    ],
)
def test_only_units_of_ucum_are_written_as_such(unit: str, expected: dict[str, Any]) -> None:
    measure = Concept((Coding("LOINC:75628-8"),))
    record = PatientRecord("p1", measurements=(Measurement(measure, Quantity(5.0, unit)),))
    assert write(record)["entry"][1]["resource"]["valueQuantity"] == expected


def test_a_pseudonym_that_is_no_fhir_id_survives() -> None:
    record = PatientRecord("A/B 1")
    ((again, issues),) = read(write(record))
    assert (again, issues) == (record, ())


def test_the_coded_outcome_of_a_biopsy_is_what_pathology_found():
    castleman = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "D47.Z2"}]}
    biopsy = {
        "resourceType": "Procedure",
        "id": "b",
        "status": "completed",
        "subject": {"reference": "Patient/p"},
        "code": {"text": "Lymph node biopsy"},
        "performedDateTime": "2021-03",
        "outcome": castleman,
    }
    other = biopsy | {"id": "o", "code": {"text": "Physiotherapy"}}
    ((record, _),) = read([{"resourceType": "Patient", "id": "p"}, biopsy, other])
    (found,) = record.features
    assert found.concept.codings[0].id == "ICD10CM:D47.Z2"
    assert (found.basis, str(found.on)) == ("pathology", "2021-03")
