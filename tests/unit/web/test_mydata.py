"""All the data of a record, taken away: each file is read again as the record it was made of."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from openpoems.interchange.sources import load, read_source
from openpoems.record import Agent, Coding, Concept, Event, PartialDate, Procedure, Provenance, Treatment
from openpoems.web.audit.models import Entry
from openpoems.web.insight.actions import make_link
from openpoems.web.portal.mydata import FORMS
from openpoems.web.registry.accesses import accesses
from openpoems.web.registry.actions.drafts import keep
from openpoems.web.registry.actions.facts import retract
from openpoems.web.registry.actions.identity import identify
from openpoems.web.registry.documents import digest_of, to_document
from openpoems.web.registry.identity import Who
from openpoems.web.registry.models import Fact, Import, Person
from openpoems.web.registry.store import facts_in, record_of, row_of

pytestmark = pytest.mark.django_db
COURSE = Path(__file__).resolve().parents[3] / "examples" / "course.csv"
SAID = Provenance("patient", recorded=PartialDate(2024, 5, 1))
BORTEZOMIB = Concept((Coding("OPENPOEMS:bortezomib", "Bortezomib"),), "Bortezomib")
MORE = (
    Treatment("VCd", (Agent(BORTEZOMIB, schedule="weekly"), Agent(Concept(text="something new"))), provenance=SAID),
    Procedure(Concept((Coding("OPENPOEMS:asct"),), "ASCT"), conditioning=(Agent(BORTEZOMIB),), provenance=SAID),
    Event("first-symptom", Concept(text="tingling feet"), on=PartialDate(2017), note="=2+2", provenance=SAID),
)


@pytest.fixture
def alice(client, cast):
    """Alice, signed in, with a course, entries of the site's forms, and one entry that she took back."""
    person, user = cast.people.alice, cast.users.alice
    ((record, _),) = read_source(COURSE, load(COURSE), form=None)
    rows = [row_of(person, fact, by=user, at=timezone.now()) for fact in (*facts_in(record), *MORE)]
    Fact.objects.bulk_create({row.digest: row for row in rows}.values())
    retract(by=user, row=person.facts.filter(about="papilloedema").first(), why="not mine")
    Person.objects.filter(pk=person.pk).update(birth_year=1966, sex="male", last_seen="2024-11")
    person.refresh_from_db()
    client.force_login(user)
    return person


def taken(client, person, form):
    response = client.get(f"/people/{person.pk}/data/{form}/")
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="poems-{person.pk}.{FORMS[form].suffix}"'
    return response.content


def read_again(name, content):
    ((record, _),) = read_source(Path(name), content, form=None)
    return record


def in_order(record):
    return (record.patient, record.sex, record.birth, record.last_seen, {said(fact) for fact in facts_in(record)})


def said(fact):
    return digest_of(fact), json.dumps(to_document(fact).get("provenance", {}), sort_keys=True)


@pytest.mark.parametrize("form", ["fhir", "phenopacket"])
def test_what_is_taken_away_is_read_again_as_the_same_record(client, alice, form):
    again = read_again(f"x.{FORMS[form].suffix}", taken(client, alice, form))
    assert in_order(again) == in_order(record_of(alice))


def test_the_table_is_read_again_but_for_what_it_names(client, alice):
    """One note begins like a formula: no cell may, so the table writes it otherwise and the page says so."""
    again, record = read_again("x.csv", taken(client, alice, "csv")), record_of(alice)
    differing = in_order(again)[-1] ^ in_order(record)[-1]
    assert len(differing) == 2  # the event as it was, and as the table has it
    assert in_order(again)[:-1] == in_order(record)[:-1]
    page = client.get(f"/people/{alice.pk}/data/").content.decode()
    assert "One detail does not fit into a table" in page


@pytest.mark.parametrize("form", ["csv", "fhir", "phenopacket"])
def test_imported_again_nothing_is_new_and_nothing_contradicts(client, alice, form):
    file = SimpleUploadedFile(f"x.{FORMS[form].suffix}", taken(client, alice, form))
    assert client.post(f"/people/{alice.pk}/imports/", {"file": file}).status_code == 302
    rows = [row for row in Import.objects.get().rows.all() if "2+2" not in row.document.get("note", "")]
    assert {row.state for row in rows} == {"same"}


def test_the_zip_holds_every_file_and_says_what_they_are(client, alice, cast):
    identify(by=cast.users.alice, person=alice, who=Who(name="Alice Archer", birth="1966-05-01", local_number="N-17"))
    with zipfile.ZipFile(io.BytesIO(taken(client, alice, "zip"))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    forms = {f"poems-{alice.pk}.{form.suffix}" for form in FORMS.values() if form.id != "zip"}
    assert set(files) == forms | {
        "README.txt",
        "about-me.json",
        "history.json",
        "who-opened.csv",
        "everything-else.json",
    }
    assert all(name in files["README.txt"].decode() for name in set(files) - {"README.txt"})
    about = json.loads(files["about-me.json"])
    assert about["identity"]["name"] == "Alice Archer"
    assert about["identity"]["local_number"] == "N-17"
    assert "the number by which your centre knows you" in files["README.txt"].decode()
    assert {each["purpose"] for each in about["consent"] if each["given"]} >= {"care", "research"}
    assert [each["why"] for each in json.loads(files["history.json"]) if each["state"] == "retracted"] == ["not mine"]
    assert files[f"poems-{alice.pk}.pdf"].startswith(b"%PDF")
    assert b"Alice Archer" not in files[f"poems-{alice.pk}.csv"]


def test_whatever_table_holds_something_of_the_person_is_in_the_zip(client, alice, cast):
    """Drafts and links stand for all: whatever is logged for a person is taken along, without secrets."""
    make_link(by=cast.users.alice, person=alice, for_whom="my neurologist")
    keep(by=cast.users.alice, person=alice, form="about", fields={"note": "begun"})
    with zipfile.ZipFile(io.BytesIO(taken(client, alice, "zip"))) as archive:
        held = json.loads(archive.read("everything-else.json"))
    assert held["insight.LetterLink"][0]["for_whom"] == "my neurologist"
    assert "digest" not in held["insight.LetterLink"][0]
    assert held["registry.Draft"][0]["fields"] == {"note": "begun"}
    assert not {"registry.Fact", "registry.Identity"} & set(held)
    assert "by_id" not in held["registry.Consent"][0]


def test_each_file_that_is_taken_is_written_down_for_the_person_to_see(client, alice, cast):
    for form in ("csv", "pdf"):
        taken(client, alice, form)
    assert list(Entry.objects.filter(action="export", person=alice.pk).values_list("place", "row_id")) == [
        ("my-data", "csv"),
        ("my-data", "pdf"),
    ]
    assert "all the data, taken away as a file" in accesses(alice, cast.users.alice)[0].changed


def test_a_person_who_left_takes_the_data_away_all_the_same(client, alice):
    Person.objects.filter(pk=alice.pk).update(status="withdrawn")
    assert taken(client, alice, "csv")


def test_no_such_form(client, alice):
    assert client.get(f"/people/{alice.pk}/data/xlsx/").status_code == 404
