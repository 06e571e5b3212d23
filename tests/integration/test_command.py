"""The command `openpoems`, as people run it: formats, exit codes, many files, bad input."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from openpoems.cli.main import main

CASE = "tests/cases/poems-jnnp2017-asct-52m.json"


def run(*arguments, stdin=None):
    return CliRunner().invoke(main, list(arguments), input=stdin, catch_exceptions=False)


def test_help_names_every_command():
    said = run("--help").output
    assert all(name in said for name in ("assess", "knowledge", "evaluate", "convert", "schema"))


def test_one_file_gives_one_object():
    result = run("assess", CASE, "--format", "json")
    made = json.loads(result.output)
    assert result.exit_code == 0
    assert made["patient"] == "poems-jnnp2017-asct-52m"
    assert made["diagnosis"][0]["criteria"] == "mayo@2023"


def test_many_files_give_an_array_and_a_line_each():
    files = [CASE, "tests/cases/poems-jnnp2017-asct-58f.json"]
    assert len(json.loads(run("assess", *files, "--format", "json").output)) == 2
    lines = run("assess", *files, "--format", "jsonl").output.splitlines()
    assert [json.loads(line)["patient"] for line in lines] == [Path(f).stem for f in files]


def test_a_folder_and_a_pattern_name_many():
    assert len(json.loads(run("assess", "tests/cases", "--format", "json").output)) == 60
    assert len(json.loads(run("assess", "tests/cases/mimic-*.json", "--format", "json").output)) == 18


def test_standard_input_in_every_format(tmp_path):
    packet = Path(CASE).read_text(encoding="utf-8")
    expected = json.loads(run("assess", CASE, "--format", "json").output)["diagnosis"][0]["status"]
    bundle = run("convert", CASE, "--to", "fhir").stdout
    lines = _ndjson(json.loads(bundle))
    table = Path("examples/filled.csv").read_text(encoding="utf-8")
    for text in (packet, bundle, lines):
        made = json.loads(run("assess", "-", "--format", "json", stdin=text).output)
        assert made["diagnosis"][0]["status"] == expected
    assert json.loads(run("assess", "-", "--format", "json", stdin=table).output)["patient"] == "example-1"


def _ndjson(bundle):
    """The resources of a Bundle, one a line, referring to each other by type and id as bulk exports do."""
    text = "\n".join(json.dumps(e["resource"]) for e in bundle["entry"])
    for entry in bundle["entry"]:
        text = text.replace(entry["fullUrl"], f"{entry['resource']['resourceType']}/{entry['resource']['id']}")
    return text


def test_editions_can_be_chosen_and_a_wrong_one_lists_what_there_is():
    made = json.loads(run("assess", CASE, "--criteria", "suichi@2019,mayo@2003", "--format", "json").output)
    assert [e["criteria"] for e in made["diagnosis"]] == ["suichi@2019", "mayo@2003"]
    wrong = run("assess", CASE, "--criteria", "mayo@1999")
    assert wrong.exit_code == 2
    assert "mayo@2023" in wrong.output


def test_a_view_of_an_earlier_day(tmp_path):
    table = "patient,kind,what,status,date\np,sign,HP:0001271,present,2020-05-01\n"
    (tmp_path / "p.csv").write_text(table, encoding="utf-8")
    for day, expected in (("2020-04-30", "unknown"), ("2020-05-01", "present")):
        made = json.loads(run("assess", str(tmp_path / "p.csv"), "--as-of", day, "--format", "json").output)
        assert made["as_of"] == day
        assert made["diagnosis"][0]["groups"][0]["items"][0]["status"] == expected


def test_usage_errors_exit_with_2():
    assert run("assess").exit_code == 2
    assert run("assess", CASE, "--format", "pdf").exit_code == 2
    assert run("assess", CASE, "--as-of", "01/02/2020").exit_code == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cut.json", b'{"id": "a", "phenotypicFeatures": [', "column"),
        ("empty.json", b"", "empty"),
        ("latin.csv", "patient,kind,what\np,sign,\xf6dem\n".encode("latin-1"), "UTF-8"),
        ("book.xlsx", b"PK\x03\x04" + b"\0" * 26 + b"xl/workbook.xml", "Excel"),
        ("deep.json", b"[" * 100_000, "nested"),
        ("other.json", b'{"a": 1}', "expected"),
    ],
)
def test_what_cannot_be_read_exits_with_3_and_says_how_to_mend_it(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    result = run("assess", str(tmp_path / name))
    assert result.exit_code == 3
    assert name in result.output
    assert said in result.output


def test_one_bad_file_never_loses_the_others(tmp_path):
    shutil.copy(CASE, tmp_path / "a.json")
    (tmp_path / "b.json").write_text("{", encoding="utf-8")
    shutil.copy(CASE, tmp_path / "c.json")
    result = run("assess", str(tmp_path), "no-such-file.json", "--format", "jsonl")
    assert result.exit_code == 3
    assert len([line for line in result.stdout.splitlines() if line.startswith("{")]) == 2
    assert "b.json" in result.stderr
    assert "no-such-file.json" in result.stderr


def test_a_bundle_for_two_people_gives_two_assessments(tmp_path):
    resources = [{"resourceType": "Patient", "id": name} for name in ("a", "b")]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in resources]}
    (tmp_path / "two.json").write_text(json.dumps(bundle), encoding="utf-8")
    made = json.loads(run("assess", str(tmp_path / "two.json"), "--format", "json").output)
    assert [m["patient"] for m in made] == ["a", "b"]
    assert all(any("patient" in i["message"].lower() for i in m["issues"]) for m in made)


def test_a_bulk_export_with_a_file_for_each_type_is_read_together(tmp_path):
    bundle = json.loads(run("convert", CASE, "--to", "fhir").stdout)
    for line in _ndjson(bundle).splitlines():
        kind = json.loads(line)["resourceType"]
        with (tmp_path / f"{kind}.ndjson").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    with (tmp_path / "Observation.ndjson").open("a", encoding="utf-8") as file:
        file.write('{"resourceType": "Observation", \n')
    assert len(list(tmp_path.iterdir())) > 2
    made = json.loads(run("assess", str(tmp_path), "--format", "json").output)
    whole = json.loads(run("assess", CASE, "--format", "json").output)
    assert [m["patient"] for m in made] == [whole["patient"]]
    assert [e["status"] for e in made[0]["diagnosis"]] == [e["status"] for e in whole["diagnosis"]]
    broken = [i for i in made[0]["issues"] if i["severity"] == "error"]
    assert any(i["path"].startswith("Observation.ndjson line") for i in broken)


def test_html_of_one_record_and_of_many(tmp_path):
    page = run("assess", CASE, "--format", "html").output
    assert page.lower().startswith("<!doctype html>")
    assert run("assess", CASE, CASE.replace("52m", "58f"), "--format", "html").exit_code == 2
    done = run("assess", "tests/cases/mimic-antimag*.json", "--format", "html", "--out", str(tmp_path / "out"))
    assert done.exit_code == 0
    assert len(list((tmp_path / "out").glob("*.html"))) == 3


def test_what_is_read_is_in_the_language_asked_for_and_what_follows_is_not(tmp_path):
    assert "Clínica Mayo 2023" in run("assess", CASE, "--language", "es").output
    assert '<html lang="es">' in run("assess", CASE, "--language", "es", "--format", "html").output
    assert "valor inicial" in run("vegf", "examples/course.csv", "--language", "es").output
    letter = tmp_path / "letter.pdf"
    assert run("letter", CASE, "--language", "es", "--out", str(letter)).exit_code == 0
    assert b"/Lang(es)" in letter.read_bytes()
    assert "Mayo Clinic 2023" in run("assess", CASE).output


def test_a_language_that_does_not_exist_and_a_summary_that_is_data_are_usage_errors(tmp_path):
    assert run("assess", CASE, "--language", "xx").exit_code == 2
    assert run("letter", CASE, "--language", "es", "--fhir", "--out", str(tmp_path / "a.json")).exit_code == 2


def test_the_comparison_with_authors_names_no_disagreement_of_mayo_2023():
    said = run("evaluate", "tests/cases").output
    assert "| mayo@2023 |" in said
    assert "mayo@2023 | not-met" not in said


def test_convert_keeps_what_a_record_says(tmp_path):
    for target in ("fhir", "phenopacket"):
        folder = tmp_path / target
        assert run("convert", CASE, "--to", target, "--out", str(folder)).exit_code == 0
        (written,) = folder.iterdir()
        before, after = (json.loads(run("assess", str(f), "--format", "json").output) for f in (CASE, written))
        status = [[(i["finding"], i["status"]) for g in d["groups"] for i in g["items"]] for d in before["diagnosis"]]
        again = [[(i["finding"], i["status"]) for g in d["groups"] for i in g["items"]] for d in after["diagnosis"]]
        assert again == status


def test_the_schema_is_printed():
    assert json.loads(run("schema").output)["title"]


@pytest.mark.integration
def test_the_installed_program_runs():
    program = Path(sys.executable).parent / "openpoems"
    done = subprocess.run([program, "assess", CASE], capture_output=True, text=True, check=True)
    assert "MET" in done.stdout
    assert "Not a medical device" in done.stdout


def test_vegf_shows_one_panel_per_series():
    said = run("vegf", "examples/course.csv", "--as-of", "2025-01-01").output
    assert said.count("baseline ") >= 2
    assert "plasma, ECL, Laboratory B; upper limit 96.2 pg/mL" in said
    assert "does not exclude relapse" in said


def test_vegf_shows_the_whole_course_as_json_and_other_measures_as_text():
    made = json.loads(run("vegf", "examples/course.csv", "--as-of", "2025-01-01", "--format", "json").output)
    assert [each["category"] for each in made["response"]["axes"] if each["rule"] == "vegf"] == ["CR", "CR"]
    strict = json.loads(run("vegf", "examples/course.csv", "--verified-only", "--format", "json").output)
    assert strict["response"]["unverified_definitions_applied"] is False
    assert "Overall Neuropathy" in run("vegf", "examples/course.csv", "--measure", "onls").output
    wrong = run("vegf", "examples/course.csv", "--measure", "height")
    assert wrong.exit_code == 2


@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_what_was_only_recalled_can_be_switched_off(form):
    said = run("assess", "examples/course.csv", "--as-of", "2023-09-05", "--format", form, "--verified-only").output
    if form == "json":
        assert json.loads(said)["response"]["unverified_definitions_applied"] is False
        return
    assert "Definitions that were only recalled are not applied" in " ".join(said.split())
    if form == "text":
        response = said.split("Response (")[1].split("\nRelapse\n")[0]
        assert "recalled, not checked against any source" not in response


@pytest.mark.parametrize(
    ("record", "brings"),
    [(CASE, False), ("examples/course.csv", False), ("examples/course.csv --as-of 2023-09-05", True)],
)
def test_numpy_is_read_only_when_a_risk_is_told(record, brings):
    code = (
        "import sys\nfrom openpoems.cli.main import main\n"
        f"main(['assess', *{record.split()!r}], standalone_mode=False)\n"
        "print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == str(brings)
