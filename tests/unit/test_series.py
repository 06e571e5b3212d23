"""Series: what may stand together, what is left out and why, baseline, nadir and folds."""

from datetime import date

import pytest

from openpoems.knowledge.store import knowledge
from openpoems.logic import Truth
from openpoems.quantities import Quantity
from openpoems.record import Measurement, PartialDate, PatientRecord
from openpoems.record.viewpoint import Viewpoint
from openpoems.response.amounts import Amount, Fold, fallen, fold, risen
from openpoems.response.respond import respond
from openpoems.response.series import all_series, fold_to_limit, folds
from openpoems.response.view import View
from tests.spec.courses import BEGAN, drug, treated
from tests.spec.tables import result

LATE = date(2025, 1, 1)


def view_of(record, today=None):
    return View(record, knowledge(), Viewpoint.of(record, LATE, today))


def series(*facts: Measurement, **more):
    return all_series(view_of(PatientRecord("p", measurements=facts, **more)))


def vegf(text, on="2020-01-01", specimen="plasma", limit="96 pg/mL", **more):
    return result("vegf", text, specimen, limit, on=PartialDate.parse(on), **more)


def test_specimen_assay_laboratory_and_family_of_units_make_a_series():
    facts = (
        vegf("100 pg/mL"),
        vegf("0.2 ng/mL", "2020-02-01"),
        vegf("100 pg/mL", specimen="serum"),
        vegf("100 pg/mL", laboratory="A"),
        vegf("100 pg/mL", assay="ELISA"),
        vegf("100 pmol/L", limit=""),
    )
    found = series(*facts)
    assert sorted(len(each.points) for each in found) == [1, 1, 1, 1, 2]
    [together] = [each for each in found if len(each.points) == 2]
    assert together.unit == "pg/mL"
    assert [float(point.amount.low) for point in together.points] == [100, 200]


def test_a_value_below_detection_stays_censored():
    [found] = series(vegf("1000 pg/mL"), vegf("<50 pg/mL", "2020-02-01"))
    first, last = found.points
    assert (last.amount.low, last.amount.high) == (0, 50)
    assert folds(last, first) == Fold(0.0, 0.05)
    assert folds(first, last) == Fold(20.0, None)
    assert last.above is Truth.FALSE


def test_the_limit_is_the_one_reported_with_the_value_or_the_only_one_of_its_series():
    [found] = series(vegf("97 pg/mL", limit=""), vegf("90 pg/mL", "2020-02-01"))
    assert [point.above for point in found.points] == [Truth.TRUE, Truth.FALSE]
    [found] = series(
        vegf("97 pg/mL", limit=""), vegf("90 pg/mL", "2020-02-01"), vegf("90 pg/mL", "2020-03-01", limit="80 pg/mL")
    )
    assert [point.above for point in found.points] == [Truth.UNKNOWN, Truth.FALSE, Truth.TRUE]
    assert [fold_to_limit(point) for point in found.points] == [None, Fold(0.9375, 0.9375), Fold(1.125, 1.125)]


def test_a_flag_of_the_laboratory_is_heard():
    [found] = series(vegf("97 pg/mL", limit="", flags="H"), vegf("90 pg/mL", "2020-02-01", limit="", flags="N"))
    assert [point.above for point in found.points] == [Truth.TRUE, Truth.FALSE]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ([vegf("1 pg/mL", "2020"), vegf("2 pg/mL", "2020-05-01")], "imprecise date"),
        ([vegf("1 pg/mL"), vegf("2 pg/mL")], "says otherwise"),
        ([vegf("1 pg/mL", note="a"), vegf("1 pg/mL", note="b")], "stands twice"),
        ([result("vegf", "1 pg/mL", "plasma", "96 pg/mL")], "no date"),
        ([vegf("-1 pg/mL")], "negative"),
    ],
)
def test_what_cannot_be_placed_is_left_out_with_the_reason(facts, why):
    [found] = series(*facts)
    assert found.left_out
    assert all(why in reason for _, reason in found.left_out)


def test_two_imprecise_dates_that_do_not_overlap_are_in_order():
    [found] = series(vegf("2 pg/mL", "2021"), vegf("1 pg/mL", "2020-03"))
    assert [float(point.amount.low) for point in found.points] == [1, 2]


