"""The joint model from the outside: what it refuses, what it cannot tell, and that it needs no compiler to predict."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

pytest.importorskip("numba")

from openpoems.dynamics.data import Course, Visit, cohort_of
from openpoems.dynamics.interface import CannotFit, load_model, wanted_covariates
from openpoems.dynamics.kjm import model as kjm
from openpoems.dynamics.kjm.fitting import objective_of
from openpoems.dynamics.kjm.follow import Follower, update
from openpoems.dynamics.simulate import simulate
from openpoems.errors import UnreadableInput


@cache
def people():
    return simulate(60, 3).cohort


@cache
def model():
    return kjm.fit(people())


def changed(**changes):
    return cohort_of([replace(course, **changes) for course in people().courses])


def constant():
    return cohort_of(
        [
            replace(c, visits=tuple(replace(v, value=50.0, comparator="", lod=None) for v in c.visits))
            for c in people().courses
        ]
    )


@pytest.mark.parametrize(
    ("cohort", "words"),
    [
        (lambda: changed(event=False), "no subject has the event"),
        (lambda: cohort_of([replace(c, event=k < 2) for k, c in enumerate(people().courses)]), "2 subjects have the event"),
        (lambda: cohort_of([replace(c, visits=c.visits[:1]) for c in people().courses]), "0 subjects have two values"),
        (constant, "all values are the same"),
        (lambda: cohort_of([]), "no subject has the event"),
        (lambda: cohort_of([replace(c, covariates=(1.0,)) for c in people().courses], ["age"]), "covariate age is the same"),
        (
            lambda: cohort_of(
                [replace(c, visits=tuple(replace(v, comparator="<") for v in c.visits)) for c in people().courses]
            ),
            "none was above its limit",
        ),
    ],
)  # fmt: skip
def test_a_cohort_that_teaches_nothing_is_refused_with_the_reason(cohort, words):
    with pytest.raises(CannotFit, match=words):
        kjm.fit(cohort())


def test_without_a_value_or_with_a_foreign_assay_it_cannot_tell():
    courses = [
        Course("none", (), (), 0.0, 5.0),
        Course("foreign", (Visit(0.0, 10.0, "breath"),), (), 0.0, 5.0),
        Course("known", (Visit(0.0, 1000.0, "serum"),), (), 0.0, 5.0),
    ]
    found = model().risk(cohort_of(courses), 1.0, 2.0)
    assert found.reasons == ("no value up to the landmark", "no value of an assay this model knows", "")
    assert np.isnan(found.risk).tolist() == np.isnan(found.upper).tolist() == [True, True, False]


def test_only_subjects_at_risk_are_asked_about():
    courses = [Course(name, (Visit(0.0, 1000.0, "serum"),), (), entry, time) for name, entry, time in
               (("early", 0.0, 0.9), ("ended", 0.0, 1.0), ("here", 1.0, 2.0), ("late", 1.1, 9.0))]  # fmt: skip
    assert model().risk(cohort_of(courses), 1.0, 2.0).ids == ("here",)


def test_nobody_at_risk_is_an_empty_answer():
    assert model().risk(people(), 99.0, 2.0).ids == ()


def test_the_risk_is_that_of_the_curve_at_the_horizon():
    found = model().risk(people(), 1.0, 2.0, np.array([0.5, 2.0]))
    assert found.curve[:, 1].tolist() == found.risk.tolist()
    assert np.all(found.curve[:, 0] <= found.risk)


def test_plain_and_compiled_predict_the_same(monkeypatch):
    few = people().select(range(8))
    plain = model().risk(few, 1.0, 2.0)
    monkeypatch.setattr(kjm, "_WORTH_COMPILING", 0)
    assert model().risk(few, 1.0, 2.0).risk.tolist() == plain.risk.tolist()


def test_order_of_the_subjects_changes_no_digit_of_the_objective():
    turned = replace(people(), courses=people().courses[::-1])
    objectives = [objective_of(cohort)[0] for cohort in (people(), turned)]
    first, second = (objective.value(objective.prior_mean) for objective in objectives)
    assert first == second


def test_the_unit_changes_nothing_in_the_objective():
    scaled = [
        replace(c, visits=tuple(replace(v, value=v.value * 38.9, lod=v.lod and v.lod * 38.9) for v in c.visits))
        for c in people().courses
    ]
    objectives = [objective_of(cohort)[0] for cohort in (people(), cohort_of(scaled))]
    first, second = (objective.value(objective.prior_mean) for objective in objectives)
    assert first == pytest.approx(second, rel=1e-9)


def test_a_follower_takes_values_one_by_one_and_refuses_to_go_back():
    follower = Follower(model())
    state = follower.update(follower.begin(0.5), Visit(1.0, 500.0, "serum"))
    assert update(model(), follower.begin(0.5), Visit(1.0, 500.0, "serum")).belief == state.belief
    with pytest.raises(ValueError, match="begin anew"):
        follower.update(state, Visit(0.5, 500.0, "serum"))


def test_json_names_what_it_holds_and_what_is_broken_is_refused():
    document = json.loads(model().to_json())
    assert (document["model"], document["format"], document["fitted_on"]["subjects"]) == ("kjm", 2, 60)
    assert wanted_covariates(model().to_json()) == ()
    for broken in ({**document, "format": 1}, {**document, "parameters": {}}, {"model": "other"}, [], 3):
        with pytest.raises(UnreadableInput, match="model"):
            load_model(json.dumps(broken))


def test_predicting_loads_neither_scipy_nor_numba(tmp_path):
    path = tmp_path / "model.json"
    path.write_text(model().to_json(), encoding="utf-8")
    program = (
        "import sys, pathlib\n"
        "from openpoems.dynamics.data import Course, Visit, cohort_of\n"
        "from openpoems.dynamics.interface import load_model\n"
        "cohort = cohort_of([Course('a', (Visit(0.0, 900.0, 'serum'),), (), 0.0, 5.0)])\n"
        "print(load_model(pathlib.Path(sys.argv[1]).read_text()).risk(cohort, 1.0, 2.0).risk[0])\n"
        "assert not {'scipy', 'numba', 'pandas'} & set(sys.modules), 'loaded too much'\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert 0 < float(done.stdout) < 1
