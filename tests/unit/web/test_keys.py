import threading

import pytest
from django.db import connection

from openpoems.web.audit import chain
from openpoems.web.keeping import keys
from openpoems.web.registry import identity, vault
from openpoems.web.registry.actions.identity import identify
from openpoems.web.registry.identity import Who
from openpoems.web.registry.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(key_ring):
    made = [Person.objects.create() for _ in range(12)]
    for n, person in enumerate(made):
        identify(by=None, person=person, who=Who(name=f"Invented {n}", local_number="x" * (n % 2)))
    return made


def names(people):
    return [identity.who(person).name for person in people]


def test_everything_is_sealed_anew_and_reads_the_same(people, key_ring):
    old = vault.read(key_ring).current
    before = names(people)
    assert keys.rotate() == len(people)
    assert identity.keys_in_use() == {vault.read(key_ring).current} != {old}
    assert names(people) == before


def test_with_the_old_key_gone_everything_can_still_be_read_and_found(people, key_ring):
    old, before = vault.read(key_ring).current, names(people)
    keys.rotate()
    assert keys.retire() == (old,)
    assert set(vault.read(key_ring).keys) == {vault.read(key_ring).current}
    assert names(people) == before


def test_a_key_that_is_needed_is_not_retired(people, key_ring):
    vault.write(vault.with_new_key(vault.read(key_ring)), key_ring)  # a run that was interrupted at once
    with pytest.raises(keys.KeysInUse, match="--go-on"):
        keys.retire()
    assert keys.reseal() == len(people)
    assert keys.reseal() == 0
    keys.retire()


@pytest.mark.django_db(transaction=True)
def test_people_go_on_saving_while_the_key_changes(people, key_ring):
    stop, faults, saved = threading.Event(), [], {}
    threads = [threading.Thread(target=_save, args=(people[n], stop, faults, saved)) for n in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        keys.rotate()
    stop.set()
    for thread in threads:
        thread.join()
    keys.reseal()
    keys.retire()
    assert faults == []
    assert {person.pk: identity.who(person).name for person in people[:3]} == saved
    assert len(names(people)) == len(people)
    assert chain.verify().fault == ""


def _save(person, stop, faults, saved):
    turn = 0
    try:
        while not stop.is_set() or turn < 3:
            turn += 1
            identify(by=None, person=person, who=Who(name=f"Saved {turn}"))
            saved[person.pk] = f"Saved {turn}"
    except Exception as error:
        faults.append(error)
    finally:
        connection.close()
