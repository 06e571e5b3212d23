import json
import sqlite3
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from openpoems.record import Coding, Concept, Event, Feature, PartialDate
from openpoems.web.accounts.models import User
from openpoems.web.audit import chain
from openpoems.web.audit.models import Entry
from openpoems.web.clinic.models import Export, Job, Reminder, Snapshot
from openpoems.web.insight.models import Assessed, LetterLink
from openpoems.web.registry import erasures
from openpoems.web.registry.actions import Refused, facts
from openpoems.web.registry.actions.erasure import erase, replay, unfinished
from openpoems.web.registry.actions.identity import identify
from openpoems.web.registry.erasures import Erasure, LedgerError
from openpoems.web.registry.identity import Who
from openpoems.web.registry.models import Draft, Fact, Identity, Import, ImportRow, Person
from openpoems.web.registry.store import row_of

pytestmark = pytest.mark.django_db
PLANTED = "xylophonquartz"  # in every place a person's words can stand


def plant(cast):
    alice, person, now = cast.users.alice, cast.people.alice, timezone.now()
    identify(by=alice, person=person, who=Who(name=PLANTED, address=PLANTED, local_number=PLANTED))
    first = facts.enter(by=alice, person=person, fact=Feature(Concept(text=f"{PLANTED} 1"), note=PLANTED))
    facts.correct(by=alice, row=first, fact=Feature(Concept(text=f"{PLANTED} 2"), on=PartialDate(2024)))
    Draft.objects.create(user=alice, person=person, form="vegf", fields={"note": PLANTED}, saved=now)
    own = Import.objects.create(person=person, by=alice, name=PLANTED, digest="d", at=now, issues=[{"path": PLANTED}])
    row_of(person, Event("death", Concept((Coding("HP:1", PLANTED),))), by=alice, at=now, source=own).save()
    number = Identity.objects.get(person=person).local_digest
    newcomers = {number: {"number": PLANTED, "sex": "female", "birth_year": 1960}, "somebody else": {"number": ""}}
    of_centre = Import.objects.create(
        centre=cast.centres.northtown, name="table.csv", digest="e", at=now, newcomers=newcomers
    )
    for source, whose, local in ((own, person, ""), (of_centre, person, ""), (of_centre, None, number)):
        ImportRow.objects.create(
            source=source, person=whose, local=local, kind="event", document={"note": PLANTED}, state="new"
        )
    ImportRow.objects.create(source=of_centre, local="somebody else", kind="event", document={}, state="new")
    plant_what_is_made_of_it(cast, person, now)


def plant_what_is_made_of_it(cast, person, now):
    """Assessment, link, snapshot, reminder and an export that waits: each is made of what the record says."""
    day, bytes_ = now.date(), PLANTED.encode()
    kept = dict.fromkeys(("document", "report", "pages", "letter"), bytes_)
    made = {"revision": 1, "as_of": day, **kept}
    Assessed.objects.update_or_create(person=person, defaults=made)  # a worker may have made it already
    LetterLink.objects.create(person=person, digest="a" * 64, for_whom=PLANTED, made=now, expires=now)
    planted = {"revision": 1, "findings": [PLANTED], "elements": [PLANTED]}
    Snapshot.objects.update_or_create(person=person, defaults=planted)  # a worker may have made it already
    job = Job.objects.create(centre=cast.centres.northtown, kind=Job.Kind.EXPORT, asked=now)
    Reminder.objects.create(person=person, rule=PLANTED, job=job, asked=now)
    Export.objects.create(job=job, people=[person.pk], archive=bytes_)


