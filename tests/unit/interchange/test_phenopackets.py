"""Each rule by which a Phenopacket is read and written, on the smallest packet that shows it."""

import json
from typing import Any

import pytest

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.phenopackets import read, split, write
from openpoems.quantities import Quantity
from openpoems.record import (
    Age,
    Agent,
    Coding,
    Concept,
    Event,
    Feature,
    Measurement,
    PartialDate,
    PatientRecord,
    Procedure,
    ReferenceRange,
    Span,
    Treatment,
)

META = {
    "created": "2021-09-01T00:00:00Z",
    "createdBy": "a registry",
    "resources": [],
    "phenopacketSchemaVersion": "2.0",
}
VEGF = {"id": "OPENPOEMS:vegf", "label": "VEGF"}
PG = {"id": "UCUM:pg/mL", "label": "pg/mL"}
POEMS = {"id": "ORPHA:2905", "label": "POEMS syndrome"}


def packet(**parts: Any) -> dict[str, Any]:
    return {"id": "a", "subject": {"id": "p"}, "metaData": META, **parts}


def read_clean(**parts: Any) -> PatientRecord:
    record, issues = read(packet(**parts))
    assert issues == ()
    return record


def told(issues: tuple[Issue, ...]) -> list[tuple[str, str]]:
    return [(issue.severity, issue.path) for issue in issues]


def concept(code: str, label: str = "") -> Concept:
    return Concept((Coding(code, label),))


def feature(**parts: Any) -> Feature:
    (one,) = read_clean(
        phenotypicFeatures=[{"type": {"id": "HP:0001271", "label": "Polyneuropathy"}, **parts}]
    ).features
    return one


def measurement(**parts: Any) -> Measurement:
    (one,) = read_clean(measurements=[{"assay": VEGF, **parts}]).measurements
    return one


def quantity(value: object, unit: object = PG, **parts: Any) -> dict[str, Any]:
    return {"quantity": {"unit": unit, "value": value, **parts}}


# --- who ---


def test_the_subject_is_read() -> None:
    subject = {
        "id": "p-7",
        "sex": "FEMALE",
        "dateOfBirth": "1960-02-03T00:00:00Z",
        "timeAtLastEncounter": {"timestamp": "2022-01-02T00:00:00Z"},
    }

    record = read_clean(subject=subject)

    assert record == PatientRecord("p-7", "female", PartialDate(1960, 2, 3), PartialDate(2022, 1, 2))


@pytest.mark.parametrize(("sex", "read_as"), [(0, "unknown"), (1, "female"), (2, "male"), ("OTHER_SEX", "other")])
def test_sex_is_given_by_name_or_by_protobufs_number(sex: object, read_as: str) -> None:
    assert read_clean(subject={"id": "p", "sex": sex}).sex == read_as


@pytest.mark.parametrize(
    ("parts", "patient", "issues"),
    [
        ({"subject": {"id": "p"}}, "p", [("warning", "id")]),
        ({"id": "a"}, "a", []),
        ({"subject": {"sex": "MALE"}}, "unnamed", [("warning", "id"), ("warning", "subject.id")]),
    ],
)
def test_a_missing_id_is_named_and_the_rest_is_read(parts: dict[str, Any], patient: str, issues: list[Any]) -> None:
    record, found = read({"metaData": META, **parts})

    assert record.patient == patient
    assert told(found) == issues


def test_missing_metadata_is_named() -> None:
    _, issues = read({"id": "a", "subject": {"id": "p"}})

    assert told(issues) == [("warning", "metaData")]


def test_a_death_is_an_event_with_its_cause() -> None:
    cause = {"id": "ICD10:J18.9", "label": "Pneumonia"}
    vital = {"status": "DECEASED", "timeOfDeath": {"age": {"iso8601duration": "P61Y"}}, "causeOfDeath": cause}

    (death,) = read_clean(subject={"id": "p", "vitalStatus": vital}).events

    assert death == Event("death", concept("ICD10:J18.9", "Pneumonia"), on=Age(61))


def test_the_days_of_survival_are_kept_in_the_note_of_the_death() -> None:
    vital = {"status": "DECEASED", "survivalTimeInDays": 400}

    record, issues = read(packet(subject={"id": "p", "vitalStatus": vital}))

    assert record.events[0].note == "survival after the diagnosis: 400 days"
    assert told(issues) == [("information", "subject.vitalStatus.survivalTimeInDays")]


