"""A public client uses a live site as it is: fhirpy, with the code that the documentation shows."""

import contextlib
import io
import re
import socket
from ipaddress import ip_address
from pathlib import Path

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import AuthorizationError, OperationOutcome, ResourceNotFound

from openpoems.web.api.actions import make_key
from openpoems.web.fhir.table import served
from openpoems.web.registry.actions.erasure import erase
from openpoems.web.registry.models import Fact, Import
from tests.unit.web.interface.test_api import with_course  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Path(__file__).resolve().parents[4] / "docs" / "how-to" / "use-the-interface.md"


class _NearSocket(socket.socket):
    """Reaches this machine and nothing else."""

    def connect(self, address):
        if self.family != socket.AF_UNIX and not ip_address(address[0]).is_loopback:
            raise RuntimeError(f"a test tried to reach {address[0]}")
        super().connect(address)


_CONNECT = socket.create_connection


@pytest.fixture(autouse=True)
def _closed_sockets(monkeypatch):
    monkeypatch.setattr(socket, "socket", _NearSocket)
    monkeypatch.setattr(socket, "create_connection", _CONNECT)


def key_of(user, *scopes):
    _key, secret = make_key(by=user, name="fhirpy", scopes=scopes, days=1)
    return secret


def client_of(live_server, secret):
    return SyncFHIRClient(f"{live_server.url}/fhir", authorization=f"Bearer {secret}")


def test_fhirpy_finds_pages_reads_and_asks_for_everything(with_course, live_server):  # noqa: F811
    cast = with_course
    client = client_of(live_server, key_of(cast.users.alice, "view-record", "view-identity", "consent"))
    patient = client.resources("Patient").first()
    assert (patient.id, patient.name[0].text) == (cast.people.alice.pk, "An Invented Name")

    search = client.resources("Observation").search(patient=patient.id, date__ge="2020")
    every = search.limit(10).fetch_all()
    assert len(every) == search.count() > 10
    assert len({each.id for each in every}) == len(every)
    one = client.get("Observation", every[0].id)
    assert one["id"] == every[0].id
    assert every[0].refresh().id == every[0].id  # which asks whether it has changed
    assert every[0].subject.to_resource().id == patient.id
    included = client.resources("Procedure").include("Procedure", "patient").fetch_raw()
    assert {entry.search.mode for entry in included.entry} == {"match", "include"}
    whole = patient.execute("$everything", method="get")
    assert {entry["resource"]["resourceType"] for entry in whole["entry"]} == set(served()) - {"Encounter"}
    assert patient.execute("$summary")["type"] == "document"


def test_what_the_documentation_shows_is_what_happens(with_course, live_server):  # noqa: F811
    secret = key_of(with_course.users.alice, "view-record", "view-identity", "write-record")
    before = Fact.objects.count()
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S))
    told: dict = {"KEY": secret}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code.replace("http://localhost:8000", live_server.url), told)  # noqa: S102 - our own page
    lines = printed.getvalue().splitlines()
    assert "2024-11-11 92 pg/mL plasma" in lines
    assert lines[-1].startswith("Received, and not stored")
    assert Fact.objects.count() == before
    assert Import.objects.get().rows.count() == 1
    assert told["letter"]["type"] == "document"


def test_fhirpy_is_told_of_every_error_in_its_own_way(with_course, live_server):  # noqa: F811
    cast = with_course
    client = client_of(live_server, key_of(cast.users.alice, "view-record"))
    with pytest.raises(OperationOutcome, match="cannot be searched by"):
        client.resources("Observation").search(foo="x").fetch()
    with pytest.raises(OperationOutcome, match="answers to GET"):
        client.resource("Observation", status="final").save()
    with pytest.raises(ResourceNotFound):
        client.get("Observation", "nothing")
    with pytest.raises(AuthorizationError):
        client_of(live_server, "wrong").resources("Patient").fetch()
    erase(by=cast.users.alice, person=cast.people.alice)
    with pytest.raises(ResourceNotFound, match="deleted"):
        client.get("Patient", cast.people.alice.pk)