def everything():
    """All that stands in the database, as text."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table != "audit_write"]
    return json.dumps({model._meta.label: list(model._base_manager.values()) for model in models}, default=_text)


def _text(value):
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def test_nothing_of_a_person_is_left_but_the_log(cast):
    plant(cast)
    assert PLANTED in everything()
    pseudonym, number = cast.people.alice.pk, Identity.objects.get(person=cast.people.alice).local_digest
    erase(by=cast.users.alice, person=cast.people.alice)
    left = everything()
    assert PLANTED not in left
    assert number not in left
    assert list(Import.objects.get().newcomers) == ["somebody else"]
    assert ImportRow.objects.get().local == "somebody else"
    with_person = [m for m in apps.get_models() if any(f.related_model is Person for f in m._meta.concrete_fields)]
    assert {Assessed, LetterLink, Snapshot, Reminder} <= set(with_person)
    for model in with_person:
        names = [f.attname for f in model._meta.concrete_fields if f.related_model is Person]
        assert not any(model._base_manager.filter(**{name: pseudonym}).exists() for name in names), model
    assert chain.verify().fault == ""
    assert Entry.objects.filter(person=pseudonym, action="erase").count() == 1


def test_the_others_keep_theirs(cast):
    facts.enter(by=cast.users.bruno, person=cast.people.bruno, fact=Feature(Concept(text="numb feet")))
    erase(by=cast.users.alice, person=cast.people.alice)
    assert Person.objects.count() == 3
    assert cast.people.bruno.facts.count() == 1
    assert User.objects.filter(pk=cast.users.alice.pk).exists()


def test_the_account_goes_where_the_person_wants_it(client, cast):
    client.force_login(cast.users.alice)
    assert Session.objects.count() == 1
    address = cast.users.alice.email
    erase(by=cast.users.alice, person=cast.people.alice, with_account=True)
    assert address not in everything()
    assert Session.objects.count() == 0


def test_a_record_is_erased_once(cast):
    erase(by=cast.users.alice, person=cast.people.alice)
    with pytest.raises(Refused, match="already"):
        erase(by=cast.users.alice, person=Person(pk=cast.people.alice.pk))
    assert len(erasures.read()) == 1


def test_an_erasure_that_was_interrupted_is_finished_by_a_replay(cast):
    person, account = cast.people.alice.pk, str(cast.users.alice.public_id)
    erasures.append((Erasure(person, account, erasures.now()), Erasure("GONE-GONE-GONE", "", erasures.now())))
    assert unfinished() == (erasures.read()[0],)
    assert replay(erasures.read()) == 2
    assert unfinished() == ()
    assert replay(erasures.read()) == 0
    assert chain.verify().fault == ""


def test_a_record_without_its_keys_can_still_be_erased(cast, key_ring):
    plant(cast)
    key_ring.unlink()
    erase(by=cast.users.alice, person=cast.people.alice)
    assert not Person.objects.filter(pk=cast.people.alice.pk).exists()


def test_a_torn_last_line_is_no_erasure_and_the_next_one_stands(key_ring):
    erasures.append((Erasure("A", "", "t"),))
    with erasures.ledger().open("a") as file:
        file.write('{"person": "B", "acc')
    assert [e.person for e in erasures.read()] == ["A"]
    erasures.append((Erasure("C", "", "t"),))
    assert [e.person for e in erasures.read()] == ["A", "C"]


def test_a_ledger_that_was_changed_is_not_guessed_at(key_ring):
    erasures.ledger().write_text('{"person": "A"}\nnot this\n{"person": "C"}\n')
    with pytest.raises(LedgerError, match="line 2"):
        erasures.read()


def test_the_ledger_is_its_owners_alone_and_says_nothing_of_anybody(cast):
    plant(cast)
    erase(by=cast.users.alice, person=cast.people.alice, with_account=True)
    assert erasures.ledger().stat().st_mode & 0o777 == 0o600
    (entry,) = erasures.read()
    assert (entry.person, entry.account) == (cast.people.alice.pk, str(cast.users.alice.public_id))
    assert "alice" not in erasures.ledger().read_text()


def open_page(client, cast, name="alice"):
    client.force_login(getattr(cast.users, name))
    return client.get(f"/people/{cast.people.alice.pk}/erase/")


def confirm_password(client):
    from tests.cast import PASSWORD

    return client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_the_page_asks_for_the_password_again(client, cast):
    answer = open_page(client, cast)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/reauthenticate/")
    assert client.post(f"/people/{cast.people.alice.pk}/erase/", {"confirmation": "erase"}).status_code == 302
    assert Person.objects.filter(pk=cast.people.alice.pk).exists()


@pytest.mark.parametrize("name", ["nora", "lena", "adam", "bruno", "pat"])
def test_nobody_else_erases_it(client, cast, name):
    assert open_page(client, cast, name).status_code == 404


def test_the_word_must_be_written_out(client, cast):
    open_page(client, cast)
    confirm_password(client)
    for word in ("", "yes"):
        answer = client.post(f"/people/{cast.people.alice.pk}/erase/", {"confirmation": word})
        assert answer.status_code == 400
        assert "Nothing was erased" in answer.content.decode()
    assert Person.objects.filter(pk=cast.people.alice.pk).exists()


def test_the_page_erases(client, cast):
    open_page(client, cast)
    confirm_password(client)
    answer = client.post(
        f"/people/{cast.people.alice.pk}/erase/", {"confirmation": " Erase ", "with_account": "on"}, follow=True
    )
    assert "Your record was erased." in answer.content.decode()
    assert not Person.objects.filter(pk=cast.people.alice.pk).exists()
    assert not User.objects.filter(pk=cast.users.alice.pk).exists()
    assert Entry.objects.get(action="erase").actor == str(cast.users.alice.public_id)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's files are the server's")
def test_nothing_is_left_in_the_files_of_sqlite(cast):
    for n in range(200):  # enough to fill pages, split them and free them again
        facts.enter(
            by=cast.users.alice,
            person=cast.people.alice,
            fact=Feature(Concept(text=f"{PLANTED} {n}"), note=PLANTED * 20),
        )
    plant(cast)
    path = Path(connection.settings_dict["NAME"])
    files = lambda: b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))  # noqa: E731
    assert PLANTED.encode() in files()
    erase(by=cast.users.alice, person=cast.people.alice)
    assert PLANTED.encode() not in files()
    assert Fact.objects.count() == 0
    with sqlite3.connect(path) as other:
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    other.close()
