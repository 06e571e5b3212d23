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
from openpoems.reports.likeness import likeness
from openpoems.reports.prognosis_document import concerns
from openpoems.reports.scale import scale_of
from openpoems.response.respond import Panel, ResponseAssessment
from openpoems.web.insight.shown import MOST_ROWS, PARTS, TOGETHER_DAYS
from openpoems.web.registry.forms.scale import answers_in

Json = dict[str, Any]
# Scores whose parts tell arms from legs.
_IN_PARTS = frozenset(("onls", "incat-odss"))


class Pages(msgspec.Struct, frozen=True):
    """`told` is what the page says of the document: nothing of it is long, however long the record.

    `alike` is the group by which others are similar ("" where it is open), None of whom POEMS is not told.

    By the number of a series: its `pictures` as SVG, and of its latest values what their `parts` were. `changes` is
    None where there was no visit before the last.
    """

    told: Json
    pictures: dict[int, str] = {}
    parts: dict[int, list[dict[str, str]]] = {}
    changes: Changes | None = None
    alike: str | None = None


def pages(made: DiagnosisAssessment, course: ResponseAssessment, told: Json, before: Json | None) -> Pages:
    """The pages' share of an assessment; `told` is its document, `before` that of the visit before the last."""
    return Pages(
        alike=likeness(made, course).group if concerns(made) else None,
        told=_short(told, course),
        pictures=dict(_pictures(course)),
        parts={number: _parts(panel) for number, panel in enumerate(course.panels) if _has_parts(panel)},
        changes=changes(before, told) if before else None,
    )


def _short(told: Json, course: ResponseAssessment) -> Json:
    """The parts of a document that the page shows, of each series the latest values and how many there are.

    A record that is too short for the document to tell a course is shown with its single value all the same.
    """
    response = told["response"] or (_plain(course) if course.panels else None)
    model = told["dynamics"]
    return {
        **{name: told[name] for name in ("as_of", "relapse")},
        "issues": sum(each["severity"] != "information" for each in told["issues"]),
        "diagnosis": [_short_edition(each, items=number == 0) for number, each in enumerate(told["diagnosis"])],
        "response": response and _short_course(response),
        "dynamics": model
        and {"says": model["says"], "series": [_without(each, "curve", "left_out") for each in model["series"]]},
    }


def _short_edition(edition: Json, *, items: bool) -> Json:
    """An edition's conclusion; of the first one also its findings, each with the first fact that decides it."""
    names = ("name", "status", "level", "reason", "current", "source", "next_tests")
    found = [item for group in edition["groups"] for item in group["items"]] if items else []
    return {**{name: edition[name] for name in names}, "items": [_short_item(item) for item in found]}


def _short_item(item: Json) -> Json:
    # The day is that of the fact that decides; what decides nothing has none.
    first: Json = next((each for each in item["evidence"] if each["says"] == item["status"]), {})
    return {"name": item["name"], "status": item["status"], "when": first.get("when")}


def _short_course(response: Json) -> Json:
    return {
        **{name: response[name] for name in ("first_treatment", "treatments", "current")},
        "axes": [_without(each, "history", "evidence", "remarks") for each in response["axes"]],
        "alarms": [_without(each, "raised", "fitting", "against", "source") for each in response["alarms"]],
        "series": [
            {**each, "points": each["points"][-MOST_ROWS:], "total": len(each["points"])} for each in response["series"]
        ],
    }


def _without(part: Json, *names: str) -> Json:
    return {name: value for name, value in part.items() if name not in names}


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
    return [answers_in(point.fact.note) for point in panel.series.points[-MOST_ROWS:]]
