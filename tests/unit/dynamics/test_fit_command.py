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
    ],
)
def test_bad_input_ends_with_a_sentence_and_no_traceback(tmp_path, events, words):
    (tmp_path / "L.csv").write_text("id,time,value\na,0,1\n", encoding="utf-8")
    (tmp_path / "E.csv").write_text(events, encoding="utf-8")
    done = run("fit", "--longitudinal", tmp_path / "L.csv", "--events", tmp_path / "E.csv", "--out", tmp_path / "m")
    assert done.exit_code == 3
    assert words in done.output
    assert not (tmp_path / "m").exists()


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
