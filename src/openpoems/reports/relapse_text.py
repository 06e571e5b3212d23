"""Relapse as text: what turned on which axis, what the rules ask, and beside them what a model tells."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from openpoems.forecast.relapse import Forecast, if_next, next_values
from openpoems.language import gettext
from openpoems.reports.course_words import KIND, STATE, alarm_label, alarm_name, lasting, result_name, step_when
from openpoems.reports.forecast_words import (
    condition,
    if_next_words,
    left_out_words,
    risk_words,
    series_short,
    why_words,
)
from openpoems.response.alarms import Alarm
from openpoems.response.respond import ResponseAssessment

WIDTH = 110


def relapse_section(course: ResponseAssessment, made: Sequence[Forecast]) -> Iterator[str]:
    """The lines of the section `Relapse`; none where there is no course."""
    if not course.tells:
        return
    yield gettext("Relapse")
    yield from _turned(course)
    yield from alarm_lines(course.alarms)
    yield from model_lines(made)
    yield from sentence_lines(course)


def alarm_lines(alarms: Iterable[Alarm]) -> Iterator[str]:
    """The rules that ask for something now, a line each; those that did before, in one."""
    told = [alarm for alarm in alarms if alarm.raised or alarm.state not in {"off", "cannot-tell"}]
    now = [alarm for alarm in told if alarm.state not in {"off", "cannot-tell"}]
    if told:
        yield "  " + gettext("alarms (a rule asks to look again; it is no diagnosis)")
    for alarm in now:
        raised = "; " + gettext("raised %(when)s") % {"when": _dates(alarm)} if alarm.raised else ""
        why = f", {alarm.why}" if alarm.why else ""
        yield from _wrapped(f"{alarm_name(alarm)}: {STATE[alarm.state]}{why}{raised} [{alarm_label(alarm)}]", "    ")
    before = [f"{alarm_name(each)} {_dates(each)} [{alarm_label(each)}]" for each in told if each not in now]
    if before:
        yield from _wrapped(gettext("raised before, not now: %(names)s") % {"names": "; ".join(before)}, "    ")


def model_lines(made: Sequence[Forecast], *, thinking_on: bool = False) -> Iterator[str]:
    """What the model tells of each series, under its label; with `thinking_on` what the next value would change."""
    if not made:
        return
    yield from _wrapped(gettext("risk of clinical relapse by a model (%(says)s)") % {"says": made[0].says}, "  ")
    for each in made:
        if each.why:
            told = {"series": series_short(each.series), "why": why_words(each)}
            yield from _wrapped(gettext("%(series)s: cannot tell: %(why)s") % told, "    ")
            continue
        yield from _wrapped(f"{series_short(each.series)}: {risk_words(each)}, {condition(each)}", "    ")
        if each.left_out:
            told = {"values": left_out_words(each)}
            yield from _wrapped(gettext("not given to the model: %(values)s") % told, "      ")
        if thinking_on:
            yield from _wrapped(if_next_words(if_next(each, next_values(each)), each.series), "      ")


def sentence_lines(course: ResponseAssessment, measure: str = "") -> Iterator[str]:
    """What must stand beside the values there are, of all measures or of one."""
    for each in course.reassurances:
        if not measure or each.measure == measure:
            yield from _wrapped(each.says, "  " if not measure else "")


def _turned(course: ResponseAssessment) -> Iterator[str]:
    order = course.order
    if not order.moves:
        judged = [result_name(each) for each in course.results if each.category]
        told = {"names": ", ".join(judged) or gettext("nothing that could be judged")}
        yield from _wrapped(gettext("no relapse or progression by: %(names)s") % told, "  ")
        return
    moved = []
    for number, move in enumerate(order.moves):
        after = ""
        if number and move.days_after_first[1]:
            after = ", " + gettext("%(time)s later") % {"time": lasting(move.days_after_first)}
        moved.append(f"{result_name(move.result)} ({KIND[move.turn.kind]} {step_when(move.turn.step)}{after})")
    yield from _wrapped(gettext("order in which the axes moved: %(moves)s") % {"moves": "; ".join(moved)}, "  ")
    if order.unmoved:
        names = {"names": ", ".join(map(result_name, order.unmoved))}
        yield from _wrapped(gettext("not moved: %(names)s") % names, "      ")
    if order.unseen:
        names = {"names": ", ".join(map(result_name, order.unseen))}
        yield from _wrapped(gettext("not looked at since: %(names)s") % names, "      ")
    for each in course.published_order if order.disagree else ():
        yield from _wrapped(gettext("published: %(says)s") % {"says": each.says}, "      ")


def _dates(alarm: Alarm) -> str:
    return ", ".join(str(point.when) for point in alarm.raised)


def _wrapped(words: str, indent: str = "") -> Iterator[str]:
    yield from textwrap.wrap(words, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
