"""`openpoems dynamics fit` and `predict`, as a user runs them."""

import csv
import json

import pytest
from click.testing import CliRunner

pytest.importorskip("numba")

from openpoems.cli.main import main
from openpoems.dynamics.simulate import simulate
from openpoems.dynamics.tables import write_cohort


def run(*arguments):
    return CliRunner().invoke(main, ["dynamics", *map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cohort")
    write_cohort(simulate(60, 3).cohort, folder)
    return folder


def files(folder):
    return ["--longitudinal", folder / "longitudinal.csv", "--events", folder / "events.csv",
            "--treatments", folder / "treatments.csv"]  # fmt: skip


def test_fit_then_predict(folder):
    fitted = run("fit", *files(folder), "--model", "kjm", "--out", folder / "model.json")
    assert fitted.exit_code == 0, fitted.output
    out = folder / "risk.csv"
    told = run(
        "predict", "--model", folder / "model.json", *files(folder), "--landmark", 1, "--horizon", 2, "--out", out
    )
    assert told.exit_code == 0, told.output
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == ["id", "risk", "lower", "upper"]
    assert all(0 <= float(row["lower"]) <= float(row["risk"]) <= float(row["upper"]) <= 1 for row in rows)


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ("id,entry,time,event\na,2,1,1\n", "lies before entry"),
        ("id,time,event\na,1,0\n", "no subject has the event"),
        ("id,time\na,1\n", "no column event"),
        ("id,time,event\na,1,2\n", "event: is not 0 or 1"),
        ("id,time,event\n", "no subject that can be used"),
        ("id;time;event\na;1;1\n", "its cells stand apart by commas"),
        ("id,time,event\n" + "a,x,1\n" * 12, "12 errors in the files, of which the first 10 are named"),
        (None, "E.csv: cannot be read: No such file or directory"),
    ],
)
def test_bad_input_ends_with_a_sentence_and_no_traceback(tmp_path, events, words):
    (tmp_path / "L.csv").write_text("id,time,value\na,0,1\n", encoding="utf-8")
    if events is not None:
        (tmp_path / "E.csv").write_text(events, encoding="utf-8")
    done = run("fit", "--longitudinal", tmp_path / "L.csv", "--events", tmp_path / "E.csv", "--out", tmp_path / "m")
    assert done.exit_code == 3
    assert words in done.output
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize("model", ["kjm", "tvcox"])
def test_every_subject_at_risk_has_a_row_also_whose_risk_cannot_be_told(folder, tmp_path, model):
    events, shown = people_with_a_covariate(folder, tmp_path)
    longitudinal = ["--longitudinal", folder / "longitudinal.csv", "--events", events]
    done = run("fit", *longitudinal, "--covariates", "age", "--model", model, "--out", tmp_path / "m.json")
    assert done.exit_code == 0, done.output
    assert "column age: not known of 1 subject" in done.output
    told = run("predict", "--model", tmp_path / "m.json", *longitudinal,
               "--landmark", 1, "--horizon", 30, "--out", tmp_path / "risk.csv")  # fmt: skip
    assert told.exit_code == 0, told.output
    assert "cannot tell for 1 subject: age not known" in told.output
    assert "and this looks to 31" in told.output
    rows = list(csv.DictReader((tmp_path / "risk.csv").read_text(encoding="utf-8").splitlines()))
    at_risk = [each["id"] for each in shown if float(each["entry"]) <= 1 < float(each["time"])]
    assert [row["id"] for row in rows] == at_risk
    assert {row["risk"] == "" for row in rows if row["id"] == at_risk[0]} == {True}


def people_with_a_covariate(folder, tmp_path):
    """The events of the folder with an age, which the first subject at risk after a year lacks."""
    shown = list(csv.DictReader((folder / "events.csv").read_text(encoding="utf-8").splitlines()))
    first = next(each for each in shown if float(each["entry"]) <= 1 < float(each["time"]))
    for number, each in enumerate(shown):
        each["age"] = "NA" if each is first else str(40 + number % 7)
    path = tmp_path / "events.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(shown[0]))
        writer.writeheader()
        writer.writerows(shown)
    return path, shown


