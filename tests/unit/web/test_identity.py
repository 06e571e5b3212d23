import logging

import pytest

from openpoems.web.audit.models import Entry
from openpoems.web.registry import identity, vault
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.identity import identify
from openpoems.web.registry.identity import Who
from openpoems.web.registry.models import Identity, Person

pytestmark = pytest.mark.django_db
ZELDA = Who("Zelda Quux", "1961-04-23", "zelda@example.org", "+44 20 7946 0000", "1 Nowhere Lane", "MRN 0815")


@pytest.fixture
def zelda(cast):
    identify(by=cast.users.nora, person=cast.people.alice, who=ZELDA)
    return cast.people.alice


def test_an_identity_comes_back_as_it_was_said(zelda):
    assert identity.who(zelda) == ZELDA


def test_nothing_of_it_stands_in_the_tables(zelda):
    row = Identity.objects.filter(pk=zelda.pk).values().get()
    for word in ("Zelda", "1961", "zelda@", "7946", "Nowhere", "0815"):
        assert word not in str(row)


def test_a_sealed_field_opens_at_its_own_place_alone(zelda, cast):
    Identity.objects.filter(pk=cast.people.bruno.pk).update(name=Identity.objects.get(pk=zelda.pk).name)
    with pytest.raises(vault.VaultError) as refused:
        identity.who(cast.people.bruno)
    assert "Zelda" not in str(refused.value)


def test_the_year_of_birth_follows_and_is_not_lost_with_the_day(zelda, cast):
    assert Person.objects.get(pk=zelda.pk).birth_year == 1961
    identify(by=cast.users.nora, person=zelda, who=Who())
    assert Person.objects.get(pk=zelda.pk).birth_year == 1961


def test_a_centre_finds_its_own_number_and_no_other_centre_does(zelda, cast):
    assert identity.find(cast.centres.northtown, "mrn0815 ") == zelda
    assert identity.find(cast.centres.southport, "MRN 0815") is None
    assert identity.find(cast.centres.northtown, "0815") is None
    assert identity.find(cast.centres.northtown, " ") is None


def test_a_centre_knows_one_person_by_a_number(zelda, cast):
    with pytest.raises(Refused, match="another person"):
        identify(by=cast.users.nora, person=cast.people.dora, who=Who(local_number="MRN0815"))
    identify(by=cast.users.saul, person=cast.people.chloe, who=Who(local_number="MRN0815"))


def test_saying_the_same_again_writes_nothing(zelda, cast):
    before = Entry.objects.count()
    assert identify(by=cast.users.nora, person=zelda, who=ZELDA) == []
    assert Entry.objects.count() == before


def test_no_repr_and_no_log_line_shows_it(zelda, caplog):
    caplog.set_level(logging.DEBUG)
    known = identity.who(zelda)
    shown = f"{known!r} {known} {Identity.objects.get(pk=zelda.pk)!r} {vault.vault()!r}"
    assert "Zelda" not in shown + caplog.text


@pytest.mark.parametrize(("name", "sees"), [("alice", 200), ("nora", 200), ("lena", 200), ("abel", 404), ("adam", 404)])
def test_who_sees_an_identity(client, zelda, cast, name, sees):
    client.force_login(getattr(cast.users, name))
    answer = client.get(f"/people/{zelda.pk}/identity/")
    assert answer.status_code == sees
    assert ("Zelda" in answer.content.decode()) is (sees == 200)


def test_reading_an_identity_is_logged_as_that(client, zelda, cast):
    client.force_login(cast.users.nora)
    client.get(f"/people/{zelda.pk}/identity/?name=Zelda")
    entry = Entry.objects.filter(action="read").last()
    assert (entry.place, entry.person) == ("identity", zelda.pk)
    assert "Zelda" not in str(list(Entry.objects.values()))


def test_an_identity_is_changed_on_its_page(client, zelda, cast):
    client.force_login(cast.users.nora)
    answer = client.post(f"/people/{zelda.pk}/identity/change/", {"name": "Zelda Quux-Smith", "local_number": "7"})
    assert answer.status_code == 302
    assert "Zelda" not in answer.url
    assert identity.who(zelda) == Who(name="Zelda Quux-Smith", local_number="7")


def test_a_date_that_is_none_is_explained(client, zelda, cast):
    client.force_login(cast.users.alice)
    answer = client.post(f"/people/{zelda.pk}/identity/change/", {"birth": "23.4.61"})
    assert answer.status_code == 400
    assert "1961-04-23" in answer.content.decode()
    assert identity.who(zelda) == ZELDA


def test_a_person_cannot_take_another_ones_number(client, zelda, cast):
    client.force_login(cast.users.bruno)
    client.post(f"/people/{cast.people.bruno.pk}/identity/change/", {"name": "B", "local_number": "MRN 9"})
    assert identity.who(cast.people.bruno) == Who(name="B")
