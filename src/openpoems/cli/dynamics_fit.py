"""`openpoems dynamics fit`: learn a model from a centre's files, or the one that ships from simulated people."""

import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from openpoems.cli.exits import UNREADABLE
from openpoems.errors import OpenpoemsError, UnreadableInput

if TYPE_CHECKING:
    from openpoems.dynamics.data import Cohort
    from openpoems.dynamics.learned import Learned

FILE = click.Path(path_type=Path)


class Years(click.FloatRange):
    """A time in years, as long as somebody may live."""

    name = "years"

    def __init__(self, *, more_than_none: bool = False) -> None:
        super().__init__(min=0, max=150, min_open=more_than_none)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, or a usage error."""
        years: float = super().convert(value, param, ctx)
        if math.isnan(years):
            self.fail(f"{value!r} is not a number of years", param, ctx)
        return years


# So many errors of the files are shown one by one.
SHOWN = 10


@click.command("fit", short_help="Learn a model from a cohort.")
@click.option("--longitudinal", type=FILE, help="CSV: id,time,value[,assay,comparator,lod].")
@click.option("--events", type=FILE, help="CSV: id,[entry,]time,event and covariates.")
@click.option("--treatments", type=FILE, help="CSV: id,time,treatment.")
@click.option("--covariates", multiple=True, help="Columns of --events to use, separated by commas.")
@click.option("--limit", multiple=True, metavar="ASSAY=VALUE", help="Upper limit of normal; assess needs it.")
@click.option("--simulated", type=click.IntRange(min=1), help="Learn from so many simulated people, not from files.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the simulated people.")
@click.option("--model", type=click.Choice(["kjm", "landmark", "locf", "tvcox"]), default="kjm", show_default=True)
@click.option("--out", type=FILE, required=True, help="The file to write the model to.")
def fit_command(  # noqa: PLR0913, PLR0917 - one argument per option
    longitudinal: Path | None,
    events: Path | None,
    treatments: Path | None,
    covariates: tuple[str, ...],
    limit: tuple[str, ...],
    simulated: int | None,
    seed: int,
    model: str,
    out: Path,
) -> None:
    """Fit a model and write it to a file that `predict`, and `assess --relapse-model`, read.

    The default, kjm, is a joint model of the biomarker and the event; landmark, locf and tvcox are its rivals.
    """
    from openpoems.dynamics.interface import fit
    from openpoems.dynamics.model_file import model_file

    if simulated is None and (longitudinal is None or events is None):
        raise click.UsageError("--longitudinal and --events name the files; or ask for people with --simulated")
    names = covariate_names(covariates)
    limits = limits_of(limit)
    try:
        if simulated is None and longitudinal is not None and events is not None:
            cohort, learned = _from_files(cohort_of_files(longitudinal, events, treatments, names), limits)
        else:
            cohort, learned = _from_simulation(simulated or 0, seed)
        out.write_text(model_file(fit(model, cohort), learned), encoding="utf-8")
    except ImportError as missing:
        raise click.UsageError(f"fitting needs {missing.name}: install openpoems[dynamics]") from missing
    except (OpenpoemsError, OSError) as problem:
        stop(problem)
    click.echo(f"{model}: fitted on {learned.subjects} subjects with {learned.events} events: {out}")


def covariate_names(told: Sequence[str]) -> tuple[str, ...]:
    """The names in what was told, each once. Raises a usage error for one that would give the outcome away."""
    names = tuple(dict.fromkeys(name.strip() for each in told for name in each.split(",") if name.strip()))
    if leaks := [name for name in names if name in {"id", "time", "event"}]:
        raise click.UsageError(f"--covariates takes what was known at the start, not {', '.join(leaks)}")
    return names


def _from_files(cohort: "Cohort", limits: Mapping[str, float]) -> "tuple[Cohort, Learned]":
    from openpoems.dynamics.model_file import learned_from

    return cohort, learned_from(cohort, limits)


def _from_simulation(patients: int, seed: int) -> "tuple[Cohort, Learned]":
    from openpoems.dynamics.simulated_cohort import simulated_cohort

    return simulated_cohort(patients, seed)


def limits_of(limit: Sequence[str]) -> dict[str, float]:
    """The upper limit per assay. Raises a usage error for one that is not NAME=VALUE."""
    try:
        limits = {name: float(value) for name, _, value in (one.rpartition("=") for one in limit)}
    except ValueError:
        limits = {"": 0.0}
    if any(not name or not value > 0 for name, value in limits.items()):
        raise click.UsageError("--limit takes ASSAY=VALUE, as in --limit serum=1000")
    return limits


def cohort_of_files(longitudinal: Path, events: Path, treatments: Path | None, covariates: Sequence[str]) -> "Cohort":
    """The cohort of the files; issues go to standard error. Raises `UnreadableInput` where a row cannot be used."""
    from openpoems.dynamics.tables import read_cohort

    cohort, issues = read_cohort(longitudinal, events, treatments, covariates)
    wrong = [issue for issue in issues if issue.severity == "error"]
    for issue in issues:
        if issue not in wrong[SHOWN:]:
            click.echo(str(issue), err=True)
    if wrong:
        errors = "1 error" if len(wrong) == 1 else f"{len(wrong)} errors"
        first = f", of which the first {SHOWN} are named" if len(wrong) > SHOWN else ", named"
        raise UnreadableInput(f"{errors} in the files{first} above; mend or remove these rows")
    return cohort


def stop(problem: Exception) -> NoReturn:
    """Say what went wrong and end."""
    if isinstance(problem, OSError) and problem.filename and problem.strerror:
        problem = UnreadableInput(f"{problem.filename}: {problem.strerror}")
    click.echo(f"error: {problem}", err=True)
    sys.exit(UNREADABLE)
