"""The upper limit over time: each value's own, so that a laboratory that changed it is seen."""

from datetime import date

import pytest

from openpoems.knowledge.store import knowledge
from openpoems.reports.course_chart import chart
from openpoems.reports.limit_steps import limit_steps
from openpoems.response.respond import respond
from tests.spec.courses import BASELINE, month, treated
from tests.spec.tables import result


def told(*values):
    return [(step.left, step.right, step.limit) for step in limit_steps(values, 0, 10)]


@pytest.mark.parametrize(
    ("values", "steps"),
    [
        ([], []),
        ([(5, None)], []),
        ([(5, 96.0)], [(0, 10, 96.0)]),
        ([(2, 96.0), (6, 96.0)], [(0, 10, 96.0)]),
        ([(2, 96.0), (6, 120.0)], [(0, 4, 96.0), (4, 10, 120.0)]),
        # Of the value between nobody gave a limit: nothing is drawn there.
        ([(2, 96.0), (4, None), (8, 96.0)], [(0, 3, 96.0), (6, 10, 96.0)]),
        ([(2, 96.0), (4, 120.0), (8, 96.0)], [(0, 3, 96.0), (3, 6, 120.0), (6, 10, 96.0)]),
    ],
)
def test_each_value_keeps_its_own_limit(values, steps):
    assert told(*values) == steps


def test_a_picture_draws_the_limit_of_the_time_and_not_the_last_one_over_all_of_it():
    early, late = (
        result("vegf", text, on=on, specimen="plasma", limit=limit)
        for text, on, limit in (("500 pg/mL", BASELINE, "96 pg/mL"), ("400 pg/mL", month(3), "120 pg/mL"))
    )
    made = respond(treated(early, late), knowledge(), date(2021, 1, 1))
    [panel] = made.panels
    drawn = chart(panel, made)
    assert [limit.words for limit in drawn.limits] == ["upper limit 96 pg/mL", "upper limit 120 pg/mL"]
    assert drawn.limits[0].y > drawn.limits[1].y
    assert drawn.limits[0].right == drawn.limits[1].left
