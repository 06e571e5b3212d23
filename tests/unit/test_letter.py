import json
import re
from datetime import date
from pathlib import Path

import pytest
import typst
from click.testing import CliRunner

from openpoems.cli.letter import command
from openpoems.criteria.assess import assess
from openpoems.interchange.sources import load, read_source
from openpoems.reports import letter as module
from openpoems.reports.letter import CannotSet, letter, letter_pdf
from openpoems.response.respond import respond

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted((ROOT / "tests" / "cases").glob("*.json"))
TODAY = date(2026, 11, 24)


def made(path, facts, **options):
    ((record, issues),) = read_source(path, load(path), form=None)
    assessment = assess(record, facts, TODAY, today=TODAY, issues=issues)
    return letter(assessment, respond(record, facts, TODAY), facts, **options)


def words(rows):
    return [(row.what, row.says, row.when) for row in rows]


def test_the_letter_of_a_course_says_its_results(facts):
    course = made(ROOT / "examples" / "course.csv", facts)
    assert course.conclusion == "The record meets the criteria for POEMS syndrome. Criteria: Mayo Clinic 2023."
    assert ("Sclerotic bone lesion", "", "2018-10-22") in words(course.present)
    assert ("ASCT", "", "2019-04-15") in words(course.treatments)
    plasma = next(row for row in course.latest if "plasma" in row.what)
    assert (plasma.says, plasma.when) == ("92 pg/mL (limit 96.2 pg/mL)", "2024-11-11")
    assert any(row.says.startswith("relapse 2023-07-10") for row in course.response)
    assert any("does not exclude relapse" in said for said in course.sentences)


def test_a_definition_that_was_only_recalled_is_marked(facts):
    course = made(ROOT / "examples" / "course.csv", facts)
    assert any("definition recalled" in row.says for row in course.response)


def test_an_empty_record_says_that_nothing_was_tested(facts, tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("patient,kind,what,value\nx,person,sex,female\n")
    empty = made(path, facts)
    assert "does not yet settle" in empty.conclusion
    assert empty.present == empty.treatments == empty.response == empty.latest == ()
    assert empty.outstanding


def test_whoever_may_name_the_person_does(facts):
    named = made(ROOT / "examples" / "course.csv", facts, who={"Name": "An Invented Name", "Born": "1966-02-03"})
    assert words(named.who)[:2] == [("Name", "An Invented Name", ""), ("Born", "1966-02-03", "")]
    assert [row.what for row in named.who].count("Born") == 1


@pytest.mark.parametrize("path", [ROOT / "examples" / "course.csv", *CASES[::6]], ids=lambda path: path.stem)
def test_a_letter_is_one_tagged_page(path, facts):
    pdf = letter_pdf(made(path, facts))
    assert pdf.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in pdf or b"pdfuaid" in pdf


def with_parts(made, **parts):
    return module.Letter(**{name: getattr(made, name) for name in made.__dataclass_fields__} | parts)


def test_what_does_not_fit_is_counted(facts, monkeypatch):
    asked = {}
    compile_really = typst.compile

    def compile_and_note(*args, **kwargs):
        asked.update(json.loads(kwargs["sys_inputs"]["letter"]))
        return compile_really(*args, **kwargs)

    monkeypatch.setattr(typst, "compile", compile_and_note)
    course = made(ROOT / "examples" / "course.csv", facts)
    many = with_parts(course, present=course.present * 40, treatments=course.treatments * 40)
    letter_pdf(many)
    assert len(asked["present"]) + int(re.findall(r"\d+", asked["present_more"])[0]) == len(many.present)
    assert 3 <= len(asked["present"]) <= 14  # `ROOM`: what always fits and what most letters hold


def test_what_fits_no_page_is_refused_in_words(facts):
    course = made(ROOT / "examples" / "course.csv", facts)
    long = with_parts(course, conclusion="word " * 9000)
    with pytest.raises(CannotSet, match="does not fit"):
        letter_pdf(long)


def test_words_of_a_record_are_set_as_words(facts):
    course = made(ROOT / "examples" / "course.csv", facts, who={"Name": '#panic("x") $ * _ @ <x> \u202e \U0001f600'})
    assert letter_pdf(course)


def test_the_command_writes_one_pdf(tmp_path):
    out = tmp_path / "letter.pdf"
    done = CliRunner().invoke(command, [str(ROOT / "examples" / "course.csv"), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.read_bytes().startswith(b"%PDF")


def test_the_command_refuses_several_people(tmp_path):
    path = tmp_path / "two.csv"
    path.write_text("patient,kind,what,value\nx,person,sex,female\ny,person,sex,male\n")
    done = CliRunner().invoke(command, [str(path), "--out", str(tmp_path / "l.pdf")])
    assert done.exit_code == 1
    assert "there are 2 records in it" in done.output
