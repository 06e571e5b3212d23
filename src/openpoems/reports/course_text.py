"""The course of a person as text: the section of an assessment, and one panel per series with a small chart."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from openpoems.forecast.relapse import Forecast
from openpoems.knowledge.model import Verified
from openpoems.knowledge.store import Knowledge
from openpoems.language import gettext
from openpoems.reports.course_words import (
    AGAINST_LIMIT,
    amount,
    bar_words,
    baseline_words,
    best_words,
    compared_words,
    dated_amount,
    in_line_words,
    left_out_words,
    limit_words,
    line_name,
    mark_words,
    no_baseline_words,
    only_checked,
    result_name,
    series_name,
    statement_words,
    step_when,
    times,
    turn_words,
    unread_words,
)
from openpoems.reports.current_text import current_lines
from openpoems.reports.limit_steps import limit_steps
from openpoems.reports.relapse_text import alarm_lines, model_lines, sentence_lines
from openpoems.reports.scale import Scale, height, middle, scale_of
from openpoems.reports.wording import CHECKED, CHECKED_BRIEFLY, disclaimer, title
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
    began = gettext("treatment began %(when)s") % {"when": _began(course)} if course.start.days else course.start.why
    yield gettext("Response (%(began)s)") % {"began": began}
    if not course.unverified:
        yield from _wrapped(only_checked(), "  ")
    yield from current_lines(course.current)
    for bar in course.unread:
        yield from _wrapped(f"! {unread_words(bar)}", "  ")
    if course.beside:
        told = {"names": ", ".join(map(bar_words, course.beside))}
        yield from _wrapped(gettext("given too, no treatment of the disease: %(names)s") % told, "  ")
    for each in course.results:
        if each.has_data:
            yield from _result(each)
    nothing = [each.rule.name for each in course.results if not each.has_data]
    if nothing:
        yield from _wrapped(gettext("nothing in the record on: %(names)s") % {"names": ", ".join(nothing)}, "  ")
    yield from _lines(course)


def panels_text(
    course: ResponseAssessment, patient: str, measure: str, knowledge: Knowledge, made: Sequence[Forecast] = ()
) -> str:
    """The series of one measure, each in a panel of its own with the forecast made of it, ending in a line feed."""
    chosen = [panel for panel in course.panels if panel.series.key.measure == measure]
    parts = [[title(patient, course.as_of)]]
    parts += [] if course.unverified else [[only_checked()]]
    parts += [list(_panel(panel, course, made)) for panel in chosen]
    if not chosen:
        told = {"name": knowledge.measures[measure].name}
        parts.append([gettext("There is no value of %(name)s in the record.") % told])
    if len(chosen) > 1:
        apart = gettext("Series are never joined nor converted into each other: compare only within one.")
        parts.append(list(_wrapped(apart)))
    parts += [list(sentence_lines(course, measure)), list(_wrapped(disclaimer()))]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _began(course: ResponseAssessment) -> str:
    first = [bar for bar in course.bars if bar.counts and bar.start]
    return f"{first[0].when}, {first[0].called}" if first else ""


def _result(result: AxisResult) -> Iterator[str]:
    current, series = result.current, result.series
    best = f"; {best_words(result.best)}" if result.best else ""
    yield from _wrapped(f"{result_name(result)}: {_now(result)}{best}", "  ")
    if result.category is None or result.undecided:
        names = {"names": ", ".join(map(gettext, result.undecided))}
        told = [gettext("open: %(names)s") % names] if result.undecided else []
        yield from _wrapped("; ".join((*told, result.why)), "      ")
    if series and current and current.moment.point:
        yield from _wrapped(compared_words(result, current.moment.point), "      ")
    for left in series.left_out if series else ():
        yield from _wrapped(left_out_words(*left), "      ")
    if result.definition:
        by = {"says": result.definition.says, "checked": CHECKED[result.definition.cite.verified]}
        yield from _wrapped(gettext("by definition: %(says)s [%(checked)s]") % by, "      ")
    if result.evidence:
        yield from _wrapped("; ".join(map(statement_words, result.evidence)), "      ")
    for turn in result.turns:
        yield from _wrapped(f"! {turn_words(turn)} ({turn.says}{_checked(turn.cite.verified)})", "      ")
    for says, _ in result.remarks:
        yield from _wrapped(says, "      ")


def _now(result: AxisResult) -> str:
    said = gettext(result.category) if result.category else gettext("not evaluable")
    if result.current is None:
        return said
    return gettext("%(value)s on %(when)s") % {"value": said, "when": step_when(result.current)}


def _lines(course: ResponseAssessment) -> Iterator[str]:
    """Each treatment by itself, a line per axis."""
    if course.lines:
        yield "  " + gettext("since each treatment, up to the next one")
    for line in course.lines:
        yield from _wrapped(line_name(line), "    ")
        for each in line.results:
            yield from _wrapped(f"{result_name(each)}: {in_line_words(each)}", "      ")
        if not line.results:
            yield "      " + gettext("nothing was seen in that time")


def _checked(verified: Verified) -> str:
    brief = CHECKED_BRIEFLY[verified]
    return f", {brief}" if brief else ""


def _panel(panel: Panel, course: ResponseAssessment, made: Sequence[Forecast]) -> Iterator[str]:
    series = panel.series
    limit = f"; {limit_words(float(series.limit), series)}" if series.limit is not None else ""
    yield f"{series_name(series)}{limit}"
    first = panel.baseline.point
    yield from _wrapped(baseline_words(first, series) if first else no_baseline_words(panel.baseline), "  ")
    if panel.nadir:
        told = {"value": dated_amount(panel.nadir, series)}
        best = gettext("nadir %(value)s") if panel.better == "lower" else gettext("best value %(value)s")
        yield from _wrapped(best % told, "  ")
    scale = scale_of(panel, course.bars)
    if scale:
        yield from _chart(panel, course.bars, scale)
    yield from _table(panel)
    for left in series.left_out:
        yield from _wrapped(left_out_words(*left), "  ")
    yield from alarm_lines(alarm for alarm in course.alarms if alarm.series.key == series.key)
    yield from model_lines([each for each in made if each.series.key == series.key], thinking_on=True)


def _chart(panel: Panel, bars: Iterable[Bar], scale: Scale) -> Iterator[str]:
    grid = [[" "] * CHART_COLUMNS for _ in range(CHART_ROWS)]
    limits = [(scale.x(middle(p.days)), None if p.limit is None else float(p.limit)) for p in panel.series.points]
    for step in limit_steps(limits, 0.0, 1.0):
        left, right = (round(share * CHART_COLUMNS) for share in (step.left, step.right))
        grid[_row(step.limit, scale)][left:right] = ["┄"] * (right - left)
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
    legend = gettext(
        "● value  ▽ below detection  △ above range  N nadir  B best  ! something else moves it  ┄ upper limit"
    )
    yield from _wrapped(legend, "  ")


def _bars(bars: Iterable[Bar], scale: Scale) -> Iterator[str]:
    for bar in bars:
        if bar.start is None or bar.start[0] > scale.last or (bar.end and bar.end[1] < scale.first):
            continue
        begin = _column(middle(bar.start), scale)
        end = _column(middle(bar.end), scale) if bar.end else CHART_COLUMNS - 1
        line = " " * begin + "█" * (end - begin + 1)
        when = bar.when if bar.end else gettext("%(when)s, no end known") % {"when": bar.when}
        told = f"{bar.called} ({when})"
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
    best = gettext("x nadir") if panel.better == "lower" else gettext("x best")
    head = (gettext("date"), gettext("value"), gettext("x limit"), gettext("x baseline"), best, gettext("limit"))
    yield "  " + "  ".join(f"{word:<{width}}" for word, width in zip(head, WIDTHS, strict=True)).rstrip()
    for point in series.points:
        cells = (
            str(point.when),
            amount(point, series),
            times(fold_to_limit(point)),
            times(folds(point, panel.baseline.point)),
            times(folds(point, panel.nadir)),
            AGAINST_LIMIT[point.above],
        )
        yield "  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
        for mark in point.marks:
            yield from _wrapped(f"! {mark_words(mark.confounder, mark.because, mark.when)}", "      ")


WIDTHS = (10, 16, 12, 12, 12, 10)


def _wrapped(words: str, indent: str = "") -> Iterator[str]:
    yield from textwrap.wrap(words, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
