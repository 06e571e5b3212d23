import json
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone
from fhir.resources.R4B import get_fhir_model_class

from openpoems.interchange.fhir import read
from openpoems.web.audit.models import Entry
from openpoems.web.fhir import rendering, searching
from openpoems.web.fhir.models import Rendered
from openpoems.web.fhir.table import served
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.erasure import erase
from openpoems.web.registry.actions.facts import correct, enter, retract
from openpoems.web.registry.actions.identity import identify
from openpoems.web.registry.identity import Who
from openpoems.web.registry.models import Fact, Import
from openpoems.web.registry.store import fact_of
from tests.unit.web.interface.asking import program
from tests.unit.web.interface.test_api import with_course  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
TYPE = "application/fhir+json; fhirVersion=4.0; charset=utf-8"


@pytest.fixture
def course(with_course):  # noqa: F811
    return with_course


def found(client, path):
    """The resources of every page of a search."""
    address, every = f"/fhir/{path}", []
    while address:
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, TYPE), answer.content
        bundle = answer.json()
        every += [entry["resource"] for entry in bundle.get("entry", ())]
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        address = links.get("next", "").removeprefix("http://testserver")
    return every


def refused(answer, status, code):
    """An OperationOutcome with a sentence, and nothing else."""
    assert (answer.status_code, answer["Content-Type"]) == (status, TYPE)
    (issue,) = answer.json()["issue"]
    assert (issue["severity"], issue["code"]) == ("error", code)
    assert issue["diagnostics"].endswith(".")
    get_fhir_model_class("OperationOutcome").model_validate_json(answer.content)


def test_an_independent_library_accepts_whatever_is_served(course):
    alice = program(course.users.alice)
    told = alice.get(f"/fhir/Patient/{course.people.alice.pk}/$everything")
    get_fhir_model_class("Bundle").model_validate_json(told.content)
    resources = [entry["resource"] for entry in told.json()["entry"]]
    assert {each["resourceType"] for each in resources} == set(served()) - {"Encounter"}
    for each in resources:
        get_fhir_model_class(each["resourceType"]).model_validate_json(json.dumps(each))
    get_fhir_model_class("CapabilityStatement").model_validate_json(Client().get("/fhir/metadata").content)


def test_everything_read_again_is_the_record(course):
    told = program(course.users.alice).get(f"/fhir/Patient/{course.people.alice.pk}/$everything").json()
    told["entry"] = [
        each for each in told["entry"] if each["resource"]["resourceType"] not in ("DiagnosticReport", "Consent")
    ]
    ((again, _),) = read(told)
    facts = {fact_of(row) for row in Fact.objects.all()}
    assert {*again.features, *again.measurements, *again.treatments, *again.procedures, *again.events} == facts


def test_the_capability_statement_says_what_is_there_and_no_more(course):
    alice = program(course.users.alice)
    (rest,) = Client().get("/fhir/metadata").json()["rest"]
    for each in rest["resource"]:
        for parameter in each["searchParam"]:
            value = {"date": "2020", "token": "x", "reference": "Patient/x"}[parameter["type"]]
            assert alice.get(f"/fhir/{each['type']}?{parameter['name']}={value}").status_code == 200, parameter
        for include in each.get("searchInclude", ()):
            assert alice.get(f"/fhir/{each['type']}?_include={include}").status_code == 200, include
    assert {each["type"] for each in rest["resource"]} == set(served())


def test_every_resource_found_is_read_at_its_address(course):
    alice = program(course.users.alice)
    for kind in served():
        for each in found(alice, f"{kind}?_count=200")[::9]:
            answer = alice.get(f"/fhir/{kind}/{each['id']}")
            assert answer.json() == each
            assert answer["ETag"] == f'W/"{each["meta"]["versionId"]}"'
            again = alice.get(f"/fhir/{kind}/{each['id']}", headers={"If-None-Match": answer["ETag"]})
            assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("count", [1, 7, 200])
