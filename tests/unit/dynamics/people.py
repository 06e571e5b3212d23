"""Small cohorts for the tests of the rivals and their measures."""

from openpoems.dynamics.data import Cohort, Course, Treatment, Visit, cohort_of
from openpoems.dynamics.simulate import simulate


def course(id, values, *, entry=0.0, time=5.0, event=False, assay="serum", covariates=()):
    """A course with values at the given times, all of one assay."""
    visits = tuple(Visit(float(at), float(value), assay) for at, value in values)
    return Course(id, visits, (Treatment(0.0, "transplant"),), entry, float(time), event, covariates)


def one(values, **more) -> Cohort:
    return cohort_of([course("A", values, **more)])


def many(people=150, seed=7) -> Cohort:
    return simulate(people, seed).cohort
