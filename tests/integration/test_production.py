"""A site for real people: started by its own programs, in an environment of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration
SECRET = "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # noqa: S105 - of a test


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The environment of a site that is complete, and whose tables and keys are made."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "openpoems.web.config.settings",
        "OPENPOEMS_SECRET_KEY": SECRET,
        "OPENPOEMS_HOSTS": "registry.example.org",
        "OPENPOEMS_ORIGINS": "https://registry.example.org",
        "OPENPOEMS_MAIL_HOST": "mail.example.org",
        "OPENPOEMS_DATA": str(tmp_path_factory.mktemp("site")),
    }
    made = python(env, "-c", "from openpoems.cli.main import main; main()", "site", "migrate")
    assert made.returncode == 0, made.stderr
    return env


def python(env, *words):
    return subprocess.run([sys.executable, *words], env=env, capture_output=True, text=True, check=False)


def start(env, **changes):
    """Begin to serve, as gunicorn does."""
    env = {name: word for name, word in {**env, **changes}.items() if word is not None}
    return python(env, "-c", "import openpoems.web.config.wsgi")


def test_a_whole_site_passes_djangos_own_check_for_deployment(whole):
    done = python(whole, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_a_whole_site_starts(whole):
    done = start(whole)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"OPENPOEMS_SECRET_KEY": None}, "OPENPOEMS_SECRET_KEY: set 50 random characters or more"),
        ({"OPENPOEMS_SECRET_KEY": "short"}, "OPENPOEMS_SECRET_KEY: too short"),
        ({"OPENPOEMS_SECRET_KEY": "a" * 60}, "OPENPOEMS_SECRET_KEY: too short"),
        ({"OPENPOEMS_HOSTS": None}, "OPENPOEMS_HOSTS: not set"),
        ({"OPENPOEMS_HOSTS": "*"}, "OPENPOEMS_HOSTS: not set"),
        ({"OPENPOEMS_ORIGINS": "http://registry.example.org"}, "OPENPOEMS_ORIGINS: an origin without https"),
        ({"OPENPOEMS_KEY_RING": "/nowhere/keys.json"}, "OPENPOEMS_KEY_RING: there is no key ring"),
        ({"OPENPOEMS_MAIL_HOST": None}, "OPENPOEMS_MAIL_HOST: not set"),
        ({"OPENPOEMS_MAIL_TLS": "no"}, "OPENPOEMS_MAIL_TLS: mail would travel in the clear"),
        ({"OPENPOEMS_IDLE_MINUTES": "soon"}, "OPENPOEMS_IDLE_MINUTES: write a whole number"),
    ],
)
def test_a_site_with_a_hole_does_not_start_and_says_why(whole, changes, told):
    done = start(whole, **changes)
    assert done.returncode != 0
    assert told in done.stderr
    assert SECRET not in done.stderr


def test_a_key_ring_that_others_can_read_stops_the_start(whole, tmp_path):
    ring = tmp_path / "keys.json"
    ring.write_bytes((Path(whole["OPENPOEMS_DATA"]) / "identity-keys.json").read_bytes())
    ring.chmod(0o640)
    assert "others can read it" in start(whole, OPENPOEMS_KEY_RING=str(ring)).stderr


ASK = """
import django; django.setup()
from django.test import Client
insecure = Client().get("/accounts/login/", headers={"host": "registry.example.org"})
page = Client().get("/accounts/login/", headers={"host": "registry.example.org"}, secure=True)
print(insecure.status_code, insecure["Location"], page.status_code, page["Strict-Transport-Security"], sep="|")
print(page.cookies["csrftoken"].output())
from django.conf import settings
print(settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.DEBUG)
print(Client().get("/", headers={"host": "evil.example.org"}, secure=True).status_code)
"""


def test_everything_travels_by_https(whole):
    done = python(whole, "-c", ASK)
    assert done.returncode == 0, done.stderr
    first, cookie, flags, foreign = done.stdout.splitlines()[-4:]
    assert first.startswith("301|https://registry.example.org/accounts/login/|200|max-age=31536000")
    assert re.search("; Secure", cookie)
    assert "HttpOnly" in cookie
    assert flags == "True True False"
    assert foreign == "400"
