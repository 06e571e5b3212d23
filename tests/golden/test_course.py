"""The long course of an invented person as text, compared with what was read and approved before.

When the text or the knowledge changes on purpose, write the expected files anew and read what changed:
`.venv/bin/python tests/golden/test_course.py`
"""

import json
import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from openpoems import __version__
from openpoems.criteria.assess import assess
from openpoems.dynamics.learned import ILLUSTRATIVE
from openpoems.forecast.relapse import forecasts
from openpoems.interchange.sources import read_source
from openpoems.knowledge.store import knowledge
from openpoems.reports.course_text import course_section, panels_text
from openpoems.reports.document import encode
from openpoems.reports.html import html
from openpoems.reports.relapse_text import relapse_section
from openpoems.response.respond import respond

EXPECTED = Path(__file__).with_name("expected")
COURSE = Path("examples/course.csv")
AS_OF = date(2025, 1, 1)
# VEGF has risen above its limit twice, and nothing else has turned yet: the model is asked.
RISING = date(2023, 9, 5)
NAMES = ("course-section.txt", "course-vegf.txt", "course-relapse.txt", "course-relapse-rising.txt")


def record():
    [(found, issues)] = read_source(COURSE, COURSE.read_bytes(), form=None)
    assert not [issue for issue in issues if issue.severity == "error"]
    return found


def assessed(as_of=AS_OF):
    return assess(record(), knowledge(), as_of, today=as_of)


def texts() -> dict[str, str]:
    course = respond(record(), knowledge(), AS_OF)
    section = "\n".join(course_section(course)) + "\n"
    panels = panels_text(course, "course-1", "vegf", knowledge(), forecasts(course, record())).replace(
        f"openpoems {__version__}", "openpoems VERSION"
    )
    return {
        "course-section.txt": section,
        "course-vegf.txt": panels,
        "course-relapse.txt": relapse(AS_OF),
        "course-relapse-rising.txt": relapse(RISING),
    }


def relapse(as_of: date) -> str:
    course = respond(record(), knowledge(), as_of)
    return "\n".join(relapse_section(course, forecasts(course, record()))) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_the_one_that_was_approved(name):
    assert texts()[name].splitlines() == (EXPECTED / name).read_text(encoding="utf-8").splitlines()


def test_no_line_is_too_wide():
    assert max(len(line) for text in texts().values() for line in text.splitlines()) <= 110


def test_the_example_says_that_nobody_has_this_record():
    assert "an invented person" in record().references[0]


def test_the_document_of_a_long_course_fits_the_schema():
    schema = json.loads((files("openpoems.reports") / "assessment.schema.json").read_text(encoding="utf-8"))
    for as_of, told in ((AS_OF, False), (RISING, True)):
        made = json.loads(encode(assessed(as_of), knowledge()))
        Draft202012Validator(schema).validate(made)
        assert len(made["response"]["series"]) == 6
        plasma = made["dynamics"]["series"][0]
        assert (plasma["risk"] is not None) is told
        assert (plasma["cannot_tell"] == []) is told


def test_the_page_draws_each_series_of_vegf_with_a_table_beside_it_and_runs_nothing():
    page = html(assessed(), knowledge())
    assert page.count("<svg") == 2
    assert page.count("The same as a table") == 2
    assert "<script" not in page
    # Seventeen values in plasma, three in serum: each is drawn, and can be pointed at and reached by keyboard.
    assert page.count('class="dot') == 20
    assert page.count('<g class="pointed" tabindex="0" role="img" aria-label="') == 20
    assert "risk of clinical relapse" not in "".join(page.split("<svg")[1:])


def test_the_page_draws_the_risk_beneath_its_series_with_its_label_and_its_rows():
    page = html(assessed(RISING), knowledge())
    assert page.count('class="ribbon"') == 1
    assert page.count("risk of clinical relapse, illustrative") == 1
    # Thirteen values until then; one moved by pneumonia and three before the risk began tell none; a curve of two years.
    points = re.findall(r'aria-label="(?:Told at|By) ', page)
    assert len(points) == 10 + 8
    rows = page.split("<caption>Risk of clinical relapse, illustrative")[1].split("</table>")[0]
    assert rows.count("<tr") == 1 + 10 + 8


def test_wherever_a_risk_stands_its_label_stands():
    page = html(assessed(RISING), knowledge())
    section = page.split('<section class="relapse"')[1].split("</section>")[0]
    assert ILLUSTRATIVE.lower() in section.lower()
    assert page.count(ILLUSTRATIVE) >= 2
    plain = " ".join(texts()["course-relapse-rising.txt"].split())
    assert ILLUSTRATIVE in plain
    assert json.loads(encode(assessed(RISING), knowledge()))["dynamics"]["says"] == ILLUSTRATIVE


if __name__ == "__main__":
    for each, text in texts().items():
        (EXPECTED / each).write_text(text, encoding="utf-8")
