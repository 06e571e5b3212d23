"""`openpoems dynamics`: risk from a biomarker over time, on anyone's data and any positive biomarker."""

import csv
import math
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openpoems.cli.dynamics_fit import FILE, Years, cohort_of_files, fit_command, stop
from openpoems.cli.dynamics_judge import compare, evaluate, simulate
from openpoems.errors import OpenpoemsError, UnreadableInput

if TYPE_CHECKING:
    from openpoems.dynamics.interface import Risk


@click.group("dynamics", short_help="Risk from a biomarker over time: fit, predict, evaluate, simulate.")
def command() -> None:
    """Fit and judge models that tell the risk of an event from a biomarker measured over time.

    Tables are CSV with a header, times in years, values positive and in one unit.
    """


command.add_command(fit_command)
command.add_command(evaluate)
command.add_command(compare)
command.add_command(simulate)


@command.command("predict", short_help="The risk of everybody at risk at a landmark.")
@click.option("--model", type=FILE, required=True, help="A file that fit wrote.")
@click.option("--longitudinal", type=FILE, required=True, help="As for fit; only values up to the landmark are used.")
@click.option("--events", type=FILE, required=True, help="As for fit: says who is at risk at the landmark.")
@click.option("--treatments", type=FILE, help="As for fit.")
@click.option("--landmark", type=Years(), required=True, help="From when on, in years.")
@click.option("--horizon", type=Years(more_than_none=True), required=True, help="How far, in years.")
@click.option("--out", type=FILE, required=True, help="The CSV file to write: id,risk,lower,upper.")
def predict_command(  # noqa: PLR0913, PLR0917 - one argument per option
    model: Path, longitudinal: Path, events: Path, treatments: Path | None, landmark: float, horizon: float, out: Path
) -> None:
    """Write the risk of the event within the horizon, with a 90 % band, one row per subject at risk at the landmark.

    Where the model cannot tell, the cells are empty, and the reason is said on standard error.
    """
    from openpoems.dynamics.interface import load_model, wanted_covariates
    from openpoems.dynamics.learned import beyond

    try:
        text = _text(model)
        fitted = load_model(text)
        cohort = cohort_of_files(longitudinal, events, treatments, wanted_covariates(text))
        found = fitted.risk(cohort, landmark, horizon)
        _write(found, out)
    except (OpenpoemsError, OSError) as problem:
        stop(problem)
    for warning in beyond(text, cohort, landmark + horizon):
        click.echo(f"warning: {warning}", err=True)
    for reason, subjects in Counter(filter(None, found.reasons)).items():
        click.echo(f"cannot tell for {people(subjects)}: {reason.removeprefix('cannot tell: ')}", err=True)
    click.echo(f"{people(len(found.ids))} at risk at {landmark:g} years: {out}")


def people(subjects: int) -> str:
    """So many subjects, in the singular where it is one."""
    return "1 subject" if subjects == 1 else f"{subjects} subjects"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UnreadableInput(f"{path}: not a text file in UTF-8") from None


def _write(found: "Risk", path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id", "risk", "lower", "upper"))
        for id, *numbers in zip(found.ids, found.risk, found.lower, found.upper, strict=True):
            writer.writerow((id, *("" if math.isnan(number) else f"{number:.10g}" for number in numbers)))
