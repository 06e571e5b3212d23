"""Relapse as JSON: the parts `relapse` and `dynamics` of `assessment.schema.json`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from openpoems.dynamics.learned import RiskAt
from openpoems.findings.evidence import result_text
from openpoems.forecast.relapse import Forecast, IfNext, if_next, last_two, next_values
from openpoems.reports.course_words import step_day
from openpoems.response.respond import ResponseAssessment
from openpoems.response.series import SeriesKey

Json = dict[str, Any]
# A risk is told to so many decimals: what lies beyond is the arithmetic's.
DECIMALS = 6


def relapse_parts(course: ResponseAssessment, made: Sequence[Forecast]) -> Json:
    """The parts `relapse` and `dynamics`."""
    index = {panel.series.key: number for number, panel in enumerate(course.panels)}
    return {"relapse": relapse_document(course, index), "dynamics": dynamics_document(made, index)}


def relapse_document(course: ResponseAssessment, index: Mapping[SeriesKey, int]) -> Json:
    """What turned on which axis in order of time, and the rules that ask to look again."""
    turned = [(turn, result) for result in course.results for turn in result.turns]
    still = {id(turn) for turn, _ in course.standing}
    asking = [alarm for alarm in course.alarms if alarm.state not in {"off", "cannot-tell"}]
    return {
        "turns": [
            {
                "rule": result.id,
                "axis": result.rule.axis,
                "series": index[result.series.key] if result.series else None,
                "kind": turn.kind,
                "when": step_day(turn.step),
                "confirmed": step_day(turn.confirmed) if turn.confirmed else None,
                "stands": id(turn) in still,
            }
            for turn, result in sorted(turned, key=lambda each: (each[0].step.moment.days, each[1].id))
        ],
        "alarms": [{"alarm": each.id, "series": index[each.series.key], "state": each.state} for each in asking],
        "sentences": [each.says for each in course.reassurances],
    }


def dynamics_document(made: Sequence[Forecast], index: Mapping[SeriesKey, int]) -> Json | None:
    """What a model tells of each series; None where there is no series of its measure."""
    if not made:
        return None
    learned = made[0].model.learned
    return {
        "says": made[0].says,
        "model": {
            "simulated": learned.simulation is not None,
            "subjects": learned.subjects,
            "values": learned.values,
            "events": learned.events,
        },
        "series": [_series(each, index) for each in made],
    }


def _series(made: Forecast, index: Mapping[SeriesKey, int]) -> Json:
    return {
        "series": index[made.series.key],
        "from": made.as_of.isoformat(),
        "years_since_treatment_began": round(made.asked.landmark, 3) if made.asked else None,
        "risk": [_risk(at) for at in made.told] or None,
        "curve": [_risk(at) for at in made.curve] or None,
        "at_last_values": [{"when": str(point.when)} | _risk(at) for point, at in last_two(made)],
        "cannot_tell": list(made.why),
        "if_next": [_supposed(each) for each in if_next(made, next_values(made))] or None,
        "left_out": [
            {"when": str(point.when) if point.when else None, "value": result_text(point.fact), "why": why}
            for point, why in made.left_out
        ],
    }


def _supposed(each: IfNext) -> Json:
    return {
        "on": each.on.isoformat(),
        "value": each.value,
        "times_limit": each.times_limit,
        "risk": [_risk(at) for at in each.told] or None,
    }


def _risk(at: RiskAt) -> Json:
    return {name: round(number, DECIMALS) for name, number in asdict(at).items()}
