"""Attempts to write past the log, or to make it lie."""

import threading
import time

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from openpoems.web.accounts.models import User
from openpoems.web.audit import chain, log
from openpoems.web.audit.chain import Head
from openpoems.web.audit.context import acts
from openpoems.web.audit.models import Entry
from openpoems.web.registry.models import Draft, Fact, Identity, Person

pytestmark = pytest.mark.django_db
postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="what only PostgreSQL can do")
sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="what only SQLite can do")
NOW = "2026-11-24T12:00:00Z"


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def since(seq):
    return [(e.action, e.person, e.row_id, e.columns) for e in Entry.objects.filter(seq__gt=seq)]


@pytest.fixture
def ann():
    return Person.objects.create()


@pytest.fixture
def ben():
    return Person.objects.create()


def test_only_what_a_savepoint_kept_is_logged(ann, ben):
    before = chain.head().seq
    with transaction.atomic():
        Person.objects.filter(pk=ann.pk).update(birth_year=1950)
        with transaction.atomic():
            Person.objects.filter(pk=ben.pk).update(birth_year=1951)
            transaction.set_rollback(True)
        Person.objects.filter(pk=ann.pk).update(birth_year=1952)
    assert since(before) == [("update", ann.pk, ann.pk, "birth_year")] * 2
    assert chain.verify().fault == ""


def test_a_row_that_goes_over_to_another_person_is_in_the_log_of_both(ann, ben):
    fact = Fact.objects.create(person=ann, kind="event", about="x", document={}, digest="d", entered=NOW)
    before = chain.head().seq
    Fact.objects.filter(pk=fact.pk).update(person=ben)
    found = since(before)
    assert sorted(found) == sorted(("update", p.pk, str(fact.pk), "person_id") for p in (ann, ben))


def test_a_row_that_gets_another_key_is_logged_under_both(ann):
    sql("UPDATE registry_person SET pseudonym = 'AAAA-AAAA-AAAA' WHERE pseudonym = %s", ann.pk)
    found = [(e.action, e.row_id, e.columns) for e in Entry.objects.order_by("-seq")[:2]]
    assert sorted(found) == sorted(("update", key, "pseudonym") for key in (ann.pk, "AAAA-AAAA-AAAA"))


def test_every_row_of_many_at_once_is_logged(ann, ben):
    before = chain.head().seq
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE registry_person SET birth_year = %s WHERE pseudonym = %s", [(1940, ann.pk), (1941, ben.pk)]
        )
    Person.objects.bulk_create([ann], update_conflicts=True, unique_fields=["pseudonym"], update_fields=["birth_year"])
    assert [found[:2] for found in since(before)] == [("update", p.pk) for p in (ann, ben, ann)]


def test_a_cascade_is_logged_row_by_row(ann):
    Identity.objects.create(person=ann)
    before = chain.head().seq
    sql("DELETE FROM registry_identity WHERE person_id = %s", ann.pk)
    pseudonym = ann.pk
    ann.delete()
    assert [found[:2] for found in since(before)] == [("delete", pseudonym)] * 2


@sqlite
def test_insert_or_replace_does_not_delete_unseen(ann):
    before = chain.head().seq
    sql("INSERT OR REPLACE INTO registry_identity VALUES (%s, '', '', '', '', '', '', '')", ann.pk)
    sql("INSERT OR REPLACE INTO registry_identity VALUES (%s, 'x', '', '', '', '', '', '')", ann.pk)
    assert [found[0] for found in since(before)] == ["insert", "delete", "insert"]
    with pytest.raises(DatabaseError, match="only grows"):
        sql("INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry")


@postgresql
def test_a_table_that_is_emptied_is_logged_for_each_person(ann, ben, cast):
    for person in (ann, ben, ben):
        Draft.objects.create(user=cast.users.nora, person=person, form=str(Draft.objects.count()), saved=NOW)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    before = chain.head().seq
    sql("TRUNCATE registry_draft")
    assert sorted(since(before)) == sorted(("truncate", p.pk, "", "") for p in (ann, ben))


@postgresql
@pytest.mark.parametrize("attack", ["DELETE FROM audit_waiting", "TRUNCATE audit_waiting", "TRUNCATE audit_entry"])
def test_what_waits_for_the_commit_cannot_be_taken_out(ann, attack):
    sql("SET CONSTRAINTS audit_waits, audit_chained DEFERRED")
    Person.objects.filter(pk=ann.pk).update(birth_year=1950)
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(attack)
    before = chain.head().seq
    sql("SET CONSTRAINTS audit_waits, audit_chained IMMEDIATE")
    assert since(before) == [("update", ann.pk, ann.pk, "birth_year")]


