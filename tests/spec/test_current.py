"""Is it working, is it coming back: the answers of whole courses, in the words that the document has for them."""

import pytest

from openpoems.record import PatientRecord
from tests.spec.courses import BEGAN, course, drug, month, only, signs, treated, values

PLASMA = {"specimen": "plasma", "limit": "96 pg/mL"}

# VEGF of 1000 before treatment (its definitions: response.toml), ONLS of 6 before it; then month after month.
# VEGF, ONLS, working, coming back.
ANSWERS = (
    ("90 pg/mL", "3", "yes", "not-shown"),  # normal again; better
    ("90 pg/mL", "6", "in-part", "not-shown"),  # the score did not move
    ("900 pg/mL", "6", "not-so-far", "not-shown"),  # less than a partial response; the same
    ("90 pg/mL", "8", "not-on-everything", "perhaps"),  # a score that rose once
    ("90 pg/mL", "8; 8", "not-on-everything", "shown"),  # and again four weeks later
    ("1600 pg/mL; 1600 pg/mL", "8; 8", "no", "shown"),  # both worse
    # Fallen by far more than half, and up by more than half from its best: lost, though better than before.
    ("100 pg/mL; 300 pg/mL; 300 pg/mL", "3", "not-on-everything", "shown"),
    # A complete response is lost, and won again: the record shows the relapse, and the treatment works.
    ("90 pg/mL; 110 pg/mL; 90 pg/mL", "3", "yes", "perhaps"),
)


def scores(then):
    """ONLS of 6 before treatment, and then month after month."""
    return values("onls", "6 {score}", "; ".join(f"{each} {{score}}" for each in then.split("; ") if each))


@pytest.mark.parametrize(("vegf", "onls", "works", "returns"), ANSWERS)
def test_the_answers_of_a_course(vegf, onls, works, returns):
    record = treated(*values("vegf", "1000 pg/mL", vegf, **PLASMA), *scores(onls))
    now = course(record).current
    assert (now.working, now.back, now.whole) == (works, returns, True)


def test_without_a_treatment_or_a_result_since_nothing_is_answered():
    for record in (PatientRecord("p"), treated(*values("vegf", "1000 pg/mL", "", **PLASMA))):
        now = course(record).current
        assert (now.working, now.back, now.seen) == ("cannot-tell", "cannot-tell", ())


def test_what_nobody_looked_at_since_is_named_and_the_answer_is_not_of_everything():
    record = treated(*values("vegf", "1000 pg/mL", "90 pg/mL", **PLASMA), *scores(""))
    now = course(record).current
    assert (now.working, now.whole, [each.id for each in now.unseen]) == ("yes", False, ["onls"])


def test_what_was_looked_at_and_cannot_be_judged_is_named_too():
    record = treated(*values("vegf", "1000 pg/mL", "90 pg/mL", **PLASMA), *signs("ascites", "", "F"))
    now = course(record).current
    assert (now.working, now.whole) == ("yes", False)
    assert [each.id for each in now.open] == ["ascites"]


def test_a_sign_that_was_never_there_weakens_no_answer():
    vegf = values("vegf", "1000 pg/mL", "90 pg/mL", **PLASMA)
    now = course(treated(*vegf, *signs("ascites", "F", "F"))).current
    assert (now.working, now.whole, [each.result.id for each in now.seen]) == ("yes", True, ["vegf"])
    still = course(treated(*vegf, *signs("ascites", "T", "T"))).current
    assert (still.working, still.whole) == ("in-part", True)
    new = course(treated(*vegf, *signs("ascites", "F", "T"))).current
    assert new.working == "not-on-everything"


def test_progressive_disease_is_worse_again_and_not_worse_than_before_treatment():
    now = course(treated(*values("vegf", "1000 pg/mL", "100 pg/mL; 300 pg/mL; 300 pg/mL", **PLASMA))).current
    assert [(each.step.category, each.direction) for each in now.seen] == [("PD", "worse-again")]


def test_the_answers_count_from_the_latest_treatment():
    """A relapse under the first treatment is no answer about the second."""
    vegf = values("vegf", "1000 pg/mL", "90 pg/mL; 600 pg/mL; 600 pg/mL; 90 pg/mL", **PLASMA)
    lines = (drug("lenalidomide", BEGAN), drug("daratumumab", month(2)))
    now = course(treated(*vegf, treatments=lines)).current
    assert [bar.name for bar in now.bars] == ["daratumumab"]
    assert (now.working, now.back, now.turned) == ("yes", "not-shown", ())


def test_only_an_alarm_asks():
    """A rise within the normal is no turn, and the rule of a rise by half asks (`rise-50-once`)."""
    now = course(treated(*values("vegf", "1000 pg/mL", "20 pg/mL; 60 pg/mL", **PLASMA))).current
    assert (now.working, now.back, now.turned) == ("yes", "asked", ())
    assert [each.id for each in now.asking] == ["rise-50-once"]


@pytest.mark.parametrize(("onls", "stands"), [("2; 4; 4", True), ("2; 4; 4; 3", True), ("2; 4; 4; 2", False)])
def test_a_progression_is_over_once_the_value_is_as_good_as_its_best_again(onls, stands):
    record = treated(*scores(onls))
    made = course(record)
    assert only("onls", record).turns
    assert bool(made.standing) is stands
    assert made.current.working == ("not-on-everything" if stands else "yes")
