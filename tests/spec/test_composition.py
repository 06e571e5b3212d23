"""What findings are composed of, and what a part that was not looked for leaves open."""

import pytest

from openpoems.record import Coding, Concept, Measurement, PatientRecord
from tests.spec.tables import CELL, WORDS, look, outcome, person, result, rows

ORGANS = """
Source: Dispenzieri 2012, Blood 119:5650, Table 1: splenomegaly, hepatomegaly, or lymphadenopathy.
person                 | liver | spleen | nodes | = organs
liver                  | T     |        |       | T
spleen                 |       | T      |       | T
nodes                  |       |        | T     | T
nodes, the others not  | F     | F      | T     | T
all excluded           | F     | F      | F     | F
nodes not examined     | F     | F      |       |
only the liver         | F     |        |       |
nothing                |       |        |       |
"""

FLUID = """
Source: Dispenzieri 2012, Table 1: oedema, pleural effusion, or ascites; the ministry's list of 2015 adds the pericardial effusion.
person                 | oedema | pleura | ascites | heart sac | = fluid | = fluid, Japan
oedema                 | T      |        |         |           | T       | T
pleural effusion       | F      | T      |         |           | T       | T
ascites                |        |        | T       |           | T       | T
pericardial effusion   |        |        |         | T         |         | T
pericardial, rest none | F      | F      | F       | T         | F       | T
all excluded           | F      | F      | F       | F         | F       | F
no echocardiography    | F      | F      | F       |           | F       |
only oedema excluded   | F      |        |         |           |         |
"""

SKIN = """
Source: Dispenzieri 2012, Table 1: pigmentation, hypertrichosis, glomeruloid haemangioma, plethora, acrocyanosis, flushing, white nails; the ministry's list of 2015 says haemangioma of any kind.
person                 | pigment | haemangioma | = skin | = skin, Japan
pigmentation           | T       |             | T      | T
a haemangioma          |         | T           |        | T
pigmentation excluded  | F       |             |        |
"""

CLONE = """
Source: Dispenzieri 2012, Table 1, and Chen 2021 (serum or urine immunofixation in 42 of 42): serum, urine, marrow or lesion, so a negative serum settles nothing.
person                       | M serum | M urine | marrow | tumour | myeloma | ost. myeloma | = M | = clone
serum                        | T       |         |        |        |         |              | T   | T
serum negative               | F       |         |        |        |         |              |     |
serum negative, urine shows  | F       | T       |        |        |         |              | T   | T
serum and urine negative     | F       | F       |        |        |         |              | F   |
marrow clonal                | F       | F       | T      |        |         |              | F   | T
a plasmacytoma               |         |         |        | T      |         |              |     | T
all four negative            | F       | F       | F      | F      |         |              | F   | F
myeloma is a clone           |         |         |        |        | T       |              |     | T
osteosclerotic myeloma too   |         |         |        |        |         | T            |     | T
no myeloma says nothing      |         |         |        |        | F       | F            |     |
"""

IMMUNOFIXATION = """
Source: Chen 2021: electrophoresis positive in as few as 54 %, immunofixation of serum or urine in 42 of 42, so only immunofixation excludes.
person                         | serum          | urine    | spike | urine spike | = M | = clone
positive in serum              | positive       |          |       |             | T   | T
negative in serum              | negative       |          |       |             |     |
negative in serum, positive urine | negative    | positive |       |             | T   | T
negative in both               | negative       | negative |       |             | F   |
the answer is not readable     | see report     |          |       |             |     |
a spike on electrophoresis     |                |          | 0.4   |             | T   | T
a spike in urine               |                |          |       | 120         | T   | T
no spike on electrophoresis    |                |          | 0     |             |     |
no spike, immunofixation shows | positive       |          | 0     |             | T   | T
no spike, urine negative       |                | negative | 0     |             |     |
serum negative, no urine spike | negative       |          |       | 0           |     |
no spike in either             |                |          | 0     | 0           |     |
a spike, urine negative        |                | negative | 0.4   |             | T   | T
"""

PARTS = {**WORDS, "fluid, Japan": "extravascular-volume-overload-japan", "skin, Japan": "skin-changes-japan"}


def expected(row):
    return {column[2:]: cell for column, cell in row.items() if column.startswith("= ")}


@pytest.mark.parametrize("row", rows(ORGANS, FLUID, SKIN, CLONE))
def test_a_finding_and_its_parts(row):
    found = look(person(row))
    assert {word: found.truth(PARTS[word]) for word in expected(row)} == {w: CELL[c] for w, c in expected(row).items()}


@pytest.mark.parametrize("row", rows(IMMUNOFIXATION))
def test_immunofixation_and_electrophoresis(row):
    answers = (("immunofixation-serum", row["serum"]), ("immunofixation-urine", row["urine"]))
    results = [
        Measurement(Concept((Coding(f"OPENPOEMS:{measure}"),)), result=Concept(text=answer))
        for measure, answer in answers
        if answer
    ]
    if row["spike"]:
        results.append(result("m-protein-serum", f"{row['spike']} g/dL", "serum"))
    if row["urine spike"]:
        results.append(result("m-protein-urine-24h", f"{row['urine spike']} mg/24h", "urine"))
    found = look(PatientRecord("row", measurements=tuple(results)))
    assert {word: found.truth(PARTS[word]) for word in expected(row)} == {w: CELL[c] for w, c in expected(row).items()}


def test_a_negative_serum_immunofixation_keeps_the_diagnosis_open():
    row = {"neuropathy": "T", "VEGF": "T", "optic disc": "T", "M serum": "F"}
    assert outcome("mayo@2023", person(row)) == "undetermined"
    assert outcome("mayo@2023", person({**row, "M urine": "T"})) == "met"
