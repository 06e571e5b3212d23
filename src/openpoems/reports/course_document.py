"""The course of a person as JSON: the part `response` of `assessment.schema.json`."""

from datetime import date
from typing import Any

import msgspec

from openpoems.findings.evidence import result_text
from openpoems.knowledge.model import Citation
from openpoems.knowledge.response import ResponseCategory, ResponseRule
from openpoems.language import told_once
from openpoems.reports.course_words import (
    ABOVE,
    days_written,
    fact_source,
    series_name,
    statement_words,
    step_day,
)
from openpoems.reports.current_document import current_document
from openpoems.response.alarms import Alarm
from openpoems.response.amounts import Fold
from openpoems.response.axes import AxisResult
from openpoems.response.lines import Line
from openpoems.response.order import Order
from openpoems.response.respond import Panel, ResponseAssessment
from openpoems.response.series import Baseline, Point, Series, SeriesKey, fold_to_limit, folds
from openpoems.response.turns import Step, Turn

Json = dict[str, Any]


def course_document(course: ResponseAssessment) -> Json:
    """The course as values for `msgspec.json.encode`."""
    index = {panel.series.key: number for number, panel in enumerate(course.panels)}
    return {
        "unverified_definitions_applied": course.unverified,
        "first_treatment": {"when": _days(course.start.days), "why": course.start.why or None},
        "treatments": [
            {
                "name": bar.name,
                "start": _days(bar.start),
                "end": _days(bar.end),
                "known": bar.known,
                "counts": bar.counts,
                "doubt": bar.doubt or None,
                "path": bar.path or None,
            }
            for bar in course.bars
        ],
        "series": [panel_document(panel) for panel in course.panels],
        "axes": [_axis(each, index) for each in course.results],
        "lines": [_line(each, index) for each in course.lines],
        "alarms": [_alarm(each, index) for each in course.alarms],
        "current": current_document(course.current, index, course.alarms),
        "order": _order(course.order, index),
        "sentences": [{"says": each.says, "source": _cite(each.cite)} for each in course.reassurances],
        "published_order": [{"says": each.says, "source": _cite(each.cite)} for each in course.published_order],
    }


def encode_course(course: ResponseAssessment, patient: str, more: Json) -> bytes:
    """The course alone with `more` parts, as indented UTF-8 JSON."""
    made = {"patient": patient, "as_of": course.as_of.isoformat(), "response": course_document(course)}
    return msgspec.json.format(msgspec.json.encode(made | more), indent=2)


def panel_document(panel: Panel) -> Json:
    """One series with its baseline, its nadir and its points."""
    series = panel.series
    return {
        "measure": series.key.measure,
        "name": series_name(series),
        "specimen": series.key.specimen,
        "assay": series.key.assay,
        "laboratory": series.key.laboratory,
        "unit": series.unit,
        "better": panel.better,
        "baseline": _value(panel.baseline.point, series),
        "baseline_why": panel.baseline.why or None,
        "nadir": _value(panel.nadir, series),
        "points": [_point(point, panel) for point in series.points],
        "left_out": [
            {
                "when": str(fact.on) if fact.on else None,
                "value": result_text(fact),
                "why": why,
                "path": fact.path or None,
            }
            for fact, why in series.left_out
        ],
    }


def _point(point: Point, panel: Panel) -> Json:
    made = _value(point, panel.series)
    assert made is not None  # noqa: S101 - a point has a value
    return made | {
        "limit": None if point.limit is None else float(point.limit),
        "against_limit": ABOVE[point.above],
        "times_baseline": _fold(folds(point, panel.baseline.point)),
        "times_nadir": _fold(folds(point, panel.nadir)),
        "times_limit": _fold(fold_to_limit(point)),
        "confounders": [
            {
                "confounder": mark.id,
                "name": mark.confounder.name,
                "bearing": mark.confounder.bearing,
                "because": mark.because,
                "when": str(mark.when) if mark.when else None,
                "says": mark.confounder.says,
                "window": mark.confounder.window,
                "source": _cite(mark.confounder.cite),
            }
            for mark in point.marks
        ],
        "source": fact_source(point.fact),
        "path": point.fact.path or None,
    }


def _value(point: Point | None, series: Series) -> Json | None:
    if point is None:
        return None
    high = point.amount.high
    return {
        "when": str(point.when),
        "days": _days(point.days),
        "low": float(point.amount.low),
        "high": None if high is None else float(high),
        "unit": series.unit,
        "reported": result_text(point.fact),
    }


def _fold(fold: Fold | None) -> list[float | None] | None:
    return None if fold is None else [fold.low, fold.high]


@told_once(maxsize=1000)
def _definitions(rule: ResponseRule) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode([_definition(each) for each in rule.category]))


