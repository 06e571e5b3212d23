from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from openpoems.web.api.actions import PREFIX, key_of, make_key, revoke_key
from openpoems.web.api.models import Key, Turn
from openpoems.web.api.scopes import SCOPES, offered
from openpoems.web.audit.models import Entry
from openpoems.web.registry.actions import Refused
from tests.cast import PASSWORD
from tests.unit.web.interface.asking import program

pytestmark = pytest.mark.django_db


def record(cast, whose="alice"):
    return f"/api/people/{getattr(cast.people, whose).pk}"


def test_a_key_does_what_its_account_may_and_it_was_made_for(cast):
    reads = program(cast.users.nora, "view-record")
    assert reads.get(record(cast)).status_code == 200
    assert reads.get(record(cast, "chloe")).status_code == 404
    refused = reads.get(record(cast) + "/identity")
    assert refused.status_code == 403
    assert 'scope="view-identity"' in refused["WWW-Authenticate"]


def test_a_key_is_offered_no_more_than_its_account_has(cast):
    assert set(offered(cast.users.alice)) == set(SCOPES) - {"list-people"}
    assert set(offered(cast.users.nora)) == {"view-record", "view-identity", "write-record", "list-people"}
    assert offered(cast.users.rosa) == offered(cast.users.stan) == {}
    with pytest.raises(Refused):
        make_key(by=cast.users.abel, name="x", scopes=["view-identity"], days=30)
    with pytest.raises(Refused):
        make_key(by=cast.users.abel, name="x", scopes=[], days=30)


@pytest.mark.parametrize("days", [0, -1, 366])
def test_no_key_lasts_for_ever(cast, days):
    with pytest.raises(Refused):
        make_key(by=cast.users.alice, name="x", scopes=["view-record"], days=days)


def test_only_the_digest_of_a_key_is_kept(cast):
    key, secret = make_key(by=cast.users.alice, name="x", scopes=["view-record"], days=30)
    assert secret.startswith(PREFIX)
    assert len(secret) > 50
    assert secret not in str(vars(key))
    assert secret.removeprefix(PREFIX) not in str(list(Entry.objects.values()))


def test_what_has_ended_opens_nothing(cast):
    key, secret = make_key(by=cast.users.alice, name="x", scopes=["view-record"], days=30)
    assert key_of(secret) == key
    assert key_of(secret[:-1]) is key_of("") is key_of("x" * 10_000) is None
    Key.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert key_of(secret) is None
    Key.objects.update(expires=timezone.now() + timedelta(days=1))
    revoke_key(by=cast.users.nora, key=key)
    assert key_of(secret) == key
    revoke_key(by=cast.users.alice, key=key)
    assert key_of(secret) is None
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    assert client.get(record(cast)).status_code == 401


def test_a_key_never_stands_behind_a_session(cast):
    client = Client(headers={"Authorization": "Bearer no-such-key"})
    client.force_login(cast.users.alice)
    refused = client.get(record(cast))
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, 'Bearer realm="openpoems"')
    assert "openpoems" not in refused.json()["title"]


def test_a_key_opens_no_page(cast):
    assert program(cast.users.alice).get(f"/people/{cast.people.alice.pk}/").status_code == 302


def test_a_key_of_an_account_that_sees_others_needs_the_second_step(cast):
    reads = program(cast.users.nora)
    cast.users.nora.authenticator_set.all().delete()
    refused = reads.get(record(cast))
    assert refused.status_code == 403
    assert "second step" in refused.json()["detail"]


def test_a_key_ends_with_the_right_behind_it(cast):
    reads = program(cast.users.nora)
    cast.users.nora.memberships.all().delete()
    assert reads.get(record(cast)).status_code == 404


def test_what_a_key_reads_is_logged_as_its_accounts_doing(cast):
    program(cast.users.nora, "view-record").get(record(cast) + "/facts")
    entry = Entry.objects.filter(action="read").last()
    assert (entry.person, entry.actor, entry.via) == (cast.people.alice.pk, str(cast.users.nora.public_id), "api")
    assert entry.place == "api-facts"
    assert entry.reason.endswith(f", key {Key.objects.get().pk}")
    assert cast.people.alice.pk not in entry.reason


def test_when_a_key_was_used_is_noted_once_a_day(cast):
    reads = program(cast.users.alice)
    for _ in range(3):
        reads.get("/api/me")
    assert Key.objects.get().last_used.date() == timezone.now().date()
    assert Entry.objects.filter(place="api_key", action="update").count() == 1


def test_too_many_requests_wait(cast, settings):
    settings.API_PER_MINUTE = 3
    reads = program(cast.users.alice)
    answers = [reads.get("/api/me") for _ in range(4)]
    if Turn.objects.get().count == 4:  # unless a minute began between them
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert program(cast.users.nora).get("/api/me").status_code == 200


def test_a_page_that_changes_something_shows_its_form_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users.alice)
    refused = client.post(record(cast) + "/imports", data=b"x", content_type="text/csv")
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    assert "X-CSRFToken" in refused.json()["detail"]
    assert client.get(record(cast)).status_code == 200


def test_the_page_makes_shows_once_and_revokes(client, cast):
    client.force_login(cast.users.alice)
    assert client.get("/keys/").status_code == 302  # the password is asked for again
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    made = client.post("/keys/", {"name": "my watch", "scopes": ["view-record"], "days": "30"})
    assert PREFIX in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    again = client.get("/keys/").content.decode()
    assert "my watch" in again
    assert PREFIX not in again
    client.post(f"/keys/{Key.objects.get().pk}/revoke/")
    assert Key.objects.get().revoked is not None
    assert client.post("/keys/", {"name": "x", "scopes": ["list-people"], "days": "30"}).status_code == 400
    assert Key.objects.count() == 1


def test_nobody_ends_another_accounts_key(client, cast):
    program(cast.users.alice)
    client.force_login(cast.users.chloe)
    assert client.post(f"/keys/{Key.objects.get().pk}/revoke/").status_code == 404
    assert Key.objects.get().revoked is None
