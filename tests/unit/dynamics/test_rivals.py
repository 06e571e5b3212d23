"""The rivals: what they look at, what they learn, and that they keep the common interface."""

import json
from dataclasses import replace
from math import log10

import numpy as np
import pytest

from openpoems.dynamics.data import Cohort, Visit, cohort_of
from openpoems.dynamics.interface import CannotFit
from openpoems.dynamics.rivals import landmark, locf, rule, tvcox
from openpoems.dynamics.rivals.answer import TOO_FAR
from openpoems.dynamics.rivals.known import NEW_ASSAY, NO_VALUE, Columns, landmark_grid, slope_of
from tests.unit.dynamics.people import course, many, one

COX = (locf, landmark, tvcox)


def test_the_last_value_the_assay_and_the_covariates():
    columns = Columns(("serum", "plasma"), ("age",), slope=False)
    person = course("A", [(0, 1000), (1, 100)], covariates=(50.0,))
    assert columns.row(person, 0.5) == [3.0, 0.0, 50.0]
    assert columns.row(person, 1.0) == [2.0, 0.0, 50.0]
    plasma = replace(person, visits=(Visit(0.0, 10.0, "plasma"),))
    assert columns.row(plasma, 1.0) == [1.0, 1.0, 50.0]


def test_a_value_below_the_limit_of_detection_stands_at_it():
    person = replace(course("A", []), visits=(Visit(0.0, 40.0, "serum", "<", 62.0),))
    assert Columns(("serum",), (), slope=False).row(person, 1.0) == [pytest.approx(log10(62.0))]


def test_the_slope_by_hand():
    """1, 2 and 3 (log10) at 0, 1 and 2 years rise by 1 a year, of which (3 - 1)/(3 + 1) is trusted; one value tells none."""
    series = [Visit(0.1, 10.0), Visit(1.1, 100.0), Visit(2.0999, 1000.0)]
    assert slope_of(series) == pytest.approx(0.5, rel=1e-3)
    assert slope_of(series[:1]) == 0.0
    assert slope_of([*series, Visit(9.0, 10.0)]) == 0.0  # the others lie too far back
    assert slope_of([*series, Visit(2.5, 9.0, "plasma")]) == 0.0  # and other assays are not joined


def test_what_cannot_be_told_says_why():
    cohort = many(150)
    asked = cohort_of(
        [course("A", []), course("B", [(0, 500)], assay="new"), course("C", [(0, 500)]), course("D", [(2, 500)])]
    )
    for module in COX:
        answer = module.fit(cohort).risk(asked, 1.0, 1.0)
        assert answer.reasons == (NO_VALUE, NEW_ASSAY, "", NO_VALUE)
        assert np.isnan(answer.risk).tolist() == [True, True, False, True]
        far = module.fit(cohort).risk(asked, 1.0, 30.0)
        assert far.reasons[2] == TOO_FAR
        assert np.isnan(far.risk).all()


@pytest.mark.parametrize("module", COX)
def test_a_higher_value_never_lowers_the_risk(module):
    """True of the simulated people, so a model that has learned them says so."""
    model = module.fit(many(300))
    low, high = one([(0, 4000), (1, 300)]), one([(0, 4000), (1, 3000)])
    assert model.risk(high, 1.5, 2.0).risk[0] > model.risk(low, 1.5, 2.0).risk[0]


@pytest.mark.parametrize("module", [*COX, rule])
def test_the_common_laws(module):
    cohort = many(150)
    model = module.fit(cohort)
    answer = model.risk(cohort, 2.0, 2.0, times=np.array([0.5, 1.0, 2.0]))
    at_risk = [c.id for c in cohort.courses if c.at_risk(2.0)]
    assert list(answer.ids) == at_risk
    assert answer.curve.shape == (len(at_risk), 3)
    assert (np.diff(answer.curve, axis=1) >= 0).all()
    assert answer.curve[:, -1] == pytest.approx(answer.risk)
    assert ((answer.lower >= 0) & (answer.lower <= answer.risk)).all()
    assert ((answer.risk <= answer.upper) & (answer.upper <= 1)).all()
    again = module.from_json(json.loads(model.to_json()))
    assert np.array_equal(again.risk(cohort, 2.0, 2.0).risk, answer.risk)


@pytest.mark.parametrize("module", [*COX, rule])
def test_nothing_after_the_landmark_is_seen(module):
    """The same model asked about people whose later visits are wild gives the same risks."""
    cohort = many(150)
    later = tuple(
        replace(c, visits=(*c.until(2.0).visits, *(replace(v, value=9e9) for v in c.visits if v.time > 2.0)))
        for c in cohort.courses
    )
    model = module.fit(cohort)
    assert np.array_equal(model.risk(replace(cohort, courses=later), 2.0, 1.0).risk, model.risk(cohort, 2.0, 1.0).risk)


