"""Who the model may be asked about, and every reason why it cannot tell. The reasons are decisions of this software
(docs/decisions/0006-where-a-course-meets-a-model.md); no row rests on a published number.
"""

from dataclasses import replace
from datetime import date

import pytest

from openpoems.dynamics.data import Treatment as Start
from openpoems.dynamics.learned import LearnedModel, shipped_model
from openpoems.forecast.plan import kicks
from openpoems.forecast.relapse import Forecast, forecasts, history, if_next, next_values
from openpoems.knowledge.store import knowledge
from openpoems.record import Agent, Coding, Concept, Event, PartialDate, PatientRecord, Procedure, Treatment
from openpoems.record.viewpoint import Viewpoint
from openpoems.response.treatments import bars
from openpoems.response.view import View
from tests.spec.courses import BEGAN, course, drug, month, signs, treated, values
from tests.spec.tables import result

LIMIT = "96.2 pg/mL"
AS_OF = date(2021, 1, 1)
# The first of March, May, September and December 2020.
QUIET = "400 pg/mL;; 150 pg/mL;;;; 70 pg/mL;;; 60 pg/mL"


def vegf(then: str = QUIET, *, baseline: str = "1000 pg/mL", specimen: str = "plasma", limit: str = LIMIT, **more):
    return values("vegf", baseline, then, specimen=specimen, limit=limit, **more)


def told(record: PatientRecord, as_of: date = AS_OF, model: LearnedModel | None = None) -> Forecast:
    [made] = forecasts(course(record, as_of), record, model)
    return made


def concept(word: str) -> Concept:
    return Concept((Coding(f"OPENPOEMS:{word}"),))


def asct(on: PartialDate) -> Procedure:
    return Procedure(concept("autologous-stem-cell-transplantation"), on=on)


def test_a_person_like_those_of_the_model_is_told_a_risk():
    made = told(treated(*vegf()))
    assert made.why == ()
    assert [at.years for at in made.told] == [1, 2]
    assert len(made.curve) == 24
    assert made.asked.landmark == pytest.approx((AS_OF - date(2020, 1, 10)).days / 365.25)


FREE = treated(*vegf())
DEATH = Event("death", on=PartialDate(2020, 12, 20))
CANNOT = {
    "no treatment": (treated(*vegf(), treatments=()), "no treatment of the disease is recorded"),
    "a treatment without a date": (
        treated(*vegf(), treatments=(drug("lenalidomide", None),)),
        "a treatment has no date, so that the first start is not known",
    ),
    "a first treatment known to the year": (
        treated(*vegf(), treatments=(drug("lenalidomide", PartialDate(2020)),)),
        "the day on which the first treatment began is not known to the month",
    ),
    "the specimen is not said": (treated(*vegf(specimen="")), "the specimen is not said: plasma and serum differ"),
    "another specimen": (treated(*vegf(specimen="csf")), "the model knows plasma and serum, not csf"),
    "no upper limit": (
        treated(*vegf(limit="")),
        "the laboratory gave no upper limit, and values of laboratories compare by their multiples of it only",
    ),
    "a baseline only": (
        treated(*vegf("")),
        "usable values: 1; at least 2 are needed, one of them after treatment began",
    ),
    "one value only": (
        treated(*vegf(";;;;;;;;; 60 pg/mL", baseline="")),
        "usable values: 1; at least 2 are needed, one of them after treatment began",
    ),
    "under bevacizumab": (
        treated(*vegf(), treatments=(drug("lenalidomide", BEGAN), drug("bevacizumab", PartialDate(2020, 11, 1)))),
        "something else moves the latest value (Bevacizumab): repeat the test",
    ),
    "an infection at the last value": (
        treated(*vegf(), *signs("acute-infection", "", ";;;;;;;;; T")),
        "something else moves the latest value (Acute infection or illness): repeat the test",
    ),
    "a drug the model does not know": (
        treated(*vegf(), treatments=(drug("bortezomib", BEGAN),)),
        "the model knows no effect of bortezomib",
    ),
    "a later treatment whose name means several things": (
        treated(*vegf(), treatments=(drug("lenalidomide", BEGAN), Treatment("MP", start=month(9)))),
        (
            "whether MP treats the disease is not known: MP may be melphalan with prednisone, or methylprednisolone: "
            "name the drugs, or the procedure"
        ),
    ),
    "a later line": (
        treated(*vegf(), treatments=(drug("lenalidomide", PartialDate(2019, 10, 1)), drug("thalidomide", month(9)))),
        "thalidomide began later than the plan of the first treatment: the model knows no new line",
    ),
    "a death": (replace(FREE, events=(DEATH,)), "the record tells of a death"),
    "a relapse on another axis": (
        treated(*vegf(), *signs("ascites", "T", ";; F;;;;;;; T")),
        (
            "a relapse or progression beside that of VEGF is recorded already (Ascites 2020-12-01), "
            "and the model tells the first one only"
        ),
    ),
}


