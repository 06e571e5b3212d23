"""The long course of an invented person as text, compared with what was read and approved before.

When the text or the knowledge changes on purpose, write the expected files anew and read what changed:
`.venv/bin/python tests/golden/test_course.py`
"""

import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from openpoems import __version__
from openpoems.criteria.assess import assess
from openpoems.interchange.sources import read_source
from openpoems.knowledge.store import knowledge
from openpoems.reports.course_text import course_section, panels_text
from openpoems.reports.document import encode
from openpoems.reports.html import html
from openpoems.response.respond import respond

EXPECTED = Path(__file__).with_name("expected")
COURSE = Path("examples/course.csv")
AS_OF = date(2025, 1, 1)


def record():
    [(found, issues)] = read_source(COURSE, COURSE.read_bytes(), form=None)
    assert not [issue for issue in issues if issue.severity == "error"]
    return found


def assessed():
    return assess(record(), knowledge(), AS_OF, today=AS_OF)


def texts() -> dict[str, str]:
    course = respond(record(), knowledge(), AS_OF)
    section = "\n".join(course_section(course)) + "\n"
    panels = panels_text(course, "course-1", "vegf", knowledge()).replace(
        f"openpoems {__version__}", "openpoems VERSION"
    )
    return {"course-section.txt": section, "course-vegf.txt": panels}


@pytest.mark.parametrize("name", ["course-section.txt", "course-vegf.txt"])
def test_the_text_is_the_one_that_was_approved(name):
    assert texts()[name].splitlines() == (EXPECTED / name).read_text(encoding="utf-8").splitlines()


def test_no_line_is_too_wide():
    assert max(len(line) for text in texts().values() for line in text.splitlines()) <= 110


def test_the_example_says_that_nobody_has_this_record():
    assert "an invented person" in record().references[0]


def test_the_document_of_a_long_course_fits_the_schema():
    schema = json.loads((files("openpoems.reports") / "assessment.schema.json").read_text(encoding="utf-8"))
    made = json.loads(encode(assessed(), knowledge()))
    Draft202012Validator(schema).validate(made)
    assert len(made["response"]["series"]) == 6


def test_the_page_draws_each_series_of_vegf_with_a_table_beside_it_and_runs_nothing():
    page = html(assessed(), knowledge())
    assert page.count("<svg") == 2
    assert page.count("The same as a table") == 2
    assert "<script" not in page
    # Seventeen values in plasma, three in serum: each has a mark with a title.
    assert page.count('class="dot') == 20
    assert page.count("<title>") >= 20


if __name__ == "__main__":
    for each, text in texts().items():
        (EXPECTED / each).write_text(text, encoding="utf-8")
