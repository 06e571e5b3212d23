"""The way to the diagnosis, from dates as imprecise as records have them."""

from datetime import date

import pytest

from openpoems.criteria.delay import delay
from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record import Age, Coding, Concept, Event, Feature, Measurement, PartialDate, PatientRecord

TODAY = date(2026, 1, 1)
POEMS = Concept((Coding("ORPHA:2905"),))
CIDP = Concept((Coding("ICD10CM:G61.81", "CIDP"),))
NEUROPATHY = Concept((Coding("HP:0001271"),))


def way(**facts):
    return delay(PatientRecord("p", **facts), knowledge(), TODAY)


def test_exact_dates_give_one_number():
    took = way(
        events=(
            Event("first-symptom", on=PartialDate(2020, 1, 15)),
            Event("diagnosis", POEMS, on=PartialDate(2021, 1, 14)),
        )
    )
    # 365 days at 30.436875 days a month.
    assert took.low_months == took.high_months == pytest.approx(11.992, abs=0.001)


def test_imprecise_dates_give_a_span():
    took = way(
        events=(Event("first-symptom", on=PartialDate(2020)), Event("diagnosis", POEMS, on=PartialDate(2021, 6)))
    )
    # From 2020-12-31 to 2021-06-01 (152 days) up to 2020-01-01 to 2021-06-30 (546 days).
    assert took.low_months == pytest.approx(152 / 30.436875)
    assert took.high_months == pytest.approx(546 / 30.436875)


def test_the_earliest_onset_of_a_sign_begins_the_way():
    took = way(
        features=(Feature(NEUROPATHY, onset=PartialDate(2019, 3, 1)), Feature(NEUROPATHY, onset=PartialDate(2020))),
        events=(Event("diagnosis", POEMS, on=PartialDate(2021, 3, 1)),),
    )
    assert str(took.first_symptom) == "2019-03-01"
    assert took.low_months == pytest.approx(731 / 30.436875)


def test_ages_are_placed_by_the_date_of_birth():
    took = way(
        birth=PartialDate(1970, 1, 1),
        features=(Feature(NEUROPATHY, onset=Age(50, 0, 0)),),
        events=(Event("diagnosis", POEMS, on=Age(51, 0, 0)),),
    )
    # 2020-01-01 to 2021-01-01, a leap year.
    assert took.low_months == pytest.approx(366 / 30.436875)


def test_months_that_the_record_states_are_taken_as_stated():
    stated = Measurement(Concept((Coding("OPENPOEMS:months-to-diagnosis"),)), Quantity(2, "a"))
    assert way(measurements=(stated,)).low_months == 24


def test_without_both_ends_nothing_is_said():
    took = way(events=(Event("diagnosis", POEMS, on=PartialDate(2021)),))
    assert took.low_months is None
    assert str(took.diagnosed) == "2021"


def test_a_diagnosis_before_any_symptom_is_not_subtracted():
    took = way(events=(Event("first-symptom", on=PartialDate(2022)), Event("diagnosis", POEMS, on=PartialDate(2020))))
    assert took.low_months is None


def test_another_diagnosis_is_not_the_diagnosis():
    assert way(events=(Event("diagnosis", CIDP, on=PartialDate(2021)),)).diagnosed is None


def test_earlier_labels_are_those_stated_and_look_alikes_once_stated():
    labels = way(
        events=(Event("earlier-label", Concept((), "benign lesion")),),
        features=(
            Feature(CIDP, excluded=True, category="disease", onset=PartialDate(2019)),
            Feature(Concept((Coding("ICD10CM:E85.81"),)), excluded=True, category="disease"),
            Feature(NEUROPATHY, excluded=True, onset=PartialDate(2019)),
        ),
    ).earlier_labels
    # What was looked for and never stated is no label: the amyloidosis has no date at which anybody named it.
    assert labels == ("benign lesion", "CIDP (ICD10CM:G61.81)")


def test_two_ages_need_no_date_of_birth():
    took = way(
        features=(Feature(NEUROPATHY, onset=Age(50)),),
        events=(Event("diagnosis", POEMS, on=Age(52)),),
    )
    # From the last day of the fifty-first year to the first of the fifty-third, up to the reverse: one to three years.
    assert took.low_months == pytest.approx(12, abs=0.1)
    assert took.high_months == pytest.approx(36, abs=0.1)


def test_a_label_after_the_day_of_the_view_is_not_told():
    record = PatientRecord("p", events=(Event("earlier-label", CIDP, on=PartialDate(2025, 5, 1)),))
    assert delay(record, knowledge(), date(2024, 1, 1)).earlier_labels == ()
