"""Cohorts from CSV files: what is read, what is refused, and how it is told."""

import pytest

from openpoems.dynamics.data import Course, Treatment, Visit, cohort_of
from openpoems.dynamics.tables import read_cohort, write_cohort
from openpoems.errors import UnreadableInput

VISITS = "id,time,value\nsecret,0,10\nsecret,1,20\n"
EVENTS = "id,entry,time,event\nsecret,0,3,1\n"


def read(folder, visits=VISITS, events=EVENTS, treatments=None, covariates=()):
    paths = [folder / "L.csv", folder / "E.csv", folder / "T.csv" if treatments else None]
    for path, text in zip(paths, (visits, events, treatments), strict=True):
        if path:
            path.write_text(text, encoding="utf-8")
    return read_cohort(*paths, covariates)


def test_what_is_written_is_read_back(tmp_path):
    courses = [
        Course(
            "b",
            (Visit(0.0, 31.0, "plasma", "<"), Visit(1 / 3, 0.1, "serum", "", 62.0)),
            (Treatment(0.0, "x"),),
            0.2,
            3.0,
            True,
            (1.5,),
        ),
        Course("a", (Visit(0.5, 1e5, "serum", ">"),), (), 0.0, 2.0, False, (-2.0,)),
    ]
    cohort = cohort_of(courses, ["age"])
    write_cohort(cohort, tmp_path)
    found, _ = read_cohort(tmp_path / "longitudinal.csv", tmp_path / "events.csv", tmp_path / "treatments.csv", ["age"])
    assert found == cohort