def test_a_day_of_death_of_somebody_alive_is_an_error() -> None:
    vital = {"status": "ALIVE", "timeOfDeath": {"timestamp": "2020-01-01T00:00:00Z"}}

    record, issues = read(packet(subject={"id": "p", "vitalStatus": vital}))

    assert record.events == ()
    assert told(issues) == [("error", "subject.vitalStatus")]


# --- signs and diseases ---


def test_excluded_stays_excluded_and_codes_stay_as_given() -> None:
    assert feature(excluded=True).excluded
    assert not feature().excluded
    assert feature().concept == concept("HP:0001271", "Polyneuropathy")


def test_a_feature_is_read_with_all_it_has() -> None:
    read_as = feature(
        description="first in the feet",
        severity={"id": "HP:0012828", "label": "Severe"},
        modifiers=[{"id": "HP:0012832", "label": "Bilateral"}],
        onset={"age": {"iso8601duration": "P58Y3M"}},
        resolution={"timestamp": "2021-05-06T00:00:00Z"},
        evidence=[{"reference": {"id": "PMID:1", "description": "a letter"}}],
    )

    assert read_as.onset == Age(58, 3)
    assert read_as.resolved == PartialDate(2021, 5, 6)
    assert read_as.severity == concept("HP:0012828", "Severe")
    assert read_as.note == "first in the feet; modifier: Bilateral (HP:0012832)"
    assert read_as.provenance.document == "PMID:1 · a letter"
    assert read_as.path == "phenotypicFeatures[0]"


@pytest.mark.parametrize("excluded", ["true", 1, [], "no"])
def test_an_entry_whose_excluded_cannot_be_read_is_not_used(excluded: object) -> None:
    record, issues = read(
        packet(phenotypicFeatures=[{"type": {"id": "HP:0001271", "label": "x"}, "excluded": excluded}])
    )

    assert record.features == ()
    assert told(issues) == [("error", "phenotypicFeatures[0].excluded")]


def test_version_ones_negated_is_an_exclusion() -> None:
    record, issues = read(packet(phenotypicFeatures=[{"type": {"id": "HP:0001271", "label": "x"}, "negated": True}]))

    assert record.features[0].excluded
    assert told(issues) == [("warning", "phenotypicFeatures[0].negated")]


def test_a_disease_is_a_feature_of_its_category() -> None:
    disease = {
        "term": POEMS,
        "excluded": True,
        "primarySite": {"id": "UBERON:0002371", "label": "bone marrow"},
        "diseaseStage": [{"id": "NCIT:C27966", "label": "Stage I"}],
        "laterality": {"id": "HP:0012834", "label": "Right"},
    }

    (one,) = read_clean(diseases=[disease]).features

    assert (one.category, one.excluded, one.path) == ("disease", True, "diseases[0]")
    assert one.site == concept("UBERON:0002371", "bone marrow")
    assert one.note == "stage: Stage I (NCIT:C27966); laterality: Right (HP:0012834)"


def test_a_term_without_an_id_is_kept_as_words() -> None:
    record, issues = read(packet(phenotypicFeatures=[{"type": {"label": "Numb feet"}}]))

    assert record.features[0].concept == Concept(text="Numb feet")
    assert told(issues) == [("warning", "phenotypicFeatures[0].type")]


# --- times ---


@pytest.mark.parametrize(
    ("element", "when"),
    [
        ({"timestamp": "2021-04-05T10:00:00Z"}, PartialDate(2021, 4, 5)),
        ({"timestamp": "2021-04"}, PartialDate(2021, 4)),
        ({"age": {"iso8601duration": "P52Y3M2D"}}, Age(52, 3, 2)),
        (
            {"ageRange": {"start": {"iso8601duration": "P50Y"}, "end": {"iso8601duration": "P59Y"}}},
            Span(Age(50), Age(59)),
        ),
        ({"interval": {"start": "2021-01-01T00:00:00Z"}}, Span(PartialDate(2021, 1, 1), None)),
    ],
)
def test_a_time_element_is_as_precise_as_it_was_given(element: object, when: object) -> None:
    assert feature(onset=element).onset == when


@pytest.mark.parametrize(
    ("element", "note"),
    [
        ({"ontologyClass": {"id": "HP:0003581", "label": "Adult onset"}}, "onset: Adult onset (HP:0003581)"),
        ({"gestationalAge": {"weeks": 20, "days": 3}}, "onset: gestational age of 20 weeks and 3 days"),
    ],
)
def test_a_word_for_a_time_is_no_date_and_is_kept_in_the_note(element: object, note: str) -> None:
    record, issues = read(packet(phenotypicFeatures=[{"type": {"id": "HP:0001271", "label": "x"}, "onset": element}]))

    assert record.features[0].onset is None
    assert record.features[0].note == note
    assert [severity for severity, _ in told(issues)] == ["information"]


