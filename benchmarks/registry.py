"""How fast a registry of everybody is: 24,000 people with 40 visits each, on PostgreSQL.

Run: .venv/bin/python benchmarks/registry.py [PEOPLE]. Needs what `make test` installs. Prints one line per figure with
what it must reach (docs/reference/speed.md keeps the last ones). The database is filled past the log's triggers, which
would only make the filling longer; everything that is measured runs with them.
"""

import contextlib
import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.pgtemp import TempPostgres  # noqa: E402 - of this checkout

PEOPLE, CENTRES, VISITS = 24_000, 3, 40
USERS, SECONDS, THINKING = 20, 20.0, 1.0
READ = 60  # records whose pages are opened again and again
ENTRIES, LOG_ROWS = 300, 200_000
PORT = 8765
# What of a record is opened, and what twenty users may wait for it.
PAGES = {"answers": ("a person's answers", 150.0), "course": ("the whole course with all assessments", 300.0)}
ORDERS = ("reasons", "overdue", "unseen", "seen", "unverified", "pseudonym")
SORTS = ("pseudonym", "born", "diagnosed", "visit", "vegf", "unverified", "conflicts")
FILL = Path(__file__).with_name("registry.sql")


def main() -> None:
    """Fill a throw-away server, and measure everything."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    with TempPostgres() as server, tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DATABASE_URL=server.url(),
            OPENPOEMS_DEMO="yes",
            OPENPOEMS_DATA=folder,
            DJANGO_SETTINGS_MODULE="openpoems.web.config.settings",
        )
        import django  # noqa: PLC0415 - reads the settings above

        django.setup()
        began = time.monotonic()
        fill(people)
        print(f"filled {people:,} people, {people * VISITS * 3:,} facts in {time.monotonic() - began:.0f} s")
        saving()
        reading(people)
        verifying()


def fill(people: int) -> None:
    """The database, by SQL alone; who people are is sealed by the application, as always."""
    from django.db import connection  # noqa: PLC0415

    from openpoems import __version__  # noqa: PLC0415
    from openpoems.web.config.setup import prepare  # noqa: PLC0415
    from openpoems.web.registry.consent import current_document  # noqa: PLC0415
    from openpoems.web.registry.identity import Who, seal  # noqa: PLC0415
    from openpoems.web.registry.models import Identity, Person  # noqa: PLC0415

    list(prepare())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        told = {"people": people, "centres": CENTRES, "visits": VISITS, "made_by": __version__}
        for statement in FILL.read_text(encoding="utf-8").split("--;"):
            cursor.execute(statement, {**told, "document": current_document().version})
        rows = []
        for number, person in enumerate(Person.objects.order_by("pk")):
            rows.append(Identity(person=person))
            seal(rows[-1], Who(name=f"Invented Person {number}", local_number=f"N-{number}"), person.centre_id)
        Identity.objects.bulk_create(rows, batch_size=2_000)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")


def saving() -> None:
    """One entry after the other through the action that the forms call, the log included."""
    from openpoems.quantities import Quantity  # noqa: PLC0415
    from openpoems.record import PartialDate  # noqa: PLC0415
    from openpoems.record.model import Coding, Concept, Measurement  # noqa: PLC0415
    from openpoems.web.accounts.models import User  # noqa: PLC0415
    from openpoems.web.audit.context import acts  # noqa: PLC0415
    from openpoems.web.registry.actions.facts import enter  # noqa: PLC0415
    from openpoems.web.registry.models import Person  # noqa: PLC0415

    user, people = User.objects.first(), list(Person.objects.order_by("pk")[:ENTRIES])
    vegf, taken = Concept((Coding("LOINC:75628-8"),)), []
    with acts("command:benchmark", via="command"):
        for number, person in enumerate(people):
            value = Quantity(100.0 + number, "pg/mL")
            fact = Measurement(vegf, value=value, specimen="serum", on=PartialDate(2026, 11, 20))
            taken.append(timed(lambda: enter(by=user, person=person, fact=fact)))  # noqa: B023 - called here
    told("saving an entry, with the log, p95", p95(taken[20:]) * 1000, 100, "ms", statistics.median(taken) * 1000)


def reading(people: int) -> None:
    """What staff open, from twenty users at once, over HTTP: lists, a person's answers, the whole course."""
    cookie, pages = signed_in(), max(1, people // CENTRES // 25 // 4)
    records = shown()
    with served():
        for address in (
            "/centres/c1/people/",
            "/centres/c1/attention/",
            *(f"/people/{records[0]}/{page}/" for page in PAGES),
        ):
            ask(cookie, address)  # the first request of a process loads the knowledge
        lists = {
            "the list of a centre's people": lambda rng: (
                f"/centres/c1/people/?sort={rng.choice(SORTS)}&order=down&page={rng.randint(1, pages)}"
            ),
            "who needs attention": lambda rng: (
                f"/centres/c1/attention/?sort={rng.choice(ORDERS)}&page={rng.randint(1, pages)}"
            ),
        }
        for what, address in lists.items():
            many(cookie, what, address, 150)
        many(cookie, "the same list, never pausing", lists["the list of a centre's people"], None, thinking=0.0)
        for page, (what, limit) in PAGES.items():
            first = [timed(lambda: ask(cookie, f"/people/{one}/{page}/")) for one in records]  # noqa: B023 - called here
            told(f"{what}, the first time after a change, one user, p95", p95(first) * 1000, None, "ms", middle(first))
            many(cookie, f"{what}, kept", lambda rng, page=page: f"/people/{rng.choice(records)}/{page}/", limit)


def shown() -> list[str]:
    """Records that the centre may read."""
    from openpoems.web.accounts.models import Centre  # noqa: PLC0415
    from openpoems.web.clinic.people import of_centre  # noqa: PLC0415

    return [person.pk for person in of_centre(Centre.objects.get(slug="c1")).order_by("pk")[:READ]]


def many(
    cookie: str, what: str, address: Callable[[random.Random], str], limit: float | None, *, thinking: float = THINKING
) -> None:
    """One line: twenty users who each open page after page."""

    def act(rng: random.Random) -> float:
        time.sleep(rng.uniform(0, 2 * thinking))
        return timed(lambda: ask(cookie, address(rng)))

    taken = together(act)
    told(f"{what}, {USERS} users, p95", p95(taken) * 1000, limit, "ms", middle(taken))
    print(f"    ({len(taken)} pages in {SECONDS:g} s)")


def middle(taken: list[float]) -> float:
    """The median in milliseconds."""
    return statistics.median(taken) * 1000


def verifying() -> None:
    """Reading the whole log."""
    from django.db import connection  # noqa: PLC0415

    from openpoems.web.audit import chain  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_write (action, person, place, row_id, columns)"
            " SELECT 'read', '0000-0000-0000', 'benchmark', n::text, '' FROM generate_series(1, %s) n",
            [LOG_ROWS],
        )
    began, used = time.monotonic(), time.process_time()
    verdict = chain.verify()
    if verdict.fault:
        raise SystemExit(f"the log is not whole: {verdict.fault}")
    wall, used = time.monotonic() - began, time.process_time() - used
    told(f"audit verify, {verdict.rows:,} rows, per second", verdict.rows / wall, 50_000, "/s", verdict.rows / used)


