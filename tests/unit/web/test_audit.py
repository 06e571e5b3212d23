import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from openpoems.web.accounts.models import User
from openpoems.web.audit import chain, log, triggers
from openpoems.web.audit.context import acts
from openpoems.web.audit.models import Entry
from openpoems.web.community.actions.members import join
from openpoems.web.community.models import Member
from openpoems.web.registry.models import Person

pytestmark = pytest.mark.django_db


def entries(**wanted):
    return list(Entry.objects.filter(**wanted))


def test_each_kind_of_change_is_logged_with_who_and_why(cast):
    with acts("someone", via="web", reason="POST /people/"):
        person = Person.objects.create()
        Person.objects.filter(pk=person.pk).update(sex="female")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE registry_person SET birth_year = 1960 WHERE pseudonym = %s", [person.pk])
        Person.objects.bulk_create([Person(), Person()])
        Person.objects.filter(pk=person.pk).delete()
    found = entries(person=person.pk)
    assert [(e.action, e.columns) for e in found] == [
        ("insert", ""),
        ("update", "sex"),
        ("update", "birth_year"),
        ("delete", ""),
    ]
    assert {(e.actor, e.via, e.reason) for e in found} == {("someone", "web", "POST /people/")}
    assert Entry.objects.filter(actor="someone", action="insert").count() == 3


def test_an_update_that_changes_nothing_is_no_change():
    person = Person.objects.create()
    before = Entry.objects.count()
    Person.objects.filter(pk=person.pk).update(sex=person.sex)
    assert Entry.objects.count() == before


def test_what_is_written_outside_any_account_is_logged_as_the_database():
    User.objects.create_user("x@example.org")
    assert entries()[-1].actor == "database"


def test_a_read_is_logged_through_the_same_door():
    with acts("someone", via="api"):
        log.record("read", person="P", place="record", row_id="7")
    (entry,) = entries(action="read")
    assert (entry.person, entry.place, entry.row_id, entry.via) == ("P", "record", "7", "api")


def test_a_change_that_is_rolled_back_leaves_no_entry():
    before = Entry.objects.count()
    with transaction.atomic():
        Person.objects.create()
        transaction.set_rollback(True)
    assert Entry.objects.count() == before
    assert chain.verify().fault == ""


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit_entry SET actor = 'x'",
        "DELETE FROM audit_entry",
        "INSERT INTO audit_entry SELECT * FROM audit_entry",
    ],
)
def test_the_log_only_grows(attack):
    Person.objects.create()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_a_whole_log_is_found_whole(cast):
    verdict = chain.verify()
    assert verdict.fault == ""
    assert verdict.rows == Entry.objects.count() > 20


@pytest.mark.parametrize(
    ("attack", "fault"),
    [
        ("UPDATE audit_entry SET actor = 'x' WHERE seq = 3", "entry 3 was changed"),
        ("UPDATE audit_entry SET hash = 'x' WHERE seq = 3", "entry 3 was changed"),
        ("DELETE FROM audit_entry WHERE seq = 3", "entry 3 is missing"),
        ("DELETE FROM audit_entry WHERE seq = (SELECT max(seq) FROM audit_entry)", "are missing"),
        ("UPDATE audit_entry SET seq = -3 WHERE seq = 3", "entry 3 is missing"),
    ],
)
def test_who_gets_past_the_triggers_is_found_out(attack, fault, cast):
    before = chain.verify().rows
    with connection.cursor() as cursor:
        for name in _guards():
            cursor.execute(name)
        cursor.execute(attack)
    verdict = chain.verify()
    assert fault in verdict.fault
    assert verdict.rows < before


def _guards():
    if connection.vendor == "sqlite":
        return ["DROP TRIGGER audit_entry_kept_update", "DROP TRIGGER audit_entry_kept_delete"]
    return ["DROP TRIGGER audit_entry_kept ON audit_entry"]


def test_every_table_with_personal_rows_is_audited():
    from django.apps import apps

    ours = [m for m in apps.get_models() if m.__module__.startswith("openpoems.web.") and m._meta.managed]
    assert ours
    assert [m.__name__ for m in ours if not hasattr(m, "audit_person")] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite's triggers name the columns of their table")
def test_a_table_loses_a_column_that_its_trigger_names_and_is_audited_as_before():
    call_command("migrate", "community", "0005", verbosity=0)
    with connection.cursor() as cursor:  # as the version that had the column left it
        cursor.execute("DROP TRIGGER audit_community_member_update")
        cursor.execute(
            "CREATE TRIGGER audit_community_member_update AFTER UPDATE ON community_member"
            " WHEN OLD.findable IS NOT NEW.findable BEGIN SELECT 1; END"
        )
    call_command("migrate", "community", verbosity=0)
    assert triggers.missing() == []
    member = join(by=User.objects.create(email="somebody@example.org"), role="family", name="Finch")
    Member.objects.filter(pk=member.pk).update(name="Wren")
    logged = entries(place="community_member", row_id=str(member.pk), actor="database")
    assert [entry.columns for entry in logged][-2:] == ["", "name"]
