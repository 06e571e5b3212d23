"""What the template `course.html` needs of a course."""

from collections.abc import Sequence
from dataclasses import dataclass

from openpoems.forecast.relapse import Forecast, history
from openpoems.reports import course_words
from openpoems.reports.course_chart import Chart, chart
from openpoems.reports.risk_chart import risk_rows
from openpoems.response.respond import Panel, ResponseAssessment
from openpoems.response.series import fold_to_limit, folds

# The measures whose series are drawn; those of others stand as tables.
DRAWN = {"vegf"}


@dataclass(frozen=True, slots=True, repr=False)
class Drawn:
    """A series on the page: its picture, where it is drawn, and the rows of its table and of the table of its risk."""

    panel: Panel
    chart: Chart | None
    rows: tuple[tuple[str, ...], ...]
    risks: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        return "<Drawn>"


@dataclass(frozen=True, slots=True, repr=False)
class CoursePage:
    """A course as the template shows it."""

    course: ResponseAssessment
    drawn: tuple[Drawn, ...]
    tables: tuple[Drawn, ...]
    says: str
    words: object = course_words

    def __repr__(self) -> str:
        return "<CoursePage>"


def course_page(course: ResponseAssessment, made: Sequence[Forecast] = ()) -> CoursePage | None:
    """The page's section on the course, with the forecasts made of its series; None where there is none to tell."""
    if not course.tells:
        return None
    by_series = {each.series.key: each for each in made}
    shown = [_drawn(panel, course, by_series.get(panel.series.key)) for panel in course.panels]
    return CoursePage(
        course=course,
        drawn=tuple(each for each in shown if each.chart),
        tables=tuple(each for each in shown if not each.chart and len(each.rows) > 1),
        says=made[0].says if made else "",
    )


def _drawn(panel: Panel, course: ResponseAssessment, made: Forecast | None) -> Drawn:
    rows = tuple(_rows(panel))
    if panel.series.key.measure not in DRAWN:
        return Drawn(panel, None, rows, ())
    past = history(made) if made else ()
    return Drawn(panel, chart(panel, course, made, past), rows, risk_rows(made, past) if made and made.curve else ())


def _rows(panel: Panel) -> list[tuple[str, ...]]:
    return [
        (
            str(point.when),
            course_words.amount(point, panel.series),
            course_words.AGAINST_LIMIT[point.above],
            course_words.times(fold_to_limit(point)),
            course_words.times(folds(point, panel.baseline.point)),
            course_words.times(folds(point, panel.nadir)),
            "; ".join(course_words.mark_words(m.confounder, m.because, m.when) for m in point.marks),
        )
        for point in panel.series.points
    ]
