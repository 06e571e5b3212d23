"""Cross-validation, comparison and the trial: nobody is judged by a model that learned from them."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pytest

from openpoems.dynamics.compare import fitters, ringing, standings
from openpoems.dynamics.evaluate import CannotEvaluate, Plan, assign_folds, cross_validate, default_landmarks, validate
from openpoems.dynamics.interface import Risk
from openpoems.dynamics.trial import run_trial
from openpoems.dynamics.truth import poems_truth
from openpoems.dynamics.wording import ringing_text, scores_text, standings_text, trial_text
from tests.unit.dynamics.people import many

PLAN = Plan((1.0, 2.0), 2.0, folds=3)


@dataclass(frozen=True)
class Fortune:
    """A model that says `sign` times the truth, whoever it learned from; it remembers them."""

    learned: frozenset
    sign: float

    def risk(self, cohort, landmark, horizon, times=None):
        people = [c for c in cohort.courses if c.at_risk(landmark)]
        assert not self.learned & {c.id for c in people}
        soon = np.array([c.event and c.time <= landmark + horizon for c in people], dtype=float)
        risk = 0.5 + self.sign * (soon - 0.5)
        curve = np.repeat(risk[:, None], len(times) if times is not None else 0, axis=1)
        at = np.empty(0) if times is None else times
        ids = tuple(c.id for c in people)
        return Risk(ids, landmark, horizon, risk, risk, risk, ("",) * len(ids), at, curve, curve, curve)


def fortune(cohort, sign):
    return Fortune(frozenset(c.id for c in cohort.courses), sign)


def test_nobody_is_judged_by_a_model_that_learned_from_them_and_a_perfect_one_is_perfect():
    """The model asserts the first; AUC 1 and Brier 0 for the truth, AUC 0 and Brier 1 (of those known) for its opposite."""
    cohort = many(90)
    predictions = cross_validate(cohort, {"yes": partial(fortune, sign=1.0), "no": partial(fortune, sign=-1.0)}, PLAN)
    for one in predictions.scores("yes"):
        assert (one.auc, one.brier) == pytest.approx((1.0, 0.0))
    for one in predictions.scores("no"):
        assert one.auc == 0.0
        assert one.brier == pytest.approx(1.0, abs=0.05)
    assert sum(len(at.places) for at in predictions.landmarks) == sum(
        c.at_risk(s) for s in (1, 2) for c in cohort.courses
    )


def test_folds_spread_events_evenly_and_do_not_depend_on_the_order():
    cohort = many(100)
    fold = assign_folds(cohort, 5, 1)
    events = np.array([c.event for c in cohort.courses])
    counts = [int(events[fold == k].sum()) for k in range(5)]
    assert max(counts) - min(counts) <= 1
    turned = replace(cohort, courses=cohort.courses[::-1])
    assert (assign_folds(turned, 5, 1)[::-1] == fold).all()


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (Plan((), 2.0), "landmarks"),
        (Plan((1.0,), 0.0), "horizon"),
        (Plan((-1.0,), 1.0), "landmarks"),
        (Plan((1.0,), 2.0, folds=1), "folds"),
        (Plan((1.0,), 2.0, folds=1000), "folds"),
        (Plan((30.0,), 2.0), "landmark 30: nobody at risk has an event"),
    ],
)
def test_questions_that_cannot_be_answered(plan, message):
    with pytest.raises(CannotEvaluate, match=message):
        cross_validate(many(60), fitters(names=("locf",)), plan)


def test_without_events_there_are_no_landmarks():
    calm = replace(many(30), courses=tuple(replace(c, event=False) for c in many(30).courses))
    with pytest.raises(CannotEvaluate, match="no events"):
        default_landmarks(calm)
    assert default_landmarks(many(150)) == tuple(sorted(default_landmarks(many(150))))


def test_the_paired_bootstrap_of_a_model_against_itself_is_exactly_nothing():
    predictions = cross_validate(many(120), fitters(names=("locf", "tvcox")), PLAN)
    first, second = standings(predictions, "locf", replicates=50)
    assert (first.auc_difference.value, first.auc_difference.lower, first.auc_difference.upper) == (0.0, 0.0, 0.0)
    assert second.auc_difference.lower < second.auc_difference.upper
    assert second.auc.lower < second.auc.value < second.auc.upper
    assert second.auc.value == pytest.approx(np.mean([s.auc for s in predictions.scores("tvcox")]))
    assert second.brier.value == pytest.approx(np.mean([s.brier for s in predictions.scores("tvcox")]))


def test_people_whose_risk_a_model_cannot_tell_are_counted():
    cohort = many(80)
    blind = replace(cohort, courses=(replace(cohort.courses[0], visits=(), time=9.0), *cohort.courses[1:]))
    predictions = validate(blind, {"locf": fitters()["locf"](cohort)}, PLAN)
    assert [at.untold for at in predictions.landmarks] == [1, 1]
    assert "2 left out" in scores_text(predictions)


def test_a_trial_beside_the_oracle():
    names = ("tvcox", "rule")
    trial = run_trial(100, 120, 3, fitters(poems_truth().limits(), names), Plan((1.0, 2.0), 1.0))
    oracle, tvcox, rule = trial.nearness
    assert oracle.rmse == 0.0
    assert 0 < tvcox.rmse < rule.rmse  # a rule's 0 and 1 are further from the true risk than a model's
    assert oracle.auc > 0.6
    assert trial.oracle_error < 0.02
    assert "RMSE to oracle" in trial_text(trial)
    rings = ringing(trial.predictions)
    assert rings[-1].false_share == pytest.approx(1.0)
    assert rings[0].report.sensitivity >= rings[-1].report.sensitivity
    assert "rule 100 %" in ringing_text(rings)
    assert "tvcox" in standings_text(standings(trial.predictions, "tvcox", replicates=5), "tvcox")
