"""What the template `course.html` needs of a course."""

from dataclasses import dataclass

from openpoems.reports import course_words
from openpoems.reports.course_chart import WIDTH, Chart, chart
from openpoems.response.respond import Panel, ResponseAssessment
from openpoems.response.series import fold_to_limit, folds

# The measures whose series are drawn; those of others stand as tables.
DRAWN = {"vegf"}


@dataclass(frozen=True, slots=True, repr=False)
class Drawn:
    """A series on the page: its picture, where it is drawn, and the rows of its table."""

    panel: Panel
    chart: Chart | None
    rows: tuple[tuple[str, ...], ...]

    def __repr__(self) -> str:
        return "<Drawn>"


@dataclass(frozen=True, slots=True, repr=False)
class CoursePage:
    """A course as the template shows it."""

    course: ResponseAssessment
    drawn: tuple[Drawn, ...]
    tables: tuple[Drawn, ...]
    words: object = course_words
    width: int = WIDTH

    def __repr__(self) -> str:
        return "<CoursePage>"


def course_page(course: ResponseAssessment) -> CoursePage | None:
    """The page's section on the course; None where there is none to tell."""
    if not course.tells:
        return None
    shown = [Drawn(panel, _chart(panel, course), tuple(_rows(panel))) for panel in course.panels]
    return CoursePage(
        course=course,
        drawn=tuple(each for each in shown if each.chart),
        tables=tuple(each for each in shown if not each.chart and len(each.rows) > 1),
    )


def _chart(panel: Panel, course: ResponseAssessment) -> Chart | None:
    return chart(panel, course) if panel.series.key.measure in DRAWN else None


def _rows(panel: Panel) -> list[tuple[str, ...]]:
    return [
        (
            str(point.when),
            course_words.amount(point, panel.series),
            {"above": "above", "within": "within", "unknown": "not known"}[course_words.ABOVE[point.above]],
            course_words.times(fold_to_limit(point)),
            course_words.times(folds(point, panel.baseline.point)),
            course_words.times(folds(point, panel.nadir)),
            "; ".join(course_words.mark_words(m.confounder, m.because, m.when) for m in point.marks),
        )
        for point in panel.series.points
    ]