def baseline_of(start, *facts):
    record = treated(*facts, treatments=(drug("lenalidomide", PartialDate.parse(start)),))
    [panel] = respond(record, knowledge(), LATE).panels
    return panel.baseline


def test_the_baseline_is_the_last_value_before_or_on_the_day_treatment_began():
    facts = (vegf("3 pg/mL", "2020-01-01"), vegf("2 pg/mL", "2020-01-10"), vegf("1 pg/mL", "2020-01-11"))
    assert baseline_of("2020-01-10", *facts).point.amount.low == 2
    assert baseline_of("2020-01-09", *facts).point.amount.low == 3
    assert baseline_of("2019-12-31", *facts).why == "there is no value before or on the day of the first treatment"


def test_a_baseline_is_not_guessed_from_dates_that_cannot_be_ordered():
    facts = (vegf("3 pg/mL", "2020-01-01"), vegf("2 pg/mL", "2020-03-10"))
    assert "cannot be put in order" in baseline_of("2020-03", *facts).why
    assert "cannot be put in order" in baseline_of("2020-02-10", facts[0], vegf("2 pg/mL", "2020-02")).why
    assert baseline_of("2020-02", *facts).point.amount.low == 3


def test_the_first_of_several_treatments_counts_and_other_drugs_do_not():
    facts = (vegf("3 pg/mL", "2020-01-01"), vegf("2 pg/mL", "2020-02-01"))
    given = (
        drug("gabapentin", PartialDate(2019, 1, 1)),
        drug("bortezomib", PartialDate(2020, 3, 1)),
        drug("lenalidomide", BEGAN),
    )
    told = respond(treated(*facts, treatments=given), knowledge(), LATE)
    assert told.panels[0].baseline.point.amount.low == 3
    assert [bar.name for bar in told.bars if bar.counts] == ["lenalidomide", "bortezomib"]


def test_the_best_value_of_a_scale_on_which_more_is_better_is_its_highest():
    facts = [
        result("i-rods", f"{value} {{score}}", on=PartialDate(2020, number, 1))
        for number, value in enumerate((20, 40, 30), 1)
    ]
    [panel] = respond(treated(*facts), knowledge(), LATE).panels
    assert (panel.better, panel.nadir.amount.low) == ("higher", 40)


def test_a_measure_without_a_rule_of_response_says_itself_what_is_better():
    facts = [result("albumin", f"{value} g/dL", on=PartialDate(2020, n, 1)) for n, value in enumerate((3, 4, 3.5), 1)]
    [panel] = respond(treated(*facts), knowledge(), LATE).panels
    assert (panel.better, panel.nadir.amount.low) == ("higher", 4)


A = Amount.of


@pytest.mark.parametrize(
    ("value", "comparator", "truth"),
    [
        (50, "", Truth.TRUE),
        (51, "", Truth.FALSE),
        (50, "<", Truth.TRUE),
        (60, "<", Truth.UNKNOWN),
        (51, ">", Truth.FALSE),
        (40, ">", Truth.UNKNOWN),
    ],
)
def test_a_fall_of_half(value, comparator, truth):
    hundred = A(Quantity(100, "1"), "", "1")
    assert fallen(A(Quantity(value, "1"), comparator, "1"), hundred, 50, 0) is truth


@pytest.mark.parametrize(
    ("value", "comparator", "truth"),
    [
        (150, "", Truth.TRUE),
        (149, "", Truth.FALSE),
        (150, ">", Truth.TRUE),
        (140, ">", Truth.UNKNOWN),
        (149, "<", Truth.FALSE),
        (200, "<", Truth.UNKNOWN),
    ],
)
def test_a_rise_of_half(value, comparator, truth):
    hundred = A(Quantity(100, "1"), "", "1")
    assert risen(A(Quantity(value, "1"), comparator, "1"), hundred, 50, 0) is truth


def test_a_fold_against_nothing_has_no_meaning():
    nothing = A(Quantity(0, "1"), "", "1")
    assert fold(nothing, nothing) is None
    assert risen(nothing, nothing, 50, 0) is Truth.FALSE