@pytest.mark.parametrize(
    ("visits", "events", "place"),
    [
        ("id,time,value\nsecret,-1,10\n", EVENTS, "L.csv, line 2, column time: lies before time 0"),
        ("id,time,value\nsecret,0,-1\n", EVENTS, "L.csv, line 2, column value: must be above 0"),
        ("id,time,value,lod\nsecret,0,1,0\n", EVENTS, "L.csv, line 2, column lod: must be above 0"),
        ("id,time,value\nsecret,0,ten\n", EVENTS, "L.csv, line 2, column value: is not a number"),
        ("id,time,value\nsecret,0,inf\n", EVENTS, "L.csv, line 2, column value: is not a number"),
        (VISITS, "id,entry,time,event\nsecret,0,1095,1\n", "E.csv, column time: above 150; times are years"),
        ("id,time,value,comparator\nsecret,0,9,~\n", EVENTS, "L.csv, line 2, column comparator: is not one of"),
        (VISITS, "id,entry,time,event\nsecret,4,3,1\n", "E.csv, line 2, column time: lies before entry"),
        (VISITS, "id,entry,time,event\nsecret,0,3,2\n", "E.csv, line 2, column event: is not 0 or 1"),
        (VISITS, EVENTS + "secret,0,3,1\n", "E.csv, line 3, column id: the subject is there twice"),
        (VISITS, "id,time,event\n,3,1\n", "E.csv, line 2, column id: is empty"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_told_with_its_place_and_no_name(tmp_path, visits, events, place):
    errors = [issue for issue in read(tmp_path, visits, events)[1] if issue.severity == "error"]
    assert [str(issue).removeprefix("error: ").startswith(place) for issue in errors] == [True]
    assert "secret" not in str(errors[0])


def test_visits_at_or_after_the_event_are_dropped_with_a_warning(tmp_path):
    cohort, issues = read(tmp_path, VISITS + "secret,3,99\nsecret,4,99\n")
    assert [visit.time for visit in cohort.courses[0].visits] == [0.0, 1.0]
    assert "2 rows not used: at or after the event" in str(issues[0])


def test_a_visit_on_the_day_of_censoring_stays(tmp_path):
    cohort, _ = read(tmp_path, VISITS + "secret,3,99\n", "id,time,event\nsecret,3,0\n")
    assert len(cohort.courses[0].visits) == 3


def test_values_of_subjects_without_a_follow_up_are_dropped_with_a_warning(tmp_path):
    cohort, issues = read(tmp_path, VISITS + "other,0,5\n")
    assert len(cohort) == 1
    assert "1 row not used" in str(issues[0])


def test_an_empty_value_below_a_limit_stands_at_the_limit(tmp_path):
    cohort, _ = read(tmp_path, "id,time,value,comparator,lod\nsecret,0,,<,31\n")
    assert cohort.courses[0].visits[0].bound() == ("<", 31.0)


def test_a_value_at_its_limit_of_detection_is_below_it():
    assert Visit(0.0, 31.0, "", "", 31.0).bound() == ("<", 31.0)
    assert Visit(0.0, 32.0, "", "", 31.0).bound() == ("", 32.0)


@pytest.mark.parametrize("empty", ["", "NA", "NaN", "nan"])
def test_a_row_without_a_value_is_not_used_and_told(tmp_path, empty):
    cohort, issues = read(tmp_path, VISITS + f"secret,2,{empty}\n")
    assert len(cohort.courses[0].visits) == 2
    assert "warning: L.csv, column value: 1 row not used: no value" in map(str, issues)


def test_a_value_of_0_lies_below_its_limit_or_below_the_least_value_of_its_assay(tmp_path):
    rows = "id,time,value,assay,lod\nsecret,0,0,a,31\nsecret,1,0,b,\nsecret,1.5,20,b,\nsecret,2,0,c,\n"
    cohort, issues = read(tmp_path, rows)
    assert [visit.bound() for visit in cohort.courses[0].visits] == [("<", 31.0), ("<", 20.0), ("", 20.0)]
    told = [issue.message for issue in issues if issue.severity == "warning"]
    assert told == [
        "1 value of 0 of b taken as below 20, the least above 0; lod would say more",
        "1 value of 0 of c not used, none is above 0; lod would say more",
    ]


def test_who_lacks_a_covariate_is_kept_and_not_learned_from(tmp_path):
    events = "id,time,event,age,sex\nsecret,3,1,,1\nb,2,0,50,0\n"
    cohort, issues = read(tmp_path, events=events, covariates=("age", "sex"))
    assert len(cohort) == 2
    assert [course.id for course in cohort.complete().courses] == ["b"]
    assert "column age: not known of 1 subject" in str(next(i for i in issues if i.severity == "warning"))


def test_a_category_in_words_is_refused_with_the_mend(tmp_path):
    _, issues = read(tmp_path, events="id,time,event,sex\nsecret,3,1,f\n", covariates=("sex",))
    assert "column sex: is not a number; write a category as 0 and 1" in str(issues[0])


def test_extra_columns_are_told_and_not_used(tmp_path):
    _, issues = read(tmp_path, events="id,time,event,shoe\nsecret,3,1,44\n")
    assert "columns not used: shoe" in [issue.message for issue in issues]


@pytest.mark.parametrize("header", ["id,time", "id,time,value,value"])
def test_a_header_that_cannot_be_used_is_refused(tmp_path, header):
    with pytest.raises(UnreadableInput, match=r"column"):
        read(tmp_path, header + "\n")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableInput, match=r"cannot be read"):
        read_cohort(tmp_path / "no.csv", tmp_path / "no.csv")


def test_no_repr_shows_a_subject(tmp_path):
    cohort, _ = read(tmp_path)
    assert "secret" not in repr(cohort) + repr(cohort.courses[0])


def test_a_landmark_hides_the_future(tmp_path):
    cohort, _ = read(tmp_path, VISITS + "secret,2,30\n", treatments="id,time,treatment\nsecret,0,a\nsecret,2,b\n")
    known = cohort.at_risk(1.0).courses[0]
    assert [visit.time for visit in known.visits] == [0.0, 1.0]
    assert known.treatments == (Treatment(0.0, "a"),)
    assert len(cohort.at_risk(3.0)) == 0
