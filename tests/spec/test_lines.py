"""Response since each treatment: a baseline, a best response and a time to relapse or progression of its own."""

from datetime import date

from openpoems.record import Coding, Concept, PartialDate, Procedure
from tests.spec.courses import BEGAN, course, drug, signs, told, treated, values

PLASMA = {"specimen": "plasma", "limit": "96 pg/mL"}
# A baseline in January, then March, April, May ... 2020: a partial response, progression, and the same under daratumumab.
VEGF = values("vegf", "1000 pg/mL", "400 pg/mL; 700 pg/mL; 650 pg/mL; 300 pg/mL; 90 pg/mL; 130 pg/mL", **PLASMA)
SECOND = PartialDate(2020, 5, 10)
LINES = (drug("lenalidomide", BEGAN), drug("daratumumab", SECOND))


def vegf_of(line):
    [found] = [each for each in line.results if each.id == "vegf"]
    return found


def test_each_treatment_has_a_baseline_a_best_response_and_a_time_to_progression_of_its_own():
    first, second = course(treated(*VEGF, treatments=LINES)).lines
    one, two = vegf_of(first), vegf_of(second)
    assert [(bar.name, first.until) for bar in first.bars] == [("lenalidomide", SECOND.days())]
    assert (one.baseline.point.amount.low, one.best.category, told(one)) == (1000, "PR", "progression 2020-04-01")
    # The value of 1 May, before daratumumab began on the 10th, is what the second response is compared with.
    assert (two.baseline.point.amount.low, two.best.category, told(two)) == (650, "CR", "relapse 2020-08-01")
    # 10 January to 1 April 2020 is 82 days, 10 May to 1 August 83.
    assert [each.turns[0].since_start for each in (one, two)] == [(82, 82), (83, 83)]
    assert (second.until, [step.category for step in two.steps]) == (None, ["PR", "CR", "PR"])


def test_one_treatment_alone_and_those_that_begin_together_make_no_lines():
    assert course(treated(*VEGF)).lines == ()
    together = (drug("lenalidomide", BEGAN), drug("dexamethasone", BEGAN), drug("daratumumab", SECOND))
    first, _ = course(treated(*VEGF, treatments=together)).lines
    assert sorted(bar.name for bar in first.bars) == ["dexamethasone", "lenalidomide"]
    assert course(treated(*VEGF, treatments=together[:2])).lines == ()
    # A month and a day within it cannot be put in order: they are one.
    vague = (drug("lenalidomide", PartialDate(2020, 1)), drug("daratumumab", PartialDate(2020, 1, 20)))
    assert course(treated(*VEGF, treatments=vague)).lines == ()


def test_other_drugs_begin_no_line_and_a_transplantation_does():
    asct = Procedure(Concept((Coding("OPENPOEMS:autologous-stem-cell-transplantation"),)), on=SECOND)
    other = (drug("lenalidomide", BEGAN), drug("gabapentin", PartialDate(2020, 4, 10)))
    found = course(treated(*VEGF, treatments=other, procedures=(asct,))).lines
    assert [line.start for line in found] == [BEGAN.days(), SECOND.days()]


def test_what_was_seen_before_an_earlier_treatment_is_no_baseline_of_a_later_one():
    grip = values("grip-strength", "20 kPa", ";;; 40 kPa")
    facts = (*VEGF, *grip, *signs("ascites", "T", ";;; F"))
    _, second = course(treated(*facts, treatments=LINES)).lines
    later = {each.id: each for each in second.results}
    assert later["grip-strength"].category is None
    assert "after the one before it" in later["grip-strength"].baseline.why
    assert later["ascites"].category is None


def test_a_relapse_from_the_response_to_an_earlier_treatment_belongs_to_the_time_it_was_seen_in():
    facts = values("vegf", "1000 pg/mL", "80 pg/mL; 90 pg/mL; 85 pg/mL; 97 pg/mL", **PLASMA)
    maintenance = (drug("melphalan", BEGAN), drug("lenalidomide", SECOND))
    first, second = course(treated(*facts, treatments=maintenance)).lines
    assert told(vegf_of(first)) == ""
    assert told(vegf_of(second)) == "relapse 2020-06-01"
    assert vegf_of(second).turns[0].since_start == (22, 22)


def test_a_treatment_that_begins_on_the_day_of_a_value_is_judged_from_it():
    _, second = course(treated(*VEGF, treatments=(LINES[0], drug("daratumumab", PartialDate(2020, 6, 1))))).lines
    assert vegf_of(second).baseline.point.amount.low == 300


def test_nothing_is_told_by_treatment_where_the_first_start_is_not_known():
    assert course(treated(*VEGF, treatments=(*LINES, drug("bortezomib", None)))).lines == ()


def test_a_treatment_after_the_day_of_the_view_is_not_there_yet():
    assert course(treated(*VEGF, treatments=LINES), date(2020, 5, 9)).lines == ()
    assert len(course(treated(*VEGF, treatments=LINES), date(2020, 5, 10)).lines) == 2