@pytest.mark.parametrize("case", CANNOT)
def test_cannot_tell_and_why(case):
    record, why = CANNOT[case]
    made = told(record)
    assert why in made.why
    assert (made.curve, made.told, made.asked, if_next(made, (50.0,)), history(made)) == ((), (), None, (), ())


def test_a_last_value_older_than_the_gaps_of_the_model_is_too_old():
    limit = shipped_model().learned.longest_gap
    record = treated(*vegf())
    within, beyond = (date.fromordinal(date(2020, 12, 1).toordinal() + round(days)) for days in (
        365.25 * limit - 2, 365.25 * limit + 2))  # fmt: skip
    assert told(record, within).why == ()
    assert told(record, beyond).why == (f"the last usable value is older than {12 * limit:g} months",)


def test_nothing_is_told_before_response_is_read():
    entry = shipped_model().learned.entry
    before = told(treated(*vegf("400 pg/mL;; 150 pg/mL")), date(2020, 6, 1))
    assert before.why == (f"the model counts relapse from {12 * entry:.1f} months after treatment began",)


def test_nothing_is_told_beyond_the_years_that_people_of_the_model_were_followed():
    began = PartialDate(2012, 6, 1)
    late = [result("vegf", "60 pg/mL", "plasma", LIMIT, on=PartialDate(2020, m, 1)) for m in (3, 10)]
    made = told(treated(*late, treatments=(drug("lenalidomide", began),)))
    assert made.why == ("nobody of the model was followed for longer than 9 years after treatment began",)


def test_every_reason_is_told_at_once():
    record = replace(treated(*vegf(specimen="", limit=""), treatments=(drug("bortezomib", BEGAN),)), events=(DEATH,))
    assert len(told(record).why) == 5


def test_an_earlier_value_that_something_else_moves_is_left_out_and_named():
    record = treated(*vegf(), *signs("acute-infection", "", ";;;;;; T"))
    made = told(record)
    assert made.why == ()
    [(point, why)] = made.left_out
    assert (str(point.when), why) == ("2020-09-01", "something else moves it (Acute infection or illness)")
    assert len(made.asked.used) == 4


def test_a_relapse_that_the_next_look_did_not_confirm_does_not_end_the_forecast():
    record = treated(*vegf(), *signs("ascites", "T", ";; F;;; T;; F"))
    assert told(record).why == ()


def test_a_relapse_of_vegf_alone_is_what_the_model_looks_at():
    record = treated(*vegf("400 pg/mL;; 80 pg/mL;;;; 150 pg/mL;;; 300 pg/mL"))
    made = told(record)
    assert any(turn.kind == "relapse" for each in course(record, AS_OF).of("vegf") for turn in each.turns)
    assert made.why == ()
    assert made.told[-1].risk > 2 * told(treated(*vegf())).told[-1].risk


def test_a_death_after_the_day_of_the_view_is_not_known_yet():
    record = replace(FREE, events=(replace(DEATH, on=PartialDate(2021, 6, 1)),))
    assert told(record).why == ()


def test_serum_and_plasma_are_asked_each_by_itself():
    record = treated(*vegf(), *vegf("4000 pg/mL;; 600 pg/mL;;;;;;; 500 pg/mL", specimen="serum", limit="1000 pg/mL"))
    made = forecasts(course(record, AS_OF), record)
    assert [each.series.key.specimen for each in made] == ["plasma", "serum"]
    assert all({visit.assay for visit in each.asked.course.visits} == {each.series.key.specimen} for each in made)


def test_what_counts_is_the_multiple_of_the_laboratorys_own_limit():
    """Of another laboratory every value and the limit are twice as high: nothing is different."""
    other = vegf("800 pg/mL;; 300 pg/mL;;;; 140 pg/mL;;; 120 pg/mL", baseline="2000 pg/mL", limit="192.4 pg/mL")
    mine, theirs = (told(treated(*each)).told[-1] for each in (vegf(), other))
    assert (theirs.risk, theirs.lower, theirs.upper) == pytest.approx((mine.risk, mine.lower, mine.upper))


def test_a_value_below_detection_goes_to_the_model_as_a_bound():
    made = told(treated(*vegf("400 pg/mL;; <31 pg/mL;;;;;;; >100 pg/mL")))
    assert [visit.comparator for visit in made.asked.course.visits] == ["", "", "<", ">"]