def signed_in() -> str:
    """The session cookie of the clinician."""
    from django.test import Client  # noqa: PLC0415

    from openpoems.web.accounts.models import User  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.get(email="clinician@example.org"))
    return f"sessionid={client.cookies['sessionid'].value}"


@contextlib.contextmanager
def served() -> Iterator[None]:
    """The site on this machine's own address, by as many processes as `openpoems site serve` begins with."""
    command = [sys.executable, "-m", "gunicorn", "openpoems.web.config.wsgi", "--workers", "2"]
    server = subprocess.Popen([*command, "--bind", f"127.0.0.1:{PORT}", "--log-level", "error"])
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                ask("", "/health/")
                break
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


def ask(cookie: str, address: str) -> None:
    """One page, whole. Raises where it is not answered well."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request("GET", address, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != http.client.OK:
        raise SystemExit(f"{address}: {answer.status}")


def together(act: Callable[[random.Random], float]) -> list[float]:
    """What an act takes each time, done by many at once for a while; the first tenth is warming up."""
    taken: list[float] = []
    until = time.monotonic() + SECONDS

    def run(number: int) -> None:
        rng = random.Random(number)  # noqa: S311 - a benchmark
        while time.monotonic() < until:
            taken.append(act(rng))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken[len(taken) // 10 :]


def timed(act: Callable[[], object]) -> float:
    """Seconds on the wall."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def p95(taken: list[float]) -> float:
    """The value that one in twenty exceeds."""
    return statistics.quantiles(taken, n=20)[-1]


def told(what: str, value: float, limit: float | None, unit: str, beside: float) -> None:
    """One line: the figure, what it must reach, and beside it the median (of a rate: per second of processor time)."""
    must = f"must be {'at least' if unit == '/s' else 'at most'} {limit:,.0f}" if limit else "no limit"
    print(
        f"{what}: {value:,.0f} {unit} ({must}; {'by processor time' if unit == '/s' else 'median'} {beside:,.0f})",
        flush=True,
    )


if __name__ == "__main__":
    main()
