"""The Japanese criteria: Chiba 2013, the ministry's of 2015 and 2024, Suichi 2019."""

import pytest

from tests.spec.tables import outcome, person, rows

MHLW_2015 = """
Source: Japanese Ministry of Health, designated intractable disease 16 (2015): definite = three major and a minor, probable = neuropathy, serum VEGF >= 1000 pg/mL and a minor, possible = neuropathy and two minor.
person                                  | neuropathy | VEGF1000 | M | sclerotic | Castleman | organs | fluid | heart sac | thyroid | diabetes | haemangioma | skin | optic disc | platelets | expected
nothing is known                        |            |          |   |           |           |        |       |           |         |          |             |      |            |           | undetermined
three major and fluid                   | T          | T        | T |           |           |        | T     |           |         |          |             |      |            |           | met definite
a pericardial effusion counts           | T          | T        | T |           |           |        |       | T         |         |          |             |      |            |           | met definite
thyroid disease alone counts here       | T          | T        | T |           |           |        |       |           | T       |          |             |      |            |           | met definite
diabetes alone counts here              | T          | T        | T |           |           |        |       |           |         | T        |             |      |            |           | met definite
any haemangioma counts here             | T          | T        | T |           |           |        |       |           |         |          | T           |      |            |           | met definite
platelets count                         | T          | T        | T |           |           |        |       |           |         |          |             |      |            | T         | met definite
a sclerotic lesion counts               | T          | T        | T | T         |           |        |       |           |         |          |             |      |            |           | met definite
Castleman disease counts                | T          | T        | T |           | T         |        |       |           |         |          |             |      |            |           | met definite
no M-protein                            | T          | T        | F |           |           |        | T     |           |         |          |             |      |            |           | met probable
M-protein not looked for                | T          | T        |   |           |           |        | T     |           |         |          |             |      |            |           | met probable
serum VEGF below, two minor             | T          | F        | T |           |           | T      | T     |           |         |          |             |      |            |           | met possible
neuropathy and two minor                | T          |          |   |           |           | T      |       |           |         |          |             |      | T          |           | met possible
neuropathy and one minor                | T          |          |   |           |           | T      |       |           |         |          |             |      |            |           | undetermined
neuropathy, one minor, VEGF below       | T          | F        | T |           |           | T      |       |           |         |          |             |      |            |           | undetermined
two minor and no more                   |            |          |   |           |           | T      | T     |           |         |          |             |      |            |           | undetermined
no neuropathy                           | F          | T        | T | T         | T         | T      | T     | T         | T       | T        | T           | T    | T          | T         | not-met
"""

MHLW_2024 = """
Source: Japanese Ministry of Health, update of 2024-11-26 as far as seen; the count of two of four minor is inferred from Suichi 2019.
person                              | neuropathy | clone | VEGF1000 | VEGF | fluid | heart sac | skin | organs | sclerotic | optic disc | expected
nothing is known                    |            |       |          |      |       |           |      |        |           |            | undetermined
three major, two minor              | T          | T     | T        |      | T     |           | T    |        |           |            | met definite
a pericardial effusion is fluid     | T          | T     | T        |      |       | T         |      | T      |           |            | met definite
one minor only                      | T          | T     | T        |      | T     |           |      |        |           |            | undetermined
one minor, the rest excluded        | T          | T     | T        |      | T     |           | F    | F      | F         |            | not-met
papilloedema does not count         | T          | T     | T        |      | T     |           | F    | F      | F         | T          | not-met
VEGF raised, but not serum 1000     | T          | T     | F        | T    | T     |           | T    |        |           |            | not-met
VEGF raised, serum not measured     | T          | T     |          | T    | T     |           | T    |        |           |            | undetermined
no clone                            | T          | F     | T        |      | T     |           | T    |        |           |            | not-met
no neuropathy                       | F          | T     | T        |      | T     |           | T    |        |           |            | not-met
"""

SUICHI_2019 = """
Source: Suichi 2019, JNNP 90:133, proposed criteria: all three major and at least two of four minor.
person                              | neuropathy | clone | VEGF | fluid | heart sac | skin | organs | sclerotic | Castleman | glands | optic disc | platelets | expected
nothing is known                    |            |       |      |       |           |      |        |           |           |        |            |           | undetermined
fluid and skin                      | T          | T     | T    | T     |           | T    |        |           |           |        |            |           | met
organs and bone                     | T          | T     | T    | F     | F         | F    | T      | T         |           |        |            |           | met
a pericardial effusion is fluid     | T          | T     | T    | F     | T         | T    | F      | F         |           |        |            |           | met
one minor of four                   | T          | T     | T    | T     |           | F    | F      | F         |           |        |            |           | not-met
one minor, the rest not looked for  | T          | T     | T    | T     |           |      |        |           |           |        |            |           | undetermined
what Mayo counts and Suichi does not | T         | T     | T    | T     |           | F    | F      | F         | T         | T      | T          | T         | not-met
VEGF not raised                     | T          | T     | F    | T     |           | T    | T      | T         |           |        |            |           | not-met
no clone                            | T          | F     | T    | T     |           | T    | T      | T         |           |        |            |           | not-met
no neuropathy                       | F          | T     | T    | T     |           | T    | T      | T         |           |        |            |           | not-met
VEGF not measured                   | T          | T     |      | T     |           | T    | T      | T         |           |        |            |           | undetermined
"""

CHIBA_2013 = """
Source: Misawa and Kuwabara 2013, Clin Exp Neuroimmunol 4:318 (recalled): definite = three major and a minor, probable = neuropathy, VEGF and a minor.
person                              | neuropathy | clone | VEGF | sclerotic | Castleman | organs | fluid | heart sac | glands | skin | optic disc | platelets | expected
nothing is known                    |            |       |      |           |           |        |       |           |        |      |            |           | undetermined
three major and fluid               | T          | T     | T    |           |           |        | T     |           |        |      |            |           | met definite
three major and bone                | T          | T     | T    | T         |           |        |       |           |        |      |            |           | met definite
three major and Castleman           | T          | T     | T    |           | T         |        |       |           |        |      |            |           | met definite
three major and papilloedema        | T          | T     | T    |           |           |        |       |           |        |      | T          |           | met definite
no clone                            | T          | F     | T    |           |           |        | T     |           |        |      |            |           | met probable
clone not looked for                | T          |       | T    |           |           |        | T     |           |        |      |            |           | met probable
platelets do not count              | T          | T     | T    | F         | F         | F      | F     | F         | F      | F    | F          | T         | not-met
no VEGF                             | T          | T     | F    |           |           |        | T     |           |        |      |            |           | not-met
no neuropathy                       | F          | T     | T    |           |           |        | T     |           |        |      |            |           | not-met
VEGF not measured                   | T          | T     |      |           |           |        | T     |           |        |      |            |           | undetermined
"""


@pytest.mark.parametrize("row", rows(MHLW_2015))
def test_the_ministry_2015(row):
    assert outcome("mhlw@2015", person(row)) == row["expected"]


@pytest.mark.parametrize("row", rows(MHLW_2024))
def test_the_ministry_2024(row):
    assert outcome("mhlw@2024", person(row)) == row["expected"]


@pytest.mark.parametrize("row", rows(SUICHI_2019))
def test_suichi(row):
    assert outcome("suichi@2019", person(row)) == row["expected"]


@pytest.mark.parametrize("row", rows(CHIBA_2013))
def test_chiba(row):
    assert outcome("chiba@2013", person(row)) == row["expected"]
