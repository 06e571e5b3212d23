"""The simulated people a model is fitted to, with what tells whether they would be made alike today."""

from openpoems.dynamics.data import Cohort
from openpoems.dynamics.kjm.layout import settings
from openpoems.dynamics.learned import Learned, Simulation, digest, learned_from
from openpoems.dynamics.simulate import simulate
from openpoems.dynamics.truth import poems_data, poems_truth


def simulated_cohort(patients: int, seed: int) -> tuple[Cohort, Learned]:
    """So many simulated people, and what a model learns from them."""
    cohort = simulate(patients, seed).cohort
    return cohort, learned_from(cohort, poems_truth().limits(), Simulation(patients, seed, settings_digest()))


def settings_digest() -> str:
    """A digest of what shapes the shipped model beside the code: the simulator's constants and the fit's choices."""
    constants = {name: part for name, part in poems_data().items() if name != "aggregate"}
    return digest([constants, settings()])
