"""The published figures the simulated people are held to, each beside what the simulation gives.

Every figure is measured in the simulation the way the publication says it was: a baseline is the median of measured
serum values, not of true levels, and a six-monthly value is a new measurement at six-monthly visits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpoems.dynamics.cox import Counting, fit_cox
from openpoems.dynamics.interface import Array
from openpoems.dynamics.metrics import kaplan_meier
from openpoems.dynamics.simulate import Paths, draw_paths, read_value
from openpoems.dynamics.truth import Truth, poems_data, poems_truth

Truths = NDArray[np.bool_]
WEEKS_24 = 24 * 7 / 365.25
MONTHS_PER_YEAR = 12.0
RESPONSE_YEARS = 0.5


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One published figure and what the simulation gives in its place.

    `held` says whether the constants were turned towards it. `n` people are behind the published figure.
    """

    id: str
    says: str
    unit: str
    figure: float
    simulated: float
    n: int
    held: bool
    measured_as: str
    source: str
    verified: str


@dataclass(frozen=True, slots=True)
class Group:
    """Simulated people of some arms with their true paths, and a way to measure them in serum."""

    truth: Truth
    paths: Paths
    rng: np.random.Generator

    def serum(self, time: float) -> Array:
        """One new serum value (pg/mL) of everybody at `time` (years); values below the LOD stand at it."""
        place = round(time / self.truth.step)
        measured = read_value(self.truth, self.paths.level[:, place], "serum", self.rng, study=True)
        return np.maximum(measured, self.truth.assays["serum"].lod)

    def free(self, time: float) -> Truths:
        """Who is still free of relapse at `time` (years)."""
        return np.asarray(self.paths.relapse > time)

    def relapse_free(self, among: Truths, time: float) -> float:
        """The share of the people `among` whom is no relapse by `time` (years): nobody here is censored before."""
        return float((self.paths.relapse[among] > time).mean()) if among.any() else float("nan")