@pytest.mark.parametrize(
    "element",
    [
        {"timestamp": "03/04/2021"},
        {"timestamp": "2021-02-30T00:00:00Z"},
        {"age": {"iso8601duration": "52"}},
        {"age": 52},
    ],
)
def test_a_time_that_is_none_is_an_error_and_the_feature_is_read(element: object) -> None:
    record, issues = read(packet(phenotypicFeatures=[{"type": {"id": "HP:0001271", "label": "x"}, "onset": element}]))

    assert len(record.features) == 1
    assert record.features[0].onset is None
    assert [severity for severity, _ in told(issues)] == ["error"]


# --- measurements ---


def test_a_result_is_read_with_unit_and_range() -> None:
    read_as = measurement(
        value=quantity(1040, referenceRange={"unit": PG, "low": 9, "high": 86}),
        timeObserved={"timestamp": "2021-03-04T00:00:00Z"},
        description="fasting",
    )

    assert read_as.value == Quantity(1040.0, "pg/mL")
    assert read_as.reference is not None
    assert (read_as.reference.low, read_as.reference.high) == (Quantity(9.0, "pg/mL"), Quantity(86.0, "pg/mL"))
    assert (read_as.on, read_as.note) == (PartialDate(2021, 3, 4), "fasting")


@pytest.mark.parametrize(
    ("unit", "read_as"),
    [
        ({"id": "UCUM:pg/mL", "label": "picogram per millilitre"}, "pg/mL"),
        ({"id": "NCIT:C67327", "label": "pg/ml"}, "pg/mL"),
        ({"id": "ucum:10*9/L", "label": ""}, "10*9/L"),
    ],
)
def test_a_unit_is_taken_from_its_ucum_id_or_else_from_its_label(unit: object, read_as: str) -> None:
    assert measurement(value=quantity(5, unit)).value == Quantity(5.0, read_as)


def test_an_unknown_unit_is_kept_with_a_warning() -> None:
    record, issues = read(
        packet(measurements=[{"assay": VEGF, "value": quantity(5, {"id": "NCIT:C0", "label": "furlong"})}])
    )

    assert record.measurements[0].value == Quantity(5.0, "furlong")
    assert told(issues) == [("warning", "measurements[0].value.quantity.value")]


def test_a_range_without_its_low_end_has_none() -> None:
    reference = measurement(value=quantity(5, referenceRange={"unit": PG, "high": 86})).reference

    assert reference is not None
    assert (reference.low, reference.high) == (None, Quantity(86.0, "pg/mL"))


@pytest.mark.parametrize("ends", [{"low": 0, "high": 0}, {"low": 86, "high": 9}])
def test_a_range_that_does_not_end_above_its_beginning_is_not_used(ends: dict[str, int]) -> None:
    value = quantity(5, referenceRange={"unit": PG, **ends})

    record, issues = read(packet(measurements=[{"assay": VEGF, "value": value}]))

    words = f"{ends['low']} pg/mL – {ends['high']} pg/mL"
    assert record.measurements[0].reference == ReferenceRange(text=words)
    assert told(issues) == [("warning", "measurements[0].value.quantity.referenceRange")]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"unit": PG, "high": "<86"}, ReferenceRange(None, Quantity(86.0, "pg/mL"))),
        ("31-86 pg/mL", ReferenceRange(Quantity(31.0, "pg/mL"), Quantity(86.0, "pg/mL"), "31-86 pg/mL")),
        ("below the mean", ReferenceRange(text="below the mean")),
        ({"unit": PG}, ReferenceRange(text="without limits")),
        ({"unit": PG, "high": "some"}, ReferenceRange(text="high: some")),
        ({"unit": PG, "high": -1}, ReferenceRange(text="<= -1 pg/mL")),
        ({"unit": {"id": "UCUM:mmol/L", "label": ""}, "high": 86}, ReferenceRange(text="<= 86 mmol/L")),
    ],
)
def test_that_a_range_was_given_is_never_lost(said: object, kept: ReferenceRange) -> None:
    record, issues = read(packet(measurements=[{"assay": VEGF, "value": quantity(5, referenceRange=said)}]))

    assert record.measurements[0].reference == kept
    assert kept.high is not None or "warning" in [issue.severity for issue in issues]


