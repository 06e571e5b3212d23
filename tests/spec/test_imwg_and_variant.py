"""The myeloma working group's criteria, and Castleman disease that has no clone."""

import pytest

from openpoems.knowledge.store import knowledge
from tests.spec.tables import outcome, person, rows

IMWG_2009 = """
Source: Kyle and Rajkumar 2009, Leukemia 23:3 (recalled): neuropathy, clone, and at least one of the list.
person                              | neuropathy | clone | ost. myeloma | sclerotic | Castleman | organs | glands | thyroid | fluid | skin | optic disc | VEGF | platelets | expected
nothing is known                    |            |       |              |           |           |        |        |         |       |      |            |      |           | undetermined
fluid                               | T          | T     |              |           |           |        |        |         | T     |      |            |      |           | met
organs                              | T          | T     |              |           |           | T      |        |         |       |      |            |      |           | met
a sclerotic lesion                  | T          | T     |              | T         |           |        |        |         |       |      |            |      |           | met
Castleman disease                   | T          | T     |              |           | T         |        |        |         |       |      |            |      |           | met
osteosclerotic myeloma is the clone | T          |       | T            |           |           |        |        |         |       |      |            |      |           | met
hypothyroidism does not count       | T          | T     | F            | F         | F         | F      | F      | T       | F     | F    | F          |      |           | not-met
VEGF and platelets do not count     | T          | T     | F            | F         | F         | F      | F      |         | F     | F    | F          | T    | T         | not-met
no neuropathy                       | F          | T     | T            | T         | T         | T      | T      |         | T     | T    | T          |      |           | not-met
no clone                            | T          | F     |              | T         | T         | T      | T      |         | T     | T    | T          |      |           | not-met
"""

VARIANT = """
Source: Dispenzieri 2012, Blood 119:5650, Table 1, footnote: Castleman disease, no clone, several minor signs, little or no neuropathy.
person                              | neuropathy | Castleman | M serum | M urine | marrow | tumour | fluid | organs | glands | skin | optic disc | blood | expected
nothing is known                    |            |           |         |         |        |        |       |        |        |      |            |       | undetermined
no clone anywhere, fluid            | F          | T         | F       | F       | F      | F      | T     |        |        |      |            |       | met
neuropathy does not matter          | T          | T         | F       | F       | F      | F      | T     |        |        |      |            |       | met
no minor sign                       | F          | T         | F       | F       | F      | F      | F     | F      | F      | F    | F          | F     | not-met
serum only: a clone may be elsewhere |           | T         | F       |         |        |        | T     |        |        |      |            |       | undetermined
a clone in urine                    |            | T         | F       | T       |        |        | T     |        |        |      |            |       | not-met
no Castleman disease                |            | F         | F       | F       | F      | F      | T     |        |        |      |            |       | not-met
"""


@pytest.mark.parametrize("row", rows(IMWG_2009))
def test_imwg(row):
    assert outcome("imwg@2009", person(row)) == row["expected"]


@pytest.mark.parametrize("row", rows(VARIANT))
def test_the_castleman_variant(row):
    assert outcome("castleman-variant@2012", person(row)) == row["expected"]


# The ministry's "possible" (2015) and Chiba's "probable" ask for no clone: these editions cannot tell the variant apart.
ASK_FOR_NO_CLONE = {"mhlw@2015", "chiba@2013"}


@pytest.mark.parametrize(
    "edition", [key for key, c in knowledge().criteria.items() if c.kind == "diagnosis" and key not in ASK_FOR_NO_CLONE]
)
def test_the_variant_is_never_poems(edition):
    # Dispenzieri 2012, Table 1, footnote: it is not covered by the criteria.
    [row] = [r.values[0] for r in rows(VARIANT) if r.id == "neuropathy does not matter"]
    assert outcome(edition, person(row)) == "not-met"


def test_the_variant_is_its_own_conclusion():
    assert "not as POEMS" in knowledge().edition("castleman-variant@2012").conclusion
    assert knowledge().edition("castleman-variant@2012").kind == "variant"
