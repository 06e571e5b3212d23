"""Write three public cohorts as the CSV files that `openpoems dynamics` reads, to compare the models on real people.

    .venv/bin/python benchmarks/real_cohorts.py build/cohorts
    .venv/bin/openpoems dynamics compare --longitudinal build/cohorts/aids/longitudinal.csv \
        --events build/cohorts/aids/events.csv --landmark 0.5 --landmark 1 --horizon 0.5
    .venv/bin/openpoems dynamics compare --longitudinal build/cohorts/heartvalve/longitudinal.csv \
        --events build/cohorts/heartvalve/events.csv --covariates age --landmark 2 --landmark 4 --horizon 3

Needs the package SurvSet, which no lock holds (pip install SurvSet, best in an environment of its own: it brings
pandas). aids is the ddI/ddC trial with CD4 counts (months, made years here), heartvalve has the left ventricular mass
index after aortic valve replacement, csl the prothrombin index in cirrhosis of the liver.
"""

import csv
import math
import sys
from pathlib import Path
from typing import Any

from SurvSet.data import SurvLoader

# SurvSet's `num_CD4` is the square root of the count; a count of 0 has no logarithm and stands at half a cell.
LEAST_ROOT = 0.5**0.5
COHORTS: dict[str, tuple[str, float, dict[str, str]]] = {
    "aids": ("num_CD4", 12.0, {}),
    "heartvalve": ("num_lvmi", 1.0, {"age": "num_age"}),
    "csl": ("num_prot", 1.0, {"age": "num_age"}),
}


def write(name: str, folder: Path) -> None:
    """Write longitudinal.csv and events.csv of one cohort."""
    measure, per_year, covariates = COHORTS[name]
    rows: Any = SurvLoader().load_dataset(ds_name=name)["df"]
    folder.mkdir(parents=True, exist_ok=True)
    visits, ends = [], []
    for person, mine in rows.groupby("pid", observed=True):
        end = float(mine["time2"].max()) / per_year
        ends.append([person, 0, end, int(mine["event"].max()), *(mine[c].iloc[0] for c in covariates.values())])
        for time, value in zip(mine["time"], mine[measure], strict=True):
            if not math.isnan(value) and float(time) / per_year < end:
                visits.append([person, float(time) / per_year, max(float(value), LEAST_ROOT)])
    _table(folder / "longitudinal.csv", ["id", "time", "value"], visits)
    _table(folder / "events.csv", ["id", "entry", "time", "event", *covariates], ends)
    print(f"{name}: {len(ends)} people, {len(visits)} values, {sum(end[3] for end in ends)} events")


def _table(path: Path, header: list[str], rows: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    for cohort in COHORTS:
        write(cohort, Path(sys.argv[1]) / cohort)