@pytest.mark.parametrize("place", ["measurement", "value", "quantity"])
@pytest.mark.parametrize(
    ("beside", "value", "sign"),
    [
        ({"comparator": "<"}, Quantity(31.0, "pg/mL"), "<"),
        ({"modifier": "≥"}, Quantity(31.0, "pg/mL"), ">="),
        ({"negated": False}, Quantity(31.0, "pg/mL"), ""),
        ({"negated": True}, None, ""),
        ({"qualifier": "about"}, None, ""),
        ({"modifier": [{"id": "HP:0012825"}]}, None, ""),
        ({"comparator": "<", "modifier": ">"}, None, ""),
    ],
)
def test_what_stands_beside_a_value_is_minded(place: str, beside: dict[str, Any], value: object, sign: str) -> None:
    held = quantity(31)
    entry: dict[str, Any] = {"assay": VEGF, "value": held}
    {"measurement": entry, "value": held, "quantity": held["quantity"]}[place].update(beside)

    record, issues = read(packet(measurements=[entry]))

    assert (record.measurements[0].value, record.measurements[0].comparator) == (value, sign)
    assert [issue.severity for issue in issues] == ([] if value else ["error"])


def test_a_worded_result_that_is_negated_is_not_used() -> None:
    value = {"ontologyClass": {"id": "SNOMED:10828004", "label": "Positive"}, "negated": True}

    record, issues = read(packet(measurements=[{"assay": VEGF, "value": value}]))

    assert record.measurements[0].result is None
    assert "error" in [issue.severity for issue in issues]


@pytest.mark.parametrize("id", ["HP_0001744", "http://purl.obolibrary.org/obo/HP_0001744"])
def test_an_id_in_another_form_is_read_without_an_issue(id: str) -> None:
    record = read_clean(phenotypicFeatures=[{"type": {"id": id, "label": "Splenomegaly"}}])

    assert record.features[0].concept == concept("HP:0001744", "Splenomegaly")


def test_a_unit_that_may_be_a_name_is_not_repeated() -> None:
    value = {"quantity": {"value": 5, "unit": {"label": "mg John Smith"}}}

    _, issues = read(packet(measurements=[{"assay": VEGF, "value": value}]))

    assert issues
    assert not any("John" in str(issue) for issue in issues)


@pytest.mark.parametrize(
    ("description", "comparator", "note"),
    [
        ("<31", "<", ""),
        ("≥ 31 pg/ml; EDTA on ice", ">=", "EDTA on ice"),
        ("<", "<", ""),
        ("> 3 x the upper limit", "", "> 3 x the upper limit"),
        ("> 31 x the upper limit", "", "> 31 x the upper limit"),
        ("fasting", "", "fasting"),
    ],
)
def test_a_description_that_repeats_the_value_gives_its_comparator(
    description: str, comparator: str, note: str
) -> None:
    read_as = measurement(value=quantity(31), description=description)

    assert (read_as.comparator, read_as.note) == (comparator, note)


def test_the_label_of_a_unit_may_begin_with_a_comparator() -> None:
    assert measurement(value=quantity(31, {"id": "NCIT:C67327", "label": "< pg/mL"})).comparator == "<"


def test_a_value_written_as_text_with_its_comparator_is_read_apart() -> None:
    record, issues = read(packet(measurements=[{"assay": VEGF, "value": quantity("<31")}]))

    assert (record.measurements[0].comparator, record.measurements[0].value) == ("<", Quantity(31.0, "pg/mL"))
    assert told(issues) == [("warning", "measurements[0].value.quantity.value")]


def test_a_result_in_words_is_a_result() -> None:
    read_as = measurement(value={"ontologyClass": {"id": "HP:0032295", "label": "IgG lambda"}})

    assert (read_as.value, read_as.result) == (None, concept("HP:0032295", "IgG lambda"))


def test_a_complex_value_is_one_result_for_each_part() -> None:
    parts = [
        {
            "type": {"id": "LOINC:718-7", "label": "Hb"},
            "quantity": quantity(9, {"id": "UCUM:g/dL", "label": ""})["quantity"],
        }
    ]

    (one,) = read_clean(measurements=[{"assay": VEGF, "complexValue": {"typedQuantities": parts}}]).measurements

    assert (one.measure, one.value) == (concept("LOINC:718-7", "Hb"), Quantity(9.0, "g/dL"))
    assert one.note == "part of: VEGF"
    assert one.path == "measurements[0].complexValue.typedQuantities[0]"