def test_pages_hold_each_match_once(course, count):
    alice = program(course.users.alice)
    every = [each["id"] for each in found(alice, f"Observation?_count={count}")] if count > 1 else []
    whole = alice.get("/fhir/Observation?_count=200").json()
    ids = [entry["resource"]["id"] for entry in whole["entry"]]
    assert whole["total"] == len(ids) == len(set(ids))
    assert every in ([], ids)


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("code=vegf", lambda each: "VEGF" in json.dumps(each["code"]) or "vegf" in json.dumps(each["meta"])),
        ("category=laboratory", lambda each: "laboratory" in json.dumps(each.get("category"))),
        ("category:missing=true", lambda each: "category" not in each),
        ("date=2019", lambda each: each["effectiveDateTime"].startswith("2019")),
        ("date=ge2020-01-01&date=lt2021", lambda each: each["effectiveDateTime"].startswith("2020")),
        ("date=gt2023", lambda each: each["effectiveDateTime"] > "2023-12-31"),
        ("date=ne2019", lambda each: not each["effectiveDateTime"].startswith("2019")),
        ("status=final", lambda each: each["status"] == "final"),
        ("_lastUpdated=ge2020", lambda each: True),
    ],
)
def test_a_search_finds_all_that_is_asked_for_and_nothing_else(course, query, holds):
    alice = program(course.users.alice)
    every = {each["id"]: each for each in found(alice, "Observation?_count=200")}
    chosen = {each["id"] for each in found(alice, f"Observation?_count=200&{query}")}
    dated = {id for id, each in every.items() if "effectiveDateTime" in each or "date" not in query}
    assert chosen == {id for id in dated if holds(every[id])}
    assert chosen
    whose = f"patient=Patient/{course.people.alice.pk}"
    assert {each["id"] for each in found(alice, f"Observation?_count=200&{query}&{whose}")} == chosen


def test_a_search_is_sorted_as_asked(course):
    days = [
        each.get("effectiveDateTime") for each in found(program(course.users.alice), "Observation?_sort=-date&_count=9")
    ]
    dated = [day for day in days if day]
    assert dated == sorted(dated, reverse=True)
    assert days[: len(dated)] == dated


def test_the_person_is_included_where_asked(course):
    bundle = program(course.users.alice).get("/fhir/Procedure?_include=Procedure:patient").json()
    assert [(e["search"]["mode"], e["resource"]["resourceType"]) for e in bundle["entry"]] == [
        ("match", "Procedure"), ("include", "Patient"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "query", ["foo=1", "code:text=x", "subject:Device=x", "patient.name=x", "_include=*", "_revinclude=x:y"]
)
def test_what_is_not_known_is_refused_or_passed_over_aloud(course, query):
    alice = program(course.users.alice)
    refused(alice.get(f"/fhir/Observation?{query}"), 400, "not-supported")
    told = alice.get(f"/fhir/Observation?{query}&_count=1", headers={"Prefer": "handling=lenient"}).json()
    assert told["entry"][-1]["search"]["mode"] == "outcome"
    assert "foo" not in told["link"][0]["url"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("Observation?date=soon", 400, "value"),
        ("Observation?_count=-1", 400, "value"),
        ("Observation?_sort=colour", 400, "not-supported"),
        ("Observation?_page=abc", 400, "value"),
        ("Observation?_format=xml", 406, "not-supported"),
        ("Organization", 404, "not-supported"),
        ("Observation/1", 404, "not-found"),
        ("nothing/at/all", 404, "not-found"),
    ],
)
def test_every_error_is_an_operation_outcome(course, path, status, code):
    refused(program(course.users.alice).get(f"/fhir/{path}"), status, code)


def test_so_are_those_of_methods_types_and_strangers(course, settings):
    alice = program(course.users.alice)
    address = f"/fhir/Patient/{course.people.alice.pk}"
    for method in (alice.put, alice.delete, alice.patch):
        answer = method(address)
        refused(answer, 405, "not-supported")
        assert answer["Allow"] == "GET, HEAD"
    refused(alice.post("/fhir/Observation", data=b"{}", content_type="application/fhir+json"), 405, "not-supported")
    refused(alice.get(address, headers={"Accept": "application/fhir+xml"}), 406, "not-supported")
    refused(alice.post("/fhir/", data=b"<x/>", content_type="application/fhir+xml"), 415, "not-supported")
    refused(alice.post("/fhir/", data=b"x" * (13 * 1024 * 1024), content_type="application/fhir+json"), 413, "too-long")
    refused(Client().get(address), 401, "login")
    refused(program(course.users.alice, "consent").get(address), 403, "forbidden")
    refused(program(course.users.chloe).get(address), 404, "not-found")
    settings.API_PER_MINUTE = 0
    answers = [alice.get(address).status_code for _ in range(2)]
    assert answers[-1] == 429 or answers == [404, 404]
    for accepted in ("application/json", "*/*", "text/html, */*;q=0.1"):
        settings.API_PER_MINUTE = 1_000
        assert alice.get(address, headers={"Accept": accepted}).status_code == 200


