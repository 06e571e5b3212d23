"""Where a course stands, as JSON: the part `current` of `response` in `assessment.schema.json`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from openpoems.reports.course_words import step_day
from openpoems.response.alarms import Alarm
from openpoems.response.axes import AxisResult
from openpoems.response.current import Current, Seen, Turned
from openpoems.response.series import SeriesKey
from openpoems.response.turns import Step

Json = dict[str, Any]
Numbers = Mapping[SeriesKey, int]


def current_document(now: Current, index: Numbers, alarms: tuple[Alarm, ...]) -> Json:
    """Both answers with what bears them; `index` numbers the series, and `asking` holds numbers of `alarms`."""
    numbers = {id(alarm): number for number, alarm in enumerate(alarms)}
    return {
        "treatments": [bar.name for bar in now.bars],
        "began": [date.fromordinal(day).isoformat() for day in now.began] if now.began else None,
        "working": {"answer": now.working, "as_of": _when(now.latest)},
        "coming_back": {"answer": now.back, "as_of": _when(now.last_turn or now.latest)},
        "everything_seen": now.whole,
        "seen": [_seen(each, index) for each in now.seen],
        "turned": [_turned(each, index) for each in now.turned],
        "asking": [numbers[id(each)] for each in now.asking],
        "cannot_tell": [_named(each, index) | {"why": each.why or None} for each in now.open],
        "not_seen": [_named(each, index) for each in now.unseen],
    }


def _seen(each: Seen, index: Numbers) -> Json:
    """An axis; `definition` is the number of the one that decided among those of its rule."""
    rule, decided = each.result.rule, each.result.definition
    return _named(each.result, index) | {
        "category": each.step.category,
        "direction": each.direction,
        "lost": each.lost,
        "when": _when(each.step),
        "definition": next(number for number, one in enumerate(rule.category) if one is decided),
    }


def _turned(each: Turned, index: Numbers) -> Json:
    turn, later = each.turn, each.later
    return _named(each.result, index) | {
        "kind": turn.kind,
        "when": _when(turn.step),
        "confirmed": _when(turn.confirmed),
        "later": {"category": later.category, "when": _when(later)} if later else None,
    }


def _named(result: AxisResult, index: Numbers) -> Json:
    return {"rule": result.id, "series": index[result.series.key] if result.series else None}


def _when(step: Step | None) -> str | None:
    return step_day(step) if step else None