def test_who_acts_does_not_outlive_an_error():
    with acts("nora", via="web"):
        with pytest.raises(IntegrityError), transaction.atomic(), acts("inner", via="web"):
            Fact.objects.create(person=None, kind="event", about="x", document={}, digest="d", entered=NOW)
        log.record("read", place="inside")
    log.record("read", place="outside")
    assert list(Entry.objects.filter(action="read").values_list("actor", "place")) == [
        ("nora", "inside"),
        ("database", "outside"),
    ]


def test_who_acts_is_known_on_a_new_connection(django_db_blocker, transactional_db):
    with acts("nora", via="web"):
        connection.close()
        log.record("read", place="new-connection")
    assert Entry.objects.filter(place="new-connection").get().actor == "nora"


def test_the_words_of_an_address_are_not_logged(client, cast):
    client.force_login(cast.users.nora)
    client.get(f"/people/{cast.people.alice.pk}/?name=Zelda")
    client.get("/no/page/zelda/?name=Zelda")
    reasons = set(Entry.objects.filter(actor=str(cast.users.nora.public_id)).values_list("reason", flat=True))
    assert reasons == {"GET people/<pseudonym>/"}
    assert "elda" not in str(list(Entry.objects.values()))


def test_a_head_that_was_kept_is_found_again_after_the_log_grew(cast):
    kept = chain.head()
    Person.objects.create()
    assert chain.verify(Head.parse(str(kept))).fault == ""
    assert chain.head().seq == kept.seq + 1


def test_a_log_written_anew_is_not_the_one_that_was_kept(cast):
    kept = chain.head()
    assert "written anew" in chain.verify(Head(kept.seq - 3, "0" * 64)).fault
    assert f"the expected one is entry {kept.seq + 1}" in chain.verify(Head(kept.seq + 1, kept.hash)).fault


def test_an_entry_after_the_head_was_not_written_by_the_log(cast):
    end = chain.head().seq
    sql("INSERT INTO audit_entry VALUES (%s, '', '', '', '', '', '', '', '', '', '', '')", end + 1)
    assert chain.verify().fault == f"entries after {end} were not written by the log"


@pytest.mark.parametrize("text", ["", "x", "7", "7:", "x:y"])
def test_a_head_is_written_in_one_way(text):
    with pytest.raises(ValueError):  # noqa: PT011 - int's own words, or ours
        Head.parse(text)


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_make_one_chain_in_which_each_is_itself():
    """Each holds a row that the other wants next: a log that locked its head early would lock them in a circle."""
    people = [Person.objects.create() for _ in range(2)]
    before, faults = chain.head().seq, []
    threads = [threading.Thread(target=_write, args=(n, people, faults)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    verdict = chain.verify()
    assert (verdict.fault, verdict.rows) == ("", before + 4 * 20 * 3)
    for n in range(4):
        mine = Entry.objects.filter(actor=f"writer-{n}")
        assert mine.filter(action="update").count() == 40
        assert mine.filter(action="read").count() == 20


@postgresql
@pytest.mark.django_db(transaction=True)
def test_who_writes_about_somebody_waits_for_the_erasure_and_not_in_a_circle():
    """A reference is checked as the transaction commits: a head that was locked before would be waited for meanwhile."""
    nora, (ann, ben) = User.objects.create_user("nora@example.org"), [Person.objects.create() for _ in range(2)]
    held, faults = threading.Event(), []

    def erase():
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=ben.pk).delete()
            held.set()
            time.sleep(0.3)  # the other is at its commit by now
        connection.close()

    def write():
        try:
            with transaction.atomic():
                for person in (ann, ben):  # the log has something to chain before ben is asked for
                    Draft.objects.create(user=nora, person=person, form="signs", saved=NOW)
                held.wait()
        except DatabaseError as fault:
            faults.append(fault)
        connection.close()

    writer, eraser = threading.Thread(target=write), threading.Thread(target=erase)
    for step in (writer.start, eraser.start, writer.join, eraser.join):
        step()
    assert [type(fault) for fault in faults] == [IntegrityError]  # ben is gone; a circle would be an OperationalError
    assert not Person.objects.filter(pk=ben.pk).exists()
    assert chain.verify().fault == ""


def _write(number, people, faults):
    own, shared = people[0], people[1]
    try:
        for turn in range(20):
            with acts(f"writer-{number}", via="web"), transaction.atomic():
                # Every second writer begins with what the others log last.
                if number % 2:
                    Person.objects.select_for_update().get(pk=own.pk)
                log.record("read", person=own.pk, place="record")
                if not number % 2:
                    Person.objects.select_for_update().get(pk=own.pk)
                Person.objects.filter(pk=own.pk).update(birth_year=1900 + (number * 20 + turn) % 99)
                Person.objects.filter(pk=shared.pk).update(last_seen=f"{1900 + number}-{turn:02}")
    except Exception as error:
        faults.append(error)
    finally:
        connection.close()