@pytest.mark.parametrize("module", COX)
def test_units_of_the_biomarker_change_nothing(module):
    cohort = many(150)
    scaled = replace(
        cohort,
        courses=tuple(
            replace(c, visits=tuple(replace(v, value=v.value * 1000, lod=v.lod * 1000) for v in c.visits))
            for c in cohort.courses
        ),
    )
    assert module.fit(scaled).risk(scaled, 2.0, 1.0).risk == pytest.approx(
        module.fit(cohort).risk(cohort, 2.0, 1.0).risk, abs=1e-7
    )


@pytest.mark.parametrize("module", COX)
def test_people_without_events_teach_nothing(module):
    calm = replace(many(60), courses=tuple(replace(c, event=False) for c in many(60).courses))
    with pytest.raises(CannotFit, match="no events"):
        module.fit(calm)


def test_time_varying_pieces_are_the_definition_of_the_model():
    """Hazard 0.1 while below 100 and 1.0 above, switching at a visit: the coefficient of log10 is ln(10) per unit."""
    rng = np.random.default_rng(1)
    courses = []
    for k in range(4000):
        first, second = rng.choice([10.0, 100.0], 2)
        wait = rng.exponential(1 / (0.1 * first / 10))
        end = wait if wait < 1 else 1 + rng.exponential(1 / (0.1 * second / 10))
        values = [(0, first), *([(1, second)] if end > 1 else [])]
        courses.append(course(f"{k:04}", values, time=min(end, 3.0), event=bool(end < 3.0)))
    assert tvcox.fit(cohort_of(courses)).fitted.beta[0] == pytest.approx(np.log(10), abs=0.12)


def test_the_landmark_grid_stands_where_enough_is_to_come():
    grid = landmark_grid(many(150))
    assert grid[0] >= 0.5
    assert np.allclose(grid % 0.25, 0)
    few = Cohort(tuple(course(str(k), [(0, 1)], time=1 + k, event=True) for k in range(4)))
    with pytest.raises(CannotFit, match="too few"):
        landmark_grid(few)


@pytest.mark.parametrize(
    ("values", "rings"),
    [
        ([300, 1100, 1200], True),  # doubled from the lowest and above 1000, twice
        ([300, 1100, 900], False),  # above the limit once
        ([300, 900, 900], False),  # tripled, but not above the limit
        ([700, 1100, 1200], False),  # above the limit, but not doubled
        ([1100, 1200], False),  # nothing lower was seen
        ([300, 1100, 1200, 500], False),  # fallen again
    ],
)
def test_the_rule(values, rings):
    visits = [Visit(float(k), float(value), "serum") for k, value in enumerate(values)]
    assert rule.alarm(visits, {"serum": 1000.0}) is rings


def test_the_rule_never_joins_assays():
    plasma, serum = [Visit(0.0, 30.0, "plasma")], [Visit(1.0, 1100.0, "serum"), Visit(2.0, 1200.0, "serum")]
    assert not rule.alarm([*plasma, *serum], {"serum": 1000.0, "plasma": 96.2})


@pytest.mark.parametrize("module", COX)
def test_the_order_of_the_people_changes_nothing(module):
    cohort = many(150)
    turned = replace(cohort, courses=cohort.courses[::-1])
    there = module.fit(turned).risk(cohort, 2.0, 1.0).risk
    assert there == pytest.approx(module.fit(cohort).risk(cohort, 2.0, 1.0).risk, abs=1e-9)


def test_a_supermodel_counts_its_events_once_in_the_band():
    """Each relapse stands at several landmarks; a band that counted them all would be too narrow by that root."""
    model = landmark.fit(many(150))
    assert model.copies > 3
    wide = model.risk(many(150), 2.0, 1.0)
    narrow = replace(model, copies=1.0).risk(many(150), 2.0, 1.0)
    assert np.array_equal(wide.risk, narrow.risk)
    ratio = np.log(-np.log1p(-wide.upper) / -np.log1p(-wide.risk)) / np.log(
        -np.log1p(-narrow.upper) / -np.log1p(-narrow.risk)
    )
    assert ratio == pytest.approx(np.full(len(ratio), np.sqrt(model.copies)))


@pytest.mark.parametrize("module", COX)
def test_a_biomarker_that_never_changes_tells_nobody_apart(module):
    """Everybody has the value 100 and the same assay: the risk at a landmark is the same for all, and not 0."""
    flat = tuple(
        replace(c, visits=tuple(Visit(v.time, 100.0) for v in c.visits), treatments=()) for c in many(150).courses
    )
    cohort = cohort_of(flat)
    risk = module.fit(cohort).risk(cohort, 2.0, 1.0).risk
    assert risk == pytest.approx(np.full(len(risk), risk[0]), rel=1e-9)
    assert 0.02 < risk[0] < 0.3