def test_a_search_by_form_is_the_same_search(course):
    alice = program(course.users.alice)
    form = "code=vegf&_count=200"
    asked = alice.post("/fhir/Observation/_search", data=form, content_type="application/x-www-form-urlencoded")
    assert asked.json()["total"] == alice.get(f"/fhir/Observation?{form}").json()["total"] > 0
    refused(alice.post("/fhir/Observation/_search", data=b"{}", content_type="application/json"), 415, "not-supported")


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("alice", {"alice"}), ("pat", {"dora"}), ("nora", {"alice", "dora"}), ("abel", {"alice", "dora"}),
        ("lena", {"alice", "dora"}), ("saul", {"chloe"}), ("bruno", {"bruno"}),
    ],
)  # fmt: skip
def test_everybody_finds_whom_they_may_see(cast, name, people):
    user = getattr(cast.users, name)
    told = found(program(user), "Patient")
    assert {each["id"] for each in told} == {getattr(cast.people, each).pk for each in people}


@pytest.mark.parametrize("name", ["rosa", "adam", "stan"])
def test_who_holds_no_record_gets_no_key_and_sees_nobody(client, course, name):
    client.force_login(getattr(course.users, name))
    for kind in served():
        assert client.get(f"/fhir/{kind}").json()["total"] == 0
    assert client.get(f"/fhir/Patient/{course.people.alice.pk}").status_code == 404


@pytest.mark.parametrize(("name", "named"), [("alice", True), ("nora", True), ("lena", True), ("abel", False)])
def test_who_may_not_know_gets_a_patient_without_a_name(course, name, named):
    reader, pk = program(getattr(course.users, name)), course.people.alice.pk
    for address in (f"Patient/{pk}", f"Patient?_id={pk}", f"Patient/{pk}/$everything", f"Patient/{pk}/$summary"):
        assert ("An Invented Name" in reader.get(f"/fhir/{address}").content.decode()) is named
        assert ("1966-02-03" in reader.get(f"/fhir/{address}").content.decode()) is named
    unscoped = program(course.users.nora, "view-record")
    assert "An Invented Name" not in unscoped.get(f"/fhir/Patient/{pk}").content.decode()


def test_consents_are_read_by_who_may_decide_on_them(course):
    alice, nora = program(course.users.alice), program(course.users.nora, "view-record")
    decide(by=course.users.alice, person=course.people.alice, choices={"map": False})
    states = {each["category"][1]["coding"][0]["code"]: each["status"] for each in found(alice, "Consent")}
    assert (states["care"], states["map"]) == ("active", "rejected")
    refused(nora.get("/fhir/Consent"), 403, "forbidden")
    client = Client()
    client.force_login(course.users.nora)
    assert client.get("/fhir/Consent").json()["total"] == 0
    everything = client.get(f"/fhir/Patient/{course.people.alice.pk}/$everything").content.decode()
    assert '"Consent"' not in everything


def test_withdrawing_closes_the_record_to_the_centre_at_once(course):
    nora, pk = program(course.users.nora), course.people.alice.pk
    assert nora.get(f"/fhir/Patient/{pk}").status_code == 200
    decide(by=course.users.alice, person=course.people.alice, choices={"centre": False})
    assert nora.get(f"/fhir/Patient/{pk}").status_code == 404
    assert pk not in nora.get("/fhir/Observation?_count=200").content.decode()


def test_reading_and_searching_are_logged(course):
    nora, pk = program(course.users.nora), course.people.alice.pk
    nora.get(f"/fhir/Observation?patient={pk}&code=nothing")
    nora.get(f"/fhir/Patient/{pk}/$everything")
    entries = Entry.objects.filter(action="read", person=pk, via="api").values_list("place", flat=True)
    assert list(entries) == ["fhir-search", "fhir-everything"]


def test_a_correction_keeps_the_id_and_changes_the_version(course):
    alice = program(course.users.alice)
    row = course.people.alice.facts.filter(about="vegf").first()
    before = {each["id"]: each["meta"]["versionId"] for each in found(alice, "Observation?_count=200")}
    fact = fact_of(row)
    from dataclasses import replace

    correct(by=course.users.alice, row=row, fact=replace(fact, note="read again", path=""))
    after = {each["id"]: each["meta"]["versionId"] for each in found(alice, "Observation?_count=200")}
    assert before.keys() == after.keys()
    assert sum(before[id] != after[id] for id in before) == 1


def test_what_was_taken_back_is_gone(course):
    alice = program(course.users.alice)
    row = course.people.alice.facts.filter(kind="procedure").first()
    (procedure,) = found(alice, "Procedure")
    retract(by=course.users.alice, row=row, why="a mistake")
    refused(alice.get(f"/fhir/Procedure/{procedure['id']}"), 410, "deleted")
    assert found(alice, "Procedure") == []


