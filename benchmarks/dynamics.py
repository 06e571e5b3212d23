"""How fast the joint model fits and follows. Run: .venv/bin/python benchmarks/dynamics.py

Needs `openpoems[dynamics]`. Prints one line per figure with what it must reach; processor seconds, the compiler's work
included in the first fit.
"""

import time
from collections.abc import Callable

import numpy as np

from openpoems.dynamics.data import Cohort, Course, Visit, cohort_of
from openpoems.dynamics.kjm import kernels
from openpoems.dynamics.kjm.compiled import compiled
from openpoems.dynamics.kjm.follow import Follower
from openpoems.dynamics.kjm.model import fit

SUBJECTS, VISITS = 312, 1945
ROUNDS = 300


def main() -> None:
    """Measure everything."""
    cohort = made_up(np.random.default_rng(1))
    visits = sum(len(course.visits) for course in cohort.courses)
    began = time.process_time()
    model = fit(cohort)
    told(f"fit, {len(cohort)} subjects, {visits} values", time.process_time() - began, 30, "s")
    course = max(cohort.courses, key=lambda each: len(each.visits))
    for name, module, limit in (("plain Python", kernels, 1000), ("compiled", compiled(), 50)):
        follower = Follower(model, module)
        state = follower.begin(course.entry, course.covariates)
        for visit in course.visits[:-1]:
            state = follower.update(state, visit)
        last = course.visits[-1]
        seconds = best(lambda: follower.curve(follower.update(state, last), last.time, 2.0))  # noqa: B023 - called here
        told(f"one value and a two-year curve, {name}", seconds * 1e6, limit, "µs")
    began = time.process_time()
    model.risk(cohort, 3.0, 2.0)
    told("risk with its band, all subjects at one landmark", time.process_time() - began, 5, "s")


def best(work: Callable[[], object]) -> float:
    """The least seconds that `work` took."""
    least = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        least = min(least, time.perf_counter() - began)
    return least


def told(what: str, measured: float, limit: float, unit: str) -> None:
    """Print one figure and what it must reach."""
    print(f"{what:52} {measured:9.1f} {unit:2} (at most {limit} {unit})")


def made_up(rng: np.random.Generator) -> Cohort:
    """Subjects whose level wanders upwards and whose hazard follows it; nobody's data."""
    share = rng.gamma(1.5, size=SUBJECTS)
    counts = np.maximum(1, np.round(share / share.sum() * VISITS)).astype(int)
    counts[0] += VISITS - counts.sum()
    courses = []
    for k, count in enumerate(counts):
        times = np.concatenate([[0.0], np.cumsum(rng.gamma(4.0, 0.25, count - 1))])
        level = 0.3 + rng.normal(0, 0.4) + np.cumsum(rng.normal(0.03, 0.1, count))
        values = 10 ** (level + rng.normal(0, 0.06, count))
        event = bool(rng.random() < 1 / (1 + np.exp(1.0 - 2.0 * level[-1])))
        follow_up = float(times[-1] + rng.exponential(0.8) + 0.05)
        visits = tuple(Visit(float(t), float(v)) for t, v in zip(times, values, strict=True))
        courses.append(Course(f"s{k}", visits, (), 0.0, follow_up, event, (float(rng.normal(50, 10)),)))
    return cohort_of(courses, ["age"])


if __name__ == "__main__":
    main()
