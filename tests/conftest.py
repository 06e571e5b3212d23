"""What every test stands on: no network, no leftover settings, property tests without a clock."""

import socket

import pytest
from hypothesis import HealthCheck, settings

from openpoems.knowledge.store import Knowledge, knowledge

settings.register_profile("openpoems", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("openpoems")


class NetworkForbidden(RuntimeError):
    """A test tried to leave this process."""


@pytest.fixture(autouse=True)
def _closed_sockets(monkeypatch):
    """Programs a test starts have their own sockets; this process opens none."""

    def refuse(*args, **kwargs):
        raise NetworkForbidden("tests open no sockets")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.fixture(scope="session")
def facts() -> Knowledge:
    """The knowledge that ships with the package."""
    return knowledge()


def pytest_collection_modifyitems(items):
    """What asks for a database is run on each of them: `-m database` chooses these."""
    for item in items:
        if item.get_closest_marker("django_db") or "transactional_db" in getattr(item, "fixturenames", ()):
            item.add_marker("database")


@pytest.fixture
def key_ring(settings, tmp_path):
    """A key ring of the test's own, with the ledger of erasures beside it."""
    from openpoems.web.registry import vault

    settings.KEY_RING = tmp_path / "identity-keys.json"
    vault.write(vault.new_key_ring(), settings.KEY_RING)
    settings.ERASURES = tmp_path / "erasures.jsonl"
    return settings.KEY_RING


@pytest.fixture
def cast(db, key_ring):
    """The cast of the web tests (see `tests/cast.py`)."""
    from tests.cast import assemble

    return assemble()


@pytest.fixture(autouse=True)
def _log_chained_at_once(request):
    """PostgreSQL chains the log when a transaction commits, and that of a test never does: chain after each statement."""
    if request.node.get_closest_marker("database") is None:
        return
    request.getfixturevalue("db")
    from django.db import connection

    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS audit_waits, audit_chained IMMEDIATE")
