"""What the simulation knows and no data set would hold, as CSV files beside the cohort's."""

import csv
from pathlib import Path

import numpy as np

from openpoems.dynamics.data import Cohort
from openpoems.dynamics.oracle import poems_oracle
from openpoems.dynamics.simulate import Simulated

PARTICLE_SEEDS = (1, 2)


def write_truth(made: Simulated, path: Path) -> None:
    """Columns `id,onset,relapse` in years: the hidden onset of the rise, and the relapse (empty when it never came)."""
    relapses = made.paths.relapse
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "onset", "relapse"])
        for course, onset, relapse in zip(made.cohort.courses, made.paths.hidden.change, relapses, strict=True):
            writer.writerow([course.id, f"{onset:.6g}", f"{relapse:.6g}" if np.isfinite(relapse) else ""])


def write_oracle(cohort: Cohort, path: Path, landmark: float, horizon: float) -> None:
    """Columns `id,risk`: the oracle's risk within `horizon` years of everybody at risk at `landmark`.

    Raises ValueError when the landmark does not stand on the grid of the simulation.
    """
    runs = [poems_oracle(seed).risk(cohort, landmark, horizon) for seed in PARTICLE_SEEDS]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "risk"])
        risk = np.mean([run.risk for run in runs], axis=0)
        writer.writerows([id, f"{one:.6g}"] for id, one in zip(runs[0].ids, risk, strict=True))