def test_an_erased_record_is_gone_and_named_nowhere(course):
    pk = course.people.alice.pk
    nora = program(course.users.nora)
    (procedure,) = found(nora, f"Procedure?patient={pk}")
    erase(by=course.users.alice, person=course.people.alice)
    for address in (f"Patient/{pk}", f"Procedure/{procedure['id']}", f"Patient/{pk}/$everything"):
        answer = nora.get(f"/fhir/{address}")
        refused(answer, 410, "deleted")
        assert pk not in answer.content.decode()
    assert not Rendered.objects.filter(person_id=pk).exists()


def test_an_erasure_while_a_record_is_rendered_leaves_no_copy_and_is_said(course, monkeypatch):
    nora, real = program(course.users.nora), rendering._render

    def erased_meanwhile(person):
        made = real(person)
        erase(by=course.users.alice, person=course.people.alice)
        return made

    monkeypatch.setattr(rendering, "_render", erased_meanwhile)
    refused(nora.get(f"/fhir/Patient/{course.people.alice.pk}"), 410, "deleted")
    assert not Rendered.objects.exists()


def test_ids_tell_no_number_of_a_row_and_differ_between_records(course):
    told = found(program(course.users.alice), "Observation?_count=200")
    rows = {str(pk) for pk in Fact.objects.values_list("pk", flat=True)}
    assert not {part for each in told for part in each["id"].split(".")[1:]} & rows
    assert all(each["id"].startswith(course.people.alice.pk + ".") for each in told)


def test_a_next_link_is_good_for_one_search_of_one_account(course):
    alice = program(course.users.alice)
    links = {link["relation"]: link["url"] for link in alice.get("/fhir/Observation?_count=3").json()["link"]}
    page = links["next"].partition("_page=")[2]
    for query in (f"_count=4&_page={page}", f"_count=3&status=final&_page={page}", f"_count=3&_page={page}x"):
        refused(alice.get(f"/fhir/Observation?{query}"), 400, "value")
    refused(alice.get(f"/fhir/Condition?_count=3&_page={page}"), 400, "value")
    refused(program(course.users.nora).get(links["next"].removeprefix("http://testserver")), 400, "value")
    forged = signing.dumps(["x", {"person": "", "at": 0, "revisions": 0, "total": None}], salt="other")
    refused(alice.get(f"/fhir/Observation?_count=3&_page={forged}"), 400, "value")


def test_pages_of_a_record_that_changed_are_not_mixed(course):
    alice = program(course.users.alice)
    links = {link["relation"]: link["url"] for link in alice.get("/fhir/Observation?_count=3").json()["link"]}
    row = course.people.alice.facts.filter(about="vegf").first()
    retract(by=course.users.alice, row=row, why="a mistake")
    refused(alice.get(links["next"].removeprefix("http://testserver")), 410, "expired")


def test_many_people_are_searched_a_few_at_a_time(course, monkeypatch):
    whole = [each["id"] for each in found(program(course.users.nora), "Observation?_count=200")]
    monkeypatch.setattr(searching, "FEW", 1)
    nora = program(course.users.nora)
    assert [each["id"] for each in found(nora, "Observation?_count=20")] == whole
    assert {each["id"] for each in found(nora, "Patient?_count=1")} == {course.people.alice.pk, course.people.dora.pk}
    refused(nora.get("/fhir/Observation?_sort=date"), 400, "too-costly")
    refused(nora.get("/fhir/Observation?_count=0"), 400, "too-costly")
    assert nora.get("/fhir/Patient?_count=0").json()["total"] == 2


def test_the_centres_own_number_finds_the_person_for_its_staff(course):
    who = Who(name="An Invented Name", local_number="4711")
    identify(by=course.users.nora, person=course.people.alice, who=who)
    (told,) = found(program(course.users.nora), "Patient?identifier=4711")
    assert told["identifier"][0]["value"] == "4711"
    assert found(program(course.users.abel), "Patient?identifier=4711") == []
    assert found(program(course.users.saul), "Patient?identifier=4711") == []


def sent(client, *resources, kind="transaction"):
    entries = [{"resource": each, "request": {"method": "POST", "url": each["resourceType"]}} for each in resources]
    body = json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries})
    return client.post("/fhir/", data=body, content_type="application/fhir+json")


def vegf(pseudonym):
    return {
        "resourceType": "Observation",
        "status": "final",
        "subject": {"reference": f"Patient/{pseudonym}"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "75628-8"}]},
        "effectiveDateTime": "2026-03-05",
        "valueQuantity": {"value": 95, "unit": "pg/mL", "system": "http://unitsofmeasure.org", "code": "pg/mL"},
    }


