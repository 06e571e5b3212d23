"""What a model file says of the people it was learned from, and whether the shipped one is still what its command makes."""

import json
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from openpoems.dynamics.data import Course, Treatment, Visit, cohort_of
from openpoems.dynamics.learned import (
    ILLUSTRATIVE,
    SHIPPED,
    Learned,
    digest,
    learned_from,
    model_file,
    read_learned,
    shipped_model,
)
from openpoems.dynamics.simulated_cohort import settings_digest, simulated_cohort
from openpoems.errors import UnreadableInput

MAKE = "openpoems dynamics fit --simulated 600 --seed 7 --out src/openpoems/dynamics/data/poems-model.json"


def shipped_text() -> str:
    return files("openpoems.dynamics").joinpath(SHIPPED).read_text(encoding="utf-8")


def test_the_shipped_model_is_of_the_settings_and_the_people_of_today():
    """The fit itself is repeated in tests/integration/test_shipped_model.py."""
    learned = shipped_model().learned
    again = f"the simulator or the fit changed; make the model anew: {MAKE}"
    assert learned.simulation.settings == settings_digest(), again
    _, today = simulated_cohort(learned.simulation.patients, learned.simulation.seed)
    assert learned == today, again


def test_the_shipped_model_says_that_it_is_illustrative():
    assert shipped_model().learned.says == ILLUSTRATIVE
    assert "not validated on patients" in ILLUSTRATIVE


def test_the_shipped_file_stays_small():
    """Its size is paid by every installation, its draws by everybody who waits for a risk."""
    assert len(shipped_text()) < 20_000


def three(gap: float):
    visits = (Visit(0.0, 900.0, "serum"), Visit(0.5, 300.0, "serum"), Visit(0.5 + gap, 200.0, "serum"))
    return Course("a", visits, (Treatment(0.0, "transplant"),), entry=0.4, time=3.0, event=True)


def test_what_was_learned_is_counted_on_the_cohort():
    cohort = cohort_of([three(1.0), replace(three(0.5), id="b", entry=0.6, time=5.0, event=False)])
    learned = learned_from(cohort, {"serum": 700.0})
    assert (learned.subjects, learned.values, learned.events) == (2, 6, 1)
    assert (learned.entry, learned.followed) == (0.5, 5.0)
    assert learned.longest_gap == pytest.approx(1.0, abs=0.02)  # gaps .5, 1, .5, .5
    assert learned.says == "fitted to 2 people with 1 events by whoever made the model file"


class Model:
    """As many digits and draws as a fit gives."""

    def to_json(self) -> str:
        draws = [[k + 1 / 3, -k / 7] for k in range(50)]
        return json.dumps({"model": "kjm", "step": 1 / 3, "draws": draws})


def learned(simulation=None) -> Learned:
    return replace(learned_from(cohort_of([three(1.0)]), {"serum": 700.0}), simulation=simulation)


def test_the_model_of_real_people_keeps_every_digit_and_draw():
    made = json.loads(model_file(Model(), learned()))
    assert made["step"] == 1 / 3
    assert len(made["draws"]) == 50
    assert read_learned(model_file(Model(), learned())).learned == learned()


def test_the_model_of_simulated_people_keeps_draws_with_their_mirror_images():
    simulation = shipped_model().learned.simulation
    made = json.loads(model_file(Model(), learned(simulation)))
    assert made["step"] == 0.3333333
    assert [round(row[0]) for row in made["draws"]] == [*range(10), *range(25, 35)]
    assert read_learned(model_file(Model(), learned(simulation))).learned.simulation == simulation


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"learned_from": {}}', '{"learned_from": []}', '{"learned_from": 1}']
)
def test_a_file_that_does_not_say_what_it_was_learned_from_is_refused(text):
    with pytest.raises(UnreadableInput, match="openpoems dynamics fit"):
        read_learned(text)


def test_a_digest_is_of_the_content():
    assert digest([{"a": 1, "b": 2}]) == digest([{"b": 2, "a": 1}])
    assert digest([{"a": 1}]) != digest([{"a": 2}])


def risks(*values: float, landmark=2.0):
    visits = tuple(Visit(time, value, "serum") for time, value in zip((0.0, 0.5, 1.0, 1.5), values, strict=True))
    person = Course("p", visits, (Treatment(0.0, "transplant"),), entry=0.5, time=9.0)
    return shipped_model().risks(person, landmark, (0.5, 1.0, 2.0))


def test_the_shipped_model_tells_more_risk_where_vegf_has_risen():
    """No published number: only that the order is right, and that a risk is one."""
    low, high = risks(4800, 300, 250, 260), risks(4800, 300, 900, 2400)
    for each in (low, high):
        assert np.all(np.diff([at.risk for at in each]) >= 0)
        assert all(0 <= at.lower <= at.risk <= at.upper <= 1 for at in each)
    assert high[-1].risk > 3 * low[-1].risk


def test_who_is_not_at_risk_yet_is_told_so():
    assert risks(4800, 300, 250, 260, landmark=0.2) == "the person is not at risk then"
