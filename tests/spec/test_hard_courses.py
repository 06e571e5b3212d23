"""Records that try to break the course: what cannot be told is left open and says why, and nothing is guessed."""

from datetime import date, timedelta

from openpoems.logic import Truth
from openpoems.record import Measurement, PartialDate
from openpoems.reports.course_text import course_section
from openpoems.response.respond import ResponseAssessment
from tests.spec.courses import BASELINE, BEGAN, course, drug, month, only, told, treated, values
from tests.spec.tables import result

LIMIT = "96 pg/mL"
PLASMA = {"specimen": "plasma", "limit": LIMIT}


def vegf(text: str, on: PartialDate, specimen: str = "plasma", limit: str = LIMIT, **more: str) -> Measurement:
    return result("vegf", text, specimen, limit, on=on, **more)


def by_place(found: ResponseAssessment) -> dict[tuple[str, str], str | None]:
    return {(each.series.key.specimen, each.series.key.laboratory): each.category for each in found.of("vegf")}


def test_two_values_of_one_day_that_differ_decide_nothing_and_are_named():
    facts = (*values("vegf", "1000 pg/mL", "400 pg/mL; 90 pg/mL", **PLASMA), vegf("300 pg/mL", month(1)))
    found = only("vegf", treated(*facts))
    assert (found.category, found.current.moment.point.when) == ("PR", month(0))
    section = "\n".join(course_section(course(treated(*facts))))
    assert section.count("left out, 2020-04-01: another result of the same series and day says otherwise") == 2


def test_nothing_but_values_below_detection_is_no_response_and_no_relapse():
    # Fact base 2.5: a response is a normal value after a raised one; nothing under a detection limit was seen to be raised.
    found = only("vegf", treated(*values("vegf", "<31 pg/mL", "<31 pg/mL; <20 pg/mL; <31 pg/mL", **PLASMA)))
    assert (found.category, found.best, found.turns) == (None, None, ())
    assert {point.above for point in found.series.points} == {Truth.FALSE}
    # Each reason is told once, however many categories share it.
    reasons = found.why.split("; ")
    assert len(reasons) == len(set(reasons))


def test_serum_and_plasma_in_turn_are_two_series_that_lend_each_other_no_number():
    facts = (
        vegf("3000 pg/mL", BASELINE, "serum", "600 pg/mL"),
        vegf("150 pg/mL", month(0)),
        vegf("900 pg/mL", month(1), "serum", "600 pg/mL"),
        vegf("90 pg/mL", month(2)),
    )
    found = course(treated(*facts))
    assert by_place(found) == {("plasma", ""): "CR", ("serum", ""): "PR"}
    assert all(each.baseline.point is None for each in found.of("vegf") if each.series.key.specimen == "plasma")


def test_a_change_of_laboratory_is_no_rise_and_its_values_stand_alone():
    facts = (
        vegf("1000 pg/mL", BASELINE, laboratory="A"),
        vegf("80 pg/mL", month(0), laboratory="A"),
        vegf("300 pg/mL", month(4), limit="400 pg/mL", laboratory="B"),
        vegf("310 pg/mL", month(6), limit="400 pg/mL", laboratory="B"),
    )
    found = course(treated(*facts))
    assert [turn for each in found.of("vegf") for turn in each.turns] == []
    assert {alarm.state for alarm in found.alarms} <= {"off", "cannot-tell"}


def test_units_of_mass_are_one_family_and_amounts_of_substance_another():
    same = (vegf("1000 ng/L", BASELINE), vegf("0.09 ng/mL", month(0)), vegf("90 pg/mL", month(1)))
    found = only("vegf", treated(*same))
    assert ([step.category for step in found.steps], found.series.unit) == (["CR", "CR"], "pg/mL")
    molar = (vegf("20 pmol/L", BASELINE, limit="2 pmol/L"), vegf("1 pmol/L", month(0), limit="2 pmol/L"))
    # Normal by its own laboratory's limit needs no number of the definition; a partial response in plasma would.
    assert only("vegf", treated(*molar)).category == "CR"
    half = (molar[0], vegf("8 pmol/L", month(0), limit="2 pmol/L"))
    assert only("vegf", treated(*half)).category is None
    assert "cannot be compared with the definition's" in only("vegf", treated(*half)).why


def test_without_an_upper_limit_nobody_is_normal_nobody_relapses_and_a_floor_is_not_guessed():
    found = course(treated(*values("vegf", "1000 pg/mL", "40 pg/mL; 300 pg/mL", specimen="plasma")))
    [axis] = found.of("vegf")
    assert (axis.best.category, axis.undecided, told(axis)) == ("PR", ("CR",), "")
    states = {alarm.id: alarm.state for alarm in found.alarms}
    assert (states["rise-50-once"], states["rise-50-once-above-limit"]) == ("on", "cannot-tell")
    assert found.reassurances == ()


def test_one_value_alone_tells_nothing():
    assert only("vegf", treated(vegf("1000 pg/mL", BASELINE))).category is None
    after = only("vegf", treated(vegf("90 pg/mL", month(0))))
    assert (after.category, after.turns) == (None, ())


def test_a_treatment_that_ends_before_it_begins_still_begins():
    given = (drug("lenalidomide", BEGAN, PartialDate(2019, 1, 1)),)
    assert only("vegf", treated(*values("vegf", "1000 pg/mL", "90 pg/mL", **PLASMA), treatments=given)).category == "CR"


def test_bevacizumab_between_two_treatments_suspends_its_time_and_no_other():
    facts = values("vegf", "1000 pg/mL", "400 pg/mL; 20 pg/mL;;;;; 110 pg/mL", **PLASMA)
    given = (
        drug("lenalidomide", BEGAN),
        drug("bevacizumab", PartialDate(2020, 3, 20), PartialDate(2020, 3, 25)),
        drug("daratumumab", PartialDate(2020, 8, 1)),
    )
    found = course(treated(*facts, treatments=given))
    [axis] = found.of("vegf")
    assert [step.category for step in axis.steps] == ["PR", None, "PR"]
    assert "suspended" in axis.steps[1].why
    # The 20 pg/mL under bevacizumab is no nadir, so that 110 pg/mL has not risen from it.
    assert told(axis) == ""
    assert axis.nadir.amount.low == 110


def test_three_thousand_values_are_told_like_thirty():
    first = date(2010, 1, 1)
    # A value a day, a quarter less each day, from 1000: never normal.
    facts = [
        vegf(f"{1000 - number / 4:g} pg/mL", PartialDate.of(first + timedelta(days=number))) for number in range(3000)
    ]
    given = (drug("lenalidomide", PartialDate.of(first + timedelta(days=10))),)
    found = only("vegf", treated(*facts, treatments=given))
    assert len(found.steps) == 2989
    assert (found.baseline.point.amount.low * 2, found.nadir.amount.low * 4) == (1995, 1001)
    # From 997.5 the half, 498.75, is reached on day 2005 and not before.
    assert [found.steps[number - 11].category for number in (2004, 2005)] == ["NR", "PR"]
