"""What changed between two assessments of the invented person of `examples/course.csv`, whose course stands in that file."""

import json
from datetime import date
from pathlib import Path

import pytest

from openpoems.criteria.assess import assess
from openpoems.interchange.sources import load, read_source
from openpoems.knowledge.store import knowledge
from openpoems.record import Concept, Feature, PartialDate, PatientRecord
from openpoems.record.visits import visits
from openpoems.reports.changes import changes
from openpoems.reports.document import encode

COURSE = Path(__file__).resolve().parents[2] / "examples" / "course.csv"
TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def record() -> PatientRecord:
    ((found, _),) = read_source(COURSE, load(COURSE), form=None)
    return found


@pytest.fixture(scope="module")
def document(record):
    return lambda day: json.loads(
        encode(assess(record, knowledge(), date.fromisoformat(day), today=TODAY), knowledge())
    )


@pytest.fixture(scope="module")
def at_relapse(document):
    """From the visit of January 2023 to that of September, when the second raised VEGF confirmed the relapse."""
    return changes(document("2023-01-16"), document("2023-09-04"))


def test_nothing_changes_between_two_days_without_a_fact(document):
    assert not changes(document("2023-02-01"), document("2023-02-01"))


def test_new_values_come_with_the_last_one_before_them(at_relapse):
    vegf = [each for each in at_relapse.values if "pg/mL" in each.reported]
    assert [(each.when, each.last_when) for each in vegf] == [
        ("2023-07-10", "2023-01-16"),
        ("2023-09-04", "2023-07-10"),
    ]
    assert vegf[0].reported.startswith("128 pg/mL")
    assert vegf[0].last_reported.startswith("79 pg/mL")


def test_a_relapse_is_told_with_its_confirmation(at_relapse, document):
    (turn,) = at_relapse.turns
    assert (turn.rule, turn.kind, turn.when, turn.confirmed) == ("vegf", "relapse", "2023-07-10", "2023-09-04")
    earlier = changes(document("2023-01-16"), document("2023-07-10"))
    assert [(each.when, each.confirmed) for each in earlier.turns] == [("2023-07-10", "")]
    later = changes(document("2023-07-10"), document("2023-09-04"))
    assert [(each.when, each.confirmed) for each in later.turns] == [("2023-07-10", "2023-09-04")]


def test_axes_and_alarms_move(at_relapse):
    assert [(each.id, each.before, each.now) for each in at_relapse.axes if each.id == "vegf"] == [
        ("vegf", "CR", "PD")
    ]  # 151, nadir <31
    assert ("limit-confirmed", "off", "on") in [(each.id, each.before, each.now) for each in at_relapse.alarms]


def test_criteria_are_met_when_the_last_finding_comes(document):
    found = changes(document("2018-10-01"), document("2018-11-30"))
    assert ("mayo@2023", "undetermined", "met") in [(each.id, each.before, each.now) for each in found.criteria]
    assert ("sclerotic-bone-lesion", "unknown", "present") in [
        (each.id, each.before, each.now) for each in found.findings
    ]
    assert len({each.id for each in found.findings}) == len(found.findings)


def test_a_record_without_a_course_is_compared_too(document):
    found = changes(document("2017-01-01"), document("2018-03-20"))
    assert [each.id for each in found.findings][:1] == ["polyneuropathy"]


def test_days_that_lie_near_each_other_are_one_visit():
    seen = [PartialDate(2021, 3, 1), PartialDate(2021, 3, 9), PartialDate(2021, 6, 1), PartialDate(2021), None]
    record = PatientRecord("P", features=tuple(Feature(Concept(text="x"), on=on) for on in seen))
    found = visits(record, date(2021, 12, 31).toordinal(), together=14)
    assert [tuple(map(date.fromordinal, each)) for each in found] == [
        (date(2021, 3, 1), date(2021, 3, 9)),
        (date(2021, 6, 1), date(2021, 6, 1)),
    ]
    assert visits(record, date(2021, 3, 5).toordinal(), together=14)[-1][1] == date(2021, 3, 1).toordinal()
    assert visits(PatientRecord("P"), 1, together=14) == ()
