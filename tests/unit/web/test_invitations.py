import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from openpoems.web.accounts.models import Invitation, Membership
from openpoems.web.audit.models import Entry
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.invitations import accept, end_membership, end_tie, find, invite, take_back
from openpoems.web.registry.models import Tie
from openpoems.web.registry.people import may

pytestmark = pytest.mark.django_db


def invited(capture, by, role, to="stan@example.org", **place) -> tuple[Invitation, str]:
    """The invitation, and the secret of the link in its mail."""
    with capture(execute=True):
        row = invite(by=by, email=to, role=role, site="https://site", **place)
    return row, re.search(r"/invitations/(\S+)/", mail.outbox[-1].body).group(1)


@pytest.fixture
def as_clinician(cast, django_capture_on_commit_callbacks):
    return invited(django_capture_on_commit_callbacks, cast.users.lena, "clinician", centre=cast.centres.northtown)


@pytest.fixture
def as_carer(cast, django_capture_on_commit_callbacks):
    return invited(django_capture_on_commit_callbacks, cast.users.alice, "proxy", person=cast.people.alice)


def test_accepting_gives_the_role_once(cast, as_clinician):
    _, secret = as_clinician
    accept(by=cast.users.stan, secret=secret)
    assert Membership.objects.get(user=cast.users.stan).centre == cast.centres.northtown
    assert may(cast.users.stan, "view-record", cast.people.alice)
    with pytest.raises(Refused, match="used, taken back or"):
        accept(by=cast.users.stan, secret=secret)


def test_a_carer_acts_for_one_person_until_it_is_ended(cast, as_carer):
    accept(by=cast.users.stan, secret=as_carer[1], name="Stan")
    assert may(cast.users.stan, "write-record", cast.people.alice)
    assert not may(cast.users.stan, "view-record", cast.people.bruno)
    assert not may(cast.users.stan, "erase-record", cast.people.alice)
    end_tie(by=cast.users.alice, tie=cast.users.stan.ties.get())
    assert not may(cast.users.stan, "view-record", cast.people.alice)


@pytest.mark.parametrize("state", ["another address", "unverified address"])
def test_who_does_not_hold_the_address_gets_nothing(cast, as_clinician, state):
    user = cast.users.bruno
    if state == "unverified address":
        EmailAddress.objects.filter(email="stan@example.org").delete()
        EmailAddress.objects.create(user=user, email="stan@example.org", verified=False)
    with pytest.raises(Refused, match="another address"):
        accept(by=user, secret=as_clinician[1])
    assert not user.memberships.exists()


def test_an_old_invitation_is_closed(cast, as_clinician):
    row, secret = as_clinician
    Invitation.objects.filter(pk=row.pk).update(expires=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused):
        find(secret)


def test_an_invitation_that_was_taken_back_is_closed(cast, as_clinician):
    row, secret = as_clinician
    take_back(by=cast.users.lena, invitation=row)
    with pytest.raises(Refused):
        accept(by=cast.users.stan, secret=secret)


def test_inviting_again_closes_the_first_link(cast, as_clinician, django_capture_on_commit_callbacks):
    place = {"centre": cast.centres.northtown}
    _, second = invited(django_capture_on_commit_callbacks, cast.users.lena, "clinician", **place)
    with pytest.raises(Refused):
        find(as_clinician[1])
    assert find(second)


def test_nobody_floods_an_address_with_mail(cast, client, monkeypatch):
    monkeypatch.setattr("openpoems.web.registry.actions.invitations.MOST_AN_HOUR", 2)
    client.force_login(cast.users.alice)
    for _ in range(2):
        client.post(f"/people/{cast.people.alice.pk}/carers/", {"email": "x@example.org"})
    page = client.post(f"/people/{cast.people.alice.pk}/carers/", {"email": "x@example.org"}, follow=True)
    assert b"You sent many invitations" in page.content
    assert Invitation.objects.count() == 2


def test_neither_the_database_nor_the_log_keeps_the_links_secret(cast, as_clinician):
    row, secret = as_clinician
    assert secret not in str(Invitation.objects.filter(pk=row.pk).values())
    assert not Entry.objects.filter(reason__contains=secret).exists()


def test_the_log_does_not_keep_the_secret_of_a_link_that_was_opened(cast, client, as_clinician):
    client.force_login(cast.users.stan)
    client.post(f"/invitations/{as_clinician[1]}/", {"name": "Stan"})
    assert cast.users.stan.memberships.exists()
    assert not Entry.objects.filter(reason__contains=as_clinician[1]).exists()


def test_a_lead_can_neither_make_leads_nor_end_them(cast, client):
    client.force_login(cast.users.lena)
    client.post("/centres/northtown/staff/", {"email": "x@example.org", "role": "lead"})
    assert not Invitation.objects.exists()
    own = cast.users.lena.memberships.get()
    assert client.post(f"/centres/northtown/staff/{own.pk}/end/").status_code == 404
    of_southport = cast.users.saul.memberships.get()
    assert client.post(f"/centres/northtown/staff/{of_southport.pk}/end/").status_code == 404
    assert Membership.objects.filter(pk__in=[own.pk, of_southport.pk]).count() == 2


def test_one_centre_cannot_take_back_what_another_sent(cast, client, django_capture_on_commit_callbacks):
    place = {"centre": cast.centres.southport}
    row, _ = invited(django_capture_on_commit_callbacks, cast.users.adam, "lead", **place)
    client.force_login(cast.users.lena)
    assert client.post(f"/centres/northtown/staff/invitations/{row.pk}/end/").status_code == 404


@pytest.mark.parametrize(("role", "centre"), [("lead", ""), ("researcher", "northtown")])
def test_a_role_and_its_place_must_fit(cast, client, role, centre):
    client.force_login(cast.users.adam)
    page = client.post("/site/members/", {"email": "x@example.org", "role": role, "centre": centre})
    assert "centre" in page.context["form"].errors
    assert not Invitation.objects.exists()


def test_the_last_administrator_stays(cast):
    with pytest.raises(Refused, match="last administrator"):
        end_membership(by=cast.users.adam, membership=cast.users.adam.memberships.get())


def test_whoever_alone_can_open_a_record_stays(cast):
    with pytest.raises(Refused, match="Nobody else"):
        end_tie(by=cast.users.pat, tie=Tie.objects.get(user=cast.users.pat))


def test_a_mail_does_not_name_the_disease(cast, as_carer):
    told = mail.outbox[-1]
    assert "poems" not in (told.subject + told.body).lower()
