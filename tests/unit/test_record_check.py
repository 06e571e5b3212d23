"""What no record should hold: impossible dates and repeated facts, each named where it stands."""

from datetime import date

from openpoems.record import Coding, Concept, Feature, Measurement, PartialDate, PatientRecord, Treatment
from openpoems.record.check import check

TODAY = date(2026, 1, 1)
SIGN = Concept((Coding("HP:0001271"),))


def messages(**facts):
    return [(i.severity, i.path, i.message) for i in check(PatientRecord("p", **facts), TODAY)]


def test_a_record_without_fault_has_no_issue():
    fact = Feature(SIGN, onset=PartialDate(2019), resolved=PartialDate(2021), on=PartialDate(2020, 1, 1))
    assert messages(birth=PartialDate(1960), features=(fact,)) == []


def test_a_date_in_the_future_is_named():
    ((severity, path, message),) = messages(features=(Feature(SIGN, on=PartialDate(2027, 1, 1), path="line 4"),))
    assert (severity, path) == ("warning", "line 4")
    assert "future" in message


def test_this_year_without_a_day_is_not_the_future():
    assert messages(features=(Feature(SIGN, on=PartialDate(2026)),)) == []


def test_a_birth_in_the_future_is_an_error():
    assert messages(birth=PartialDate(2030))[0][0] == "error"


def test_a_fact_before_birth_is_named():
    result = Measurement(SIGN, on=PartialDate(1950, 1, 1), path="line 2")
    assert "before the date of birth" in messages(birth=PartialDate(1960), measurements=(result,))[0][2]


def test_what_ends_before_it_begins_is_named():
    line = Treatment(regimen="x", start=PartialDate(2021, 5, 1), end=PartialDate(2020))
    assert "ends before it begins" in messages(treatments=(line,))[0][2]


def test_a_fact_given_twice_is_named_once_for_each_repetition():
    fact = Feature(SIGN, path="line 2")
    ((severity, path, message),) = messages(features=(fact, Feature(SIGN, path="line 9")))
    assert (severity, path) == ("warning", "line 9")
    assert "line 2" in message


def test_no_issue_shows_what_the_record_holds():
    secret = Concept((), "something private")
    said = messages(birth=PartialDate(2030), features=(Feature(secret), Feature(secret, on=PartialDate(2031))))
    assert "private" not in str(said)
