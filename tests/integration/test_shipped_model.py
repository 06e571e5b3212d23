"""The shipped model is what its command makes: the whole fit, repeated (about a minute)."""

import json

import pytest

pytest.importorskip("numba")

from openpoems.dynamics.data import Cohort
from openpoems.dynamics.interface import fit, load_model
from openpoems.dynamics.learned import model_file, shipped_model
from openpoems.dynamics.simulated_cohort import simulated_cohort

pytestmark = pytest.mark.integration
# Sums differ in their last digits between processors and versions; the search then ends a little elsewhere.
NEAR = 0.005


def test_the_fit_gives_the_same_risks_again():
    simulation = shipped_model().learned.simulation
    cohort, learned = simulated_cohort(simulation.patients, simulation.seed)
    text = model_file(fit("kjm", cohort), learned)
    people = cohort.select(range(60))
    again, shipped = (_risks(each, people) for each in (text, shipped_model().text))
    assert json.loads(text).keys() == json.loads(shipped_model().text).keys()
    assert again == pytest.approx(shipped, abs=NEAR)
    assert len(shipped) > 30


def _risks(text: str, people: Cohort) -> list[float]:
    found = load_model(text).risk(people, 2.0, 2.0)
    return [float(number) for each in (found.risk, found.lower, found.upper) for number in each]