def test_a_result_without_a_value_is_kept_and_named() -> None:
    record, issues = read(packet(measurements=[{"assay": VEGF}, {"assay": VEGF, "value": {"quantity": {"unit": PG}}}]))

    assert [each.value for each in record.measurements] == [None, None]
    assert told(issues) == [("warning", "measurements[0].value"), ("warning", "measurements[1].value.quantity.value")]


@pytest.mark.parametrize(
    ("label", "procedure", "description", "specimen"),
    [
        ("VEGF [Mass/volume] in Plasma", None, "", "plasma"),
        ("VEGF in Serum or Plasma", None, "", ""),
        ("VEGF in Serum or Plasma", None, "EDTA plasma", "plasma"),
        ("VEGF", {"code": {"id": "NCIT:C28221", "label": "Serum collection"}}, "", "serum"),
        (
            "VEGF",
            {"code": {"id": "NCIT:C28221", "label": "Sampling"}, "bodySite": {"id": "UBERON:0001969", "label": "x"}},
            "",
            "plasma",
        ),
        ("VEGF in Serum", {"code": {"id": "NCIT:C28221", "label": "Blood draw"}}, "", "serum"),
        ("VEGF", None, "", ""),
    ],
)
def test_the_specimen_is_taken_from_the_first_place_that_names_one(
    label: str, procedure: object, description: str, specimen: str
) -> None:
    entry = {"assay": {"id": "OPENPOEMS:vegf", "label": label}, "value": quantity(5), "description": description}
    entry |= {"procedure": procedure} if procedure else {}

    assert read_clean(measurements=[entry]).measurements[0].specimen == specimen


def test_two_specimens_are_reported_and_the_sample_is_believed() -> None:
    entry = {
        "assay": {"id": "OPENPOEMS:vegf", "label": "VEGF in Serum"},
        "value": quantity(5),
        "procedure": {"code": {"id": "NCIT:C0", "label": "EDTA plasma"}},
    }

    record, issues = read(packet(measurements=[entry]))

    assert record.measurements[0].specimen == "plasma"
    assert told(issues) == [("warning", "measurements[0].procedure")]


# --- biosamples ---


def test_what_pathology_says_of_a_sample_is_read_on_its_basis() -> None:
    sample = {
        "id": "s",
        "individualId": "p",
        "sampledTissue": {"id": "UBERON:0000029", "label": "lymph node"},
        "timeOfCollection": {"timestamp": "2021-03-05T00:00:00Z"},
        "histologicalDiagnosis": {"id": "MONDO:0015564", "label": "Castleman disease"},
        "diagnosticMarkers": [{"id": "HP:0032295", "label": "IgG lambda"}],
        "phenotypicFeatures": [{"type": {"id": "HP:0002716", "label": "Lymphadenopathy"}, "excluded": True}],
        "procedure": {"code": {"id": "NCIT:C15189", "label": "Biopsy"}},
    }

    record = read_clean(biosamples=[sample])

    assert [(each.concept.codings[0].id, each.excluded) for each in record.features] == [
        ("MONDO:0015564", False),
        ("HP:0032295", False),
        ("HP:0002716", True),
    ]
    assert {each.basis for each in record.features} == {"pathology"}
    assert {each.on for each in record.features} == {PartialDate(2021, 3, 5)}
    assert record.features[0].site == concept("UBERON:0000029", "lymph node")
    assert record.features[0].path == "biosamples[0].histologicalDiagnosis"
    assert record.procedures == (
        Procedure(
            concept("NCIT:C15189", "Biopsy"), on=PartialDate(2021, 3, 5), site=concept("UBERON:0000029", "lymph node")
        ),
    )


@pytest.mark.parametrize("place", ["sampleType", "sampledTissue"])
def test_a_result_within_a_sample_has_its_specimen_and_its_day(place: str) -> None:
    sample = {
        "id": "s",
        place: {"id": "UBERON:0001969", "label": "blood plasma"},
        "timeOfCollection": {"timestamp": "2021-03-05T00:00:00Z"},
        "measurements": [{"assay": VEGF, "value": quantity(5)}],
    }

    (one,) = read_clean(biosamples=[sample]).measurements

    assert (one.specimen, one.on) == ("plasma", PartialDate(2021, 3, 5))


def test_a_sample_of_somebody_else_is_not_used() -> None:
    sample = {"id": "s", "individualId": "brother", "histologicalDiagnosis": POEMS}

    record, issues = read(packet(biosamples=[sample]))

    assert record.features == ()
    assert told(issues) == [("error", "biosamples[0].individualId")]
    assert "brother" not in str(issues)


# --- what was done, and concluded ---


