"""The check of links: our own pages as a reader gets them, other sites as a small server on this machine plays them."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner
from django.urls import reverse
from django.utils import timezone

from openpoems.cli.site import command
from openpoems.knowledge.store import knowledge
from openpoems.web.answers import actions
from openpoems.web.answers.links import others, pages
from openpoems.web.answers.links.others import Manners, ask, ask_all

SLOW_S, PATIENCE_S = 0.6, 0.2
# address: what it answers to HEAD, to GET, and where it leads on
PLAYED = {
    "/fine": (200, 200, ""), "/no-head": (405, 200, ""), "/shy": (403, 200, ""), "/gone": (404, 404, ""), "/removed": (410, 410, ""),
    "/closed": (403, 403, ""), "/busy": (429, 429, ""), "/ill": (503, 503, ""), "/moved": (301, 301, "/fine"),
    "/moved-twice": (308, 308, "/moved"), "/elsewhere-today": (302, 302, "/fine"), "/today-then-moved": (302, 302, "/moved"),
    "/moved-away": (301, 301, "/gone"), "/round": (302, 302, "/round"), "/to-a-file": (302, 302, "file:///etc/hostname"),
}  # fmt: skip
OUTCOMES = {
    "/fine": "alive", "/no-head": "alive", "/shy": "alive", "/gone": "dead", "/removed": "dead", "/closed": "unreachable",
    "/busy": "unreachable", "/ill": "unreachable", "/moved": "moved", "/moved-twice": "moved", "/elsewhere-today": "alive",
    "/today-then-moved": "alive", "/moved-away": "dead", "/round": "unreachable", "/to-a-file": "unreachable",
    "/slow": "unreachable", "/hangs-up": "unreachable",
}  # fmt: skip


class Player(BaseHTTPRequestHandler):
    asked: list = []  # noqa: RUF012 - of this test alone

    def do_HEAD(self):
        self.answer(0)

    def do_GET(self):
        self.answer(1)

    def answer(self, which):
        self.asked.append((self.command, self.path, self.headers["User-Agent"], time.monotonic()))
        if self.path == "/slow":
            time.sleep(SLOW_S)
        if self.path == "/hangs-up":
            self.close_connection = True
            return
        told = PLAYED.get(self.path, (200, 200, ""))
        self.send_response(told[which])
        if told[2]:
            self.send_header("Location", told[2])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(autouse=True)
def _closed_sockets(monkeypatch):
    """Nothing but this machine is reached; a name that nobody knows fails as such a name does."""
    connects = socket.create_connection

    def only_here(address, *more, **named):
        if address[0].endswith(".invalid"):
            raise socket.gaierror(-2, "Name or service not known")
        assert address[0] == "127.0.0.1", f"a test asks {address[0]}"
        return connects(address, *more, **named)

    monkeypatch.setattr(socket, "create_connection", only_here)


@pytest.fixture(scope="module")
def other_site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Player)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", OUTCOMES)
def test_what_is_gone_is_told_apart_from_what_moved_and_what_cannot_be_reached(other_site, path):
    told = ask(other_site + path, PATIENCE_S)
    assert told.outcome == OUTCOMES[path], told.says
    if told.outcome == "moved":
        assert told.says == f"now at {other_site}/fine"


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "http://no-such-host.invalid/", "https://127.0.0.1:1/"])
def test_a_site_that_is_not_there_is_unknown_and_not_dead(address):
    assert ask(address, PATIENCE_S).outcome == "unreachable"


def test_an_identifier_is_asked_of_its_resolver_alone(monkeypatch):
    seen = []

    def plays(_opener, address, _seconds):
        seen.append(address)
        return (302, "https://publisher.example/closed") if address.endswith("known") else (404, "")

    monkeypatch.setattr(others, "_status", plays)
    assert ask("https://doi.org/10.1000/known", 1).outcome == "alive"
    assert ask("https://doi.org/10.1000/unheard-of", 1).outcome == "dead"
    assert len(seen) == 2


def test_one_after_another_at_each_site_with_a_pause_under_our_name_and_the_page_only_where_needed(other_site):
    Player.asked.clear()
    pauses = []
    told = ask_all(
        [f"{other_site}/fine", f"{other_site}/gone", f"{other_site}/fine"], Manners(pause_s=7), pauses.append
    )
    assert [each.outcome for each in told] == ["alive", "dead"], "each address once, in the order given"
    assert pauses == [7]
    assert [(method, path) for method, path, *_ in Player.asked] == [
        ("HEAD", "/fine"),
        ("HEAD", "/gone"),
        ("GET", "/gone"),
    ]
    assert all("openpoems" in name for _, _, name, _ in Player.asked)


def test_what_was_not_asked_in_time_is_unreachable(other_site):
    told = ask_all([f"{other_site}/fine"], Manners(all_s=0))
    assert [(each.outcome, each.says) for each in told] == [("unreachable", "not asked within the time that was given")]


# --- our own pages


ONE = """<h1 id="top">1</h1><a href="/two/#there">a</a><a href="/two/#nowhere">b</a><a href="#top">c</a>
<a href="/gone/">d</a><a href="https://example.org/x#y">e</a><a href="#bottom">f</a>"""
SITE = {"/one/": (200, ONE), "/two/": (200, '<p id="there">'), "/door/": (302, "")}


def test_every_link_of_a_page_must_lead_to_a_page_and_to_the_place_it_names():
    found = pages.walk(["/one/", "/lost/"], lambda address: SITE.get(address, (404, "")))
    assert [(each.address, each.on, each.why) for each in found.broken] == [
        ("/two/#nowhere", "/one/", "has no place nowhere"),
        ("/gone/", "/one/", "answers 404"),
        ("#bottom", "/one/", "has no place bottom"),
        ("/lost/", "", "answers 404"),
    ]
    assert found.elsewhere == {"https://example.org/x": "/one/"}


def test_an_address_that_cannot_be_one_is_told():
    wrong = [
        "ftp://example.org/",
        "https://doi.org/not-a-doi",
        "https://pubmed.ncbi.nlm.nih.gov/abc/",
        "https://a b.org/",
    ]
    fine = [
        "https://doi.org/10.1182/blood-2002-07-2299",
        "https://pubmed.ncbi.nlm.nih.gov/12456500/",
        "http://poems.jp/",
    ]
    assert list(pages.malformed([*wrong, *fine])) == wrong


def test_every_cited_source_with_an_identifier_is_asked_for_also_where_it_is_only_recalled():
    named = pages.sources()
    for id, source in knowledge().references.items():
        for address in (source.url, source.doi and f"https://doi.org/{source.doi}"):
            assert not address or address in named, id
    assert any("recalled" in where for where in named.values())
    assert list(pages.malformed(named)) == []


@pytest.fixture
def some_pages(db, monkeypatch):
    """Every answer; of the library, what a reader meets first and one row of each shelf."""
    monkeypatch.setattr(actions, "enter_the_rest", lambda: None)  # the search is not asked
    monkeypatch.setattr("openpoems.web.demo.views.is_demo_database", lambda: True)
    actions.bring(at=timezone.now())
    rows = reverse("library-row", args=["cohorts", "pumch-asct"])
    monkeypatch.setattr(pages, "SHELVES", {"trials": pages.SHELVES["trials"]})
    start = [*pages.public_pages(), rows]
    assert {reverse("question", args=[name]) for name in knowledge().answers} < set(start)
    assert {reverse("get-involved"), reverse("library-shelf", args=["trials"])} < set(start)
    monkeypatch.setattr(pages, "public_pages", lambda: start)
    return start


def run(*options):
    return CliRunner().invoke(command, ["check-links", *options])


@pytest.mark.database
def test_no_link_of_the_answers_the_centres_and_the_trials_is_broken(some_pages, other_site, monkeypatch):
    done = run()
    assert (done.exit_code, "0 broken" in done.output) == (0, True), done.output
    assert "were not asked" in done.output, "nobody else is asked unless it is wanted"
    # Asked online, each outcome is told; only what is gone fails.
    manners = ("--online", "--each", str(PATIENCE_S), "--pause", "0")
    monkeypatch.setattr(pages, "public_pages", lambda: some_pages[:1])
    monkeypatch.setattr(pages, "malformed", lambda _: [])
    for path, code, says in (
        ("/moved", 0, "MOVED"),
        ("/closed", 0, "UNREACHABLE"),
        ("/gone", 1, "DEAD"),
        ("/fine", 0, "1 alive"),
    ):
        monkeypatch.setattr(pages, "sources", lambda path=path: {f"{other_site}{path}": "references.toml: one"})
        done = run(*manners)
        assert (done.exit_code, says in done.output) == (code, True), done.output


@pytest.mark.database
def test_a_broken_link_of_ours_fails_the_check(db, monkeypatch):
    monkeypatch.setattr(pages, "public_pages", lambda: ["/answers/no-such-answer/"])
    done = run()
    assert done.exit_code == 1
    assert "BROKEN the page /answers/no-such-answer/ itself: answers 404" in done.output