def test_a_transaction_waits_for_a_person_and_says_so(cast):
    answer = sent(program(cast.users.nora), vegf(cast.people.alice.pk))
    assert (answer.status_code, answer["Content-Type"]) == (202, TYPE)
    made = Import.objects.get()
    assert answer["Location"] == f"http://testserver/people/{cast.people.alice.pk}/imports/{made.pk}/"
    assert "not stored" in answer.json()["issue"][0]["diagnostics"]
    assert answer["Location"] in answer.json()["issue"][0]["diagnostics"]
    assert (Fact.objects.count(), made.state, made.rows.count()) == (0, "previewed", 1)


def test_a_transaction_is_about_one_person_whom_the_sender_may_write_of(cast):
    nora = program(cast.users.nora)
    refused(sent(nora), 422, "business-rule")
    refused(sent(nora, vegf(cast.people.alice.pk), vegf(cast.people.dora.pk)), 422, "business-rule")
    refused(sent(nora, vegf(cast.people.chloe.pk)), 404, "not-found")
    refused(sent(nora, vegf(cast.people.alice.pk), kind="collection"), 422, "not-supported")
    refused(sent(program(cast.users.nora, "view-record"), vegf(cast.people.alice.pk)), 403, "forbidden")
    decide(by=cast.users.alice, person=cast.people.alice, choices={"care": False})
    refused(sent(nora, vegf(cast.people.alice.pk)), 403, "forbidden")
    refused(nora.post("/fhir/", data=b"{", content_type="application/fhir+json"), 400, "structure")
    assert Import.objects.count() == 0


def test_a_record_is_rendered_once_for_each_revision(course, monkeypatch):
    alice = program(course.users.alice)
    found(alice, "Observation?_count=200")
    monkeypatch.setattr(rendering, "_render", lambda person: pytest.fail("rendered again"))
    found(alice, "Observation?_count=200")
    monkeypatch.undo()
    assert Rendered.objects.get(person=course.people.alice).revision == course.people.alice.revision


@pytest.mark.parametrize(
    "path", ["Observation?_count=200", "Patient/{pk}", "Patient/{pk}/$everything", "Condition?code=x"]
)
def test_questions_to_the_database_do_not_grow_with_the_record(course, path, django_assert_num_queries):
    """The same number for the empty record of Dora and for a whole course."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for whose in ("dora", "alice"):
        pk = getattr(course.people, whose).pk
        reader = program(course.users.pat if whose == "dora" else course.users.alice)
        address = "/fhir/" + path.format(pk=pk)
        reader.get(address)
        with CaptureQueriesContext(connection) as asked:
            reader.get(address)
        counts.append(len([each for each in asked if "audit" not in each["sql"].lower()]))
    assert counts[0] - 3 <= counts[1] <= counts[0] + 3
    assert counts[1] <= 24


def test_a_link_to_the_next_page_ends_after_a_day(course, monkeypatch):
    alice = program(course.users.alice)
    links = {link["relation"]: link["url"] for link in alice.get("/fhir/Observation?_count=3").json()["link"]}
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    refused(alice.get(links["next"].removeprefix("http://testserver")), 410, "expired")


def test_a_fact_that_is_entered_appears(cast):
    from openpoems.record import Coding, Concept, Feature

    alice = program(cast.users.alice)
    assert found(alice, "Observation") == []
    enter(by=cast.users.alice, person=cast.people.alice, fact=Feature(Concept((Coding("HP:0001271"),), "neuropathy")))
    (told,) = found(alice, "Observation?code=http://human-phenotype-ontology.org|HP:0001271")
    assert told["valueBoolean"] is True


@pytest.mark.parametrize("name", ["saul", "chloe", "bruno", "rosa", "adam", "stan", "pat"])
def test_an_id_that_was_overheard_opens_nothing(course, name):
    pk = course.people.alice.pk
    everything = program(course.users.alice).get(f"/fhir/Patient/{pk}/$everything").json()["entry"]
    one_of_each = {entry["resource"]["resourceType"]: entry["resource"]["id"] for entry in everything}
    client = Client()
    client.force_login(getattr(course.users, name))
    for kind, id in one_of_each.items():
        refused(client.get(f"/fhir/{kind}/{id}"), 404, "not-found")
        for query in (f"_id={id}", f"patient={pk}"):
            if kind != "Patient" or "_id" in query:
                assert client.get(f"/fhir/{kind}?{query}").json()["total"] == 0
