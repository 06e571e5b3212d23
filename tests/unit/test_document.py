"""The JSON document of an assessment: its published schema, and the promises the schema cannot state."""

import json
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from openpoems.criteria.assess import assess
from openpoems.interchange.sources import expand, read_source
from openpoems.knowledge.store import knowledge
from openpoems.record import Coding, Concept, Feature, PatientRecord
from openpoems.reports.document import encode
from tests.generative.test_diagnosis import records

TODAY = date(2026, 1, 1)
SCHEMA = json.loads((files("openpoems.reports") / "assessment.schema.json").read_text(encoding="utf-8"))
VALID = Draft202012Validator(SCHEMA)
CASES = list(expand(["tests/cases"]))


def document(record, issues=(), editions=()):
    done = assess(record, knowledge(), TODAY, today=TODAY, issues=issues, editions=editions)
    return json.loads(encode(done, knowledge()))


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_every_published_case_fits_the_schema(path):
    for record, issues in read_source(path, path.read_bytes(), form=None):
        VALID.validate(document(record, issues))


@given(records)
def test_any_record_fits_the_schema(record):
    VALID.validate(document(record))


def test_the_schema_refuses_what_it_should():
    good = document(PatientRecord("p"))
    for broken in (good | {"extra": 1}, {k: v for k, v in good.items() if k != "issues"}, good | {"as_of": 3}):
        assert not VALID.is_valid(broken)


def test_an_empty_record_is_undetermined_everywhere_and_says_what_would_settle_it():
    editions = document(PatientRecord("p"))["diagnosis"]
    assert len(editions) == sum(c.kind == "diagnosis" for c in knowledge().criteria.values())
    for edition in editions:
        assert edition["status"] == "undetermined"
        assert edition["settled_by"]
        assert edition["next_tests"]
        assert all(item["status"] == "unknown" for group in edition["groups"] for item in group["items"])


def test_the_current_mayo_edition_stands_first_and_variants_stand_apart():
    made = document(PatientRecord("p"))
    assert made["diagnosis"][0]["criteria"] == "mayo@2023"
    assert [v["criteria"] for v in made["variants"]] == ["castleman-variant@2012"]
    assert all("castleman-variant" not in e["criteria"] for e in made["diagnosis"])


def test_only_the_editions_asked_for_are_given_in_their_order():
    made = document(PatientRecord("p"), editions=("suichi@2019", "mayo@2003"))
    assert [e["criteria"] for e in made["diagnosis"]] == ["suichi@2019", "mayo@2003"]


def test_evidence_says_what_when_value_and_source():
    feature = Feature(Concept((Coding("HP:0025289"),)), path="phenotypicFeatures[0]")
    groups = document(PatientRecord("p", features=(feature,)), editions=("mayo@2023",))["diagnosis"][0]["groups"]
    (organomegaly,) = [i for g in groups for i in g["items"] if i["finding"] == "organomegaly"]
    (evidence,) = organomegaly["evidence"]
    assert evidence["what"] == "Cervical lymphadenopathy (HP:0025289)"
    assert (evidence["says"], evidence["kind"], evidence["source"]) == ("present", "stated", "phenotypicFeatures[0]")
