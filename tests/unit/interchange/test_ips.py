"""The patient summary: the sections and elements that IPS asks for, and nothing that the record does not say.

What IPS asks for (elements with a minimum, codes of sections) is that of the HL7 IPS Implementation Guide 2.0.0.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from fhir.resources.R4B import get_fhir_model_class

from openpoems.cli.convert import command as convert
from openpoems.cli.letter import command as letter
from openpoems.criteria.assess import assess
from openpoems.interchange.fhir import read, write_ips
from openpoems.interchange.sources import load, read_source
from openpoems.record import Coding, Concept, Feature, PartialDate, PatientRecord
from openpoems.response.respond import respond

ROOT = Path(__file__).resolve().parents[3]
COURSE = ROOT / "examples" / "course.csv"
TODAY = date(2026, 11, 24)
MADE = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
NEEDED = {"11450-4": "problems", "48765-2": "allergies", "10160-0": "medications"}
CASES = sorted((ROOT / "tests" / "cases").glob("*.json"))


def of(record: PatientRecord, facts: Any, **who: Any) -> dict[str, Any]:
    return write_ips(assess(record, facts, TODAY, today=TODAY), respond(record, facts, TODAY), facts, made=MADE, **who)


@pytest.fixture(scope="module")
def course() -> PatientRecord:
    ((record, _),) = read_source(COURSE, load(COURSE), form=None)
    return record


def resources(document: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each["resource"] for each in document["entry"] if each["resource"]["resourceType"] == kind]


def sections(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    (composition,) = resources(document, "Composition")
    return {each["code"]["coding"][0]["code"]: each for each in composition["section"]}


def words(section: dict[str, Any]) -> str:
    return "".join(ElementTree.fromstring(section["text"]["div"]).itertext())  # noqa: S314 - our own


def sign(text: str, on: str, **more: Any) -> Feature:
    return Feature(Concept((Coding("HP:0001744"),), text), on=PartialDate.parse(on), **more)


def test_the_summary_says_what_the_letter_says(facts, course):
    told = sections(of(course, facts))
    assert "The record meets the criteria for POEMS syndrome. Criteria: Mayo Clinic 2023." in words(told["51848-0"])
    assert "A normal VEGF does not exclude relapse" in words(told["51848-0"])
    assert "POEMS syndrome (2018-11-05)" in words(told["11450-4"])
    assert "ASCT (2019-04-15)" in words(told["10160-0"])
    assert "Laboratory B: 92 pg/mL, plasma (upper limit 96.2) (2024-11-11)" in words(told["30954-2"])
    assert "ONLS" not in words(told["30954-2"])
    assert "Not asked" in words(told["48765-2"])


def asks_of(document: dict[str, Any]) -> None:
    """What the guide asks of every summary."""
    composition = document["entry"][0]["resource"]
    assert (document["type"], composition["resourceType"]) == ("document", "Composition")
    assert document["identifier"]["value"].startswith("urn:uuid:")
    assert set(NEEDED) <= set(sections(document))
    assert len(resources(document, "Patient")) == 1
    for section in composition["section"]:
        assert section["title"]
        assert words(section)
        assert not ("entry" in section and "emptyReason" in section)
        assert "entry" in section or "emptyReason" in section or section["code"]["coding"][0]["code"] == "51848-0"
    for result in resources(document, "Observation"):
        assert result["category"]
        assert result["performer"]
        assert {"valueQuantity", "valueCodeableConcept", "dataAbsentReason"} & set(result)
    for kind, stem in (("Observation", "effective"), ("MedicationStatement", "effective"), ("Procedure", "performed")):
        assert all(any(stem in key for key in each) for each in resources(document, kind))
    (person,) = resources(document, "Patient")
    assert person["name"]
    assert {"birthDate", "_birthDate"} & set(person)
    every_reference_resolves(document)


def every_reference_resolves(document: dict[str, Any]) -> None:
    addresses = {each["fullUrl"] for each in document["entry"]}
    text = json.dumps(document)
    told = {part.split('"')[0] for part in text.split('"reference": "')[1:]}
    assert told <= addresses
    # Nothing stands in the document that nothing points at.
    assert addresses - told <= {document["entry"][0]["fullUrl"]}


def test_a_course_has_what_the_guide_asks_for(facts, course):
    asks_of(of(course, facts))


@pytest.mark.parametrize("path", CASES[::6], ids=lambda path: path.stem)
def test_published_cases_have_it_too_and_an_independent_library_accepts_them(facts, path):
    ((record, _),) = read_source(path, load(path), form=None)
    document = of(record, facts)
    asks_of(document)
    get_fhir_model_class("Bundle").model_validate_json(json.dumps(document))


def test_an_empty_record_says_so_in_every_needed_section(facts):
    document = of(PatientRecord("x-1"), facts)
    asks_of(document)
    told = sections(document)
    assert {told[code]["emptyReason"]["coding"][0]["code"] for code in NEEDED} == {"unavailable", "notasked"}
    assert "does not yet settle" in words(told["51848-0"])
    (plan,) = resources(document, "CarePlan")
    assert (plan["intent"], plan["status"]) == ("proposal", "active")
    assert len(plan["activity"]) == len(ElementTree.fromstring(told["18776-5"]["text"]["div"]).findall(".//{*}li"))  # noqa: S314


def test_the_person_is_named_only_to_who_may_know(facts, course):
    (masked,) = resources(of(course, facts), "Patient")
    assert masked["name"] == [
        {
            "_text": {
                "extension": [
                    {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}
                ]
            }
        }
    ]
    (named,) = resources(of(course, facts, who={"Name": "An Invented Name", "Born": "1966-02-03"}), "Patient")
    assert (named["name"], named["birthDate"]) == ([{"text": "An Invented Name"}], "1966-02-03")


def test_what_was_not_found_again_is_over_and_what_was_never_found_stands_nowhere(facts):
    record = PatientRecord(
        "x-1",
        features=(
            sign("spleen", "2020"),
            sign("spleen", "2022", excluded=True),
            Feature(Concept((Coding("HP:0002240"),), "liver"), excluded=True, on=PartialDate(2020)),
        ),
    )
    document = of(record, facts)
    told = sections(document)
    (spleen,) = resources(document, "Condition")
    assert spleen["clinicalStatus"]["coding"][0]["code"] == "inactive"
    assert "spleen" in words(told["11348-0"])
    assert "emptyReason" in told["11450-4"]
    assert "liver" not in words(told["11450-4"]) + words(told["11348-0"])


def test_only_what_was_known_on_the_day_is_told(facts, course):
    day = date(2019, 1, 1)
    then = write_ips(
        assess(course, facts, day, today=TODAY), respond(course, facts, day, today=TODAY), facts, made=MADE
    )
    assert "47519-4" not in sections(then)
    assert "2019-" not in words(sections(then)["30954-2"])


def test_words_of_a_record_never_become_markup(facts):
    text = "<script>alert(1)</script> & \x0b"
    document = of(PatientRecord("x-1", features=(Feature(Concept((), text)),)), facts)
    assert "<script>" not in sections(document)["11450-4"]["text"]["div"]
    assert "<script>alert(1)</script> &" in words(sections(document)["11450-4"])


def test_the_summary_is_read_again_as_a_record(facts, course):
    ((again, _),) = read(json.loads(json.dumps(of(course, facts))))
    assert len(again.treatments) == len(course.treatments)
    assert {each.value for each in again.measurements} <= {each.value for each in course.measurements}


def test_the_same_record_at_the_same_time_gives_the_same_document(facts, course):
    assert of(course, facts) == of(replace(course), facts)


def test_the_command_line_writes_it(tmp_path):
    out = tmp_path / "summary.json"
    done = CliRunner().invoke(letter, [str(COURSE), "--fhir", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert json.loads(out.read_text())["type"] == "document"
    done = CliRunner().invoke(convert, [str(COURSE), "--to", "ips"])
    assert json.loads(done.output)["entry"][0]["resource"]["resourceType"] == "Composition"
