import json
from pathlib import Path

import jsonschema
import pytest
from django.test import Client
from django.utils import timezone
from fhir.resources.R4B import get_fhir_model_class

from openpoems.interchange.sources import load, read_source
from openpoems.web.api.urls import RIGHTS
from openpoems.web.audit.models import Entry
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.erasure import erase
from openpoems.web.registry.actions.identity import identify
from openpoems.web.registry.identity import Who
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.store import facts_in, row_of
from tests.unit.web.interface.asking import program

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[4]
COURSE = ROOT / "examples" / "course.csv"
TABLE = b"Date,VEGF (pg/mL)\n2026-01-02,95\n"


@pytest.fixture
def with_course(cast):
    """Alice with the invented course of `examples/course.csv` as her record, and a name."""
    ((record, _),) = read_source(COURSE, load(COURSE), form=None)
    rows = [row_of(cast.people.alice, f, by=cast.users.alice, at=timezone.now()) for f in facts_in(record)]
    Fact.objects.bulk_create(rows)
    Person.objects.filter(pk=cast.people.alice.pk).update(revision=1)
    identify(by=cast.users.alice, person=cast.people.alice, who=Who(name="An Invented Name", birth="1966-02-03"))
    cast.people.alice.refresh_from_db()
    return cast


def at(cast, path="", whose="alice"):
    return f"/api/people/{getattr(cast.people, whose).pk}{path}"


def test_the_account_sees_whom_it_acts_for(cast):
    told = program(cast.users.alice).get("/api/me").json()
    assert told["records"] == [{"pseudonym": cast.people.alice.pk, "kind": "self"}]
    assert program(cast.users.pat).get("/api/me").json()["records"][0]["kind"] == "proxy"
    nora = program(cast.users.nora).get("/api/me").json()
    assert nora["roles"] == [{"role": "clinician", "centre": "northtown", "name": "Northtown Clinic"}]


def test_facts_come_page_by_page_and_by_kind(with_course):
    alice = program(with_course.users.alice)
    every = alice.get(at(with_course, "/facts?size=10")).json()
    assert (every["count"], len(every["facts"])) == (Fact.objects.count(), 10)
    told = [
        alice.get(at(with_course, f"/facts?size=10&page={n}")).json()["facts"] for n in range(1, every["pages"] + 2)
    ]
    assert sorted(fact["id"] for page in told for fact in page) == sorted(Fact.objects.values_list("pk", flat=True))
    assert told[-1] == []
    treatments = alice.get(at(with_course, "/facts?kind=treatment")).json()
    assert {fact["kind"] for fact in treatments["facts"]} == {"treatment"}


def test_the_assessment_is_the_published_document(with_course):
    told = program(with_course.users.nora).get(at(with_course, "/assessment")).json()
    schema = json.loads((ROOT / "src/openpoems/reports/assessment.schema.json").read_text())
    jsonschema.validate(told, schema)
    assert (told["diagnosis"][0]["name"], told["diagnosis"][0]["status"]) == ("Mayo Clinic 2023", "met")


def test_series_are_never_joined(with_course):
    told = program(with_course.users.alice).get(at(with_course, "/series")).json()["series"]
    vegf = [each for each in told if each["measure"] == "vegf"]
    assert {(each["specimen"], each["laboratory"]) for each in vegf} == {
        ("plasma", "Laboratory B"), ("serum", "Laboratory A"),
    }  # fmt: skip


@pytest.mark.parametrize(("name", "named"), [("alice", True), ("nora", True), ("abel", False)])
def test_the_letter_and_the_summary_name_the_person_only_to_who_may_know(with_course, name, named):
    reader = program(getattr(with_course.users, name))
    assert reader.get(at(with_course, "/letter.pdf")).content.startswith(b"%PDF")
    summary = reader.get(at(with_course, "/summary"))
    assert ("An Invented Name" in summary.content.decode()) is named
    get_fhir_model_class("Bundle").model_validate_json(summary.content)


def test_a_key_without_the_scope_is_told_no_name_either(with_course):
    reader = program(with_course.users.nora, "view-record", "list-people")
    assert "An Invented Name" not in reader.get(at(with_course, "/summary")).content.decode()
    assert "An Invented Name" not in reader.get("/api/centres/northtown/people").content.decode()


def test_the_centres_own_number_is_told_to_its_staff_alone(with_course):
    who = Who(name="An Invented Name", local_number="4711")
    identify(by=with_course.users.nora, person=with_course.people.alice, who=who)
    assert program(with_course.users.alice).get(at(with_course, "/identity")).json()["local_number"] == ""
    assert program(with_course.users.nora).get(at(with_course, "/identity")).json()["local_number"] == "4711"


@pytest.mark.parametrize("form", ["fhir", "phenopacket", "csv"])
def test_a_whole_record_is_taken_away_by_its_person_alone(with_course, form):
    taken = program(with_course.users.alice).get(at(with_course, f"/export?form={form}"))
    ((record, _),) = read_source(None, taken.content, form="csv" if form == "csv" else None)
    assert len(facts_in(record)) == Fact.objects.count()
    assert program(with_course.users.nora, "view-record").get(at(with_course, "/export")).status_code == 403


