"""What a risk is worth as an alarm: how often it rings for nothing, how many events it announces, how long before.

Everybody is reviewed at regular times. An alarm rings when the risk reaches a threshold, and stands until the risk has
fallen below half of it, so that noise around the threshold does not ring twice.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpoems.dynamics.interface import Array

# An alarm that stands falls silent below this share of the threshold.
SILENT_SHARE = 0.5
# An alarm with no event within so many years of its start was false; it announces an event at most so long after.
FALSE_AFTER_YEARS = 1.5
LIVE_YEARS = 2.5
MONTHS_PER_YEAR = 12.0
# So many shares of the risks seen are tried as thresholds, and as many again between two of them.
TRIED = 201


@dataclass(frozen=True, slots=True, repr=False)
class Watch:
    """n people reviewed at g times.

    `times` (g,) in years, rising; `risk` (n, g), NaN where the person was not at risk or no risk could be told;
    `entry`, `end` (n,) in years; `event` (n,) whether the event ended the follow-up.
    """

    times: Array
    risk: Array
    entry: Array
    end: Array
    event: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class AlarmReport:
    """How the alarms at one threshold did.

    `episodes` began; of them `false` rang for nothing and `undecided` cannot be judged, follow-up having ended too
    soon. `false_per_year` is per person-year at risk. `sensitivity` is the share of the `events` before which an alarm
    stood; `lead_months` the median time from its start to the event; `predictive_value` the share of the decided
    episodes that an event followed.
    """

    threshold: float
    episodes: int
    false: int
    undecided: int
    events: int
    years: float
    false_per_year: float
    sensitivity: float
    lead_months: float
    predictive_value: float


def alarm_report(watch: Watch, threshold: float) -> AlarmReport:
    """The report on alarms at `threshold`."""
    standing = standing_alarms(watch.risk, threshold)
    began = standing & ~np.hstack([np.zeros((len(standing), 1), dtype=bool), standing[:, :-1]])
    person, review = np.nonzero(began)
    wait = watch.end[person] - watch.times[review]
    came = watch.event[person] & (wait <= FALSE_AFTER_YEARS)
    false = wait > FALSE_AFTER_YEARS
    years = float((watch.end - watch.entry).sum())
    leads = _leads(watch, standing)
    decided = int(came.sum() + false.sum())
    return AlarmReport(
        threshold=float(threshold),
        episodes=len(person),
        false=int(false.sum()),
        undecided=len(person) - decided,
        events=int(watch.event.sum()),
        years=years,
        false_per_year=float(false.sum()) / years if years else float("nan"),
        sensitivity=len(leads) / int(watch.event.sum()) if watch.event.any() else float("nan"),
        lead_months=float(np.median(leads) * MONTHS_PER_YEAR) if len(leads) else float("nan"),
        predictive_value=float(came.sum()) / decided if decided else float("nan"),
    )


def standing_alarms(risk: Array, threshold: float) -> NDArray[np.bool_]:
    """Where an alarm stands (n, g). A review without a risk changes nothing."""
    standing = np.zeros(risk.shape, dtype=bool)
    now = np.zeros(len(risk), dtype=bool)
    for k in range(risk.shape[1]):
        told = ~np.isnan(risk[:, k])
        rings = told & (risk[:, k] >= threshold)
        silent = told & (risk[:, k] < threshold * SILENT_SHARE)
        now = (now | rings) & ~silent
        standing[:, k] = now
    return standing


def threshold_for(watch: Watch, sensitivity: float) -> float:
    """The highest threshold whose alarms are at least as sensitive as asked, to a 40,000th of the risks seen.

    When none is (an alarm that rings too long before the event announces nothing), the most sensitive.
    """
    seen = watch.risk[~np.isnan(watch.risk)]
    if not len(seen):
        return 0.0
    shares = np.linspace(1.0, 0.0, TRIED)
    found = _first(watch, np.quantile(seen, shares), sensitivity)
    between = np.linspace(shares[max(found - 1, 0)], shares[found], TRIED)
    thresholds = np.quantile(seen, between)
    return float(thresholds[_first(watch, thresholds, sensitivity)])


def _first(watch: Watch, thresholds: Array, sensitivity: float) -> int:
    """The place of the first threshold whose alarms are as sensitive as asked, or of the most sensitive."""
    best, reached = 0, -1.0
    for k, threshold in enumerate(thresholds):
        found = alarm_report(watch, float(threshold)).sensitivity
        if found > reached:
            best, reached = k, found
        if found >= sensitivity:
            break
    return best


def _leads(watch: Watch, standing: NDArray[np.bool_]) -> list[float]:
    """For every event before which an alarm stood, and not since too long: the years from its start to the event."""
    leads = []
    for person in np.flatnonzero(watch.event):
        before = np.flatnonzero(watch.times < watch.end[person])
        if not len(before) or not standing[person, before[-1]]:
            continue
        silent = np.flatnonzero(~standing[person, before])
        start = watch.times[silent[-1] + 1] if len(silent) else watch.times[0]
        if watch.end[person] - start <= LIVE_YEARS:
            leads.append(float(watch.end[person] - start))
    return leads