def test_what_the_next_value_would_change():
    made = told(treated(*vegf()))
    found = if_next(made, next_values(made))
    assert [each.times_limit for each in found] == pytest.approx([0.5, 1, 2, 4])
    assert [each.value for each in found] == pytest.approx([48.1, 96.2, 192.4, 384.8])
    risks = [each.told[-1].risk for each in found]
    assert risks == sorted(risks)
    # Half a year after the first of December.
    assert {each.on for each in found} == {date(2021, 6, 2)}


def test_the_risk_that_was_told_at_each_value_before():
    made = told(treated(*vegf()))
    # At risk from 6.5 months on: the values of September and December.
    assert [str(point.when) for point, _ in history(made)] == ["2020-09-01", "2020-12-01"]
    [*_, (_, last)] = history(made)
    assert last.risk == pytest.approx(told(treated(*vegf()), date(2020, 12, 1)).told[-1].risk)


# ---- treatments, by the names the simulator gives them

KNOWN = shipped_model().learned.treatments


def regimen(*names: str, start: PartialDate = BEGAN) -> Treatment:
    return Treatment(" + ".join(names), tuple(Agent(concept(name)) for name in names), start=start)


def plan_of(*given: Treatment | Procedure, known=KNOWN):
    drugs = tuple(each for each in given if isinstance(each, Treatment))
    done = tuple(each for each in given if isinstance(each, Procedure))
    record = PatientRecord("p", treatments=drugs, procedures=done)
    found = bars(View(record, knowledge(), Viewpoint.of(record, AS_OF, None)))
    first = min(bar.start for bar in found if bar.counts)
    return kicks(found, first, known)


JUNE = PartialDate(2020, 6, 10)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ((regimen("lenalidomide"),), ["lenalidomide"]),
        ((regimen("lenalidomide", "dexamethasone"),), ["lenalidomide"]),
        ((regimen("thalidomide", "dexamethasone"),), ["thalidomide"]),
        ((asct(BEGAN),), ["transplant"]),
        ((regimen("bortezomib", "dexamethasone"), asct(JUNE)), ["induction", "transplant-after-induction"]),
        ((asct(BEGAN), regimen("lenalidomide", start=JUNE)), ["transplant", "lenalidomide"]),
        ((regimen("lenalidomide"), regimen("lenalidomide", start=JUNE)), ["lenalidomide"]),
        ((regimen("lenalidomide"), regimen("gabapentin", start=JUNE)), ["lenalidomide"]),
    ],
)
def test_the_names_of_a_plan(given, names):
    plan = plan_of(*given)
    assert plan.why == ()
    assert [start.treatment for start in plan.starts] == names
    assert plan.starts[0].time == 0


@pytest.mark.parametrize(
    ("given", "unknown"),
    [
        ((regimen("lenalidomide", "bortezomib"),), "lenalidomide + bortezomib"),
        ((regimen("dexamethasone"),), "dexamethasone"),
        ((regimen("melphalan", "dexamethasone"),), "melphalan + dexamethasone"),
        ((Procedure(concept("radiotherapy"), on=BEGAN),), "radiotherapy"),
        ((asct(BEGAN), asct(JUNE)), "autologous stem cell transplantation"),
    ],
)
def test_a_plan_the_model_does_not_know(given, unknown):
    plan = plan_of(*given)
    assert plan.starts == ()
    assert [why.lower().replace("-", " ") for why in plan.why] == [f"the model knows no effect of {unknown}"]


def test_a_centres_own_model_may_know_more_drugs():
    plan = plan_of(regimen("bortezomib", "dexamethasone"), known=("bortezomib",))
    assert plan.starts == (Start(0.0, "bortezomib"),)


def test_a_centres_own_model_is_asked_at_its_own_limits_and_says_whose_it_is():
    own = shipped_model().learned
    own = replace(own, limits={"plasma": 50.0}, simulation=None)
    model = LearnedModel(own, shipped_model().text)
    made = told(treated(*vegf()), model=model)
    assert made.asked.course.visits[0].value == pytest.approx(1000 / 96.2 * 50)
    assert made.says.startswith("fitted to 600 people")
    serum = told(treated(*vegf(specimen="serum")), model=model)
    assert serum.why == ("the model knows plasma, not serum",)


def test_the_baseline_stands_at_the_start_and_an_old_one_does_not_count():
    assert told(treated(*vegf())).asked.course.visits[0].time == 0
    old = treated(*vegf(baseline=""), result("vegf", "1000 pg/mL", "plasma", LIMIT, on=PartialDate(2019, 6, 1)))
    assert [why for _, why in told(old).left_out] == ["it is too old to be the value at the start of treatment"]