@told_once(maxsize=1000)
def _nothing(id: str, rule: ResponseRule, baseline_why: str, why: str) -> msgspec.Raw:
    """What is said of a rule on which a record holds nothing: the same for everybody."""
    empty = AxisResult(id, rule, None, Baseline(None, baseline_why), None, (), None, why, None, (), None, (), (), ())
    return msgspec.Raw(msgspec.json.encode(_told(empty, {})))


def _axis(result: AxisResult, index: dict[SeriesKey, int]) -> Json | msgspec.Raw:
    if not result.has_data:
        return _nothing(result.id, result.rule, result.baseline.why, result.why)
    return _told(result, index)


def _told(result: AxisResult, index: dict[SeriesKey, int]) -> Json:
    series, current = result.series, result.current
    return {
        "rule": result.id,
        "axis": result.rule.axis,
        "name": result.rule.name,
        "series": index[series.key] if series else None,
        "evaluable": result.category is not None,
        "category": result.category,
        "why": result.why or None,
        "undecided": list(result.undecided),
        "when": step_day(current) if current else None,
        "value": _value(current.moment.point, series) if current and series else None,
        "baseline": _value(result.baseline.point, series) if series else None,
        "definition": _definition(result.definition) if result.definition else None,
        "definitions": _definitions(result.rule),
        "best": {"category": result.best.category, "when": step_day(result.best)} if result.best else None,
        "history": [
            {"when": step_day(each), "category": each.category, "why": each.why or None} for each in result.steps
        ],
        "turns": [_turn(turn, series) for turn in result.turns],
        "remarks": [{"says": says, "source": _cite(cite) if cite else None} for says, cite in result.remarks],
        "evidence": [
            {"says": statement_words(s), "source": fact_source(s.fact), "path": s.fact.path or None}
            for s in result.evidence
        ],
        "note": result.rule.note or None,
    }


def _line(line: Line, index: dict[SeriesKey, int]) -> Json:
    return {
        "treatments": [bar.name for bar in line.bars],
        "start": _days(line.start),
        "until": _days(line.until),
        "results": [_in_line(each, index) for each in line.results],
    }


def _in_line(result: AxisResult, index: dict[SeriesKey, int]) -> Json:
    series, current = result.series, result.steps[-1]
    return {
        "rule": result.id,
        "series": index[series.key] if series else None,
        "baseline": _value(result.baseline.point, series) if series else None,
        "baseline_why": result.baseline.why or None,
        "best": {"category": result.best.category, "when": step_day(result.best)} if result.best else None,
        "last": {"category": current.category, "when": step_day(current)},
        "why": result.why or None,
        "turns": [_turn(turn, series) for turn in result.turns],
    }


def _definition(category: ResponseCategory) -> Json:
    return {"category": category.name, "says": category.says, "source": _cite(category.cite)}


def _turn(turn: Turn, series: Series | None) -> Json:
    return {
        "kind": turn.kind,
        "when": step_day(turn.step),
        "value": _value(turn.step.moment.point, series) if series else None,
        "against": _value(turn.against, series) if series else None,
        "says": turn.says,
        "source": _cite(turn.cite),
        "days_since_treatment_began": list(turn.since_start),
        "days_since_best": list(turn.since_best) if turn.since_best else None,
        "confirmed": step_day(turn.confirmed) if turn.confirmed else None,
    }


def _alarm(alarm: Alarm, index: dict[SeriesKey, int]) -> Json:
    return {
        "alarm": alarm.id,
        "name": alarm.rule.name,
        "kind": alarm.rule.kind,
        "says": alarm.rule.says,
        "source": _cite(alarm.rule.cite),
        "series": index[alarm.series.key],
        "state": alarm.state,
        "why": alarm.why or None,
        "raised": [str(point.when) for point in alarm.raised],
        "fitting": [str(point.when) for point in alarm.seen],
        "against": _value(alarm.against, alarm.series),
    }


def _order(order: Order, index: dict[SeriesKey, int]) -> Json:
    def named(result: AxisResult) -> Json:
        return {"rule": result.id, "series": index[result.series.key] if result.series else None}

    return {
        "disagree": order.disagree,
        "moves": [
            named(move.result)
            | {
                "kind": move.turn.kind,
                "when": _step_day(move.turn.step),
                "days_after_first": list(move.days_after_first),
                "together_with_previous": move.together_with_previous,
            }
            for move in order.moves
        ],
        "not_moved": [named(each) for each in order.unmoved],
        "not_seen_since": [named(each) for each in order.unseen],
    }


def _step_day(step: Step) -> str:
    return days_written(step.moment.days)


def _days(days: tuple[int, int] | None) -> list[str] | None:
    if days is None:
        return None
    first = date.fromordinal(days[0]).isoformat()
    return [first, first if days[0] == days[1] else date.fromordinal(days[1]).isoformat()]


def _cite(citation: Citation) -> Json:
    return {"ref": citation.ref, "where": citation.where, "verified": citation.verified}
