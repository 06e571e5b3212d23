"""Simulated people with VEGF over years, from the truth of `data/poems.toml`. No patient's data went into them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpoems.dynamics.data import Cohort, Course, Treatment, Visit, cohort_of
from openpoems.dynamics.interface import Array
from openpoems.dynamics.truth import Hidden, Start, Truth, draw_hidden, poems_truth

# A detail of a value beyond this many significant digits is no information.
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Paths:
    """The true courses of n people on the grid of G times.

    `level` (n, G) is log10 on the reference assay; `entry` and `relapse` (n,) are years, `relapse` infinite where it
    never came within the longest course.
    """

    starts: tuple[tuple[Start, ...], ...]
    hidden: Hidden
    grid: Array
    level: Array
    entry: Array
    relapse: Array


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulated cohort with the truth behind it, person by person in the same order."""

    cohort: Cohort
    paths: Paths


def simulate(patients: int, seed: int, truth: Truth | None = None) -> Simulated:
    """`patients` people; the same seed gives the same people. Raises ValueError for fewer than one."""
    if patients < 1:
        raise ValueError("a simulated cohort has at least one person")
    told = truth or poems_truth()
    rng = np.random.default_rng(seed)
    shares = np.array([arm.share for arm in told.arms.values()])
    drawn = rng.choice(len(shares), size=patients, p=shares / shares.sum())
    arms = list(told.arms.values())
    paths = draw_paths(told, [arms[k].starts for k in drawn], rng)
    courses = [_course(told, paths, k, rng) for k in range(patients)]
    return Simulated(cohort_of(courses), paths)


def draw_paths(truth: Truth, starts: Sequence[Sequence[Start]], rng: np.random.Generator) -> Paths:
    """The true courses of people with these treatment starts."""
    people, grid = len(starts), truth.grid()
    hidden = draw_hidden(truth, starts, rng)
    level = np.empty((people, len(grid)))
    wobble = None
    for k, time in enumerate(grid):
        wobble = truth.wobble(wobble, rng.standard_normal(people))
        level[:, k] = hidden.smooth(float(time)) + wobble
    entry = _on_grid(truth, rng.uniform(truth.sampling.entry_from, truth.sampling.entry_to, people))
    relapse = _relapse(truth, grid, level, entry, rng)
    return Paths(tuple(tuple(one) for one in starts), hidden, grid, level, entry, relapse)


def read_value(truth: Truth, level: Array, assay: str, rng: np.random.Generator, *, study: bool = False) -> Array:
    """What an assay measures (its own unit) at true levels (log10, reference assay), the LOD not yet applied.

    In a `study` samples are handled with care: there are no wild values.
    """
    kind, sampling = truth.assays[assay], truth.sampling
    noise = rng.normal(0.0, kind.noise, level.shape)
    wild = (rng.random(level.shape) < sampling.wild) * rng.normal(0.0, sampling.wild_sd, level.shape)
    return np.asarray(10 ** (level + kind.offset + noise + (0.0 if study else wild)))


def _on_grid(truth: Truth, times: Array) -> Array:
    return np.asarray(np.round(times / truth.step) * truth.step)


def _relapse(truth: Truth, grid: Array, level: Array, entry: Array, rng: np.random.Generator) -> Array:
    """The time of the relapse (n,): the hazard of the level at the start of each step holds until the next."""
    hazard = np.where(grid[None, :] >= entry[:, None] - truth.step / 2, truth.hazard_at(level), 0.0)[:, :-1]
    total = np.cumsum(hazard * truth.step, axis=1)
    due = rng.exponential(1.0, len(level))
    step = (total < due[:, None]).sum(axis=1)
    came = step < total.shape[1]
    at = np.minimum(step, total.shape[1] - 1)
    rows = np.arange(len(level))
    left = total[rows, at] - due
    return np.where(came, grid[at + 1] - left / np.maximum(hazard[rows, at], 1e-300), np.inf)


def _course(truth: Truth, paths: Paths, person: int, rng: np.random.Generator) -> Course:
    followed = rng.uniform(truth.sampling.followed_from, truth.sampling.followed_to)
    relapse = paths.relapse[person]
    end = float(min(relapse, followed, paths.grid[-1]))
    steps = _visit_steps(truth, end, rng)
    home = "plasma" if rng.random() < truth.sampling.plasma_share else "serum"
    visits = tuple(_visit(truth, paths, (person, int(step)), home, rng) for step in steps)
    starts = tuple(Treatment(time, name) for time, name in paths.starts[person] if time < end)
    return Course(f"S{person + 1:05d}", visits, starts, float(paths.entry[person]), end, bool(relapse <= followed))


def _visit_steps(truth: Truth, end: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """The grid places of the visits: the first at 0, then irregular, none at or after the end."""
    sampling, steps = truth.sampling, [0]
    while steps[-1] * truth.step < end:
        mean = sampling.gap_early if steps[-1] * truth.step < sampling.early_years else sampling.gap_late
        gap = rng.gamma(sampling.gap_shape, mean / sampling.gap_shape)
        steps.append(steps[-1] + max(1, round(gap / truth.step)))
    return np.array(steps[:-1])


def _visit(truth: Truth, paths: Paths, place: tuple[int, int], home: str, rng: np.random.Generator) -> Visit:
    other = "serum" if home == "plasma" else "plasma"
    assay = other if rng.random() < truth.sampling.other_assay else home
    lod, time = truth.assays[assay].lod, float(paths.grid[place[1]])
    value = float(f"{float(read_value(truth, paths.level[place], assay, rng)):.{DIGITS}g}")
    return Visit(time, lod, assay, "<", lod) if value <= lod else Visit(time, value, assay, "", lod)
