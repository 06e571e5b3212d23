"""What a centre may take away: of those who agree at that moment, without identity, written down for each of them."""

import csv
import io
import json
import zipfile

import pytest
from django.urls import reverse

from openpoems.quantities import Quantity
from openpoems.record import PartialDate
from openpoems.record.model import Agent, Coding, Concept, Event, Feature, Measurement, Procedure, Provenance, Treatment
from openpoems.web.audit.models import Entry
from openpoems.web.clinic import jobs
from openpoems.web.clinic.export.build import cell, code_of, prepare
from openpoems.web.clinic.export.release import WITHDRAWN, release
from openpoems.web.clinic.export.tables import Writer, tables
from openpoems.web.clinic.models import Export, Job
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.facts import enter
from openpoems.web.registry.models import Consent
from openpoems.web.registry.store import record_of

pytestmark = pytest.mark.django_db
SECRET = "Zebra"  # noqa: S105 - stands wherever somebody may type words


def concept(*ids, text=SECRET):
    return Concept(tuple(Coding(id, SECRET) for id in ids), text)


def day(text):
    return PartialDate.parse(text)


@pytest.fixture
def told(cast):
    said = {"note": SECRET, "provenance": Provenance(said_by=SECRET, document=SECRET)}
    alice = cast.people.alice
    alice.birth_year, alice.sex = 1960, "female"
    alice.save()
    for fact in (
        Event("diagnosis", concept("OPENPOEMS:poems-syndrome"), on=day("2024-03-05"), **said),
        Event("hospitalisation", concept(), on=day("2024-02"), **said),
        Feature(concept("OPENPOEMS:papilloedema"), excluded=True, on=day("2024-03-01"), **said),
        Measurement(
            concept("LOINC:75628-8"),
            value=Quantity(1900.0, "pg/mL"),
            specimen=SECRET,
            laboratory=SECRET,
            assay=SECRET,
            on=day("2024-03-05"),
            **said,
        ),
        Measurement(concept("LOINC:777-3"), value=Quantity(500.0, SECRET), on=day("2024"), **said),
        Treatment(
            regimen=SECRET,
            agents=(Agent(concept("RXNORM:342369"), schedule=SECRET, route=SECRET),),
            start=day("2024-04-01"),
            intent=SECRET,
            **said,
        ),
        Procedure(
            concept("OPENPOEMS:radiotherapy"), site=concept(), on=day("2024-05-01"), dose=Quantity(40.0, "Gy"), **said
        ),
    ):
        enter(by=cast.users.alice, person=alice, fact=fact)
    return cast


@pytest.fixture
def job(told):
    return prepared(told)


def prepared(cast):
    job = jobs.ask(by=cast.users.lena, centre=cast.centres.northtown, kind=Job.Kind.EXPORT)
    prepare(job)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    return job


def take(cast, job):
    return release(by=cast.users.lena, centre=cast.centres.northtown, number=job.pk)


def read(archive):
    files = zipfile.ZipFile(io.BytesIO(archive))
    return {name: files.read(name).decode() for name in files.namelist()}


def rows(archive, table):
    return list(csv.DictReader(io.StringIO(read(archive)[f"{table}.csv"])))


def exported():
    return set(Entry.objects.filter(action="export").values_list("person", flat=True))


def test_an_export_holds_those_who_agreed_and_is_written_down_for_each(told, job):
    archive = take(told, job)
    agreed = {told.people.alice.pk, told.people.dora.pk}
    codes = {code_of(told.centres.northtown, pk) for pk in agreed}
    assert {row["person"] for row in rows(archive, "people")} == codes
    assert exported() == agreed


def test_nothing_leaves_of_who_withdrew_between_the_query_and_the_release(told, job):
    decide(by=told.users.alice, person=told.people.alice, choices={"research": False})
    with pytest.raises(Refused):
        take(told, job)
    assert exported() == set()
    assert {row["person"] for row in rows(take(told, prepared(told)), "people")} == {
        code_of(told.centres.northtown, told.people.dora.pk)
    }


@pytest.mark.parametrize("purpose", ["care", "centre", "research"])
def test_the_release_itself_asks_again(told, job, purpose):
    """The decision is stored past every signal, as raw SQL or another program would."""
    latest = Consent.objects.filter(person=told.people.alice, purpose=purpose).latest("pk")
    Consent.objects.bulk_create(
        [Consent(person=latest.person, purpose=purpose, given=False, document=latest.document, at=latest.at)]
    )
    assert bytes(Export.objects.get(pk=job.pk).archive)
    with pytest.raises(Refused, match="withdrew"):
        take(told, job)
    export = Export.objects.get(pk=job.pk)
    assert (bytes(export.archive), export.people, export.thrown_away) == (b"", [], WITHDRAWN)
    assert exported() == set()


