"""`openpoems dynamics fit` and `predict`, as a user runs them."""

import csv

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
