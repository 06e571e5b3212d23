"""What the pages show beside an assessment's document: pictures, the parts of scores, what changed since a visit.

Made once, when a record is assessed, and kept.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.record.visits import visits
from openpoems.reports.changes import Changes, changes
from openpoems.reports.course_chart import chart
from openpoems.reports.course_document import course_document
from openpoems.reports.html import picture
from openpoems.reports.scale import scale_of
from openpoems.response.respond import Panel, ResponseAssessment
from openpoems.web.insight.shown import PARTS, TOGETHER_DAYS
from openpoems.web.registry.forms.scale import answers_in

Json = dict[str, Any]
# Scores whose parts tell arms from legs.
_IN_PARTS = frozenset(("onls", "incat-odss"))


class Pages(msgspec.Struct, frozen=True):
    """By the number of a series in the document: its `pictures` as SVG, and of each value what its `parts` were.

    `changes` is None where there was no visit before the last. `course` is the course of a record that is too short for
    the document to have one: its single value is shown all the same.
    """

    pictures: dict[int, str] = {}
    parts: dict[int, list[dict[str, str]]] = {}
    changes: Changes | None = None
    course: Json | None = None


def pages(course: ResponseAssessment, told: Json, before: Json | None) -> Pages:
    """The pages' share of an assessment; `told` is its document, `before` that of the visit before the last."""
    return Pages(
        pictures=dict(_pictures(course)),
        parts={number: _parts(panel) for number, panel in enumerate(course.panels) if _has_parts(panel)},
        changes=changes(before, told) if before else None,
        course=_plain(course) if told["response"] is None and course.panels else None,
    )


def _plain(course: ResponseAssessment) -> Json:
    told: Json = msgspec.json.decode(msgspec.json.encode(course_document(course)))
    return told


def visit_before(made: DiagnosisAssessment) -> date | None:
    """The last day of the visit before the last one."""
    seen = visits(made.record, made.as_of.toordinal(), TOGETHER_DAYS)
    return date.fromordinal(seen[-2][1]) if len(seen) > 1 else None


def _pictures(course: ResponseAssessment) -> Iterator[tuple[int, str]]:
    sizes = {measure: part.size for part in PARTS for measure in part.measures}
    drawn = [(number, panel) for number, panel in enumerate(course.panels) if panel.series.key.measure in sizes]
    scales = [scale for _, panel in drawn if (scale := scale_of(panel, course.bars))]
    if not scales:
        return
    # One axis of time for all, so that the eye can go from one to the other.
    over = (min(scale.first for scale in scales), max(scale.last for scale in scales))
    for number, panel in drawn:
        made = chart(panel, course, size=sizes[panel.series.key.measure], over=over)
        if made:
            yield number, picture(made, f"series-{number}")


def _has_parts(panel: Panel) -> bool:
    return panel.series.key.measure in _IN_PARTS


def _parts(panel: Panel) -> list[dict[str, str]]:
    return [answers_in(point.fact.note) for point in panel.series.points]
