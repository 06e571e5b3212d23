"""Why somebody should look at a record: taken from the document of its assessment, and from nothing else."""

import json
from datetime import date
from pathlib import Path

import pytest

from openpoems.criteria.assess import assess
from openpoems.interchange.sources import read_source
from openpoems.knowledge.store import knowledge
from openpoems.record import PatientRecord
from openpoems.reports.attention import model_rise, reasons
from openpoems.reports.document import encode
from tests.spec.courses import BEGAN, LATE, drug, values

# An invented person whose VEGF rises above its limit on 2023-07-10 and again on 2023-09-04 (examples/course.csv).
COURSE = Path("examples/course.csv")


def document(record, as_of):
    return json.loads(encode(assess(record, knowledge(), as_of, today=as_of), knowledge()))


def course(as_of):
    [(record, _issues)] = read_source(COURSE, COURSE.read_bytes(), form=None)
    return document(record, date.fromisoformat(as_of))


def kinds(told):
    return {each.kind for each in reasons(told)}


def test_an_empty_record_is_not_settled_and_nothing_else():
    [only] = reasons(document(PatientRecord("p"), date(2024, 1, 1)))
    assert (only.kind, only.rule) == ("undetermined", "mayo@2023")


def test_a_relapse_that_stands_is_a_loss_with_its_day_and_its_confirmation():
    [lost] = [each for each in reasons(course("2023-09-05")) if each.kind == "lost"]
    assert (lost.rule, lost.state, lost.when, lost.confirmed) == ("vegf", "relapse", "2023-07-10", True)
    assert "lost" not in kinds(course("2023-07-01"))


def test_alarms_say_who_made_them_and_the_models_rise_says_both_its_risks():
    rising = [each for each in reasons(course("2023-09-05")) if each.kind == "rising"]
    alarms, model = rising[:-1], rising[-1]
    assert {each.made_by for each in alarms} <= {"engineering", "literature"}
    assert all(each.state == "on" and each.when == "2023-09-04" for each in alarms)
    # The document's own two risks, 0.716761 and 0.832811, in percent.
    assert (model.rule, model.rose, model.made_by, model.verified) == ("model", (72, 83), "engineering", "none")


@pytest.mark.parametrize(("before", "last", "told"), [(0.30, 0.40, True), (0.30, 0.399, False), (0.4, 0.3, False)])
def test_the_model_counts_from_the_points_of_the_data_on(before, last, told):
    assert model_rise().points == 10
    made = course("2023-09-05")
    for value, risk in zip(made["dynamics"]["series"][0]["at_last_values"], (before, last), strict=True):
        value["risk"] = risk
    assert any(each.rule == "model" for each in reasons(made)) is told


def test_a_loss_is_over_when_another_treatment_begins_or_the_axis_is_complete_again():
    # Plasma VEGF, upper limit 96: high, normal, high, high; then treated again, or normal again.
    rising = {"specimen": "plasma", "limit": "96 pg/mL"}
    lost = values("vegf", "400 pg/mL", "90 pg/mL;300 pg/mL;300 pg/mL", **rising)
    regained = values("vegf", "400 pg/mL", "90 pg/mL;300 pg/mL;300 pg/mL;80 pg/mL", **rising)
    first = drug("lenalidomide", BEGAN)
    again = drug("bortezomib", type(BEGAN)(2020, 6, 1))

    def told(results, *treatments):
        return kinds(document(PatientRecord("p", measurements=results, treatments=treatments), date(2021, 1, 1)))

    assert "lost" in told(lost, first)
    assert "lost" not in told(regained, first)
    assert "lost" not in told(lost, first, again)


def test_a_loss_keeps_the_source_of_its_own_definition_beside_another_series():
    # Two laboratories in one specimen: the course of A is lost, that of B stays within its limit.
    lost = values(
        "vegf", "400 pg/mL", "90 pg/mL;300 pg/mL;300 pg/mL", specimen="plasma", limit="96 pg/mL", laboratory="A"
    )
    quiet = values("vegf", "400 pg/mL", "90 pg/mL;80 pg/mL", specimen="plasma", limit="96 pg/mL", laboratory="B")
    told = document(PatientRecord("p", measurements=(*lost, *quiet), treatments=(drug("lenalidomide", BEGAN),)), LATE)
    [found] = [each for each in reasons(told) if each.kind == "lost"]
    sources = {turn["source"]["verified"] for axis in told["response"]["axes"] for turn in axis["turns"]}
    assert len([axis for axis in told["response"]["axes"] if axis["rule"] == "vegf"]) == 2
    assert sources == {found.verified} != {""}
