"""Codes: the prefixes and FHIR systems by which people name a terminology."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpoems.codes import code_systems, from_curie, from_fhir, to_fhir, well_formed
from openpoems.knowledge.store import knowledge


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("HP:0001271", "HP:0001271"),
        ("HPO:0001271", "HP:0001271"),
        ("hp:0001271", "HP:0001271"),
        ("SNOMEDCT:302226006", "SNOMED:302226006"),
        ("SCTID:302226006", "SNOMED:302226006"),
        ("SNOMEDCT_US:302226006", "SNOMED:302226006"),
        ("LNC:75628-8", "LOINC:75628-8"),
        ("ICD10CM:D47.Z2", "ICD10CM:D47.Z2"),
        ("ICD-10-CM:D47Z2", "ICD10CM:D47.Z2"),
        ("ICD10:G62.9", "ICD10:G62.9"),
        ("Orphanet:2905", "ORPHA:2905"),
        ("ORPHA:2905", "ORPHA:2905"),
        ("MONDO:0017364", "MONDO:0017364"),
        ("openpoems:vegf", "OPENPOEMS:vegf"),
        ("NCIT:C3056", "NCIT:C3056"),
        ("HP_0001744", "HP:0001744"),
        ("http://purl.obolibrary.org/obo/HP_0001744", "HP:0001744"),
        ("Orphanet_160", "ORPHA:160"),
        ("http://www.orpha.net/ORDO/Orphanet_160", "ORPHA:160"),
        ("HP_12", "HP_12"),
        # WHO's ICD-10 has no letter behind the point, and no third character there
        ("ICD10:D47.Z2", "ICD10CM:D47.Z2"),
        ("ICD10:M80.051", "ICD10CM:M80.051"),
        ("ICD10:M80.05", "ICD10:M80.05"),
        ("no code at all", "no code at all"),
    ],
)
def test_curies_as_people_write_them(written, read):
    assert from_curie(written) == read


@pytest.mark.parametrize(
    ("system", "code", "read"),
    [
        ("http://human-phenotype-ontology.org", "HP:0001271", "HP:0001271"),
        ("http://purl.obolibrary.org/obo/hp.owl", "HP_0001271", "HP:0001271"),
        ("http://purl.obolibrary.org/obo/hp.owl", "0001271", "HP:0001271"),
        ("http://snomed.info/sct", "302226006", "SNOMED:302226006"),
        ("http://loinc.org", "75628-8", "LOINC:75628-8"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "D47.Z2", "ICD10CM:D47.Z2"),
        ("http://hl7.org/fhir/sid/icd-10", "G629", "ICD10:G62.9"),
        ("urn:oid:2.16.840.1.113883.6.96", "302226006", "SNOMED:302226006"),
        ("http://www.orpha.net/", "2905", "ORPHA:2905"),
        ("http://example.org/local", "12", "http://example.org/local|12"),
        ("", "HP:0001271", "HP:0001271"),
        ("", "HP_0001271", "HP:0001271"),
        ("http://human-phenotype-ontology.org", "http://purl.obolibrary.org/obo/HP_0001271", "HP:0001271"),
        ("http://www.orpha.net", "ORPHA:2905", "ORPHA:2905"),
        ("http://www.orpha.net/ORDO", "Orphanet_2905", "ORPHA:2905"),
        ("http://snomed.info/sct/900000000000207008/version/20240101", "302226006", "SNOMED:302226006"),
        ("http://fhir.de/CodeSystem/bfarm/icd-10-gm", "G63.1*", "ICD10:G63.1"),
        ("http://fhir.de/CodeSystem/dimdi/icd-10-gm", "G62.9", "ICD10:G62.9"),
        ("http://hl7.org/fhir/sid/icd-10", "D47.Z2", "ICD10CM:D47.Z2"),
    ],
)
def test_fhir_systems_as_servers_write_them(system, code, read):
    assert from_fhir(system, code) == read


@pytest.mark.parametrize("id", sorted({c for c in knowledge().index.known if not c.startswith("OPENPOEMS")})[::7])
def test_every_known_code_survives_fhir(id):
    assert from_fhir(*to_fhir(id)) == id


@given(
    st.sampled_from(sorted(code_systems())), st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=12)
)
def test_any_code_survives_being_read_twice(prefix, code):
    once = from_curie(f"{prefix}:{code}")
    assert from_curie(once) == once


@pytest.mark.parametrize("bad", ["HP:12", "SNOMED:12", "LOINC:75628", "ICD10:62.9", "NCIT:C1", "HP", "ICD10CM:d47"])
def test_what_is_not_well_formed(bad):
    assert not well_formed(bad)