def draw_group(truth: Truth, arms: Sequence[str], people: int, seed: int) -> Group:
    """`people` of these arms, in the proportions of their shares (equal parts when they have none)."""
    rng = np.random.default_rng(seed)
    shares = np.array([truth.arms[arm].share for arm in arms])
    chosen = rng.choice(len(arms), size=people, p=shares / shares.sum() if shares.sum() else None)
    return Group(truth, draw_paths(truth, [truth.arms[arms[k]].starts for k in chosen], rng), rng)


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups that the publications looked at."""

    everybody: Group
    transplant: Group
    induction: Group
    thalidomide: Group
    untreated: Group


def aggregates(people: int = 4000, seed: int = 1, truth: Truth | None = None) -> list[Aggregate]:
    """Every aggregate of `data/poems.toml` beside its simulated value, from `people` simulated ones per group."""
    told = truth or poems_truth()
    treated = [name for name, arm in told.arms.items() if arm.share > 0]
    groups = Groups(
        draw_group(told, treated, people, seed),
        *(draw_group(told, [arm], people, seed + k) for k, arm in enumerate(_SINGLE, start=1)),
    )
    return [_aggregate(name, table, groups) for name, table in poems_data()["aggregate"].items()]


_SINGLE = ("transplant", "induction", "thalidomide", "untreated")


def _aggregate(name: str, table: dict[str, object], groups: Groups) -> Aggregate:
    return Aggregate(
        id=name,
        says=str(table["says"]),
        unit=str(table["unit"]),
        figure=float(str(table["figure"])),
        simulated=MEASURES[name](groups),
        n=int(str(table["n"])),
        held=bool(table["held"]),
        measured_as=str(table["measured_as"]),
        source=str(table["source"]),
        verified=str(table["verified"]),
    )


def baseline_median(groups: Groups) -> float:
    """The median serum value (pg/mL) before treatment."""
    return float(np.median(groups.everybody.serum(0.0)))


def transplant_mean(time: float) -> Callable[[Groups], float]:
    """The mean serum value (pg/mL) `time` years after transplantation of those free of relapse."""
    return lambda groups: float(groups.transplant.serum(time)[groups.transplant.free(time)].mean())


def reductions(group: Group) -> Array:
    """1 - value at 24 weeks / value before, one per person."""
    return np.asarray(1.0 - group.serum(WEEKS_24) / group.serum(0.0))


def response(group: Group) -> tuple[Truths, Truths, Truths]:
    """Who had a complete, partial or no VEGF response at 6 months (each of shape (n,))."""
    before, after = group.serum(0.0), group.serum(RESPONSE_YEARS)
    complete = after < group.truth.assays["serum"].limit
    partial = ~complete & (after <= before / 2)
    return complete, partial, ~complete & ~partial


def free_by_response(which: int) -> Callable[[Groups], float]:
    """The share free of relapse at 3 years among complete (0), partial (1) or no (2) responders at 6 months."""
    return lambda groups: groups.everybody.relapse_free(response(groups.everybody)[which], 3.0)


@dataclass(frozen=True, slots=True)
class Watched:
    """People in remission under six-monthly sampling: who relapsed, whether VEGF rose before, whether it rose then."""

    relapsed: Truths
    before: Truths
    then: Truths


def watch(group: Group, years: float) -> Watched:
    """Follow the complete responders by six-monthly serum values for up to `years` years.

    A rise is one value above the limit; at the relapse itself one more value is taken.
    """
    limit = group.truth.assays["serum"].limit
    complete, _, _ = response(group)
    relapse = group.paths.relapse
    before = np.zeros(len(relapse), dtype=bool)
    for visit in np.arange(1.0, years + 0.01, 0.5):
        before |= (visit < relapse) & (group.serum(float(visit)) > limit)
    place = np.minimum(
        np.round(np.minimum(relapse, years) / group.truth.step).astype(int), group.paths.level.shape[1] - 1
    )
    level = group.paths.level[np.arange(len(relapse)), place]
    then = read_value(group.truth, level, "serum", group.rng, study=True) > limit
    return Watched((relapse <= years)[complete], before[complete], then[complete])


def announced(groups: Groups) -> float:
    """The share of the relapses in remission that a six-monthly value above the limit came before."""
    seen = watch(groups.everybody, 5.0)
    return float(seen.before[seen.relapsed].mean())


def only_then(groups: Groups) -> float:
    """The share of the relapses in remission at which the value was above the limit and never before."""
    seen = watch(groups.everybody, 5.0)
    return float((seen.then & ~seen.before)[seen.relapsed].mean())


def stayed_normal(groups: Groups) -> float:
    """The share of those in remission without relapse none of whose six-monthly values was above the limit."""
    seen = watch(groups.everybody, 3.0)
    return float(1.0 - seen.before[~seen.relapsed].mean())


def misawa_ratio(groups: Groups) -> float:
    """The hazard ratio of relapse of 1040 pg/mL or more at 6 months against less."""
    group, cut = groups.everybody, float(poems_data()["aggregate"]["misawa"]["cut"])
    high = (group.serum(RESPONSE_YEARS) >= cut).astype(float)
    end = np.minimum(group.paths.relapse, group.truth.years)
    rows = Counting.of(end, group.paths.relapse <= group.truth.years, high)
    return float(np.exp(fit_cox(rows).beta[0]))


def five_years(groups: Groups) -> float:
    """The Kaplan-Meier share free of relapse 5 years after transplantation."""
    relapse = groups.transplant.paths.relapse
    end = np.minimum(relapse, groups.transplant.truth.years)
    curve = kaplan_meier(end, relapse <= groups.transplant.truth.years, np.ones(len(end)))
    return float(curve(np.array([5.0]))[0])


def lead_months(groups: Groups) -> float:
    """The median months from the true level crossing the limit after 6 months to the relapse, where it crossed."""
    group = groups.everybody
    limit = np.log10(group.truth.assays["serum"].limit)
    complete, _, _ = response(group)
    above = (group.paths.level > limit) & (group.paths.grid > RESPONSE_YEARS)[None, :]
    crossed = np.where(above.any(axis=1), group.paths.grid[above.argmax(axis=1)], np.inf)
    seen = complete & (crossed < group.paths.relapse) & np.isfinite(group.paths.relapse)
    return float(np.median(group.paths.relapse[seen] - crossed[seen]) * MONTHS_PER_YEAR)


MEASURES: dict[str, Callable[[Groups], float]] = {
    "baseline-pumch": baseline_median,
    "baseline-japan": baseline_median,
    "baseline-milan": baseline_median,
    "baseline-other": baseline_median,
    "uclh-baseline": transplant_mean(0.0),
    "uclh-6-months": transplant_mean(0.5),
    "uclh-later": transplant_mean(1.0),
    "induction-before": lambda groups: float(np.median(groups.induction.serum(0.0))),
    "induction-after": lambda groups: float(np.median(groups.induction.serum(0.25))),
    "jpost-thalidomide": lambda groups: float(reductions(groups.thalidomide).mean()),
    "jpost-thalidomide-sd": lambda groups: float(reductions(groups.thalidomide).std()),
    "jpost-placebo": lambda groups: float(reductions(groups.untreated).mean()),
    "jpost-placebo-sd": lambda groups: float(reductions(groups.untreated).std()),
    "gentile-complete": free_by_response(0),
    "gentile-partial": free_by_response(1),
    "gentile-none": free_by_response(2),
    "gentile-sensitivity": announced,
    "gentile-specificity": stayed_normal,
    "gentile-only-at-relapse": only_then,
    "misawa": misawa_ratio,
    "pumch-five-years": five_years,
    "kourelis-lead": lead_months,
}