def test_a_drug_is_a_line_of_treatment() -> None:
    dose = {
        "quantity": {"unit": {"id": "UCUM:mg", "label": "mg"}, "value": 25},
        "scheduleFrequency": {"id": "NCIT:C64498", "label": "daily"},
        "interval": {"start": "2021-04-01T00:00:00Z", "end": "2021-08-01T00:00:00Z"},
    }
    action = {
        "treatment": {
            "agent": {"id": "ATC:L04AX04", "label": "lenalidomide"},
            "routeOfAdministration": {"id": "NCIT:C38288", "label": "oral"},
            "doseIntervals": [dose],
        },
        "treatmentIntent": {"id": "NCIT:C62220", "label": "curative"},
        "responseToTreatment": {"id": "NCIT:C102560", "label": "favourable"},
    }

    (line,) = read_clean(medicalActions=[action]).treatments

    drug = Agent(concept("ATC:L04AX04", "lenalidomide"), Quantity(25.0, "mg"), "daily", "oral")
    assert line == Treatment(
        agents=(drug,),
        start=PartialDate(2021, 4, 1),
        end=PartialDate(2021, 8, 1),
        intent="curative",
        note="response: favourable",
    )


def test_doses_in_turn_are_one_line_and_each_says_when() -> None:
    doses = [
        {
            "quantity": {"unit": {"id": "UCUM:mg", "label": "mg"}, "value": mg},
            "interval": {"start": f"2021-0{month}-01T00:00:00Z", "end": f"2021-0{month}-21T00:00:00Z"},
        }
        for mg, month in ((25, 1), (10, 2))
    ]

    (line,) = read_clean(
        medicalActions=[{"treatment": {"agent": {"id": "ATC:L04AX04", "label": "x"}, "doseIntervals": doses}}]
    ).treatments

    assert [(agent.dose, agent.schedule) for agent in line.agents] == [
        (Quantity(25.0, "mg"), "2021-01-01..2021-01-21"),
        (Quantity(10.0, "mg"), "2021-02-01..2021-02-21"),
    ]
    assert (line.start, line.end) == (PartialDate(2021, 1, 1), PartialDate(2021, 2, 21))


def test_a_regimen_is_a_line_of_treatment() -> None:
    regimen = {
        "ontologyClass": {"id": "NCIT:C2", "label": "Rd"},
        "startTime": {"timestamp": "2021-04-01T00:00:00Z"},
        "regimenStatus": "DISCONTINUED",
    }
    action = {"therapeuticRegimen": regimen, "treatmentTerminationReason": {"id": "NCIT:C1", "label": "rash"}}

    (line,) = read_clean(medicalActions=[action]).treatments

    assert line == Treatment(
        regimen="Rd", start=PartialDate(2021, 4, 1), note="code: NCIT:C2; status: discontinued; ended because: rash"
    )


def test_radiotherapy_is_a_procedure_with_its_dose_in_gray() -> None:
    radiation = {
        "modality": {"id": "NCIT:C28039", "label": "photons"},
        "bodySite": {"id": "UBERON:0001273", "label": "ilium"},
        "dosage": 45,
        "fractions": 25,
    }

    (done,) = read_clean(medicalActions=[{"radiationTherapy": radiation}]).procedures

    assert done == Procedure(
        concept("NCIT:C28039", "photons"),
        site=concept("UBERON:0001273", "ilium"),
        dose=Quantity(45.0, "Gy"),
        fractions=25,
    )


def test_an_adverse_event_is_not_a_sign_of_the_disease() -> None:
    action = {
        "procedure": {"code": {"id": "NCIT:C0", "label": "x"}},
        "adverseEvents": [{"id": "HP:0001271", "label": "Polyneuropathy"}],
    }

    record, issues = read(packet(medicalActions=[action]))

    assert record.features == ()
    assert [(event.kind, event.concept) for event in record.events] == [
        ("other", concept("HP:0001271", "Polyneuropathy"))
    ]
    assert told(issues) == [("information", "medicalActions[0].adverseEvents[0]")]


@pytest.mark.parametrize(
    ("progress", "kind"),
    [
        ("SOLVED", "diagnosis"),
        (3, "diagnosis"),
        ("IN_PROGRESS", "other"),
        ("UNSOLVED", "other"),
        ("COMPLETED", "other"),
    ],
)
def test_only_a_solved_interpretation_is_the_diagnosis(progress: object, kind: str) -> None:
    record, issues = read(
        packet(interpretations=[{"id": "i", "progressStatus": progress, "diagnosis": {"disease": POEMS}}])
    )

    assert [(event.kind, event.concept) for event in record.events] == [(kind, concept("ORPHA:2905", "POEMS syndrome"))]
    assert bool(issues) == (kind == "other")


