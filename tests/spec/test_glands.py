"""The footnote on the endocrinopathy: diabetes or thyroid disease alone does not count, beside another gland it may."""

import pytest

from openpoems.quantities import Quantity
from openpoems.record import Measurement, PatientRecord, ReferenceRange
from tests.spec.tables import CELL, TODAY, feature, look, outcome, person, result, rows

FOOTNOTE = """
Source: Dispenzieri 2012, Blood 119:5650, Table 1, footnote, which is silent on thyroid and diabetes together; the ministry 2015 has no footnote.
person                                 | thyroid | diabetes | glands | adrenal | pituitary | gonads | parathyr. | = Mayo | = Japan | = says
thyroid disease alone                  | T       |          |        |         |           |        |           |        | T       | Thyroid disease alone
thyroid, the other glands well         | T       |          |        | F       | F         | F      | F         | F      | T       | Thyroid disease alone
diabetes alone                         |         | T        |        |         |           |        |           |        | T       | Diabetes alone
diabetes, the other glands well        |         | T        |        | F       | F         | F      | F         | F      | T       | Diabetes alone
both                                   | T       | T        |        |         |           |        |           |        | T       | Thyroid disease and diabetes are both
both, the other glands well            | T       | T        |        | F       | F         | F      | F         | F      | T       | Thyroid disease and diabetes are both
thyroid and adrenal                    | T       |          |        | T       |           |        |           | T      | T       |
diabetes and gonads                    |         | T        |        |         |           | T      |           | T      | T       |
both and pituitary                     | T       | T        |        |         | T         |        |           | T      | T       |
parathyroid alone                      |         |          |        |         |           |        | T         | T      | T       |
gonads alone                           |         |          |        |         |           | T      |           | T      | T       |
endocrinopathy, gland not said         |         |          | T      |         |           |        |           | T      | T       |
gland not said, beside thyroid         | T       |          | T      |         |           |        |           | T      | T       | The record states an endocrinopathy
gland not said, beside diabetes        |         | T        | T      |         |           |        |           | T      | T       | The record states an endocrinopathy
gland not said, thyroid excluded       | F       |          | T      |         |           |        |           | T      | T       |
no gland looked for                    |         |          |        |         |           |        |           |        |         |
all glands well                        | F       | F        |        | F       | F         | F      | F         | F      |         |
three glands well, parathyroid not     |         |          |        | F       | F         | F      |           |        |         |
thyroid well, nothing else             | F       |          |        |         |           |        |           |        |         |
"""

HORMONES = """
Source: Gandhi 2007, PMID 17605964: prolactin and TSH above, testosterone (men) below the laboratory's range; no number is used without a range.
person                           | sex    | measure      | value       | low | high | = Mayo | = Japan | flag
low testosterone in a man        | male   | testosterone | 150 ng/dL   | 240 | 950  | T      | T |
normal testosterone in a man     | male   | testosterone | 400 ng/dL   | 240 | 950  |        | |
low testosterone in a woman      | female | testosterone | 15 ng/dL    | 20  | 60   |        | |
sex not known                    | unknown | testosterone | 150 ng/dL  | 240 | 950  |        | |
testosterone without a range     | male   | testosterone | 150 ng/dL   |     |      |        | |
flagged low                      | male   | testosterone | 150 ng/dL   |     |      | T      | T     | L
flagged high is not low          | male   | testosterone | 1500 ng/dL  |     |      |        |       | H
flagged normal                   | male   | testosterone | 150 ng/dL   |     |      |        |       | N
prolactin above                  | female | prolactin    | 60 ng/mL    |     | 25   | T      | T |
prolactin within                 | female | prolactin    | 20 ng/mL    |     | 25   |        | |
TSH above: thyroid alone         | male   | tsh          | 9 m[IU]/L   |     | 4.5  |        | T |
calcium below is a clue only     | male   | calcium      | 7 mg/dL     | 8.5 |      |        | |
"""


@pytest.mark.parametrize("row", rows(FOOTNOTE))
def test_the_footnote(row):
    found = look(person(row))
    assert found.truth("endocrinopathy") is CELL[row["= Mayo"]]
    assert found.truth("endocrine-abnormality") is CELL[row["= Japan"]]
    says = [remark.says for remark in found["endocrinopathy"].remarks]
    assert len(says) == bool(row["= says"])
    assert all(each.startswith(row["= says"]) for each in says)


@pytest.mark.parametrize("row", rows(HORMONES))
def test_hormones(row):
    plain = result(row["measure"], row["value"])
    low, high = (Quantity(float(row[b]), plain.value.unit) if row[b] else None for b in ("low", "high"))
    measured = Measurement(
        plain.measure, plain.value, reference=ReferenceRange(low, high), flags=tuple(row["flag"].split())
    )
    found = look(PatientRecord("row", sex=row["sex"], measurements=(measured,)))
    assert found.truth("endocrinopathy") is CELL[row["= Mayo"]]
    assert found.truth("endocrine-abnormality") is CELL[row["= Japan"]]


def test_hypothyroidism_as_the_only_minor_sign_does_not_make_the_diagnosis():
    row = {"neuropathy": "T", "clone": "T", "VEGF": "T", "thyroid": "T"}
    assert outcome("mayo@2023", person(row)) == "undetermined"
    others = dict.fromkeys(("organs", "fluid", "skin", "optic disc", "blood"), "F")
    glands = dict.fromkeys(("adrenal", "pituitary", "gonads", "parathyr."), "F")
    assert outcome("mayo@2023", person({**row, **others, **glands})) == "not-met"
    assert outcome("mayo@2023", person({**row, **others, **glands, "adrenal": "T"})) == "met"


def test_an_excluded_endocrine_system_excludes_its_glands_and_not_vegf():
    # The ontology files VEGF under the endocrine system (HP:0000818); nobody measured it by finding no endocrinopathy.
    found = look(PatientRecord("row", features=(feature("HP:0000818", excluded=True),)), TODAY)
    for finding in (
        "endocrinopathy",
        "adrenal-insufficiency",
        "gonadal-abnormality",
        "hypothyroidism",
        "hypoparathyroidism",
    ):
        assert found.truth(finding) is CELL["F"], finding
    assert found.truth("vegf-elevated") is CELL[""]
