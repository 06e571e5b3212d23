"""The PUMCH factors in one record: Wang 2017 (Leukemia 31:100), abstract: age above 50 years 4.07, pulmonary hypertension
3.99, pleural effusion 3.81, eGFR below 30 mL/min/1.73 m² 8.25; of baseline variables of people newly diagnosed."""

import json
import math
from datetime import date

import pytest

from openpoems.criteria.assess import assess
from openpoems.findings.derive import derive
from openpoems.knowledge.store import knowledge
from openpoems.logic import Truth
from openpoems.record import Age, Coding, Concept, Event, Feature, PartialDate, PatientRecord
from openpoems.reports.document import encode
from openpoems.reports.html import html
from openpoems.reports.text import text
from openpoems.risk.settings import settings
from tests.spec.courses import BEGAN, drug
from tests.spec.tables import result

TODAY = date(2024, 6, 30)
POEMS = Concept((Coding("ORPHA:2905"),))
DIAGNOSED = Event("diagnosis", POEMS, PartialDate(2019, 12, 20))
AGE, LUNGS, PLEURA, KIDNEYS = "age", "pulmonary-hypertension", "pleural-effusion", "egfr"


def seen(finding: str, on: PartialDate | None = None, *, excluded: bool = False) -> Feature:
    return Feature(Concept((Coding(f"OPENPOEMS:{finding}"),)), excluded=excluded, on=on)


def person(*, birth=None, diagnosed=DIAGNOSED, features=(), results=(), treatments=()):
    named = Feature(POEMS, on=diagnosed.on if diagnosed else None)
    return PatientRecord(
        "p",
        birth=birth,
        features=(named, *features),
        measurements=tuple(results),
        treatments=tuple(treatments),
        events=(diagnosed,) if diagnosed else (),
    )


def told(record, as_of=TODAY):
    return json.loads(encode(assess(record, knowledge(), as_of, today=TODAY), knowledge()))


def model(record, as_of=TODAY):
    [only] = told(record, as_of)["prognosis"]
    return only


def statuses(record):
    return {each["factor"]: each["status"] for each in model(record)["factors"]}


def test_nothing_known_is_none_to_four_factors_and_no_survival():
    made = model(person())
    assert set(statuses(person()).values()) == {"unknown"}
    assert made["count"] == [0, 4]
    assert made["linear_predictor"] == [0, pytest.approx(math.log(4.07 * 3.99 * 3.81 * 8.25), abs=0.0005)]
    assert made["survival"] is None


def test_every_factor_present_adds_up():
    whole = person(
        birth=PartialDate(1960),
        features=(seen(LUNGS, PartialDate(2019, 12)), seen(PLEURA, PartialDate(2019, 11))),
        results=(result(KIDNEYS, "28 mL/min/{1.73_m2}", on=PartialDate(2019, 12, 21)),),
    )
    assert set(statuses(whole).values()) == {"present"}
    low, high = model(whole)["linear_predictor"]
    # ln 4.07 + ln 3.99 + ln 3.81 + ln 8.25
    assert low == high == pytest.approx(1.4036 + 1.3838 + 1.3376 + 2.1102, abs=0.0006)


@pytest.mark.parametrize(("value", "status"), [("29.9", "present"), ("30", "excluded"), ("<30", "present"), ("<60", "unknown"), (">60", "excluded")])  # fmt: skip
def test_the_kidneys_are_judged_at_30_and_a_bound_only_as_far_as_it_tells(value, status):
    found = person(results=(result(KIDNEYS, f"{value} mL/min/{{1.73_m2}}", on=PartialDate(2019, 12, 1)),))
    assert statuses(found)[KIDNEYS] == status


@pytest.mark.parametrize(
    ("birth", "diagnosed", "status"),
    [
        (PartialDate(1968, 12, 20), DIAGNOSED, "present"),  # 51 on the day
        (PartialDate(1968, 12, 21), DIAGNOSED, "excluded"),  # 50 for one more day
        (PartialDate(1968), DIAGNOSED, "unknown"),  # 50 or 51
        (PartialDate(1967), DIAGNOSED, "present"),
        (None, DIAGNOSED, "unknown"),
        (PartialDate(1980), None, "excluded"),  # 44 now, and no older then
        (PartialDate(1960), None, "unknown"),  # 64 now, diagnosed at any age before
        (None, Event("diagnosis", POEMS, Age(51)), "present"),
        (None, Event("diagnosis", POEMS, Age(50)), "excluded"),
    ],
)
def test_age_counts_in_full_years_at_the_diagnosis(birth, diagnosed, status):
    assert statuses(person(birth=birth, diagnosed=diagnosed))[AGE] == status


