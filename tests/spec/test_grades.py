"""The CTC grade of ascites, effusion and oedema, told by the severity of a sign (fact base 3.3: one grade is a change)."""

import pytest

from openpoems.record import Coding, Concept, Feature, PartialDate
from openpoems.response.grades import grade_of
from tests.spec.courses import BASELINE, course, month, only, told, treated

ASCITES = Concept((Coding("OPENPOEMS:ascites"),))


def sign(severity, on, *, excluded=False, **more):
    return Feature(ASCITES, excluded=excluded, on=on, severity=Concept(text=severity) if severity else None, **more)


@pytest.mark.parametrize(
    ("severity", "grade"),
    [
        ("CTC grade 2", 2),
        ("CTCAE v5.0 grade 3", 3),
        ("Grade 1 (CTCAE v4.03)", 1),
        ("CTCAE G2", 2),
        ("grade 2", None),
        ("moderate", None),
        ("CTCAE grade 2 to grade 3", None),
        ("CTCAE grade 7", None),
        ("CTCAE", None),
        ("", None),
    ],
)
def test_a_grade_is_read_where_it_is_said_to_be_one_of_the_ctc(severity, grade):
    assert grade_of(sign(severity, BASELINE)) == grade


def test_grades_of_a_sign_respond_beside_its_presence():
    record = treated(
        sign("CTCAE grade 3", BASELINE),
        sign("CTCAE grade 1", month(0)),
        sign("", month(1), excluded=True),
        sign("CTCAE grade 1", month(2)),
    )
    graded = only("ascites-grade", record)
    assert [step.category for step in graded.steps] == ["improved", "absent", "improved"]
    assert told(graded) == "relapse 2020-05-01"
    assert only("ascites", record).best.category == "improved"


def test_a_sign_that_is_over_is_of_grade_nought_from_then_on():
    record = treated(sign("CTC grade 2", BASELINE, resolved=PartialDate(2020, 6, 1)))
    found = only("ascites-grade", record)
    assert (found.category, found.current.moment.point.when) == ("absent", PartialDate(2020, 6, 1))


def test_signs_of_which_no_grade_is_told_make_no_grades():
    record = treated(sign("moderate", BASELINE), sign("", month(0), excluded=True))
    assert not only("ascites-grade", record).has_data
    assert not course(record).panels
