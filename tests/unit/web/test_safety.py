"""Sign-in under attack, what a browser is told to refuse, and sessions."""

import re
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core import mail
from django.core.cache import cache
from django.test import Client

from openpoems.web import config
from openpoems.web.accounts.adapter import AccountAdapter
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
WEB = Path(config.__file__).resolve().parent.parent


@pytest.fixture
def limited(settings):
    """The rate limits of the real settings, counted from nothing."""
    from openpoems.web.config.settings import ACCOUNT_RATE_LIMITS

    settings.ACCOUNT_RATE_LIMITS = ACCOUNT_RATE_LIMITS
    cache.clear()
    yield
    cache.clear()


WRONG = PASSWORD[::-1]


def sign_in(client, email="alice@example.org", password=PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


class TestLimits:
    def test_after_five_wrong_passwords_the_right_one_is_refused_too(self, cast, client, limited):
        for _ in range(5):
            assert sign_in(client, password=WRONG).status_code == 200
        refused = sign_in(client)
        assert "_auth_user_id" not in client.session
        assert b"Too many failed login attempts" in refused.content
        sign_in(client, "bruno@example.org")
        assert "_auth_user_id" in client.session  # the others are not locked out

    def test_another_address_does_not_help_the_one_who_guesses(self, cast, limited):
        for number in range(5):
            sign_in(Client(REMOTE_ADDR=f"192.0.2.{number}"), password=WRONG)
        client = Client(REMOTE_ADDR="192.0.2.99")
        sign_in(client)
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize(("path", "most"), [("/accounts/signup/", 10), ("/accounts/password/reset/", 10)])
    def test_one_caller_can_ask_so_often(self, cast, client, limited, path, most):
        def ask(number):
            fields = {"email": f"a{number}@example.org", "password1": PASSWORD, "password2": PASSWORD}
            return Client().post(path, fields).status_code

        assert [ask(number) for number in range(most)] == [302] * most
        assert ask(99) == 429

    def test_a_known_address_is_answered_like_an_unknown_one(self, cast, client):
        known, unknown = (
            Client().post("/accounts/password/reset/", {"email": f"{name}@example.org"}) for name in ("alice", "nobody")
        )
        assert (known.status_code, known.url) == (unknown.status_code, unknown.url)

    def test_every_process_counts_in_the_same_place(self):
        assert "db.DatabaseCache" in site.CACHES["default"]["BACKEND"]


@pytest.mark.parametrize(
    ("behind", "told", "address"),
    [
        (False, "203.0.113.9", "192.0.2.1"),  # whoever calls us directly may write what they like
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "10.6.6.6, 203.0.113.9", "203.0.113.9"),  # what the caller made up stands before
        (True, "", "192.0.2.1"),
    ],
)
def test_limits_count_by_the_address_that_cannot_be_made_up(rf, settings, behind, told, address):
    settings.BEHIND_PROXY = behind
    headers = {"X-Forwarded-For": told} if told else {}
    assert AccountAdapter().get_client_ip(rf.get("/", headers=headers, REMOTE_ADDR="192.0.2.1")) == address


class TestThePolicy:
    def test_only_our_own_scripts_and_styles_run(self, client):
        policy = client.get("/accounts/login/")["Content-Security-Policy"]
        parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
        assert parts["default-src"] == parts["style-src"] == "'self'"
        assert re.fullmatch(r"'self'( 'nonce-\S+')?", parts["script-src"])
        assert parts["object-src"] == parts["base-uri"] == parts["frame-ancestors"] == "'none'"
        assert "unsafe" not in policy
        assert "http" not in policy

    def test_a_page_cannot_be_framed_and_says_little_of_where_one_was(self, client):
        page = client.get("/")
        assert page["X-Frame-Options"] == "DENY"
        assert page["Referrer-Policy"] == "same-origin"
        assert page["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize("path", sorted(WEB.rglob("templates/**/*.html")), ids=lambda path: path.name)
    def test_no_template_holds_a_script_or_a_style(self, path):
        text = path.read_text("utf-8")
        assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", text, re.IGNORECASE)
        for tag in re.findall(r"<script\b[^>]*>", text):
            # What is no script is data, which a browser does not run.
            assert "src=" in tag or re.search(r"application/(ld\+)?json", tag), tag
        assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", text)

    @pytest.mark.parametrize("path", sorted(WEB.rglob("static/**/*.*")), ids=lambda path: path.name)
    def test_nothing_that_we_serve_asks_another_host(self, path):
        if path.suffix in (".css", ".js", ".svg"):
            found = re.findall(r"(?:url\(|import\s+|fetch\()[\"']?(?:https?:)?//", path.read_text("utf-8"))
            assert found == []


class TestASession:
    def now(self, monkeypatch, minutes):
        from openpoems.web.accounts import idle

        monkeypatch.setattr(idle, "time", lambda: 1_800_000_000 + minutes * 60)

    def test_ends_when_nobody_used_it(self, cast, client, monkeypatch):
        client.force_login(cast.users.alice)
        path = f"/people/{cast.people.alice.pk}/consent/"
        for minutes, status in ((0, 200), (59, 200), (118, 200), (179, 302)):
            self.now(monkeypatch, minutes)
            assert client.get(path).status_code == status, minutes
        assert client.get(path).url == f"/accounts/login/?next={path}"

    def test_ends_with_the_browser(self, cast, client):
        sign_in(client)
        assert client.cookies["sessionid"]["max-age"] == ""

    def test_of_a_member_opens_nothing_once_the_role_ended(self, cast, client):
        client.force_login(cast.users.nora)
        path = f"/people/{cast.people.alice.pk}/"
        assert client.get(path).status_code == 200
        cast.users.nora.memberships.all().delete()
        assert client.get(path).status_code == 404


def test_an_error_page_needs_nothing_from_the_request():
    from django.template.loader import render_to_string

    assert "half saved" in render_to_string("500.html")


def test_a_mail_of_the_accounts_names_no_disease(cast, client):
    client.post("/accounts/password/reset/", {"email": "alice@example.org"}, headers={"host": "localhost"})
    assert "poems" not in (mail.outbox[-1].subject + mail.outbox[-1].body).lower()