def test_what_came_after_treatment_began_is_not_counted_and_is_said():
    later = person(features=(seen(PLEURA, PartialDate(2021, 5, 2)),), treatments=(drug("lenalidomide", BEGAN),))
    [factor] = [each for each in model(later)["factors"] if each["factor"] == PLEURA]
    # The course begins with the treatment only where there is something to follow; a dated sign is.
    assert factor["status"] == "unknown"
    assert factor["says"] == "found, but not certainly before treatment began: not counted"
    assert factor["evidence"][0]["when"] == "2021-05-02"
    assert model(later)["baseline"] == "2020-01-10"


@pytest.mark.parametrize(
    ("treatments", "status"),
    [
        ((), "present"),
        ((drug("lenalidomide", None),), "unknown"),  # begun, nobody knows when
        ((drug("something-new", BEGAN),), "unknown"),  # perhaps one of the disease
        ((drug("lenalidomide", PartialDate(2022)),), "present"),
    ],
)
def test_what_may_have_come_after_treatment_of_an_unknown_day_is_not_counted(treatments, status):
    later = person(features=(seen(PLEURA, PartialDate(2021, 5, 2)),), treatments=treatments)
    assert statuses(later)[PLEURA] == status


def test_the_text_and_the_document_count_from_the_same_day_where_there_is_no_course():
    # An undated sign and a treatment: nothing to follow, and yet the sign is not certainly from before it.
    bare = PatientRecord("p", features=(seen(PLEURA),), events=(DIAGNOSED,), treatments=(drug("lenalidomide", BEGAN),))
    assert told(bare)["response"] is None
    assert (model(bare)["baseline"], model(bare)["count"]) == ("2020-01-10", [0, 4])
    assert "0 to 4 of 4 factors" in " ".join(text(assess(bare, knowledge(), TODAY, today=TODAY), knowledge()).split())


def test_what_was_excluded_before_treatment_stays_so():
    both = person(
        features=(seen(PLEURA, PartialDate(2020, 1, 2), excluded=True), seen(PLEURA, PartialDate(2021, 5, 2))),
        treatments=(drug("lenalidomide", BEGAN),),
    )
    [factor] = [each for each in model(both)["factors"] if each["factor"] == PLEURA]
    assert (factor["status"], factor["says"]) == ("excluded", "found later, after treatment began")


def test_of_whom_the_disease_is_neither_met_nor_diagnosed_nothing_is_told():
    stranger = PatientRecord("p", features=(seen(PLEURA),))
    assert told(stranger)["prognosis"] is None
    assert told(stranger)["treatment_settings"] is None
    assert "Prognosis" not in text(assess(stranger, knowledge(), TODAY, today=TODAY), knowledge())


def test_text_and_page_say_the_same_and_that_no_survival_is_told():
    made = assess(person(birth=PartialDate(1960)), knowledge(), TODAY, today=TODAY)
    for said in (text(made, knowledge()), html(made, knowledge())):
        flat = " ".join(said.split())
        assert "1 to 4 of 4 factors" in flat
        assert "No survival is told" in flat


SETTINGS = ("localised", "disseminated", "transplant-eligible", "not-transplant-eligible", "induction-first", "relapse")


def marks(record):
    return {each["setting"]: each["this_person"] for each in told(record)["treatment_settings"]}


def test_a_setting_is_marked_only_where_something_decides():
    assert marks(person()) == dict.fromkeys(SETTINGS, "not-known")
    marrow = person(features=(seen("clonal-marrow-plasma-cells"),))
    assert marks(marrow) == dict.fromkeys(SETTINGS, "not-known") | {"disseminated": "yes"}
    without = person(features=(seen("clonal-marrow-plasma-cells", excluded=True), seen("sclerotic-bone-lesion")))
    assert marks(without) == dict.fromkeys(SETTINGS, "not-known")


def test_no_setting_is_ever_marked_as_not_this_persons():

    found = derive(person(), knowledge(), TODAY)
    for turned in ((), ("relapse",), ("progression",)):
        made = settings(found, knowledge(), turned)
        assert {each.truth for each in made} <= {Truth.TRUE, Truth.UNKNOWN}
        assert [each.id for each in made if each.truth is Truth.TRUE] == (["relapse"] if turned else [])
