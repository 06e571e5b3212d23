"""What an evaluation says to a person: plain tables that a terminal and a page show alike."""

import math
from collections.abc import Iterable, Sequence

from openpoems.dynamics.alarms import AlarmReport
from openpoems.dynamics.compare import RULE, Mean, Ringing, Standing
from openpoems.dynamics.evaluate import Predictions
from openpoems.dynamics.trial import Trial

UNTOLD = "–"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, its columns padded to one width, the first to the left and the others to the right."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(3, *(len(line[k]) for line in lines)) for k in range(len(header))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    padded = [
        [
            cell.ljust(width) if k == 0 else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        for line in (lines[0], rule, *lines[1:])
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in padded) + "\n"


def number(value: float, digits: int = 3) -> str:
    """A number with so many decimals, a dash where there is none."""
    return UNTOLD if math.isnan(value) else f"{value:.{digits}f}"


def with_interval(mean: Mean, digits: int = 3) -> str:
    """A number and its interval."""
    return f"{number(mean.value, digits)} [{number(mean.lower, digits)}, {number(mean.upper, digits)}]"


def scores_text(predictions: Predictions) -> str:
    """The measures of every model at every landmark, and the people behind them."""
    horizon = predictions.plan.horizon
    rows = []
    for model in predictions.models():
        for at, one in zip(predictions.landmarks, predictions.scores(model), strict=True):
            rows.append(
                [
                    model,
                    f"{at.landmark:g}",
                    str(one.people),
                    str(one.events),
                    number(one.auc),
                    number(one.brier, 4),
                    number(one.integrated_brier, 4),
                    number(one.slope, 2),
                    number(one.observed_to_expected, 2),
                ]
            )
    header = ["model", "landmark", "people", "events", "AUC", "Brier", "integrated", "slope", "observed/expected"]
    untold = sum(at.untold for at in predictions.landmarks)
    left_out = f"{untold} left out because a model could not tell their risk.\n" if untold else ""
    title = f"Risk within {horizon:g} years of each landmark (years), people not fitted on."
    return f"{title}\n\n{table(header, rows)}{left_out}"


def alarms_text(reports: Iterable[tuple[str, AlarmReport]]) -> str:
    """The alarms of models: at what threshold, how many for nothing, how many events announced and how long before."""
    rows = [
        [
            name,
            number(report.threshold, 2),
            number(report.false_per_year, 4),
            number(report.sensitivity, 2),
            number(report.lead_months, 1),
            number(report.predictive_value, 2),
            str(report.episodes),
        ]
        for name, report in reports
    ]
    return table(["model", "threshold", "false/person-year", "sensitivity", "lead (months)", "PPV", "alarms"], rows)


def decision_text(predictions: Predictions) -> str:
    """The decision curve: net benefit per 100 people of acting on each model, beside acting on everybody."""
    curves = {name: predictions.decision_curve(name) for name in predictions.models()}
    first = next(iter(curves.values()))
    rows = [
        [
            f"{landmark:g}",
            f"{point.threshold:g}",
            *(number(100 * curve[k][1].model, 2) for curve in curves.values()),
            number(100 * point.everybody, 2),
        ]
        for k, (landmark, point) in enumerate(first)
    ]
    return table(["landmark", "threshold", *curves, "everybody"], rows)


def standings_text(standings: Sequence[Standing], reference: str) -> str:
    """Every model beside the reference, with the paired bootstrap intervals."""
    rows = [
        [
            one.model,
            with_interval(one.auc),
            with_interval(one.brier, 4),
            UNTOLD if one.model == reference else with_interval(one.auc_difference),
            UNTOLD if one.model == reference else with_interval(one.brier_difference, 4),
        ]
        for one in standings
    ]
    return table(["model", "mean AUC", "mean Brier", f"AUC minus {reference}", f"Brier minus {reference}"], rows)


def ringing_text(ringings: Sequence[Ringing]) -> str:
    """The alarms of every model at the sensitivity of the rule, with the share of the rule's false alarms."""
    lines = alarms_text((one.model, one.report) for one in ringings)
    if not any(one.report.sensitivity > 0 and one.false_share == 1 for one in ringings if one.model == RULE):
        return f"{lines}\nThe rule announced no event or gave no false alarm, so that there is no share to tell.\n"
    shares = ", ".join(f"{one.model} {number(100 * one.false_share, 0)} %" for one in ringings)
    return f"{lines}\nFalse alarms, of those of the rule: {shares}.\n"


def trial_text(trial: Trial) -> str:
    """How near each model comes to the oracle on simulated people."""
    rows = [
        [one.model, number(one.auc), number(one.brier, 4), number(one.rmse), number(100 * one.covered, 0)]
        for one in trial.nearness
    ]
    told = (
        f"Fitted on {trial.train} simulated people, judged on {trial.test} others; risk within {trial.plan.horizon:g} "
    )
    noise = f"years of landmarks {', '.join(f'{s:g}' for s in trial.plan.landmarks)}. The oracle's own error is "
    header = ["model", "AUC", "Brier", "RMSE to oracle", "90 % band covers (%)"]
    return f"{told}{noise}{trial.oracle_error:.3f}.\n\n{table(header, rows)}"
