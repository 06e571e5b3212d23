"""One person's course: nothing lost, nothing judged twice, drawn once for each change, and a page for hard records."""

import csv
import gzip
import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openpoems.interchange.sources import load, read_source
from openpoems.quantities import Quantity
from openpoems.record import PartialDate
from openpoems.record.model import Agent, Coding, Concept, Event, Measurement, ReferenceRange, Treatment
from openpoems.web.course.models import Drawn
from openpoems.web.registry.actions.facts import enter, retract
from openpoems.web.registry.models import Fact
from openpoems.web.registry.store import facts_in, row_of

pytestmark = pytest.mark.django_db
COURSE = Path(__file__).resolve().parents[3] / "examples" / "course.csv"
# VEGF has risen above its limit twice, and nothing else has turned yet: the model is asked.
RISING = date(2023, 9, 5)
VEGF = Concept((Coding("OPENPOEMS:vegf"),), "VEGF")


@pytest.fixture
def with_course(cast):
    """Alice with the invented course of `examples/course.csv` as her record."""
    ((record, _),) = read_source(COURSE, load(COURSE), form=None)
    for fact in facts_in(record):
        enter(by=cast.users.alice, person=cast.people.alice, fact=fact)
    cast.people.alice.refresh_from_db()
    return cast


@pytest.fixture
def nora(client, cast):
    client.force_login(cast.users.nora)
    return client


def course(client, person, more=""):
    return client.get(f"/people/{person.pk}/course/{more}")


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def vegf(on, value, **more):
    return Measurement(VEGF, Quantity(value, "pg/mL"), specimen="plasma", laboratory="B", on=on, **more)


def put(cast, *facts):
    rows = [row_of(cast.people.alice, fact, by=cast.users.alice, at=timezone.now()) for fact in facts]
    Fact.objects.bulk_create(rows)
    cast.people.alice.revision += 1
    cast.people.alice.save()


def test_no_relapse_is_told_apart_from_nothing_judged(nora, cast):
    lenalidomide = Agent(Concept((Coding("OPENPOEMS:lenalidomide"),)))
    limit = ReferenceRange(high=Quantity(96, "pg/mL"))
    put(cast, *(vegf(PartialDate(2024, month), value, reference=limit) for month, value in ((1, 900.0), (6, 60.0))))
    assert "Cannot tell: no axis of response could be judged." in words(course(nora, cast.people.alice))
    put(cast, Treatment("lenalidomide", (lenalidomide,), start=PartialDate(2024, 2, 1)))
    assert "no relapse and no progression; that is no proof" in words(course(nora, cast.people.alice))


def test_every_entry_of_the_record_can_be_opened_from_its_course(nora, with_course):
    alice = with_course.people.alice
    opened = set(re.findall(rf"/people/{alice.pk}/facts/(\d+)/", course(nora, alice, "?series=all").content.decode()))
    facts = {str(pk) for pk in alice.facts.filter(state=Fact.State.CURRENT).values_list("pk", flat=True)}
    grouped = facts - opened  # several of one day stand in one mark, which leads to the table
    table = nora.get(f"/people/{alice.pk}/course/table/?all=yes").content.decode()
    assert [pk for pk in grouped if f'id="fact-{pk}"' not in table] == []
    assert len(opened) > len(facts) / 2


def test_a_value_says_its_unit_its_laboratory_its_limit_and_who_said_it(nora, with_course):
    said = course(nora, with_course.people.alice).content.decode()
    label = next(label for label in re.findall(r'aria-label="([^"]+)"', said) if "1850 pg/mL" in label)
    for part in (
        "VEGF",
        "29 October 2018",
        "in plasma",
        "normal up to 96.2 pg/mL",
        "Laboratory B",
        "ECL",
        "Said by somebody not named",
    ):
        assert part in label


def test_the_panels_say_what_the_assessment_says(nora, with_course):
    said = words(course(nora, with_course.people.alice))
    assert "Mayo Clinic 2023: met" in said
    assert "complete response" in said
    assert "Relapse , VEGF, 2023-07-10, confirmed 2023-09-04" in said
    assert "A normal VEGF does not exclude relapse" in said
    assert "cannot tell" in said
    assert "Illustrative: fitted to simulated patients" in said
    assert "recalled" in said


def test_what_the_next_value_would_change_is_shown_where_the_model_can_tell(nora, with_course, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: RISING)
    said = words(course(nora, with_course.people.alice))
    assert "If the next VEGF were …" in said
    assert "4 × the limit" in said
    assert said.count("Illustrative: fitted to simulated patients") >= 2
    assert "Dated after today" in said


def test_time_is_counted_from_the_diagnosis_where_it_is_known(nora, with_course):
    said = course(nora, with_course.people.alice, "?axis=days&gaps=closed").content.decode()
    assert "Days since 2018-11-05" in said
    assert "?axis=days&amp;gaps=closed&amp;series=all#timeline" in said


def test_a_page_is_drawn_once_for_each_change_of_the_record(nora, with_course, monkeypatch):
    alice = with_course.people.alice
    first = course(nora, alice).content
    monkeypatch.setattr("openpoems.web.course.views.body", lambda *args: pytest.fail("drawn again"))
    assert course(nora, alice).status_code == 200
    monkeypatch.undo()
    retract(by=with_course.users.alice, row=alice.facts.filter(about="vegf").first(), why="a mistake")
    assert course(nora, alice).content != first
    assert Drawn.objects.count() == 1


def test_each_language_has_its_own_drawing(nora, with_course):
    course(nora, with_course.people.alice)
    spanish = nora.get(f"/people/{with_course.people.alice.pk}/course/", headers={"Accept-Language": "es"})
    assert 'lang="es"' in spanish.content.decode()
    assert re.findall(r'(?:cx|cy|[xy][12]?|width|height)="-?[0-9]+,[0-9]+%?"', spanish.content.decode()) == []
    assert {variant[-2:] for variant in Drawn.objects.values_list("variant", flat=True)} == {"en", "es"}


