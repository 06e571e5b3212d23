import json
import shutil
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from openpoems.quantities import Quantity
from openpoems.record import Coding, Concept, Feature, Measurement, PartialDate
from openpoems.web.audit import chain, triggers
from openpoems.web.audit.models import Entry
from openpoems.web.clinic.models import Export, Job
from openpoems.web.insight.assessments import assessed
from openpoems.web.keeping import archive
from openpoems.web.keeping.archive import BackupError
from openpoems.web.keeping.backup import back_up
from openpoems.web.keeping.check import look
from openpoems.web.keeping.restore import restore
from openpoems.web.registry import erasures, identity
from openpoems.web.registry.actions import facts
from openpoems.web.registry.actions.erasure import erase
from openpoems.web.registry.actions.identity import identify
from openpoems.web.registry.identity import Who
from openpoems.web.registry.models import Person

pytestmark = pytest.mark.django_db
ZELDA = Who(name="Zelda Quux", local_number="0815")


@pytest.fixture
def kept(cast, tmp_path):
    """A registry with something in every table of records, and a backup of it."""
    identify(by=cast.users.nora, person=cast.people.alice, who=ZELDA)
    first = facts.enter(by=cast.users.alice, person=cast.people.alice, fact=Feature(Concept(text="numb feet")))
    facts.correct(by=cast.users.nora, row=first, fact=Feature(Concept(text="numb hands")))
    for n, value in enumerate((1e22, 3.0, 0.1, 5e-324, 96.2)):  # which the databases write in different ways
        vegf = Measurement(Concept((Coding("OPENPOEMS:vegf"),)), Quantity(value, "pg/mL"), on=PartialDate(2024, n + 1))
        facts.enter(by=cast.users.chloe, person=cast.people.chloe, fact=vegf)
    assessed(cast.people.alice)  # kept by the site, and made again after a restore
    job = Job.objects.create(centre=cast.centres.northtown, kind="export", asked=timezone.now())
    Export.objects.create(job=job, archive=bytes(range(256)))
    path = tmp_path / "site.backup"
    return path, back_up(path)


def wipe():
    """Everything goes, past the triggers, as when a disk is lost."""
    triggers.remove()
    with connection.cursor() as cursor:
        for guard in _guards():
            cursor.execute(guard)
        cursor.execute("DELETE FROM audit_entry")
        cursor.execute("UPDATE audit_head SET seq = 0, hash = ''")
        connection.check_constraints()
        for model in (*map(apps.get_model, archive.MADE_AGAIN), *reversed(archive.models())):
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608
        connection.check_constraints()
    triggers.install()


def _guards():
    if connection.vendor == "sqlite":
        return ["DROP TRIGGER IF EXISTS audit_entry_kept_update", "DROP TRIGGER IF EXISTS audit_entry_kept_delete"]
    return ["DROP TRIGGER IF EXISTS audit_entry_kept ON audit_entry"]


def test_what_was_wiped_comes_back_row_by_row(kept, cast):
    path, manifest = kept
    ours = [model for model in archive.models() if model is not Entry]
    before = archive.sums(ours)
    wipe()
    done = restore(path)
    assert archive.sums(ours) == before
    assert bytes(Export.objects.get().archive) == bytes(range(256))
    assert done.rows == sum(table.rows for table in manifest.tables.values()) > 50
    assert identity.find(cast.centres.northtown, "0815") == cast.people.alice
    assert identity.who(cast.people.alice) == ZELDA
    verdict = chain.verify(chain.Head.parse(manifest.head))
    assert verdict.fault == ""
    connection.check_constraints()  # what a commit does
    assert [e.action for e in Entry.objects.filter(seq__gt=chain.Head.parse(manifest.head).seq)] == ["restore"]
    assert triggers.missing() == []
    assert all(answer.well for answer in look() if answer.about != "settings")
    # New rows do not take the numbers of old ones.
    facts.enter(by=cast.users.alice, person=cast.people.alice, fact=Feature(Concept(text="new after the restore")))


