"""The whole report of a record, on paper: the invented person of `examples/course.csv`."""

from datetime import date
from pathlib import Path

import pytest

from openpoems.criteria.assess import assess
from openpoems.interchange.sources import load, read_source
from openpoems.record import PatientRecord
from openpoems.reports.course_chart import Size, chart
from openpoems.reports.full import full, full_pdf
from openpoems.reports.html import picture
from openpoems.response.respond import respond

COURSE = Path(__file__).resolve().parents[2] / "examples" / "course.csv"
DAY = date(2024, 12, 2)


@pytest.fixture
def told(facts):
    def tell(record, **more):
        return full(assess(record, facts, DAY, today=DAY), respond(record, facts, DAY, today=DAY), facts, **more)

    return tell


@pytest.fixture
def record():
    ((found, _),) = read_source(COURSE, load(COURSE), form=None)
    return found


def test_everything_of_a_record_is_in_the_report(told, record):
    made = told(record, who={"Name": "Ada Invented"})
    kinds = ("features", "measurements", "treatments", "procedures", "events")
    assert [len(rows) for _, rows in made.facts] == [len(getattr(record, kind)) for kind in kinds]
    assert made.series[0].name == "Vascular endothelial growth factor, plasma, ECL, Laboratory B"
    assert ("2022-07-11", "165 pg/mL", "96.2 pg/mL (above)") in [row[:3] for row in made.series[0].rows]
    assert made.series[0].picture.startswith('<svg viewBox="0 0 720')
    assert made.letter.who[0].says == "Ada Invented"
    assert full_pdf(made).startswith(b"%PDF")


def test_an_empty_record_has_a_report_too(told):
    made = told(PatientRecord("nobody"))
    assert made.facts == made.series == ()
    assert full_pdf(made).startswith(b"%PDF")


def test_a_picture_is_drawn_in_any_size_without_stops_for_the_keyboard(facts, record):
    course = respond(record, facts, DAY, today=DAY)
    panel = next(each for each in course.panels if each.series.key.measure == "vegf")
    first, last = date(2017, 1, 1).toordinal(), date(2026, 1, 1).toordinal()
    drawn = chart(panel, course, size=Size(width=360, left=52, pointed=False, numbered=True), over=(first, last))
    assert [strip.label for strip in drawn.strips] == ["1", "2", "3", "4"]  # the treatments of the file
    assert all(52 <= dot.x <= 360 for dot in drawn.dots)
    assert drawn.times[0].words == "2017"
    svg = picture(drawn, "a")
    assert "tabindex" not in svg
    assert "<title>92 pg/mL on 2024-11-11</title>" in svg
