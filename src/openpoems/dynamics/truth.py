"""The truth behind the simulated people: what they are made of, and how a level and a hazard come from it.

It is not the model that openpoems fits, on purpose: a relapse begins at a hidden moment and rises in a straight line
(on the log scale) to where the person came from, treatments bring the level down by an exponential, a slow wobble runs
on top, and the hazard has a part that the biomarker never shows.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from openpoems.dynamics.interface import Array
from openpoems.errors import KnowledgeError

Start = tuple[float, str]
# A start that never comes fills the places of people with fewer treatments.
NEVER = np.inf


@dataclass(frozen=True, slots=True)
class Assay:
    """One assay: `offset` and `noise` in log10, the upper `limit` of normal and the `lod` in its own unit."""

    offset: float
    noise: float
    limit: float
    lod: float


@dataclass(frozen=True, slots=True)
class Sampling:
    """When and how people are measured and followed. Times in years, shares between 0 and 1, `wild_sd` in log10."""

    plasma_share: float
    other_assay: float
    wild: float
    wild_sd: float
    gap_early: float
    gap_late: float
    early_years: float
    gap_shape: float
    entry_from: float
    entry_to: float
    followed_from: float
    followed_to: float


@dataclass(frozen=True, slots=True)
class Process:
    """The level: log10 on the reference assay, rates per year, `rise` in log10 per year."""

    baseline: float
    baseline_sd: float
    rate: float
    rate_sd: float
    relapse_rate: float
    rise: float
    rise_sd: float
    wobble: float
    wobble_years: float


@dataclass(frozen=True, slots=True)
class Hazard:
    """The hazard per year: `silent` always, `at_limit` at the limit, times e to the `slope` per log10, up to `most`."""

    silent: float
    at_limit: float
    slope: float
    most: float


@dataclass(frozen=True, slots=True)
class Depth:
    """How far a treatment brings the level down in the end: mean and standard deviation in log10."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Arm:
    """A share of the people and the treatments they start."""

    share: float
    starts: tuple[Start, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything the simulation is made of."""

    reference_assay: str
    step: float
    years: float
    assays: dict[str, Assay]
    sampling: Sampling
    process: Process
    hazard: Hazard
    treatments: dict[str, Depth]
    arms: dict[str, Arm]

    def grid(self) -> Array:
        """The times (years) at which a course is known: 0, one step, two steps, …"""
        return np.asarray(np.arange(round(self.years / self.step) + 1) * self.step, dtype=np.float64)

    def limits(self) -> dict[str, float]:
        """The upper limit of normal per assay, in its own unit."""
        return {name: assay.limit for name, assay in self.assays.items()}

    def hazard_at(self, level: Array) -> Array:
        """The hazard per year at a level (log10, reference assay)."""
        reference = np.log10(self.assays[self.reference_assay].limit)
        shown = self.hazard.at_limit * np.exp(np.minimum(self.hazard.slope * (level - reference), 50.0))
        return np.asarray(self.hazard.silent + np.minimum(shown, self.hazard.most))

    def wobble(self, before: Array | None, draw: Array) -> Array:
        """The wobble one step on, from standard normal draws; without a `before`, the first."""
        process = self.process
        if before is None:
            return process.wobble * draw
        kept = np.exp(-self.step / process.wobble_years)
        return np.asarray(kept * before + process.wobble * np.sqrt(1 - kept**2) * draw)


@dataclass(frozen=True, slots=True)
class Hidden:
    """What nobody sees of n people (or particles): arrays of one shape; `depth` and `start` have a last axis more."""

    baseline: Array
    rate: Array
    change: Array
    rise: Array
    depth: Array
    start: Array

    def smooth(self, time: float) -> Array:
        """The level at `time` (years) without the wobble: fallen by the treatments, risen since the relapse began."""
        since = np.maximum(time - self.start, 0.0)
        fallen = (self.depth * -np.expm1(-self.rate[..., None] * since)).sum(axis=-1)
        risen = np.minimum(self.rise * np.maximum(time - self.change, 0.0), fallen)
        return np.asarray(self.baseline - fallen + risen)


def draw_hidden(truth: Truth, starts: Sequence[Sequence[Start]], rng: np.random.Generator, copies: int = 0) -> Hidden:
    """People with these treatment starts: arrays of shape (n,), or (n, copies) when copies of each are asked for."""
    shape = (len(starts), copies) if copies else (len(starts),)
    process = truth.process
    most = max([1, *(len(one) for one in starts)])
    filled = [[*one, *[(NEVER, "")] * (most - len(one))] for one in starts]
    start = np.array([[time for time, _ in one] for one in filled]).reshape(len(starts), most)
    none = Depth(0.0, 0.0)
    depths = [[truth.treatments[name] if name else none for _, name in one] for one in filled]
    mean = np.array([[depth.mean for depth in one] for one in depths]).reshape(len(starts), most)
    spread = np.array([[depth.sd for depth in one] for one in depths]).reshape(len(starts), most)
    if copies:
        start, mean, spread = start[:, None, :], mean[:, None, :], spread[:, None, :]
    return Hidden(
        baseline=rng.normal(process.baseline, process.baseline_sd, shape),
        rate=process.rate * np.exp(rng.normal(0.0, process.rate_sd, shape)),
        change=rng.exponential(1 / process.relapse_rate, shape),
        rise=process.rise * np.exp(rng.normal(0.0, process.rise_sd, shape)),
        depth=np.maximum(mean + spread * rng.standard_normal((*shape, most)), 0.0),
        start=np.asarray(start),
    )


@cache
def poems_truth() -> Truth:
    """The truth that `data/poems.toml` tells. Raises `KnowledgeError` when the file is not whole."""
    return truth_from(poems_data())


@cache
def poems_data() -> dict[str, Any]:
    """The content of `data/poems.toml`."""
    return tomllib.loads(files("openpoems.dynamics").joinpath("data/poems.toml").read_text(encoding="utf-8"))


def truth_from(data: dict[str, Any]) -> Truth:
    """The truth of a document like `data/poems.toml`. Raises `KnowledgeError` naming the entry that is missing."""
    try:
        return Truth(
            reference_assay=str(data["reference_assay"]),
            step=_number(data["step"]),
            years=_number(data["years"]),
            assays={name: _section(Assay, table) for name, table in data["assay"].items()},
            sampling=_section(Sampling, data["sampling"]),
            process=_section(Process, data["process"]),
            hazard=_section(Hazard, data["hazard"]),
            treatments={name: Depth(t["depth"], t["depth_sd"]) for name, t in data["treatment"].items()},
            arms={name: Arm(float(arm["share"]), _starts(arm["starts"])) for name, arm in data["arm"].items()},
        )
    except KeyError as missing:
        raise KnowledgeError(f"dynamics/data/poems.toml: no entry {missing}") from None


def _section(kind: type[Any], table: dict[str, Any]) -> Any:
    return kind(**{field.name: _number(table[field.name]) for field in fields(kind)})


def _starts(starts: Sequence[dict[str, Any]]) -> tuple[Start, ...]:
    return tuple((float(start["time"]), str(start["treatment"])) for start in starts)


def _number(entry: Any) -> float:
    return float(entry["value"] if isinstance(entry, dict) else entry)
