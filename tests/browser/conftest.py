"""A live site and a real browser. Sockets are open here, to this machine alone."""

import os
import shutil
import socket
from ipaddress import ip_address
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, sync_playwright

from tests.browser.someone import Someone, Watch

# Playwright's loop runs in this thread; Django would refuse to touch the database beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
HERE = Path(__file__).parent
# The guide's pictures are taken when somebody asks for them (`make guide`).
collect_ignore = [] if os.environ.get("OPENPOEMS_GUIDE") else ["test_guide.py"]
# How a page looks does not depend on the database: it is judged once.
collect_ignore += ["test_every_page.py"] if os.environ.get("REQUIRE_POSTGRES") else []
QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 740}


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            item.add_marker("database")


class _NearSocket(socket.socket):
    """Reaches this machine and nothing else."""

    def connect(self, address):
        if self.family != socket.AF_UNIX and not ip_address(address[0]).is_loopback:
            raise RuntimeError(f"a browser test tried to reach {address[0]}")
        super().connect(address)


@pytest.fixture(autouse=True)
def _closed_sockets(monkeypatch):
    monkeypatch.setattr(socket, "socket", _NearSocket)


@pytest.fixture(scope="session")
def chromium() -> Browser:
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("the browser tests need chromium: `make test` installs it as root; else install Debian's chromium")
    flags = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def someone(chromium, live_server):
    """`someone()` is a visitor, `someone(cast.users.nora)` is signed in, `someone(phone=True)` holds a phone.

    When the test ends, nothing may have been asked of another host and no page may have complained.
    """
    contexts, watches = [], []

    def begin(user=None, *, phone: bool = False, javascript: bool = True) -> Someone:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            java_script_enabled=javascript,
            locale="en-GB",
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
            context.add_cookies([cookie])
        page = context.new_page()
        watches.append(Watch(page, live_server.url))
        return Someone(page)

    yield begin
    for context in contexts:
        context.close()
    assert [fault for watch in watches for fault in watch.faults] == []
