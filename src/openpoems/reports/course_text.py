"""The course of a person as text: the section of an assessment, and one panel per series with a small chart."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from openpoems import __version__
from openpoems.forecast.relapse import Forecast
from openpoems.knowledge.store import Knowledge
from openpoems.reports.course_words import (
    ONLY_CHECKED,
    amount,
    bar_words,
    compared_words,
    dated_amount,
    in_line_words,
    line_name,
    mark_words,
    result_name,
    series_name,
    statement_words,
    step_when,
    times,
    turn_words,
    unit,
    unread_words,
)
from openpoems.reports.current_text import current_lines
from openpoems.reports.relapse_text import alarm_lines, model_lines, sentence_lines
from openpoems.reports.scale import Scale, height, middle, scale_of
from openpoems.reports.wording import CHECKED, CHECKED_BRIEFLY, DISCLAIMER
from openpoems.response.axes import AxisResult
from openpoems.response.respond import Panel, ResponseAssessment
from openpoems.response.series import Point, fold_to_limit, folds
from openpoems.response.treatments import Bar

WIDTH = 110
CHART_COLUMNS, CHART_ROWS, LABEL_COLUMNS = 92, 12, 9


def course_section(course: ResponseAssessment) -> Iterator[str]:
    """The lines of the section `Response`; none where there is no course."""
    if not course.tells:
        return
    began = f"treatment began {_began(course)}" if course.start.days else course.start.why
    yield f"Response ({began})"
    if not course.unverified:
        yield from _wrapped(ONLY_CHECKED, "  ")
    yield from current_lines(course.current)
    for bar in course.unread:
        yield from _wrapped(f"! {unread_words(bar)}", "  ")
    if course.beside:
        yield from _wrapped(f"given too, no treatment of the disease: {', '.join(map(bar_words, course.beside))}", "  ")
    for each in course.results:
        if each.has_data:
            yield from _result(each)
    nothing = [each.rule.name for each in course.results if not each.has_data]
    if nothing:
        yield from _wrapped(f"nothing in the record on: {', '.join(nothing)}", "  ")
    yield from _lines(course)


def panels_text(
    course: ResponseAssessment, patient: str, measure: str, knowledge: Knowledge, made: Sequence[Forecast] = ()
) -> str:
    """The series of one measure, each in a panel of its own with the forecast made of it, ending in a line feed."""
    chosen = [panel for panel in course.panels if panel.series.key.measure == measure]
    parts = [[f"{patient}   as of {course.as_of}   openpoems {__version__}"]]
    parts += [] if course.unverified else [[ONLY_CHECKED]]
    parts += [list(_panel(panel, course, made)) for panel in chosen]
    if not chosen:
        parts.append([f"There is no value of {knowledge.measures[measure].name} in the record."])
    if len(chosen) > 1:
        parts.append(list(_wrapped("Series are never joined nor converted into each other: compare only within one.")))
    parts += [list(sentence_lines(course, measure)), list(_wrapped(DISCLAIMER))]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _began(course: ResponseAssessment) -> str:
    first = [bar for bar in course.bars if bar.counts and bar.start]
    return f"{first[0].when}, {first[0].name}" if first else ""


def _result(result: AxisResult) -> Iterator[str]:
    current, series = result.current, result.series
    said = result.category or "not evaluable"
    when = f" on {step_when(current)}" if current else ""
    best = f"; best {result.best.category} on {step_when(result.best)}" if result.best else ""
    yield from _wrapped(f"{result_name(result)}: {said}{when}{best}", "  ")
    if result.category is None or result.undecided:
        left = f"open: {', '.join(result.undecided)}; " if result.undecided else ""
        yield from _wrapped(f"{left}{result.why}", "      ")
    if series and current and current.moment.point:
        yield from _wrapped(compared_words(result, current.moment.point), "      ")
    for fact, why in series.left_out if series else ():
        yield from _wrapped(f"left out, {fact.on or 'without a date'}: {why}", "      ")
    if result.definition:
        checked = CHECKED[result.definition.cite.verified]
        yield from _wrapped(f"by definition: {result.definition.says} [{checked}]", "      ")
    if result.evidence:
        yield from _wrapped("; ".join(map(statement_words, result.evidence)), "      ")
    for turn in result.turns:
        yield from _wrapped(f"! {turn_words(turn)} ({turn.says}{_checked(turn.cite.verified)})", "      ")
    for says, _ in result.remarks:
        yield from _wrapped(says, "      ")


def _lines(course: ResponseAssessment) -> Iterator[str]:
    """Each treatment by itself, a line per axis."""
    if course.lines:
        yield "  since each treatment, up to the next one"
    for line in course.lines:
        yield from _wrapped(line_name(line), "    ")
        for each in line.results:
            yield from _wrapped(f"{result_name(each)}: {in_line_words(each)}", "      ")
        if not line.results:
            yield "      nothing was seen in that time"


def _checked(verified: str) -> str:
    brief = {str(level): words for level, words in CHECKED_BRIEFLY.items()}[verified]
    return f", {brief}" if brief else ""


def _panel(panel: Panel, course: ResponseAssessment, made: Sequence[Forecast]) -> Iterator[str]:
    series = panel.series
    limit = f"; upper limit {float(series.limit):g} {unit(series)}".rstrip() if series.limit is not None else ""
    yield f"{series_name(series)}{limit}"
    first = panel.baseline.point
    yield from _wrapped(
        f"baseline {dated_amount(first, series)}" if first else f"no baseline: {panel.baseline.why}", "  "
    )
    if panel.nadir:
        word = "nadir" if panel.better == "lower" else "best value"
        yield from _wrapped(f"{word} {dated_amount(panel.nadir, series)}", "  ")
    scale = scale_of(panel, course.bars)
    if scale:
        yield from _chart(panel, course.bars, scale)
    yield from _table(panel)
    for fact, why in series.left_out:
        yield from _wrapped(f"left out, {fact.on or 'without a date'}: {why}", "  ")
    yield from alarm_lines(alarm for alarm in course.alarms if alarm.series.key == series.key)
    yield from model_lines([each for each in made if each.series.key == series.key], thinking_on=True)


def _chart(panel: Panel, bars: Iterable[Bar], scale: Scale) -> Iterator[str]:
    grid = [[" "] * CHART_COLUMNS for _ in range(CHART_ROWS)]
    if panel.series.limit is not None:
        row = _row(float(panel.series.limit), scale)
        grid[row] = ["┄"] * CHART_COLUMNS
    for point in panel.series.points:
        grid[_row(height(point), scale)][_column(middle(point.days), scale)] = _mark(point, panel)
    labels = {_row(tick, scale): f"{tick:g}" for tick in scale.value_ticks()}
    for number, cells in enumerate(grid):
        yield f"{labels.get(number, ''):>{LABEL_COLUMNS - 1}} ┤{''.join(cells)}".rstrip()
    axis, years = ["─"] * CHART_COLUMNS, [" "] * (CHART_COLUMNS + 8)
    for day, words in scale.time_ticks():
        column = _column(day, scale)
        axis[column] = "┬"
        years[column : column + len(words)] = words
    yield f"{'':>{LABEL_COLUMNS - 1}} └{''.join(axis)}"
    yield f"{'':>{LABEL_COLUMNS + 1}}{''.join(years)}".rstrip()
    yield from _bars(bars, scale)
    yield from _wrapped(
        "● value  ▽ below detection  △ above range  N nadir  B best  ! something else moves it  ┄ upper limit", "  "
    )


def _bars(bars: Iterable[Bar], scale: Scale) -> Iterator[str]:
    for bar in bars:
        if bar.start is None or bar.start[0] > scale.last or (bar.end and bar.end[1] < scale.first):
            continue
        begin = _column(middle(bar.start), scale)
        end = _column(middle(bar.end), scale) if bar.end else CHART_COLUMNS - 1
        line = " " * begin + "█" * (end - begin + 1)
        told = f"{bar.name} ({bar.when}{'' if bar.end else ', no end known'})"
        room = begin - 1 if end + len(told) + 2 > CHART_COLUMNS + 8 else 0
        if room > len(told):
            line = told.rjust(begin - 1) + " " + "█" * (end - begin + 1)
            yield f"{'':>{LABEL_COLUMNS + 1}}{line}"
        else:
            yield f"{'':>{LABEL_COLUMNS + 1}}{line} {told}"


def _row(value: float, scale: Scale) -> int:
    return round((1 - scale.y(value)) * (CHART_ROWS - 1))


def _column(day: float, scale: Scale) -> int:
    return round(scale.x(day) * (CHART_COLUMNS - 1))


def _mark(point: Point, panel: Panel) -> str:
    if point.has("suspends") or point.has("withholds"):
        return "!"
    if point is panel.nadir:
        return "N" if panel.better == "lower" else "B"
    if point.amount.exact:
        return "●"
    return "△" if point.amount.high is None else "▽"


def _table(panel: Panel) -> Iterator[str]:
    series = panel.series
    head = ("date", "value", "x limit", "x baseline", "x nadir" if panel.better == "lower" else "x best", "limit")
    yield "  " + "  ".join(f"{word:<{width}}" for word, width in zip(head, WIDTHS, strict=True)).rstrip()
    for point in series.points:
        cells = (
            str(point.when),
            amount(point, series),
            times(fold_to_limit(point)),
            times(folds(point, panel.baseline.point)),
            times(folds(point, panel.nadir)),
            {"TRUE": "above", "FALSE": "within", "UNKNOWN": "not known"}[point.above.name],
        )
        yield "  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
        for mark in point.marks:
            yield from _wrapped(f"! {mark_words(mark.confounder, mark.because, mark.when)}", "      ")


WIDTHS = (10, 16, 12, 12, 12, 10)


def _wrapped(words: str, indent: str = "") -> Iterator[str]:
    yield from textwrap.wrap(words, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
