"""Platelets and red cells: the laboratory's range decides, without one a default of this software."""

import pytest

from openpoems.quantities import Quantity
from openpoems.record import Measurement, PatientRecord, ReferenceRange
from tests.spec.tables import CELL, look, result, rows

PLATELETS = """
Source: no criteria table prints a number (Dispenzieri 2012, Table 1); the default of 450 x 10^9/L is this software's.
result           | limit        | flags | platelets | = by
520 10*9/L       | 400 10*9/L   |       | T         | laboratory
420 10*9/L       | 400 10*9/L   |       | T         | laboratory
400 10*9/L       | 400 10*9/L   |       | F         | laboratory
460 10*9/L       | 480 10*9/L   |       | F         | laboratory
460 10*9/L       |              | N     | F         | laboratory
420 10*9/L       |              | H     | T         | laboratory
451 10*9/L       |              |       | T         | default
450 10*9/L       |              |       | F         | default
200 10*9/L       |              |       | F         | default
460 x10^9/L      |              |       | T         | default
460 K/uL         |              |       | T         | default
440 10*3/uL      |              |       | F         | default
460000 /uL       |              |       | T         | default
440000 /mm3      |              |       | F         | default
460 10*3/uL      | 400 10*9/L   |       | T         | laboratory
>1000 10*9/L     |              |       | T         | default
<400 10*9/L      |              |       | F         | default
>400 10*9/L      |              |       |           |
520 g/L          |              |       |           |
520              |              |       |           |
520              | 400          |       | T         | laboratory
"""

HAEMOGLOBIN = """
Source: no criteria table prints a number; the defaults of 16.5 g/dL (men) and 16.0 g/dL (women) are those of the WHO criteria for polycythaemia vera.
result       | sex     | limit     | red cells | = by
16.6 g/dL    | male    |           | T         | default
16.5 g/dL    | male    |           | F         | default
16.2 g/dL    | male    |           | F         | default
16.2 g/dL    | female  |           | T         | default
16 g/dL      | female  |           | F         | default
166 g/L      | male    |           | T         | default
165 g/L      | male    |           | F         | default
161 g/L      | female  |           | T         | default
18 g/dL      | unknown |           |           |
18 g/dL      | other   |           |           |
18 g/dL      | unknown | 17.5 g/dL | T         | laboratory
16.6 g/dL    | male    | 17.5 g/dL | F         | laboratory
15.8 g/dL    | female  | 15.5 g/dL | T         | laboratory
"""


def haemoglobin(row):
    return PatientRecord(
        "row", sex=row["sex"], measurements=(result("haemoglobin", row["result"], limit=row["limit"]),)
    )


def decided_by(state):
    return "".join({evidence.kind for evidence in state.evidence})


@pytest.mark.parametrize(
    "row", [pytest.param(p.values[0], id=" ".join(filter(None, p.values[0].values()))) for p in rows(PLATELETS)]
)
def test_platelets(row):
    count = result("platelets", row["result"], limit=row["limit"], flags=row["flags"])
    found = look(PatientRecord("row", measurements=(count,)))
    assert found.truth("thrombocytosis") is CELL[row["platelets"]]
    assert decided_by(found["thrombocytosis"]) == row["= by"]


@pytest.mark.parametrize(
    "row", [pytest.param(p.values[0], id=" ".join(filter(None, p.values[0].values()))) for p in rows(HAEMOGLOBIN)]
)
def test_haemoglobin(row):
    found = look(haemoglobin(row))
    assert found.truth("polycythaemia") is CELL[row["red cells"]]
    assert decided_by(found["polycythaemia"]) == row["= by"]


def test_haematocrit_has_no_default():
    found = look(PatientRecord("row", sex="male", measurements=(result("haematocrit", "60 %"),)))
    assert found.truth("polycythaemia") is CELL[""]
    assert "reference range" in found.issues[0].message


def test_normal_platelets_do_not_exclude_polycythaemia():
    # Dispenzieri 2012, Table 1: thrombocytosis or polycythaemia; the red cells were not looked at.
    found = look(PatientRecord("row", measurements=(result("platelets", "300 10*9/L"),)))
    assert found.truth("thrombocytosis-or-polycythaemia") is CELL[""]


def test_low_platelets_are_no_high_platelets():
    count = result("platelets", "90 10*9/L")
    measured = Measurement(
        count.measure, count.value, reference=ReferenceRange(Quantity(150, "10*9/L"), Quantity(400, "10*9/L"))
    )
    found = look(PatientRecord("row", measurements=(measured,)))
    assert found.truth("thrombocytosis") is CELL["F"]
    assert found.truth("thrombocytopenia") is CELL["T"]