def test_a_backup_does_not_bring_back_who_was_erased_since(kept, cast):
    path, _manifest = kept
    erase(by=cast.users.alice, person=cast.people.alice, with_account=True)
    wipe()
    assert restore(path).erased_again == 2
    assert not Person.objects.filter(pk=cast.people.alice.pk).exists()
    assert Person.objects.count() == 3
    assert "numb feet" not in json.dumps([list(m._base_manager.values()) for m in archive.models()], default=str)
    assert chain.verify().fault == ""


def test_the_ledger_of_the_backup_is_added_to_that_of_the_site(cast, tmp_path):
    erase(by=cast.users.alice, person=cast.people.alice)
    back_up(tmp_path / "b")
    erasures.ledger().unlink()
    wipe()
    assert restore(tmp_path / "b").erased_again == 0
    assert [e.person for e in erasures.read()] == [cast.people.alice.pk]


def test_a_backup_is_its_owners_alone_without_keys_or_names(kept, key_ring):
    path, manifest = kept
    assert path.stat().st_mode & 0o777 == 0o600
    with ZipFile(path) as archived:
        inside = b"".join(archived.read(name) for name in archived.namelist()).decode()
    assert "Zelda" not in inside
    ring = json.loads(key_ring.read_text())
    assert manifest.keys == [ring["current"]]
    assert ring["index"] not in inside
    assert ring["keys"][ring["current"]] not in inside
    with pytest.raises(BackupError, match="already"):
        back_up(path)


def test_only_an_empty_database_is_filled(kept):
    with pytest.raises(BackupError, match="not empty"):
        restore(kept[0])


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda name, data: None if name == "registry_fact.jsonl" else data, "missing or damaged"),
        (lambda name, data: data.replace(b"numb feet", b"numb hand") if "fact" in name else data, "not those"),
        (lambda name, data: data[: data[:-1].rfind(b"\n") + 1] if name == "audit_entry.jsonl" else data, "not those"),
        (lambda name, data: data[:-4] if name == "registry_person.jsonl" else data, "missing or damaged"),
        (lambda name, data: None if name == "manifest.json" else data, "no backup"),
        (lambda name, data: data.replace(b'"form": 1', b'"form": 2'), "form 2"),
        (lambda name, data: data.replace(b'"registry.0001_initial"', b'"registry.0001_other"'), "other tables"),
    ],
)
def test_a_harmed_backup_is_refused_and_leaves_nothing(kept, tmp_path, harm, says):
    harmed = tmp_path / "harmed"
    with ZipFile(kept[0]) as whole, ZipFile(harmed, "w") as archived:
        for name in whole.namelist():
            if (data := harm(name, whole.read(name))) is not None:
                archived.writestr(name, data)
    wipe()
    with pytest.raises(BackupError, match=says) as refused:
        restore(harmed)
    assert "numb" not in str(refused.value)
    assert Person.objects.count() == 0
    assert triggers.missing() == []


def test_half_a_file_and_no_file_are_refused(kept, tmp_path):
    shutil.copy(kept[0], tmp_path / "half")
    with (tmp_path / "half").open("r+b") as file:
        file.truncate(kept[0].stat().st_size // 2)
    wipe()
    for name in ("half", "none"):
        with pytest.raises(BackupError, match=name):
            restore(tmp_path / name)


def test_without_the_keys_that_it_needs_nothing_is_restored(kept, key_ring):
    from openpoems.web.registry import vault

    wipe()
    vault.write(vault.new_key_ring(), key_ring)
    with pytest.raises(BackupError, match="lacks the key"):
        restore(kept[0])


def test_every_table_that_holds_anything_of_a_site_is_backed_up():
    backed = {model._meta.db_table for model in archive.models()}
    left_out = {m._meta.db_table for m in apps.get_models(include_auto_created=True)} - backed
    assert left_out <= {
        "auth_permission", "auth_group", "auth_group_permissions", "django_content_type", "django_session",
        "django_tasks_database_dbtaskresult",
        "insight_assessed", "course_drawn", "fhir_rendered",  # made again of the records when asked for
    }  # fmt: skip


def test_numbers_that_the_databases_write_differently_are_the_same():
    one, other = archive.Summing(), archive.Summing()
    one.add([1e22, {"b": 1.0, "a": [0.1]}, None, True])
    other.add([10**22, {"a": [0.1], "b": 1}, None, True])
    assert one.total() == other.total()
    other.add([None])
    assert one.total() != other.total()
