"""`openpoems dynamics evaluate | compare | simulate`: judge models on anyone's data, and make simulated people."""

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from openpoems.cli.dynamics_fit import Years, cohort_of_files, covariate_names, limits_of, stop
from openpoems.errors import OpenpoemsError

if TYPE_CHECKING:
    from openpoems.dynamics.data import Cohort
    from openpoems.dynamics.evaluate import Plan, Predictions

MODELS = ("kjm", "landmark", "locf", "tvcox", "rule")
FILE = click.Path(path_type=Path)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options of evaluate and compare say."""

    longitudinal: Path | None
    events: Path | None
    treatments: Path | None
    covariates: tuple[str, ...]
    landmark: tuple[float, ...]
    horizon: float
    folds: int
    seed: int
    limit: tuple[str, ...]

    def limits(self) -> dict[str, float]:
        """The upper limit per assay. Raises a usage error for one that is not NAME=VALUE."""
        return limits_of(self.limit)

    def names(self) -> tuple[str, ...]:
        """The names of the covariates."""
        return covariate_names(self.covariates)


def _options(command: Callable[..., None]) -> Callable[..., None]:
    options = [
        click.option("--longitudinal", type=FILE, help="CSV: id,time,value[,assay,comparator,lod]."),
        click.option("--events", type=FILE, help="CSV: id,entry,time,event and covariates."),
        click.option("--treatments", type=FILE, help="CSV: id,time,treatment."),
        click.option("--covariates", multiple=True, help="Columns of --events to use, separated by commas."),
        click.option(
            "--landmark", type=Years(), multiple=True, help="Years; may be given again. Default: from the events."
        ),
        click.option(
            "--horizon",
            type=Years(more_than_none=True),
            default=2.0,
            show_default=True,
            help="Years after the landmark.",
        ),
        click.option("--folds", type=int, default=5, show_default=True, help="Folds of the cross-validation."),
        click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the chances."),
        click.option("--limit", multiple=True, metavar="ASSAY=VALUE", help="Upper limit of normal, for the rule."),
        click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command("evaluate", short_help="Judge one model by cross-validation.")
@click.option("--model", type=click.Choice(MODELS), default="kjm", show_default=True)
@_options
def evaluate(model: str, form: str, **asked: Any) -> None:
    """Fit a model on all folds but one, predict that one, and say how good the risks are.

    Time-dependent AUC, Brier and integrated Brier score (with censoring weights), calibration slope and
    observed/expected, the decision curve, and the alarms at the thresholds of the decision curve.
    """
    from openpoems.dynamics.alarms import alarm_report
    from openpoems.dynamics.evaluate import THRESHOLDS
    from openpoems.dynamics.wording import alarms_text, decision_text, scores_text

    predictions = _predictions(Asked(**asked), (model,))
    alarms = [(model, alarm_report(predictions.watches[model], threshold)) for threshold in THRESHOLDS]
    if form == "json":
        _print(_scores(predictions) | {"alarms": [asdict(report) for _, report in alarms]})
        return
    click.echo(scores_text(predictions))
    click.echo("Decision curve: net benefit per 100 people of acting at a risk at or above the threshold.\n")
    click.echo(decision_text(predictions))
    click.echo("Alarms by the risk within 18 months: false when no event comes within them.\n")
    click.echo(alarms_text(alarms), nl=False)


@click.command("compare", short_help="All models side by side on the same people.")
@click.option("--models", default=",".join(MODELS), show_default=True, help="Which, separated by commas.")
@click.option("--replicates", type=click.IntRange(min=0), default=500, show_default=True, help="Of the bootstrap.")
@click.option("--simulated", type=click.IntRange(min=1), help="Fit on so many simulated people instead of files.")
@click.option(
    "--test", type=click.IntRange(min=1), default=1200, show_default=True, help="Simulated people to judge on."
)
@_options
def compare(models: str, replicates: int, simulated: int | None, test: int, form: str, **asked: Any) -> None:
    """Compare models on the people of the files by cross-validation, or on simulated people beside the oracle.

    The first model is the reference; the intervals are 95 % bootstrap intervals of people, paired between models.
    """
    from openpoems.dynamics.compare import RULE, ringing, standings
    from openpoems.dynamics.wording import ringing_text, scores_text, standings_text, trial_text

    names, options = _named(models), Asked(**asked)
    trial = _trial(options, names, simulated, test) if simulated else None
    predictions = trial.predictions if trial else _predictions(options, names)
    found = standings(predictions, names[0], replicates=replicates, seed=options.seed)
    rings = ringing(predictions) if RULE in names else []
    if form == "json":
        near = (
            {"nearness": [asdict(one) for one in trial.nearness], "oracle_error": trial.oracle_error} if trial else {}
        )
        told = {"standings": [asdict(one) for one in found], "ringing": [asdict(one) for one in rings]}
        _print(_scores(predictions) | told | near)
        return
    click.echo(f"{trial_text(trial)}\n" if trial else "", nl=False)
    click.echo(scores_text(predictions))
    click.echo("Means over the landmarks, with 95 % paired bootstrap intervals.\n")
    click.echo(standings_text(found, names[0]))
    if rings:
        click.echo("Alarms at the sensitivity of the rule (rise of 100 % and above the limit, twice).\n")
        click.echo(ringing_text(rings), nl=False)


@click.command("simulate", short_help="Make simulated people with a known truth.")
@click.option("--patients", type=click.IntRange(min=1), required=True, help="How many.")
@click.option("--seed", type=click.IntRange(min=0), required=True, help="The same seed makes the same people.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write.")
@click.option(
    "--oracle", type=Years(), multiple=True, help="A landmark (years) at which to write the oracle's risk too."
)
@click.option(
    "--horizon", type=Years(more_than_none=True), default=1.0, show_default=True, help="Of the oracle's risk, in years."
)
def simulate(patients: int, seed: int, out: Path, oracle: tuple[float, ...], horizon: float) -> None:
    """Write longitudinal.csv, events.csv, treatments.csv and truth.csv of simulated people into a folder.

    They are made from published figures, not from patients; see docs/explanation/dynamics-simulator.md. The file
    truth.csv holds what nobody would see: the hidden onset of the relapse (years) and the true relapse time.
    """
    from openpoems.dynamics.simulate import simulate as draw
    from openpoems.dynamics.simulated_files import write_oracle, write_truth
    from openpoems.dynamics.tables import write_cohort

    made = draw(patients, seed)
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_cohort(made.cohort, out)
        write_truth(made, out / "truth.csv")
        for landmark in oracle:
            write_oracle(made.cohort, out / f"oracle-{landmark:g}.csv", landmark, horizon)
    except (OSError, ValueError) as problem:
        stop(problem)
    events = sum(course.event for course in made.cohort.courses)
    click.echo(f"{patients} simulated people, {events} relapses: {out}")


def _named(models: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in models.split(",") if name.strip()))
    wrong = [name for name in names if name not in MODELS]
    if wrong or not names:
        raise click.UsageError(f"--models takes any of {', '.join(MODELS)}")
    return names


def _predictions(asked: Asked, names: tuple[str, ...]) -> "Predictions":
    from openpoems.dynamics.compare import fitters
    from openpoems.dynamics.evaluate import cross_validate

    limits = asked.limits()
    try:
        cohort = _cohort(asked)
        return cross_validate(cohort, fitters(limits, names), _plan(asked, cohort))
    except OpenpoemsError as problem:
        stop(problem)


def _trial(asked: Asked, names: tuple[str, ...], train: int, test: int) -> Any:
    from openpoems.dynamics.compare import fitters
    from openpoems.dynamics.evaluate import Plan
    from openpoems.dynamics.trial import run_trial
    from openpoems.dynamics.truth import poems_truth

    limits = poems_truth().limits() | asked.limits()
    plan = Plan(asked.landmark or (1.0, 2.0, 3.0, 4.0), asked.horizon, seed=asked.seed)
    try:
        return run_trial(train, test, asked.seed, fitters(limits, names), plan)
    except (OpenpoemsError, ValueError) as problem:
        stop(problem)


def _cohort(asked: Asked) -> "Cohort":
    if asked.longitudinal is None or asked.events is None:
        raise click.UsageError("--longitudinal and --events name the files")
    return cohort_of_files(asked.longitudinal, asked.events, asked.treatments, asked.names())


def _plan(asked: Asked, cohort: "Cohort") -> "Plan":
    from openpoems.dynamics.evaluate import Plan, default_landmarks

    return Plan(asked.landmark or default_landmarks(cohort), asked.horizon, asked.folds, asked.seed)


def _scores(predictions: "Predictions") -> dict[str, Any]:
    plan = predictions.plan
    scores = [
        {"model": name, "landmark": landmark, **asdict(one)}
        for name in predictions.models()
        for landmark, one in zip(plan.landmarks, predictions.scores(name), strict=True)
    ]
    curve = [
        {"model": name, "landmark": landmark, **asdict(point)}
        for name in predictions.models()
        for landmark, point in predictions.decision_curve(name)
    ]
    return {"horizon": plan.horizon, "scores": scores, "decision_curve": curve}


def _print(document: dict[str, Any]) -> None:
    click.echo(json.dumps(_plain(document), indent=2, allow_nan=False))


def _plain(value: Any) -> Any:
    """The same without NaN, which JSON does not know: null in its place."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
