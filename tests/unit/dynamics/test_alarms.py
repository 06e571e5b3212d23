"""Alarms on four people reviewed every half year, worked out by hand."""

import numpy as np
import pytest

from openpoems.dynamics.alarms import Watch, alarm_report, standing_alarms, threshold_for

NAN = np.nan
TIMES = np.array([0.5, 1.0, 1.5, 2.0, 2.5, 3.0])
WATCH = Watch(
    TIMES,
    np.array(
        [
            [0.1, 0.1, 0.6, 0.7, NAN, NAN],  # event at 2.25: rings at 1.5, 9 months before
            [0.6, 0.3, 0.2, 0.1, 0.1, 0.1],  # free of it at 3.25: a false alarm at 0.5, silent below 0.25
            [0.1, 0.1, 0.1, 0.1, 0.1, 0.8],  # lost at 3.25: rings at 3.0, which cannot be judged
            [0.1, 0.2, 0.1, NAN, NAN, NAN],  # event at 1.75 of which nothing told
        ]
    ),
    entry=np.full(4, 0.25),
    end=np.array([2.25, 3.25, 3.25, 1.75]),
    event=np.array([True, False, False, True]),
)


def test_a_report_by_hand():
    report = alarm_report(WATCH, 0.5)
    assert (report.episodes, report.false, report.undecided, report.events) == (3, 1, 1, 2)
    assert report.years == pytest.approx(2.0 + 3.0 + 3.0 + 1.5)
    assert report.false_per_year == pytest.approx(1 / 9.5)
    assert report.sensitivity == 0.5
    assert report.lead_months == pytest.approx(9.0)
    assert report.predictive_value == 0.5


def test_an_alarm_stands_until_the_risk_has_halved():
    risk = np.array([[0.5, 0.3, 0.6, 0.24, 0.3, NAN]])
    assert standing_alarms(risk, 0.5).tolist() == [[True, True, True, False, False, False]]


def test_a_review_without_a_risk_changes_nothing():
    assert standing_alarms(np.array([[0.9, NAN, NAN]]), 0.5).tolist() == [[True, True, True]]


def test_an_alarm_that_stood_too_long_announces_nothing():
    early = Watch(TIMES, np.full((1, 6), 0.9), np.array([0.25]), np.array([3.25]), np.array([True]))
    report = alarm_report(early, 0.5)
    assert report.false == 1  # rang at 0.5, the event came 2.75 years later: beyond 1.5 years false, beyond 2.5 no lead
    assert report.sensitivity == 0.0


def test_the_threshold_for_a_sensitivity():
    """Both events are announced only below .2 (the risk that the last ever reached), one already at .7."""
    assert alarm_report(WATCH, threshold_for(WATCH, 0.5)).sensitivity == 0.5
    assert threshold_for(WATCH, 0.5) > 0.5
    assert threshold_for(WATCH, 1.0) <= 0.2
