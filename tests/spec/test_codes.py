"""Every code that the knowledge holds: exact and narrower codes show the finding, broader ones are hints, under any prefix."""

import pytest

from openpoems.codes import code_systems, from_curie, from_fhir, to_fhir
from openpoems.knowledge.load import load_hpo
from openpoems.knowledge.store import knowledge
from openpoems.record import Coding, Concept, Measurement, PatientRecord
from tests.spec.tables import CELL, feature, look

# Source: the `match` of each code in knowledge/data/findings, explained in docs/reference/knowledge.md.
CODES = [(id, code) for id, finding in knowledge().findings.items() for code in finding.codes]
COUNTED = [each for each in CODES if each[1].match != "broader"]
TERMS = load_hpo()[1]
BROADER = [each for each in CODES if each[1].match == "broader"]
MEASURED = [(id, code) for id, measure in knowledge().measures.items() for code in measure.codes]


def named(pairs):
    return [pytest.param(id, code, id=f"{code.id} {id}") for id, code in pairs]


def stated(code, **more):
    return look(PatientRecord("row", features=(feature(code.id, code.label, **more),)))


@pytest.mark.parametrize(("id", "code"), named(COUNTED))
def test_an_exact_or_narrower_code_shows_the_finding(id, code):
    found = stated(code)
    assert found.truth(id) is CELL["T"]
    assert {evidence.kind for evidence in found[id].evidence} == {"stated"}


@pytest.mark.parametrize(("id", "code"), named(COUNTED))
def test_only_an_exact_code_or_one_above_it_excludes_the_finding(id, code):
    assert stated(code, excluded=True).truth(id) is CELL["F" if excludes(code.id, id) else ""]


def excludes(code, id):
    """By the ontology alone: the code is exact, lies above one that is, or excludes every part."""
    finding = knowledge().findings[id]
    over = {code, *(TERMS[code].over if code in TERMS and code not in finding.not_excluded_by else ())}
    own = any(each.id in over for each in finding.codes if each.match == "exact")
    return own or (bool(finding.any_of) and all(excludes(code, part) for part in finding.any_of))


@pytest.mark.parametrize(("id", "code"), named(BROADER))
def test_a_broader_code_is_not_counted(id, code):
    assert stated(code).truth(id) is CELL[""]


@pytest.mark.parametrize(("id", "code"), named(BROADER))
def test_a_broader_code_is_a_hint_and_an_issue_says_so(id, code):
    found = stated(code)
    name = knowledge().findings[id].name
    assert any(code.id in issue.message and name in issue.message for issue in found.issues)


@pytest.mark.parametrize(("id", "code"), named(BROADER))
def test_an_excluded_broader_code_shows_nothing(id, code):
    assert stated(code, excluded=True).truth(id) is not CELL["T"]


@pytest.mark.parametrize(("id", "code"), named(MEASURED))
def test_a_code_of_a_measure_names_it_only_where_it_is_exact(id, code):
    assert (knowledge().index.measures.get(code.id) == id) is (code.match == "exact")
    measured = Measurement(Concept((Coding(code.id),)))
    said = {issue.severity for issue in look(PatientRecord("row", measurements=(measured,))).issues}
    assert said == ({"information"} if code.match == "exact" else {"warning"})


@pytest.mark.parametrize("code", sorted({code.id for _, code in (*CODES, *MEASURED)}))
def test_a_code_is_read_under_every_prefix_and_uri_of_its_system(code):
    prefix, _, bare = code.partition(":")
    system = code_systems()[prefix]
    for other in system.curie:
        assert from_curie(f"{other}:{bare}") == code
        assert from_curie(f"{other.lower()}:{bare}") == code
    for uri in system.uri:
        assert from_fhir(uri, bare) == code
        assert from_fhir(uri, code if system.prefixed else bare) == code
    assert from_fhir(*to_fhir(code)) == code


def test_there_are_codes_of_every_kind():
    systems = {code.id.partition(":")[0] for _, code in CODES}
    assert {"HP", "SNOMED", "ICD10", "ICD10CM"} <= systems
    assert min(len(COUNTED), len(BROADER), len(MEASURED)) > 20
