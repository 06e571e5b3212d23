"""The real server and the real worker, killed under load and started again: nothing half stored, nothing twice.

Visitors send tables, decide between values and erase their records over HTTP, each again until it is answered, while a
lead has the worker look at every record and prepare exports. The processes are killed whole, at moments that differ.
"""

import http.client
import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from tests.pgtemp import TempPostgres

pytestmark = pytest.mark.integration
OPENPOEMS = Path(sys.executable).with_name("openpoems")
TOKEN = "a" * 32  # a visitor's own, sent twice as a form does
KILLS_OF_SERVER, KILLS_OF_WORKER, VISITORS = 3, 2, 3
PATIENCE_S = 120


@pytest.fixture(autouse=True)
def _closed_sockets():
    """Sockets are open here, to this machine alone."""


class Site:
    """A site in a folder; `start` gives a process group of its own, `kill` ends it as a loss of power would."""

    def __init__(self, folder, url):
        left = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
        self.env = (
            left | {"OPENPOEMS_DEMO": "yes", "OPENPOEMS_DATA": str(folder)} | ({"DATABASE_URL": url} if url else {})
        )
        self.env.pop("OPENPOEMS_TASKS_AT_ONCE", None)
        self.folder, self.url = folder, url
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.running = []
        subprocess.run([OPENPOEMS, "site", "migrate"], env=self.env, check=True, capture_output=True)

    def program(self, name):
        command = [sys.executable, "-m", "tests.integration.served", name]
        return json.loads(subprocess.run(command, env=self.env, check=True, capture_output=True, text=True).stdout)

    def start(self, *arguments):
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            command = [OPENPOEMS, "site", *arguments]
            process = subprocess.Popen(command, env=self.env, stdout=log, stderr=log, start_new_session=True)
        self.running.append(process)

    def serve(self):
        self.start("serve", "--bind", f"127.0.0.1:{self.port}")
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                return Visitor(self.port, "").get("/accounts/login/")
            except OSError:
                assert time.monotonic() < end, (self.folder / "serve.log").read_text()
                time.sleep(0.1)

    def kill(self):
        for process in self.running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()

    def jobs(self):
        """The states of the worker's jobs, read past the site."""
        asked = "SELECT state FROM clinic_job ORDER BY id"
        if self.url:
            with psycopg.connect(self.url) as database:
                return [state for (state,) in database.execute(asked).fetchall()]
        database = sqlite3.connect(self.folder / "openpoems.sqlite3", timeout=20)
        try:
            return [state for (state,) in database.execute(asked).fetchall()]
        finally:
            database.close()

    def wait_for(self, wanted):
        end = time.monotonic() + PATIENCE_S
        while not wanted(self.jobs()):
            assert time.monotonic() < end, self.jobs()
            time.sleep(0.02)


class Visitor:
    """Somebody's browser. Whatever ends without an answer is an `OSError` or `HTTPException`."""

    def __init__(self, port, session):
        self.port, self.cookie = port, f"sessionid={session}; csrftoken={TOKEN}"

    def get(self, path):
        return self._ask("GET", path, None)

    def post(self, path, **fields):
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": TOKEN, **fields}, doseq=True))

    def _ask(self, method, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            response.read()
            return response.status, response.getheader("Location", "")
        finally:
            connection.close()


def imports(site, told, person):
    own = Visitor(site.port, person["session"])
    status, made = own.post(f"/people/{person['pseudonym']}/imports/", text=told["table"])
    if _answered(status, person):
        assert re.search(r"/imports/\d+/$", made)
        _answered(own.post(made, act="accept")[0], person)


def adjudicates(site, told, person):
    path, first = f"/people/{person['pseudonym']}/prefer/", person["rows"][0]
    nora = Visitor(site.port, told["nora"])
    _answered(nora.post(path, chosen=first, among=person["rows"], why="the laboratory's report")[0], person)


def erases(site, told, person):
    own = Visitor(site.port, person["session"])
    _answered(own.post(f"/people/{person['pseudonym']}/erase/", confirmation="erase")[0], person)


def _answered(status, person):
    """Whether it was done; of who leaves, the record may be gone."""
    assert status == 302 or (status == 404 and person["leaves"]), status
    return status == 302


def drive(site, told, waiting, enough):
    """Visitors do what waits, all at once, and begin nothing more once `enough` is answered.

    What gets no answer waits again, and its visitor stops.
    """
    answered, lock, refused = [], threading.Lock(), []

    def visit():
        while len(answered) < enough:
            with lock:
                if not waiting:
                    return
                act, person = task = waiting.pop(0)
            try:
                act(site, told, person)
                answered.append(task)
            except (OSError, http.client.HTTPException):
                with lock:
                    waiting.append(task)
                return
            except AssertionError as problem:
                refused.append(problem)

    visitors = [threading.Thread(target=visit) for _ in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    return visitors, answered, refused


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request, tmp_path):
    server = TempPostgres() if request.param == "postgresql" else None
    made = Site(tmp_path, server and server.url())
    yield made
    made.kill()
    if server:
        server.stop()


def amid_work(site, told, turn):
    """Serve, and where a worker is to be killed too, have it work: on every record, then on an export."""
    site.serve()
    if turn >= KILLS_OF_WORKER:
        return
    page = f"/centres/northtown/{('quality', 'exports')[turn]}/"
    assert Visitor(site.port, told["lena"]).post(page) == (302, page)
    site.start("worker")
    site.wait_for(lambda jobs: "running" in jobs)


def test_server_and_worker_may_be_killed_at_any_moment(site):
    told, when = site.program("seed"), random.Random(8)  # noqa: S311 - moments to kill at
    for number, person in enumerate(told["people"]):
        person["leaves"] = number % 3 == 0
    waiting = [(act, person) for person in told["people"] for act in (imports, adjudicates)]
    waiting += [(erases, person) for person in told["people"] if person["leaves"]]
    when.shuffle(waiting)

    for turn in range(KILLS_OF_SERVER):
        amid_work(site, told, turn)
        enough = when.randint(3, 8)
        visitors, answered, refused = drive(site, told, waiting, enough)
        while len(answered) < enough and any(visitor.is_alive() for visitor in visitors):
            time.sleep(when.uniform(0, 0.01))
        site.kill()
        for visitor in visitors:
            visitor.join()
        assert refused == []
        assert site.program("check")["faults"] == []
    assert waiting, "nothing was left to kill in the middle of"

    site.serve()
    site.start("worker")
    visitors, _, refused = drive(site, told, waiting, enough=1_000)
    for visitor in visitors:
        visitor.join()
    site.wait_for(lambda jobs: jobs == ["done"] * KILLS_OF_WORKER)
    site.kill()
    gone = sum(person["leaves"] for person in told["people"])
    stay = len(told["people"]) - gone
    assert refused == []
    assert site.program("check") == {"faults": [], "done": {"imported": stay, "adjudicated": stay, "erased": gone}}
