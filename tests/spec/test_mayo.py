"""The Mayo criteria: 2003, and the rule that has stood since 2007 with all who adopted it."""

import pytest

from openpoems.knowledge.store import knowledge
from tests.spec.tables import outcome, person, rows

SINCE_2007 = (
    "mayo@2007", "mayo@2012", "mayo@2014", "mayo@2017", "mayo@2019", "mayo@2021", "mayo@2023",
    "msd@2023", "uclh@2022", "chn@2019",
)  # fmt: skip

MAYO_2012 = """
Source: Dispenzieri 2012, Blood 119:5650, Table 1: both mandatory, and at least one other major, and at least one minor.
person                              | neuropathy | clone | Castleman | sclerotic | VEGF | organs | fluid | glands | skin | optic disc | blood | expected
nothing is known                    |            |       |           |           |      |        |       |        |      |            |       | undetermined
everything                          | T          | T     | T         | T         | T    | T      | T     | T      | T    | T          | T     | met
nothing of it                       | F          | F     | F         | F         | F    | F      | F     | F      | F    | F          | F     | not-met
the classic one                     | T          | T     |           |           | T    |        |       |        | T    |            |       | met
Castleman instead of VEGF           | T          | T     | T         | F         | F    | T      |       |        |      |            |       | met
a sclerotic lesion instead          | T          | T     | F         | T         | F    |        |       |        |      | T          |       | met
organs as the minor sign            | T          | T     |           |           | T    | T      | F     | F      | F    | F          | F     | met
fluid as the minor sign             | T          | T     |           |           | T    | F      | T     | F      | F    | F          | F     | met
glands as the minor sign            | T          | T     |           |           | T    | F      | F     | T      | F    | F          | F     | met
skin as the minor sign              | T          | T     |           |           | T    | F      | F     | F      | T    | F          | F     | met
papilloedema as the minor sign      | T          | T     |           |           | T    | F      | F     | F      | F    | T          | F     | met
platelets as the minor sign         | T          | T     |           |           | T    | F      | F     | F      | F    | F          | T     | met
no neuropathy                       | F          | T     | T         | T         | T    | T      | T     | T      | T    | T          | T     | not-met
no clone                            | T          | F     | T         | T         | T    | T      | T     | T      | T    | T          | T     | not-met
neuropathy not examined             |            | T     | T         | T         | T    | T      | T     | T      | T    | T          | T     | undetermined
clone not looked for                | T          |       | T         | T         | T    | T      | T     | T      | T    | T          | T     | undetermined
no other major                      | T          | T     | F         | F         | F    | T      | T     | T      | T    | T          | T     | not-met
one other major not looked for      | T          | T     | F         |           | F    | T      | T     | T      | T    | T          | T     | undetermined
no minor                            | T          | T     | T         | T         | T    | F      | F     | F      | F    | F          | F     | not-met
fundi not seen, no other minor      | T          | T     | T         | T         | T    | F      | F     | F      | F    |            | F     | undetermined
nothing but the two mandatory       | T          | T     |           |           |      |        |       |        |      |            |       | undetermined
one failed group outweighs unknowns | F          |       |           |           |      |        |       |        |      |            |       | not-met
"""

MAYO_2003 = """
Source: Dispenzieri 2003, Blood 101:2496, criteria table: both major and at least one of seven minor; no VEGF, no platelets.
person                          | neuropathy | clone | Castleman | sclerotic | VEGF | organs | fluid | glands | skin | optic disc | blood | expected
nothing is known                |            |       |           |           |      |        |       |        |      |            |       | undetermined
organs                          | T          | T     |           |           |      | T      |       |        |      |            |       | met
fluid                           | T          | T     |           |           |      |        | T     |        |      |            |       | met
glands                          | T          | T     |           |           |      |        |       | T      |      |            |       | met
skin                            | T          | T     |           |           |      |        |       |        | T    |            |       | met
papilloedema                    | T          | T     |           |           |      |        |       |        |      | T          |       | met
Castleman disease               | T          | T     | T         | F         |      | F      | F     | F      | F    | F          |       | met
a sclerotic lesion              | T          | T     | F         | T         |      | F      | F     | F      | F    | F          |       | met
VEGF and platelets do not count | T          | T     | F         | F         | T    | F      | F     | F      | F    | F          | T     | not-met
VEGF and platelets settle nothing | T        | T     |           |           | T    |        |       |        |      |            | T     | undetermined
no neuropathy                   | F          | T     | T         | T         | T    | T      | T     | T      | T    | T          | T     | not-met
no clone                        | T          | F     | T         | T         | T    | T      | T     | T      | T    | T          | T     | not-met
clone not looked for            | T          |       | T         | T         | T    | T      | T     | T      | T    | T          | T     | undetermined
"""


@pytest.mark.parametrize("edition", SINCE_2007)
@pytest.mark.parametrize("row", rows(MAYO_2012))
def test_the_rule_since_2007(edition, row):
    assert outcome(edition, person(row)) == row["expected"]


@pytest.mark.parametrize("row", rows(MAYO_2003))
def test_the_rule_of_2003(row):
    assert outcome("mayo@2003", person(row)) == row["expected"]


def test_the_editions_above_are_all_of_the_family():
    adopted = {key for key, criteria in knowledge().criteria.items() if criteria.adopts == "mayo@2012"}
    assert adopted | {"mayo@2012"} == set(SINCE_2007)


def test_supportive_signs_are_shown_and_never_counted():
    # Dispenzieri 2012, Table 1: "other symptoms and signs" stand below the criteria.
    criteria = knowledge().edition("mayo@2023")
    assert len(criteria.supportive) == 8
    assert not set(criteria.supportive) & set(criteria.findings)
