import pytest

from openpoems.record import Concept, Feature
from openpoems.web.audit.context import acts
from openpoems.web.registry.accesses import CHANGED, accesses
from openpoems.web.registry.actions import facts
from openpoems.web.registry.actions.consent import decide

pytestmark = pytest.mark.django_db


def line(cast, viewer, who):
    (found,) = [a for a in accesses(cast.people.alice, getattr(cast.users, viewer)) if a.who == who]
    return found


def test_the_person_reads_who_opened_the_record_and_what_for(client, cast):
    client.force_login(cast.users.nora)
    for page in ("", "identity/", "identity/"):
        client.get(f"/people/{cast.people.alice.pk}/{page}")
    found = line(cast, "alice", "Nora")
    assert found.role == "clinician, Northtown Clinic"
    assert found.read == ("name and address, 2 times", "the record")
    assert found.changed == ()


def test_who_verifies_an_entry_is_not_said_to_have_changed_who_the_person_is(cast):
    row = facts.enter(by=cast.users.alice, person=cast.people.alice, fact=Feature(Concept(text="numb feet")))
    with acts(str(cast.users.nora.public_id), via="web"):
        facts.verify(by=cast.users.nora, row=row)
    assert line(cast, "alice", "Nora").changed == ("entries of the record",)


def test_what_was_changed_has_its_own_words():
    rows = ("community_round", "community_rhythm")
    assert [str(CHANGED[each]) for each in rows] == ["questionnaires begun and finished", "reminders of questionnaires"]


def test_what_was_changed_is_said_and_ones_own_doing_is_ones_own(cast):
    with acts(str(cast.users.alice.public_id), via="web"):
        decide(by=cast.users.alice, person=cast.people.alice, choices={"map": False})
    assert line(cast, "alice", "You").changed == ("consent",)
    assert line(cast, "lena", "Alice").role == "the person"


def test_commands_and_accounts_that_are_gone_are_called_so(cast):
    with acts("command:restore", via="command"):
        decide(by=None, person=cast.people.alice, choices={"map": False})
    with acts(str(cast.users.saul.public_id), via="web"):
        decide(by=None, person=cast.people.alice, choices={"map": True})
    cast.users.saul.delete()
    assert line(cast, "alice", "Whoever keeps this site").role == "restore"
    assert line(cast, "alice", "An account that no longer exists").role == ""


def test_what_no_account_did_is_not_called_the_sites_own_doing(cast):
    decide(by=None, person=cast.people.alice, choices={"map": False})
    assert "consent" in " ".join(line(cast, "alice", "Directly in the database, with no account named").changed)


def test_days_come_newest_first_and_only_so_many(cast):
    assert len({a.day for a in accesses(cast.people.alice, cast.users.alice, days=1)}) == 1


@pytest.mark.parametrize(
    ("name", "sees"), [("alice", 200), ("lena", 200), ("nora", 404), ("adam", 404), ("bruno", 404)]
)
def test_who_may_ask(client, cast, name, sees):
    client.force_login(getattr(cast.users, name))
    assert client.get(f"/people/{cast.people.alice.pk}/accesses/").status_code == sees


def test_the_page_names_no_address_and_nobody_elses_record(client, cast):
    client.force_login(cast.users.nora)
    client.get(f"/people/{cast.people.alice.pk}/")
    client.force_login(cast.users.alice)
    page = client.get(f"/people/{cast.people.alice.pk}/accesses/").content.decode()
    assert "Nora" in page
    assert "example.org" not in page
    assert cast.people.bruno.pk not in page
