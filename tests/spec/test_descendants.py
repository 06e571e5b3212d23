"""Codes and the ontology: a term below shows the finding, an excluded term above excludes it, with a few exceptions."""

import pytest

from openpoems.record import PatientRecord
from tests.spec.tables import CELL, feature, look, rows

TERMS = """
Source: Human Phenotype Ontology 2025-11-24 for what lies under what; the exceptions are argued in the findings' notes.
case                                        | code       | excluded | finding                   | = comes out
cervical lymphadenopathy is lymphadenopathy | HP:0025289 |          | lymphadenopathy           | T
and so organomegaly                         | HP:0025289 |          | organomegaly              | T
hepatosplenomegaly is both: liver           | HP:0001433 |          | hepatomegaly              | T
hepatosplenomegaly is both: spleen          | HP:0001433 |          | splenomegaly              | T
no cervical nodes says nothing of others    | HP:0025289 | yes      | lymphadenopathy           |
no lymphadenopathy at all                   | HP:0002716 | yes      | lymphadenopathy           | F
no hepatosplenomegaly may be one of them    | HP:0001433 | yes      | splenomegaly              |
no endocrine abnormality: adrenal           | HP:0000818 | yes      | adrenal-insufficiency     | F
no endocrine abnormality: thyroid           | HP:0000818 | yes      | hypothyroidism            | F
no endocrine abnormality: the criterion     | HP:0000818 | yes      | endocrinopathy            | F
no endocrine abnormality: VEGF              | HP:0000818 | yes      | vegf-elevated             |
no oedema: oedema                           | HP:0000969 | yes      | peripheral-oedema         | F
no oedema: pleural effusion                 | HP:0000969 | yes      | pleural-effusion          |
no oedema: the criterion                    | HP:0000969 | yes      | extravascular-volume-overload |
a pleural effusion is no oedema             | HP:0002202 |          | peripheral-oedema         |
an endocrine term below is no endocrinopathy | HP:0000819 |         | endocrinopathy            |
a root that excludes all excludes nothing   | HP:0000118 | yes      | polyneuropathy            |
polyneuropathy                              | HP:0001271 |          | polyneuropathy            | T
no peripheral neuropathy is no polyneuropathy | HP:0009830 | yes    | polyneuropathy            | F
a peripheral neuropathy may be a mononeuropathy | HP:0009830 |      | polyneuropathy            |
"""

HINTS = """
Source: ICD-10-CM and ICD-10 (WHO): "other specified" and "unspecified" rubrics hold other diseases too, so they are hints.
case                                        | code             | excluded | finding             | = comes out
other specified disorders of bone           | ICD10CM:M89.8X9  |          | sclerotic-bone-lesion |
other specified neoplasms of lymphoid tissue | ICD10:D47.7     |          | castleman-disease   |
other specified neoplasms, and POEMS        | ICD10CM:D47.Z9   |          | poems-syndrome      |
other specified diseases of blood           | ICD10:D75.8      |          | thrombocytosis      |
other disorders of skin                     | ICD10CM:L98.8    |          | skin-changes        |
other nail disorders                        | ICD10CM:L60.8    |          | white-nails         |
other peripheral vascular diseases          | ICD10CM:I73.89   |          | acrocyanosis        |
other findings of blood chemistry           | ICD10CM:R79.89   |          | vegf-elevated       |
"""


def seen(row):
    return look(PatientRecord("row", features=(feature(row["code"], excluded=row["excluded"] == "yes"),)))


@pytest.mark.parametrize("row", rows(TERMS))
def test_terms(row):
    assert seen(row).truth(row["finding"]) is CELL[row["= comes out"]]


@pytest.mark.parametrize("row", rows(HINTS))
def test_broader_codes_are_hints_only(row):
    found = seen(row)
    assert found.truth(row["finding"]) is CELL[""]
    assert {evidence.kind for evidence in found[row["finding"]].evidence} == {"hint"}
    assert any(row["code"] in issue.message and "not counted" in issue.message for issue in found.issues)


def test_a_code_and_a_label_that_name_different_things_are_both_refused():
    # HP:0001873 is thrombocytopenia, the opposite of what the label says: nobody can tell which was meant.
    found = look(PatientRecord("row", features=(feature("HP:0001873", "Thrombocytosis"),)))
    assert found.truth("thrombocytosis") is CELL[""]
    assert found.truth("thrombocytopenia") is CELL[""]
    [error] = [issue for issue in found.issues if issue.severity == "error"]
    assert "HP:0001873" in error.message


@pytest.mark.parametrize("label", ["Thrombocytopenia", "thrombocytopenia", "", "low platelets"])
def test_a_label_that_names_no_other_finding_is_no_matter(label):
    found = look(PatientRecord("row", features=(feature("HP:0001873", label),)))
    assert found.truth("thrombocytopenia") is CELL["T"]