def test_what_the_model_does_not_know_is_told(folder, tmp_path):
    out = tmp_path / "m.json"
    assert run("fit", *files(folder), "--model", "locf", "--out", out).exit_code == 0
    for name, column in (("longitudinal", "assay"), ("treatments", "treatment")):
        rows = list(csv.DictReader((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
        rows[0][column] = "new"
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    told = run("predict", "--model", out, "--longitudinal", tmp_path / "longitudinal.csv",
               "--events", folder / "events.csv", "--treatments", tmp_path / "treatments.csv",
               "--landmark", 1, "--horizon", 1, "--out", tmp_path / "risk.csv")  # fmt: skip
    assert "values not used, of an assay unknown to the model: new" in told.output
    assert "treatments not used, unknown to the model: new" in told.output


def test_a_file_that_cannot_be_written_is_named(folder):
    done = run("fit", *files(folder), "--model", "locf", "--out", folder / "none" / "m.json")
    assert done.exit_code == 3
    assert "m.json: No such file or directory" in done.output


# ---- a model for one's own people


COURSE = "examples/course.csv"


def show(command, *arguments):
    return CliRunner().invoke(main, [command, *map(str, arguments)])


@pytest.fixture(scope="module")
def own(folder):
    """A centre's model, with the limits of its laboratories."""
    out = folder / "own.json"
    fitted = run("fit", *files(folder), "--limit", "serum=1000", "--limit", "plasma=96.2", "--out", out)
    assert fitted.exit_code == 0, fitted.output
    return out


def test_a_centres_own_model_tells_the_risk_of_its_people(own):
    for command in ("assess", "vegf"):
        shown = show(command, COURSE, "--as-of", "2023-09-05", "--relapse-model", own)
        assert shown.exit_code == 0, shown.output
        words = " ".join(shown.output.split())
        assert "risk of clinical relapse by a model (fitted to 60 people with" in words
        assert "illustrative" not in words
        assert "within 2 years (90 % band" in words


def test_simulated_people_are_fitted_in_one_command_and_said_to_be_so(tmp_path):
    out = tmp_path / "simulated.json"
    assert run("fit", "--simulated", 60, "--seed", 3, "--out", out).exit_code == 0
    words = " ".join(show("vegf", COURSE, "--as-of", "2023-09-05", "--relapse-model", out).output.split())
    assert "illustrative: fitted to simulated patients calibrated to published figures; not validated" in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read"),
        ("{}", "does not say what it was learned from"),
        (b"\xff\xfe", "not a text file in UTF-8"),
    ],
)
def test_a_file_that_is_no_such_model_is_refused_with_a_sentence(tmp_path, text, words):
    path = tmp_path / "model.json"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    shown = show("assess", COURSE, "--relapse-model", path)
    assert shown.exit_code == 2
    assert words in " ".join(shown.output.replace("│", " ").split())


def test_a_model_that_is_not_whole_or_asks_for_more_is_refused(tmp_path, own):
    document = json.loads(own.read_text(encoding="utf-8"))
    spoilt = {"draws": None, "covariates": ["age"]}
    for key, words in (("draws", "not a whole kjm model"), ("covariates", "without --covariates")):
        path = tmp_path / f"{key}.json"
        path.write_text(json.dumps(document | {key: spoilt[key]}), encoding="utf-8")
        shown = show("assess", COURSE, "--relapse-model", path)
        assert shown.exit_code == 2
        assert words in " ".join(shown.output.replace("│", " ").split())


def test_a_model_without_limits_is_refused_with_the_mend(folder):
    out = folder / "bare.json"
    assert run("fit", *files(folder), "--model", "locf", "--out", out).exit_code == 0
    shown = show("vegf", COURSE, "--relapse-model", out)
    assert shown.exit_code == 2
    assert "--limit ASSAY=VALUE" in shown.output


@pytest.mark.parametrize("limit", ["serum", "serum=", "serum=0", "=5", "serum=-1", "serum=many"])
def test_a_limit_is_a_name_and_a_positive_number(folder, limit):
    done = run("fit", *files(folder), "--limit", limit, "--out", folder / "none.json")
    assert done.exit_code == 2
    assert "ASSAY=VALUE" in done.output


def test_fit_asks_for_people(tmp_path):
    done = run("fit", "--out", tmp_path / "m.json")
    assert done.exit_code == 2
    assert "--simulated" in done.output