def test_consent_and_accesses_are_told(with_course):
    alice = program(with_course.users.alice)
    program(with_course.users.nora).get(at(with_course))
    decide(by=with_course.users.alice, person=with_course.people.alice, choices={"map": False})
    told = {each["purpose"]: each for each in alice.get(at(with_course, "/consents")).json()["decisions"]}
    assert (told["care"]["counts"], told["map"]["given"], told["map"]["counts"]) == (True, False, False)
    seen = alice.get(at(with_course, "/accesses")).json()["accesses"]
    assert ("Nora", ["the record, by a program"]) in [(each["who"], each["read"]) for each in seen]


def test_what_is_sent_waits_for_a_person(cast):
    sent = program(cast.users.nora).post(at(cast, "/imports"), data=TABLE, content_type="text/csv")
    assert sent.status_code == 202
    assert (sent.json()["state"], sent.json()["entries"], sent.json()["new"]) == ("previewed", 1, 1)
    assert Fact.objects.count() == 0
    client = Client()
    client.force_login(cast.users.nora)
    assert "95" in client.get(sent.json()["page"].removeprefix("http://testserver")).content.decode()


def test_what_cannot_be_read_says_why(cast):
    sent = program(cast.users.nora).post(at(cast, "/imports"), data=b"<xml/>", content_type="text/csv")
    assert (sent.status_code, sent["Content-Type"]) == (422, "application/problem+json")
    assert "none of the forms" in sent.json()["detail"]


def test_nothing_is_taken_in_for_who_did_not_agree(cast):
    decide(by=cast.users.alice, person=cast.people.alice, choices={"care": False})
    sent = program(cast.users.alice).post(at(cast, "/imports"), data=TABLE, content_type="text/csv")
    assert sent.status_code == 403


def test_a_centre_lists_who_agreed_and_each_is_logged(cast):
    told = program(cast.users.nora).get("/api/centres/northtown/people").json()
    assert {each["pseudonym"] for each in told["people"]} == {cast.people.alice.pk, cast.people.dora.pk}
    assert Entry.objects.filter(action="list", place="api-people", person=cast.people.alice.pk).count() == 1
    assert program(cast.users.nora).get("/api/centres/northtown/people?page=2").json()["people"] == []
    assert program(cast.users.nora).get("/api/centres/southport/people").status_code == 404


def test_an_erased_record_is_gone_and_named_nowhere(cast):
    address, pseudonym = at(cast), cast.people.alice.pk
    erase(by=cast.users.alice, person=cast.people.alice)
    gone = program(cast.users.nora, "view-record").get(address)
    assert (gone.status_code, gone["Content-Type"]) == (410, "application/problem+json")
    assert pseudonym not in gone.content.decode()
    assert Client().get(address).status_code == 401


def test_a_record_that_is_erased_while_it_is_answered_is_gone(with_course, monkeypatch):
    alice = with_course.people.alice

    def erased_meanwhile(person):
        erase(by=with_course.users.alice, person=person)
        return Person.objects.get(pk=person.pk)

    monkeypatch.setattr("openpoems.web.api.interface.answers_of", erased_meanwhile)
    answer = program(with_course.users.nora).get(f"/api/people/{alice.pk}/answers")
    assert (answer.status_code, answer["Content-Type"]) == (410, "application/problem+json")


@pytest.mark.parametrize("path", ["/api/nothing", "/api/people", "/api/people/x/"])
def test_an_address_that_is_not_there_says_so_to_a_program(client, db, path):
    refused = client.get(path)
    assert (refused.status_code, refused["Content-Type"]) == (404, "application/problem+json")
    assert refused.json()["detail"].endswith(".")


def test_too_much_is_refused_in_words_for_programs(cast):
    big = program(cast.users.alice).post(at(cast, "/imports"), data=b"x" * (13 * 1024 * 1024), content_type="text/csv")
    assert (big.status_code, big["Content-Type"]) == (413, "application/problem+json")


def test_answers_lie_in_no_cache(cast):
    assert "no-store" in program(cast.users.alice).get(at(cast))["Cache-Control"]


def test_every_described_address_has_its_right(client, db):
    told = client.get("/api/openapi.json").json()
    operations = [one for methods in told["paths"].values() for one in methods.values()]
    assert len(operations) == len(RIGHTS)
    assert all({"401", "403", "404", "422", "429"} <= one["responses"].keys() for one in operations)


@pytest.mark.parametrize("path", ["", "/facts", "/assessment", "/series", "/summary", "/consents"])
def test_questions_to_the_database_do_not_grow_with_the_record(with_course, path, django_assert_max_num_queries):
    alice = program(with_course.users.alice)
    alice.get(at(with_course, path))
    with django_assert_max_num_queries(26):
        alice.get(at(with_course, path))