def test_genomics_and_files_are_named_as_not_used() -> None:
    diagnosis = {"disease": POEMS, "genomicInterpretations": [{"gene": {}}]}

    _, issues = read(
        packet(
            interpretations=[{"id": "i", "progressStatus": "SOLVED", "diagnosis": diagnosis}], files=[{"uri": "file"}]
        )
    )

    assert told(issues) == [
        ("information", "files"),
        ("information", "interpretations[0].diagnosis.genomicInterpretations"),
    ]


def test_external_references_are_references_of_the_record() -> None:
    meta = META | {
        "externalReferences": [{"id": "PMID:1", "description": "A paper"}, {"reference": "https://example.org/2"}]
    }

    assert read_clean(metaData=meta).references == ("PMID:1 · A paper", "https://example.org/2")


# --- the shape of the document ---


def test_snake_case_is_read_as_camel_case() -> None:
    document = {
        "id": "a",
        "subject": {
            "id": "p",
            "date_of_birth": "1960-02-03T00:00:00Z",
            "vital_status": {"status": "DECEASED", "time_of_death": {"age": {"iso8601duration": "P61Y"}}},
        },
        "phenotypic_features": [
            {"type": {"id": "HP:0001271", "label": "x"}, "onset": {"age_range": {"start": {"iso8601duration": "P5Y"}}}}
        ],
        "meta_data": {
            "created": "2021-09-01T00:00:00Z",
            "created_by": "x",
            "resources": [],
            "phenopacket_schema_version": "2.0",
        },
    }

    record, issues = read(document)

    assert issues == ()
    assert record.birth == PartialDate(1960, 2, 3)
    assert record.features[0].onset == Span(Age(5), None)
    assert record.events == (Event("death", on=Age(61)),)


def test_an_unknown_key_is_told_once_for_all_places_like_it() -> None:
    entries = [{"type": {"id": "HP:0001271", "label": "x"}, "exclude": True}] * 3

    _, issues = read(packet(phenotypicFeatures=entries))

    assert told(issues) == [("information", "phenotypicFeatures[0].exclude")]
    assert "3 such places" in issues[0].message


@pytest.mark.parametrize(
    "entry", [None, 7, "HP:0001271", [], {"type": None}, {"type": {"id": 1271}}, {"type": []}, {"excluded": True}, {}]
)
def test_an_entry_of_the_wrong_shape_is_an_issue_and_the_next_is_read(entry: object) -> None:
    record, issues = read(packet(phenotypicFeatures=[entry, {"type": {"id": "HP:0001744", "label": "x"}}]))

    assert [each.path for each in record.features] == ["phenotypicFeatures[1]"]
    assert {path.partition(".")[0] for _, path in told(issues)} == {"phenotypicFeatures[0]"}
    assert "error" in {severity for severity, _ in told(issues)}


@pytest.mark.parametrize("document", [None, [], 7, "x", {}, {"resourceType": "Bundle", "id": "a", "entry": []}])
def test_what_is_no_phenopacket_is_refused_with_a_way_out(document: object) -> None:
    with pytest.raises(UnreadableInput, match="Phenopacket"):
        read(document)


@pytest.mark.parametrize(
    ("document", "part"),
    [({"id": "c", "members": []}, "cohort.*members"), ({"id": "f", "proband": {}}, "family.*proband")],
)
def test_a_document_of_several_people_is_refused_and_names_where_they_are(document: object, part: str) -> None:
    with pytest.raises(UnreadableInput, match=part):
        read(document)


def test_a_cohort_and_a_family_are_split_into_their_packets() -> None:
    one, other = packet(), packet(id="b")

    assert split({"id": "c", "members": [one, other]}) == [one, other]
    assert split({"id": "f", "proband": one, "relatives": [other]}) == [one, other]
    assert split({"id": "f", "proband": one}) == [one]
    assert split(one) == [one]


# --- writing ---


def record_of(**parts: Any) -> PatientRecord:
    return PatientRecord("p", **parts)


def written(**parts: Any) -> dict[str, Any]:
    return write(record_of(**parts), created=PartialDate(2026, 11, 22), created_by="openpoems")