def test_of_a_person_who_is_erased_while_the_page_is_drawn_nothing_is_kept(nora, with_course, monkeypatch):
    def erased(person, wish):
        person.facts.all().delete()
        person.delete()
        return {}

    monkeypatch.setattr("openpoems.web.course.views.body", erased)
    monkeypatch.setattr("openpoems.web.course.views.render_to_string", lambda *args: "drawn")
    assert course(nora, with_course.people.alice).status_code == 200
    assert not Drawn.objects.exists()


def queries(client, person, more=""):
    course(client, person, more)  # signs, rights and knowledge are read once
    with CaptureQueriesContext(
        connection,
    ) as kept:
        course(client, person, more)
    Drawn.objects.all().delete()
    with CaptureQueriesContext(connection) as anew:
        course(client, person, more)
    return len(kept), len(anew)


def test_the_number_of_queries_does_not_depend_on_the_number_of_visits(nora, cast):
    put(cast, *(vegf(PartialDate.of(date(2020, 1, 1) + timedelta(days=30 * n)), 100 + n) for n in range(3)))
    few = queries(nora, cast.people.alice, "?series=all")
    put(cast, *(vegf(PartialDate.of(date(2021, 1, 1) + timedelta(days=30 * n)), 100 + n) for n in range(40)))
    assert queries(nora, cast.people.alice, "?series=all") == few


def test_the_page_of_forty_visits_weighs_little(nora, with_course):
    for measure, unit in (("vegf", "pg/mL"), ("m-protein-serum", "g/dL"), ("onls", "{score}"), ("platelets", "10*9/L")):
        concept = Concept((Coding(f"OPENPOEMS:{measure}"),))
        days = (PartialDate.of(date(2020, 1, 1) + timedelta(days=50 * n)) for n in range(40))
        put(
            with_course,
            *(Measurement(concept, Quantity(3 + n, unit), specimen="serum", on=on) for n, on in enumerate(days)),
        )
    page = course(nora, with_course.people.alice, "?series=all").content
    assert len(gzip.compress(page)) < 60_000  # of the 500 kB of a page with its styles


def test_the_table_is_the_same_by_kind_and_as_a_file_that_no_spreadsheet_runs(nora, with_course):
    alice = with_course.people.alice
    put(with_course, Event("other", Concept(text="=cmd|danger"), on=PartialDate(2020, 1, 2)))
    page = nora.get(f"/people/{alice.pk}/course/table/?kind=imaging")
    assert "sclerotic bone lesion" in words(page).lower()
    assert "1850 pg/mL" not in words(page)
    file = nora.get(f"/people/{alice.pk}/course/table.csv")
    rows = list(csv.DictReader(io.StringIO(file.content.decode())))
    assert len(rows) == alice.facts.filter(state=Fact.State.CURRENT).count()
    assert {row["what"] for row in rows if "danger" in row["what"]} == {"'=cmd|danger"}
    assert file.headers["Content-Disposition"] == f'attachment; filename="{alice.pk}-course.csv"'
    only = nora.get(f"/people/{alice.pk}/course/table.csv?kind=treatment").content.decode()
    assert len(only.splitlines()) == 1 + alice.facts.filter(kind="treatment").count()


EARLY, LATE = PartialDate(2019, 5, 1), PartialDate(2018, 1, 1)
HARD = {
    "nothing": ((), "Nothing is recorded yet."),
    "one value": ((vegf(EARLY, 1850.0),), "Cannot tell yet"),
    "no date": ((vegf(None, 1850.0),), "Without a date"),
    "only a year": ((vegf(PartialDate(2019), 1850.0), vegf(PartialDate(2019), 80.0)), "1850 pg/mL"),
    "an end before the start": ((Treatment("Rd", start=EARLY, end=LATE), vegf(EARLY, 90.0)), "Rd"),
    "ahead": ((Event("other", Concept(text="a visit"), on=PartialDate(2090, 1, 1)),), "Dated after today"),
    "an outlier": (
        tuple(vegf(PartialDate(2019, n, 1), 10.0**n, reference=ReferenceRange(high=Quantity(96.2, "pg/mL"))) for n in range(1, 9)),
        "Not verified.",
    ),
    "zero": ((vegf(EARLY, 0.0), vegf(PartialDate(2020, 1, 1), 0.0)), "VEGF"),
}  # fmt: skip


@pytest.mark.parametrize("name", HARD)
@pytest.mark.parametrize("wish", ["", "?axis=days&gaps=closed&series=all"], ids=["dates", "days"])
def test_a_hard_record_gets_a_page_that_helps(nora, cast, name, wish):
    facts, sentence = HARD[name]
    put(cast, *facts)
    page = course(nora, cast.people.alice, wish)
    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_what_is_wrong_with_the_person_as_such_is_said_without_an_entry(nora, cast):
    cast.people.alice.birth_year = 2090
    put(cast, vegf(EARLY, 90.0))
    assert "the date of birth lies in the future: correct it" in words(course(nora, cast.people.alice))


def test_many_values_are_drawn_and_read_in_the_table(nora, cast):
    put(cast, *(vegf(PartialDate.of(date(2015, 1, 1) + timedelta(days=5 * n)), 50 + n % 90) for n in range(600)))
    said = words(course(nora, cast.people.alice))
    assert "600 values: too many to point at. The table holds each." in said
    table = nora.get(f"/people/{cast.people.alice.pk}/course/table/")
    assert "Page 1 of 6" in words(table)
