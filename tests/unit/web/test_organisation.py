"""Signing in at one's organisation (OpenID Connect): a provider stands here, and the second step is asked for all the same."""

import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from requests import Response

from openpoems.web.accounts.models import Membership, User
from openpoems.web.demo.accounts import code

pytestmark = pytest.mark.django_db
SERVER = "https://login.example.org"
SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 - that of `tests.cast`
START, BACK = "/accounts/oidc/oidc/login/", "/accounts/oidc/oidc/login/callback/"
DISCOVERY = {
    "issuer": SERVER,
    "authorization_endpoint": f"{SERVER}/authorize",
    "token_endpoint": f"{SERVER}/token",
    "userinfo_endpoint": f"{SERVER}/me",
    "jwks_uri": f"{SERVER}/keys",
}


class Organisation:
    """A provider that signs in whoever `says` tells; it is asked as over the network, and stands in no network."""

    def __init__(self):
        self.says = {"sub": "nora-4711", "email": "nora@example.org", "email_verified": True, "name": "Nora"}
        self.issuer, self.audience = SERVER, "openpoems"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def get(self, url, **_):
        return self.request("GET", url)

    def request(self, method, url, data=None, **_):
        if url == f"{SERVER}/.well-known/openid-configuration":
            return _answer(DISCOVERY)
        if url == f"{SERVER}/me":
            return _answer(self.says)
        assert (method, url) == ("POST", f"{SERVER}/token")
        if data["client_secret"] != "s" or data["code"] != "one-time":  # noqa: S105
            return _answer({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": self.audience, "iat": now, "exp": now + 60, **self.says}
        return _answer({"access_token": "t", "token_type": "Bearer", "id_token": jwt.encode(claims, "k" * 32)})


def _answer(says, status=200):
    response = Response()
    response.status_code, response.headers["content-type"] = status, "application/json"
    response.json = lambda: says
    response._content = b"{}"
    return response


@pytest.fixture
def organisation(settings, monkeypatch):
    app = {
        "provider_id": "oidc",
        "name": "Northtown staff",
        "client_id": "openpoems",
        "secret": "s",
        "settings": {"server_url": SERVER},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    there = Organisation()
    monkeypatch.setattr(DefaultSocialAccountAdapter, "get_requests_session", lambda self: there)
    return there


def sign_in(client, **answer):
    """Press the button, sign in there, and come back with what it answers."""
    there = client.post(START)
    assert there.status_code == 302
    state = parse_qs(urlsplit(there.url).query)["state"][0]
    return client.get(BACK, {"state": state, "code": "one-time", **answer})


def known_there(user, sub):
    SocialAccount.objects.create(user=user, provider="oidc", uid=sub)


def is_in(client):
    return "_auth_user_id" in client.session


def test_is_offered_only_where_it_is_configured(client):
    assert b"Northtown staff" not in client.get("/accounts/login/").content


def test_leads_to_the_organisation(client, organisation):
    assert b"Northtown staff" in client.get("/accounts/login/").content
    assert client.get(START).status_code == 200  # asks first: a link alone signs nobody in
    there = client.post(START)
    assert there.status_code == 302
    assert there.url.startswith(f"{SERVER}/authorize?")
    assert "client_id=openpoems" in there.url


def test_staff_are_asked_for_the_second_step_all_the_same(cast, client, organisation):
    known_there(cast.users.nora, "nora-4711")
    back = sign_in(client)
    assert (back.status_code, back.url) == (302, "/accounts/2fa/authenticate/")
    assert not is_in(client)
    assert client.get(f"/people/{cast.people.alice.pk}/").url.startswith("/accounts/login/")

    client.post(back.url, {"code": "000000"})
    assert not is_in(client)
    client.post(back.url, {"code": code(SECRET)})
    assert is_in(client)
    assert client.get(f"/people/{cast.people.alice.pk}/").status_code == 200


def test_staff_without_a_second_step_reach_nothing_but_its_set_up(cast, client, organisation):
    """Whoever came by the organisation has no password: the set-up must open all the same."""
    organisation.says |= {"sub": "new-1", "email": "new@example.org", "name": "New"}
    assert sign_in(client).status_code == 302
    user = User.objects.get(email="new@example.org")
    assert is_in(client)
    assert not user.has_usable_password()

    Membership.objects.create(user=user, role="clinician", centre=cast.centres.northtown)
    for path in (f"/people/{cast.people.alice.pk}/", "/centres/northtown/people/"):
        assert client.get(path).url == "/accounts/2fa/", path
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_an_address_that_the_organisation_did_not_prove_opens_nothing(cast, client, organisation):
    organisation.says |= {"sub": "mallory", "email": "mallory@example.org", "email_verified": False}
    sign_in(client)
    assert not is_in(client)
    assert not EmailAddress.objects.filter(email="mallory@example.org", verified=True).exists()


def test_the_address_of_an_account_alone_does_not_open_it(cast, client, organisation):
    """Who says to be nora there is not nora here before nora, signed in, joined the two."""
    organisation.says |= {"sub": "somebody-else"}
    sign_in(client)
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    ("issuer", "audience", "opens"),
    [
        (SERVER, "openpoems", True),
        ("https://evil.example.org", "openpoems", False),
        (SERVER, "another-client", False),
    ],
)
def test_a_token_of_another_issuer_or_for_another_site_is_refused(cast, client, organisation, issuer, audience, opens):
    known_there(cast.users.alice, "nora-4711")
    organisation.issuer, organisation.audience = issuer, audience
    sign_in(client)
    assert is_in(client) is opens


@pytest.mark.parametrize("answer", [{"state": "made-up"}, {"code": "another"}, {"error": "access_denied", "code": ""}])
def test_an_answer_that_was_made_up_or_refused_signs_nobody_in(cast, client, organisation, answer):
    known_there(cast.users.alice, "nora-4711")
    response = sign_in(client, **answer)
    assert response.status_code < 500
    assert not is_in(client)