def test_an_erased_person_is_in_no_prepared_export(told, job):
    told.people.alice.delete()
    assert bytes(Export.objects.get(pk=job.pk).archive) == b""
    with pytest.raises(Refused):
        take(told, job)


def test_an_old_export_is_thrown_away(told, job):
    from datetime import timedelta

    Job.objects.filter(pk=job.pk).update(asked=job.asked - timedelta(days=2))
    with pytest.raises(Refused, match="more than a day ago"):
        take(told, job)
    assert bytes(Export.objects.get(pk=job.pk).archive) == b""


def test_an_export_of_another_centre_cannot_be_taken(told, job, client):
    with pytest.raises(Refused, match="no such export"):
        release(by=told.users.saul, centre=told.centres.southport, number=job.pk)
    client.force_login(told.users.nora)
    assert client.post(reverse("centre-export", args=["northtown", job.pk])).status_code == 404


def test_no_words_and_no_dates_leave(told, job):
    """Notes, labels, laboratories, units nobody knows: whoever typed a name there typed it for the record alone."""
    files = read(take(told, job))
    tables_alone = " ".join(content for name, content in files.items() if name != "manifest.json")
    assert SECRET not in " ".join(files.values())
    for pseudonym in (told.people.alice.pk, told.people.dora.pk):
        assert pseudonym not in " ".join(files.values())
    for written in ("2024-03", "2024-04", "2024-05", "1960"):
        assert written not in tables_alone


def test_days_are_counted_from_the_diagnosis(told, job):
    archive = take(told, job)
    person = next(row for row in rows(archive, "people") if row["index"])
    # 63 on 5 March 2024, taking the first of July 1960 for the day of birth.
    assert (person["index"], person["index_year"], person["age_at_index"]) == ("diagnosis", "2024", "63")
    stay = next(row for row in rows(archive, "events") if row["kind"] == "hospitalisation")
    assert (stay["from"], stay["to"], stay["what"]) == ("-33", "-5", "")  # 1 and 29 February 2024
    (feature,) = rows(archive, "features")
    assert (feature["what"], feature["excluded"], feature["from"]) == ("papilloedema", "yes", "-4")
    vegf, platelets = (
        rows(archive, "measurements")[::-1]
        if rows(archive, "measurements")[0]["what"] != "vegf"
        else rows(archive, "measurements")
    )
    assert (vegf["value"], vegf["unit"], vegf["specimen"], vegf["laboratory"], vegf["assay"]) == (
        "1900",
        "pg/mL",
        "other",
        "L1",
        "A1",
    )
    assert (platelets["unit"], platelets["from"], platelets["to"]) == (
        "other",
        "-64",
        "301",
    )  # 1 January to 31 December
    (line,) = rows(archive, "treatments")
    assert (line["agent"], line["start_from"]) == ("lenalidomide", "27")
    (radiation,) = rows(archive, "procedures")
    assert (radiation["what"], radiation["dose"], radiation["dose_unit"]) == ("radiotherapy", "40", "Gy")


def test_every_column_is_in_the_dictionary_and_every_file_in_the_manifest(told, job):
    import hashlib

    files = read(take(told, job))
    told_of = {(row["table"], row["column"]) for row in csv.DictReader(io.StringIO(files["dictionary.csv"]))}
    for table in tables():
        header = files[f"{table.name}.csv"].splitlines()[0].split(",")
        assert {(table.name, column) for column in header} <= told_of
    manifest = json.loads(files["manifest.json"])
    assert (manifest["people"], manifest["people_of_the_centre"]) == (2, 2)
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256(files[name].encode()).hexdigest() == digest


def test_an_age_above_ninety_is_not_told(told):
    told.people.alice.birth_year = 1925
    from datetime import date

    written = dict(Writer(date(2026, 11, 24)).rows("x", record_of(told.people.alice), "alive"))
    assert written["people"]["age_at_index"] == 90


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@x", "\tx", "\rx", "\n=1", "＝x"])
def test_what_a_spreadsheet_would_run_is_escaped(text):
    assert cell(text) == f"'{text}"


def test_numbers_are_not_escaped():
    assert [cell(value) for value in (-33, -0.5, 1900.0, None, "pg/mL")] == ["-33", "-0.5", "1900", "", "pg/mL"]


def test_the_page_prepares_and_hands_over(told, client, django_capture_on_commit_callbacks):
    client.force_login(told.users.lena)
    page = reverse("centre-exports", args=["northtown"])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page)
    assert b"2 people agreed to research." in client.get(page).content
    answer = client.post(reverse("centre-export", args=["northtown", Job.objects.get().pk]))
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="northtown-')
    assert len(rows(answer.content, "people")) == 2