def test_the_metadata_name_the_terminologies_used() -> None:
    meta = written(features=(Feature(concept("HP:0001271", "Polyneuropathy")),))["metaData"]

    assert meta["created"] == "2026-11-22T00:00:00Z"
    assert meta["createdBy"] == "openpoems"
    assert [each["namespacePrefix"] for each in meta["resources"]] == ["HP"]
    assert meta["externalReferences"] == []


def test_what_has_a_field_stands_in_it_and_only_the_rest_beside_it() -> None:
    result = Measurement(
        concept("OPENPOEMS:vegf", "VEGF"),
        Quantity(31.0, "pg/mL"),
        "<",
        specimen="plasma",
        laboratory="L",
        note="on ice",
    )

    document = written(measurements=(result,))

    (entry,) = document["measurements"]
    assert entry["value"]["quantity"] == {"unit": PG, "value": 31.0}
    assert entry["description"] == "<31.0; on ice"
    assert entry["procedure"]["code"]["label"] == "plasma"
    rest = json.loads(document["metaData"]["externalReferences"][0]["description"])
    assert list(rest["entries"].values()) == [[{"laboratory": "L"}]]


def test_a_partial_date_is_written_as_the_interval_it_is_and_read_as_it_was() -> None:
    one = Feature(concept("HP:0001271", "x"), onset=PartialDate(2021, 2))

    document = written(features=(one,))

    interval = {"start": "2021-02-01T00:00:00Z", "end": "2021-02-28T00:00:00Z"}
    assert document["phenotypicFeatures"][0]["onset"] == {"interval": interval}
    assert read(document)[0].features == (one,)


def test_others_see_the_agents_of_a_regimen_and_we_read_one_line() -> None:
    line = Treatment(
        "Rd", (Agent(concept("ATC:L04AX04", "lenalidomide")), Agent(concept("ATC:H02AB02", "dexamethasone"))), cycles=9
    )

    document = written(treatments=(line,))

    assert [next(iter(each)) for each in document["medicalActions"]] == ["therapeuticRegimen", "treatment", "treatment"]
    assert read(document)[0].treatments == (line,)


def test_an_entry_that_was_changed_since_is_read_as_it_stands_and_its_rest_is_reported() -> None:
    result = Measurement(concept("OPENPOEMS:vegf", "VEGF"), Quantity(31.0, "pg/mL"), laboratory="L")
    document = written(measurements=(result,))
    document["measurements"][0]["value"]["quantity"]["value"] = 32.0

    record, issues = read(document)

    assert (record.measurements[0].value, record.measurements[0].laboratory) == (Quantity(32.0, "pg/mL"), "")
    assert ("warning", "metaData.externalReferences") in told(issues)


def test_what_the_format_has_no_place_for_at_all_is_kept_whole() -> None:
    label = Event("earlier-label", concept("ICD10:G61.8", "CIDP"), on=PartialDate(2020))

    document = written(events=(label,))

    assert set(document) == {"id", "subject", "metaData"}
    assert read(document)[0].events == (label,)


def test_a_last_encounter_in_words_is_not_used_and_said_so() -> None:
    words = {"ontologyClass": {"id": "HP:0003581", "label": "Adult onset"}}

    record, issues = read(packet(subject={"id": "p", "timeAtLastEncounter": words}))

    assert record.last_seen is None
    assert told(issues) == [("warning", "subject.timeAtLastEncounter.ontologyClass")]


def test_entries_that_look_alike_keep_each_its_own_rest() -> None:
    results = tuple(
        Measurement(concept("OPENPOEMS:vegf", "VEGF"), Quantity(31.0, "pg/mL"), laboratory=name)
        for name in ("", "L", "M", "L")
    )

    assert read(written(measurements=results))[0].measurements == results


def test_a_drug_given_alone_and_again_within_a_regimen_is_two_lines() -> None:
    drug = Agent(concept("ATC:L04AX04", "lenalidomide"))
    lines = (Treatment(agents=(drug,)), Treatment("Rd", (drug,)), Treatment(agents=(drug,), cycles=2))

    assert set(read(written(treatments=lines))[0].treatments) == set(lines)


def test_a_damaged_rest_is_a_warning_and_the_entry_is_read() -> None:
    result = Measurement(concept("OPENPOEMS:vegf", "VEGF"), Quantity(31.0, "pg/mL"), laboratory="L")
    document = written(measurements=(result,))
    reference = document["metaData"]["externalReferences"][0]
    reference["description"] = reference["description"].replace('"L"', "[1]")

    record, issues = read(document)

    assert (record.measurements[0].value, record.measurements[0].laboratory) == (Quantity(31.0, "pg/mL"), "")
    assert told(issues) == [("warning", "measurements[0]")]
