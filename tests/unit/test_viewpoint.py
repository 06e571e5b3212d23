"""Which facts a day holds: told in one place, for findings and for the course alike."""

from datetime import date

import pytest

from openpoems.findings.derive import derive
from openpoems.findings.view import Reading
from openpoems.findings.view import View as FindingsView
from openpoems.knowledge.store import knowledge
from openpoems.record import Age, Coding, Concept, Feature, Measurement, PartialDate, PatientRecord, Treatment
from openpoems.record.viewpoint import Viewpoint
from openpoems.response.respond import respond
from openpoems.response.view import View as CourseView
from tests.spec.courses import drug

AS_OF, TODAY = date(2020, 6, 15), date(2024, 1, 1)
ASCITES = Concept((Coding("OPENPOEMS:ascites"),))


@pytest.mark.parametrize(
    ("on", "birth", "today", "known"),
    [
        (None, None, TODAY, "known"),
        (PartialDate(2020, 6, 15), None, TODAY, "known"),
        (PartialDate(2020, 6, 16), None, TODAY, "later"),
        (PartialDate(2020, 6), None, TODAY, "perhaps-later"),
        (Age.parse("P40Y"), None, TODAY, "nowhere"),
        (Age.parse("P40Y"), None, AS_OF, "known"),
        (Age.parse("P40Y"), None, None, "known"),
        (Age.parse("P40Y"), PartialDate(1970), TODAY, "known"),
        (Age.parse("P60Y"), PartialDate(1970), TODAY, "later"),
    ],
)
def test_a_day_holds_the_same_facts_for_findings_and_for_the_course(on, birth, today, known):
    fact = Feature(ASCITES, on=on)
    record = PatientRecord("p", birth=birth, features=(fact,))
    viewpoint = Viewpoint.of(record, AS_OF, today)
    assert viewpoint.known(fact) == known
    for view in (
        FindingsView(record, knowledge(), viewpoint).holds(fact, Reading()),
        CourseView(record, knowledge(), viewpoint).holds(fact),
        derive(record, knowledge(), AS_OF, today=today).truth("ascites").name == "TRUE",
    ):
        assert view is (known == "known")


def test_a_treatment_is_known_from_its_start_and_a_result_from_when_it_was_recorded():
    record = PatientRecord("p")
    viewpoint = Viewpoint.of(record, AS_OF, TODAY)
    assert viewpoint.known(Treatment(start=PartialDate(2021))) == "later"
    assert viewpoint.known(Measurement(ASCITES)) == "known"


def test_a_treatment_dated_by_an_age_alone_is_not_counted_when_looking_back():
    record = PatientRecord("p", treatments=(drug("lenalidomide", Age.parse("P40Y")),))
    assert respond(record, knowledge(), AS_OF).start.why.startswith("a treatment has no date")
    assert respond(record, knowledge(), AS_OF, today=TODAY).start.why == "no treatment of the disease is recorded"
