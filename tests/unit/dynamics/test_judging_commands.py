"""The commands evaluate, compare and simulate: what they write, what they say, and how they refuse."""

import csv
import json

import pytest
from click.testing import CliRunner

from openpoems.cli.dynamics_judge import compare, evaluate, simulate
from openpoems.dynamics.simulator_page import simulator_page


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("people")
    result = CliRunner().invoke(simulate, ["--patients", "120", "--seed", "7", "--out", str(out), "--oracle", "2"])
    assert result.exit_code == 0, result.output
    assert "120 simulated people" in result.output
    return out


def files(folder):
    return [
        *("--longitudinal", str(folder / "longitudinal.csv"), "--events", str(folder / "events.csv")),
        *("--treatments", str(folder / "treatments.csv"), "--limit", "serum=1000", "--limit", "plasma=96.2"),
    ]


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_simulate_writes_the_documented_columns(folder):
    assert list(rows(folder / "longitudinal.csv")[0]) == ["id", "time", "value", "assay", "comparator", "lod"]
    assert list(rows(folder / "events.csv")[0]) == ["id", "entry", "time", "event"]
    assert len(rows(folder / "events.csv")) == len(rows(folder / "truth.csv")) == 120
    at_risk = [row["id"] for row in rows(folder / "events.csv") if float(row["entry"]) <= 2 < float(row["time"])]
    oracle = rows(folder / "oracle-2.csv")
    assert [row["id"] for row in oracle] == at_risk
    assert all(0 <= float(row["risk"]) <= 1 for row in oracle)


def test_evaluate_in_json_has_every_measure(folder):
    arguments = [
        "--model",
        "locf",
        *files(folder),
        "--landmark",
        "2",
        "--horizon",
        "2",
        "--format",
        "json",
        "--folds",
        "3",
    ]
    result = CliRunner().invoke(evaluate, arguments)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert {"auc", "brier", "integrated_brier", "slope", "observed_to_expected"} <= told["scores"][0].keys()
    assert {"false_per_year", "sensitivity", "lead_months"} <= told["alarms"][0].keys()
    assert [point["threshold"] for point in told["decision_curve"]] == [0.05, 0.1, 0.2, 0.3]


def test_evaluate_for_a_reader(folder):
    result = CliRunner().invoke(evaluate, ["--model", "rule", *files(folder), "--landmark", "2", "--folds", "3"])
    assert result.exit_code == 0, result.output
    for words in ("AUC", "Decision curve", "false/person-year"):
        assert words in result.output


def test_compare_sets_models_side_by_side(folder):
    chosen = ["--models", "tvcox,locf,rule", "--landmark", "2", "--folds", "3", "--replicates", "20"]
    result = CliRunner().invoke(compare, [*files(folder), *chosen])
    assert result.exit_code == 0, result.output
    assert "AUC minus tvcox" in result.output
    assert "Alarms at the sensitivity of the rule" in result.output


def test_compare_on_simulated_people_stands_beside_the_oracle():
    chosen = ["--models", "tvcox,rule", "--simulated", "80", "--test", "60", "--landmark", "1", "--horizon", "1"]
    result = CliRunner().invoke(compare, [*chosen, "--replicates", "5", "--format", "json"])
    assert result.exit_code == 0, result.output
    assert [one["model"] for one in json.loads(result.stdout)["nearness"]] == ["oracle", "tvcox", "rule"]


@pytest.mark.parametrize(
    ("command", "arguments", "code", "words"),
    [
        (evaluate, [], 2, "--longitudinal and --events"),
        (evaluate, ["--longitudinal", "none.csv", "--events", "none.csv"], 3, "none.csv"),
        (evaluate, ["--limit", "serum"], 2, "ASSAY=VALUE"),
        (evaluate, ["--horizon", "inf"], 2, "--horizon"),
        (evaluate, ["--horizon", "0"], 2, "--horizon"),
        (evaluate, ["--landmark", "nan"], 2, "is not a number of years"),
        (evaluate, ["--longitudinal", "L", "--events", "E", "--covariates", "age,event"], 2, "not event"),
        (compare, ["--models", "magic"], 2, "--models takes any of"),
        (simulate, ["--patients", "5", "--seed", "-1", "--out", "x"], 2, "--seed"),
        (simulate, ["--patients", "0", "--seed", "1", "--out", "x"], 2, "--patients"),
    ],
)
def test_what_cannot_be_done_says_so(command, arguments, code, words):
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == code
    assert words in result.output
    assert "Traceback" not in result.output


def test_an_impossible_landmark_names_itself(folder):
    result = CliRunner().invoke(evaluate, ["--model", "locf", *files(folder), "--landmark", "40"])
    assert result.exit_code == 3
    assert "landmark 40" in result.output


def test_an_oracle_off_the_grid_is_refused(tmp_path):
    arguments = ["--patients", "3", "--seed", "1", "--out", str(tmp_path), "--oracle", "1.01"]
    result = CliRunner().invoke(simulate, arguments)
    assert result.exit_code == 3
    assert "grid" in result.output


def test_the_page_is_the_same_every_time_and_shows_every_figure():
    page = simulator_page()
    assert page == simulator_page()
    for words in ("4794", "489.5", "Gentile 2024", "not validated on patients", "hazard.silent"):
        assert words in page, words
