"""From a cohort to the most probable parameters, and how far they are known."""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np

from openpoems.dynamics.data import Cohort
from openpoems.dynamics.interface import Array, CannotFit
from openpoems.dynamics.kjm.compiled import available, compiled
from openpoems.dynamics.kjm.layout import Layout, settings
from openpoems.dynamics.kjm.likelihood import Objective
from openpoems.dynamics.kjm.sequence import Scale, sequences


def objective_of(cohort: Cohort) -> tuple[Objective, Scale]:
    """What is to be minimised for this cohort, and its standard units. Raises `CannotFit`."""
    check(cohort)
    if not available() or find_spec("scipy") is None:
        raise CannotFit("numba or scipy is missing: pip install 'openpoems[dynamics]'; predicting does not need them")
    # By id, so that the order of a file has no say in the last digits.
    cohort = replace(cohort, courses=tuple(sorted(cohort.courses, key=lambda course: course.id)))
    layout = Layout(cohort.assays, cohort.treatments, cohort.covariate_names)
    scale = scale_of(cohort)
    mean, spread = _prior(cohort, layout, scale)
    return Objective(sequences(cohort, layout, scale), layout, grid_step(cohort), mean, spread, compiled()), scale


def check(cohort: Cohort) -> None:
    """Raises `CannotFit`, saying what is missing, when nothing could be learned from the cohort."""
    needs = settings()["needs"]
    events = sum(course.event for course in cohort.courses)
    followed = sum(len(course.visits) > 1 for course in cohort.courses)
    values = {visit.value for course in cohort.courses for visit in course.visits if not visit.bound()[0]}
    if not events:
        raise CannotFit("no subject has the event: there is no risk to learn from")
    if events < needs["events"]:
        raise CannotFit(f"{events} subjects have the event; at least {needs['events']} are needed")
    if followed < needs["subjects_with_two_values"]:
        need = needs["subjects_with_two_values"]
        raise CannotFit(f"{followed} subjects have two values or more; at least {need} are needed to learn a course")
    if len(values) < 2:  # noqa: PLR2004 - one value is a constant
        raise CannotFit(
            "all values are the same, or none was above its limit of detection: there is no course to learn"
        )
    if np.ptp([course.time - course.entry for course in cohort.courses]) == 0.0 and not any(
        course.time > course.entry for course in cohort.courses
    ):
        raise CannotFit("no subject was followed for any time: `time` equals `entry` everywhere")


def scale_of(cohort: Cohort) -> Scale:
    """Standard units from the cohort: median and spread (half the middle 68 %) of the values of its first assay."""
    logs = np.log10([v.bound()[1] for course in cohort.courses for v in course.visits if v.assay == cohort.assays[0]])
    low, centre, high = np.quantile(logs, [0.16, 0.5, 0.84])
    spread = (high - low) / 2 if high > low else float(np.std(logs))
    if not spread > 0:
        raise CannotFit("all values of the most used assay are the same: there is no course to learn")
    table = np.array([course.covariates for course in cohort.courses], dtype=float).reshape(len(cohort), -1)
    spreads = table.std(axis=0)
    constant = [name for name, each in zip(cohort.covariate_names, spreads, strict=True) if not each > 0]
    if constant:
        raise CannotFit(f"the covariate {', '.join(constant)} is the same for every subject; leave it out")
    return Scale(float(centre), float(spread), tuple(table.mean(axis=0).tolist()), tuple(spreads.tolist()))


def grid_step(cohort: Cohort) -> float:
    """Years between the cuts at which survival is taken in."""
    grid = settings()["grid"]
    longest = max(course.time for course in cohort.courses)
    return float(np.clip(longest / grid["parts"], grid["shortest_years"], grid["longest_years"]))


def _prior(cohort: Cohort, layout: Layout, scale: Scale) -> tuple[Array, Array]:
    """The prior of `settings.toml`, centred where only the cohort can say: the first level and the crude hazard."""
    mean, spread = layout.prior()
    firsts = [scale.z(course.visits[0].bound()[1]) for course in cohort.courses if course.visits]
    years = sum(course.time - course.entry for course in cohort.courses)
    events = sum(course.event for course in cohort.courses)
    mean[layout.names.index("level")] += float(np.mean(firsts))
    for name in ("log_hazard", "log_floor"):
        mean[layout.names.index(name)] += float(np.log(events / years))
    return mean, spread


def most_probable(objective: Objective, start: Array | None = None) -> Array:
    """The parameters of highest posterior density. Raises `CannotFit` when the search ends nowhere."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]  # noqa: PLC0415 - only fitting needs scipy

    search, mean, spread = settings()["search"], objective.prior_mean, objective.prior_spread
    found = minimize(
        lambda unit: objective.value(mean + unit * spread),
        np.zeros_like(mean) if start is None else (start - mean) / spread,
        jac=lambda unit: objective.gradient(mean + unit * spread) * spread,
        method="L-BFGS-B",
        bounds=[(-search["bound"], search["bound"])] * len(mean),
        options={"maxiter": search["rounds"], "ftol": search["tolerance"], "maxcor": 30},
    )
    vector = np.asarray(mean + found.x * spread)
    if not np.isfinite(found.fun) or found.fun >= objective.value(mean) + 1.0:
        raise CannotFit("no parameters were found under which this cohort is at all probable; are its units mixed?")
    return vector


def covariance_at(objective: Objective, vector: Array) -> Array:
    """The covariance of the fit, shape (parameters, parameters): the sandwich, the prior counting as one score more.

    The scatter of the subjects' scores says how far the fit would move from cohort to cohort, whatever the model gets
    wrong about it; the prior says so where the cohort is silent. If the model is right this is the inverse curvature.
    """
    scores = objective.scores(vector)
    prior = np.diag(1.0 / objective.prior_spread**2)
    # A bagged posterior adds the inverse curvature again; this would double the variance of a right model.
    bread = np.linalg.inv(_positive(objective.curvature(vector) + prior, prior))
    return np.asarray(bread @ (scores.T @ scores + prior) @ bread)


def _positive(matrix: Array, floor: Array) -> Array:
    """The matrix with its directions of too little or negative curvature raised to a tenth of the prior's."""
    root = np.sqrt(np.diag(floor))
    values, vectors = np.linalg.eigh(matrix / np.outer(root, root))
    raised = (vectors * np.maximum(values, 0.1)) @ vectors.T
    return np.asarray(raised * np.outer(root, root))
