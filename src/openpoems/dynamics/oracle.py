"""The best risk that anybody could tell: Bayes' rule under the truth of the simulation, by a particle filter.

It knows how the people were made but not their hidden numbers, sees only what a model sees, and so is what a model is
measured against. Its Monte Carlo error is found by running it twice with different seeds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openpoems.dynamics.data import Cohort, Course, Visit
from openpoems.dynamics.interface import Array, Risk
from openpoems.dynamics.truth import Assay, Hidden, Truth, draw_hidden, poems_truth

PARTICLES = 1000
# So many people are followed at once: what a chunk needs stays within some hundred megabytes.
CHUNK = 300
# Particles are drawn anew when fewer than this share of them count, and then moved a little so that no two stay equal.
FEWEST_COUNT = 0.5
SHRINK = 0.995
# How far the onset (years) and the slope (of its logarithm) of a relapse under way are moved.
ONSET_MOVE = 0.03
RISE_MOVE = 0.05
# No value is so unlikely that it rules every particle out.
LEAST_LIKELY = 1e-12


@dataclass(slots=True)
class _Cloud:
    """Particles of n people: hidden numbers and wobble (n, N), the logarithm of their weights (n, N)."""

    hidden: Hidden
    wobble: Array
    log_weight: Array

    def weights(self) -> Array:
        raised = np.exp(self.log_weight - self.log_weight.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Oracle:
    """The particle filter as a model. Visits, entries, landmarks and horizons must stand on the grid of the truth."""

    truth: Truth
    particles: int = PARTICLES
    seed: int = 0

    def risk(self, cohort: Cohort, landmark: float, horizon: float, times: Array | None = None) -> Risk:
        """The risk within `horizon` years of every subject at risk at `landmark`; the band is the risk itself."""
        people = cohort.at_risk(landmark).courses
        at = np.concatenate([np.empty(0) if times is None else times, [horizon]])
        rng = np.random.default_rng(self.seed)
        chunks = [people[k : k + CHUNK] for k in range(0, len(people), CHUNK)]
        curve = np.vstack([np.empty((0, len(at))), *(self._curve(chunk, landmark, at, rng) for chunk in chunks)])
        risk, shown = curve[:, -1], curve[:, :-1]
        ids = tuple(course.id for course in people)
        return Risk(ids, landmark, horizon, risk, risk, risk, ("",) * len(ids), at[:-1], shown, shown, shown)

    def _curve(self, people: Sequence[Course], landmark: float, at: Array, rng: np.random.Generator) -> Array:
        cloud = self._filter(people, landmark, rng)
        weights, now = cloud.weights(), self._place(landmark)
        total, wobble, reached = np.zeros_like(weights), cloud.wobble, [np.zeros(len(people))]
        for step in range(round(float(at[-1]) / self.truth.step)):
            level = cloud.hidden.smooth((now + step) * self.truth.step) + wobble
            total += self.truth.step * self.truth.hazard_at(level)
            reached.append((weights * -np.expm1(-total)).sum(axis=1))
            wobble = self.truth.wobble(wobble, rng.standard_normal(wobble.shape))
        steps = np.array(reached)
        grid = np.arange(len(reached)) * self.truth.step
        return np.column_stack([[np.interp(t, grid, steps[:, k]) for k in range(len(people))] for t in at])

    def _filter(self, people: Sequence[Course], landmark: float, rng: np.random.Generator) -> _Cloud:
        """The particles at the landmark, given every value and treatment up to it and that no event came before."""
        starts = [course.treatments for course in people]
        hidden = draw_hidden(self.truth, starts, rng, copies=self.particles)
        shape = (len(people), self.particles)
        cloud = _Cloud(hidden, self.truth.wobble(None, rng.standard_normal(shape)), np.zeros(shape))
        seen = self._visits(people)
        entry = np.array([self._place(course.entry) for course in people])
        for place in range(self._place(landmark) + 1):
            level = cloud.hidden.smooth(place * self.truth.step) + cloud.wobble
            for row, visit in seen.get(place, ()):
                cloud.log_weight[row] += self._log_likelihood(visit, level[row])
            if place == self._place(landmark):
                break
            cloud.log_weight -= (entry <= place)[:, None] * self.truth.step * self.truth.hazard_at(level)
            self._renew(cloud, place * self.truth.step, rng)
            cloud.wobble = self.truth.wobble(cloud.wobble, rng.standard_normal(shape))
        return cloud

    def _place(self, time: float) -> int:
        """The grid place of a time. Raises ValueError when it lies off the grid."""
        place = round(time / self.truth.step)
        if abs(place * self.truth.step - time) > self.truth.step * 1e-6:
            raise ValueError(f"the oracle knows only times on its grid of {self.truth.step:g} years, not {time:g}")
        return place

    def _visits(self, people: Sequence[Course]) -> dict[int, list[tuple[int, Visit]]]:
        seen: dict[int, list[tuple[int, Visit]]] = {}
        for row, course in enumerate(people):
            for visit in course.visits:
                seen.setdefault(self._place(visit.time), []).append((row, visit))
        return seen

    def _log_likelihood(self, visit: Visit, level: Array) -> Array:
        """Of one value at true levels (log10, reference assay)."""
        assay, sampling = self.truth.assays[visit.assay], self.truth.sampling
        comparator, value = visit.bound()
        away = np.log10(value) - assay.offset - level
        wide = replace(assay, noise=float(np.hypot(assay.noise, sampling.wild_sd)))
        usual, wild = (_likelihood(kind, away, below=comparator == "<") for kind in (assay, wide))
        return np.asarray(np.log((1 - sampling.wild) * usual + sampling.wild * wild + LEAST_LIKELY))

    def _renew(self, cloud: _Cloud, now: float, rng: np.random.Generator) -> None:
        """Draw the particles anew, by systematic resampling, for the people whose weights have gathered on few."""
        weights = cloud.weights()
        rows = np.flatnonzero((weights**2).sum(axis=1) > 1 / (FEWEST_COUNT * self.particles))
        if not len(rows):
            return
        chosen = _systematic(weights[rows], rng)
        hidden = cloud.hidden
        for old in (hidden.baseline, hidden.rate, hidden.depth):
            old[rows] = _moved(_taken(old[rows], chosen), rng)
        hidden.change[rows], hidden.rise[rows] = self._relapses(
            _taken(hidden.change[rows], chosen), _taken(hidden.rise[rows], chosen), now, rng
        )
        cloud.wobble[rows] = _taken(cloud.wobble[rows], chosen)
        cloud.log_weight[rows] = 0.0

    def _relapses(self, change: Array, rise: Array, now: float, rng: np.random.Generator) -> tuple[Array, Array]:
        """Moved onsets and slopes: those still to come are drawn from what was true of them before, which is exact."""
        process = self.truth.process
        to_come = change > now
        later = now + rng.exponential(1 / process.relapse_rate, change.shape)
        moved = np.clip(change + ONSET_MOVE * rng.standard_normal(change.shape), 0.0, now)
        steeper = np.exp(rng.standard_normal(change.shape))
        fresh = process.rise * steeper**process.rise_sd
        return np.where(to_come, later, moved), np.where(to_come, fresh, rise * steeper**RISE_MOVE)


def poems_oracle(seed: int = 0) -> Oracle:
    """The oracle for what `simulate` makes."""
    return Oracle(poems_truth(), seed=seed)


def _likelihood(assay: Assay, away: Array, *, below: bool) -> Array:
    """The density of a value that lies `away` from its mean, or the probability to lie below it."""
    z = away / assay.noise
    if below:
        return normal_below(z)
    return np.asarray(np.exp(-0.5 * z**2) / (assay.noise * np.sqrt(2 * np.pi)))


def normal_below(z: Array) -> Array:
    """The normal distribution function, to 7e-8 (Abramowitz and Stegun 1964, 26.2.17): enough for weights."""
    t = 1 / (1 + 0.2316419 * np.abs(z))
    series = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    above = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi) * series
    return np.asarray(np.where(z > 0, 1 - above, above))


def _systematic(weights: Array, rng: np.random.Generator) -> NDArray[np.int64]:
    """Which particles live on: (n, N) places, drawn by one random number per person."""
    people, particles = weights.shape
    wanted = (rng.random((people, 1)) + np.arange(particles)) / particles
    shifted = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True) + np.arange(people)[:, None]
    flat = np.searchsorted(shifted.ravel(), (wanted + np.arange(people)[:, None]).ravel())
    places = flat.reshape(people, particles) - np.arange(people)[:, None] * particles
    return np.asarray(np.clip(places, 0, particles - 1))


def _taken(old: Array, chosen: NDArray[np.int64]) -> Array:
    if old.ndim > chosen.ndim:
        return np.take_along_axis(old, chosen[..., None], axis=1)
    return np.take_along_axis(old, chosen, axis=1)


def _moved(values: Array, rng: np.random.Generator) -> Array:
    """Drawn towards the mean and spread again, which keeps mean and variance (Liu and West 2001)."""
    mean, spread = values.mean(axis=1, keepdims=True), values.std(axis=1, keepdims=True)
    moved = mean + SHRINK * (values - mean) + np.sqrt(1 - SHRINK**2) * spread * rng.standard_normal(values.shape)
    return np.asarray(np.maximum(moved, 0.0))
