"""How fast answers and their search are for many readers at once: 2,000 answers on PostgreSQL, 50 readers over HTTP.

Run: .venv/bin/python benchmarks/answers.py [ANSWERS [READERS [SECONDS]]]. Needs what `make test` installs. Prints one
line per figure with what it must reach. Readers pause for a second between pages, and once more do not pause at all.
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
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.pgtemp import TempPostgres  # noqa: E402 - of this checkout

ANSWERS, READERS, SECONDS, THINKING = 2_000, 50, 20.0, 1.0
PORT, MUST_MS = 8175, 100.0
SOUGHT = (
    "is it cancer",
    "wheelchair",
    "serum or plasma",
    "relapse VEGF",
    "lenalidomide dose",
    "swollen legs",
    "stem cell",
)


def main() -> None:
    """Fill a throw-away server, and read from it."""
    answers, readers, seconds = (
        kind(given)
        for kind, given in zip((int, int, float), [*sys.argv[1:], ANSWERS, READERS, SECONDS][:3], strict=True)
    )
    with TempPostgres() as server, tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DATABASE_URL=server.url(),
            OPENPOEMS_DEMO="yes",
            OPENPOEMS_DATA=folder,
            DJANGO_SETTINGS_MODULE="openpoems.web.config.settings",
        )
        import django  # noqa: PLC0415 - reads the settings above

        django.setup()
        names = fill(int(answers))
        print(f"filled {len(names):,} answers")
        with served():
            for thinking, words in ((THINKING, "who read for a second"), (0.0, "who never pause")):
                for what, page in (("an answer", answer_of(names)), ("a search", found_by())):
                    taken = together(page, int(readers), float(seconds), thinking)
                    told(f"{what}, {readers} readers {words}, p95", taken, MUST_MS if thinking else None)


def fill(answers: int) -> list[str]:
    """The answers that ship, and copies of them under numbers until there are enough."""
    import msgspec  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from openpoems.knowledge.store import knowledge  # noqa: PLC0415
    from openpoems.web.answers.actions import bring, write  # noqa: PLC0415
    from openpoems.web.answers.index import enter  # noqa: PLC0415
    from openpoems.web.answers.models import Answer  # noqa: PLC0415
    from openpoems.web.audit.context import acts  # noqa: PLC0415
    from openpoems.web.config.setup import prepare  # noqa: PLC0415

    list(prepare())
    bring(at=timezone.now())
    shipped = list(knowledge().answers.items())
    with acts("command:benchmark", via="command"):
        for number in range(max(0, answers - len(shipped))):
            name, words = shipped[number % len(shipped)]
            in_letters = str(number).translate(str.maketrans("0123456789", "abcdefghij"))  # no answer types a figure
            copy = msgspec.structs.replace(words, question=f"{words.question} ({in_letters})")
            version = write(by=None, name=f"{name}-{number}", words=copy, at=timezone.now())
            answer = version.answer
            answer.public = version
            answer.save()
            enter(answer)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return list(Answer.objects.values_list("name", flat=True))


def answer_of(names: list[str]) -> Callable[[random.Random], str]:
    """The address of any answer."""
    return lambda rng: f"/answers/{rng.choice(names)}/"


def found_by() -> Callable[[random.Random], str]:
    """The address of any search."""
    return lambda rng: f"/search/?q={quote(rng.choice(SOUGHT))}"


@contextlib.contextmanager
def served() -> Iterator[None]:
    """The site on this machine's own address, by as many processes as `openpoems site serve` begins with."""
    command = [sys.executable, "-m", "gunicorn", "openpoems.web.config.wsgi", "--workers", "2"]
    server = subprocess.Popen([*command, "--bind", f"127.0.0.1:{PORT}", "--log-level", "error"])
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                ask("/health/")
                break
            time.sleep(0.1)
        for _ in range(4):
            ask("/answers/what-is-poems/")  # the first request of a process loads the knowledge
        yield
    finally:
        server.terminate()
        server.wait()


def ask(address: str) -> None:
    """One page, whole. Raises where it is not answered well."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request("GET", address)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != http.client.OK:
        raise SystemExit(f"{address}: {answer.status}")


def together(page: Callable[[random.Random], str], readers: int, seconds: float, thinking: float) -> list[float]:
    """What a page takes each time, asked for by many at once for a while; the first tenth is warming up."""
    taken: list[float] = []
    until = time.monotonic() + seconds

    def run(number: int) -> None:
        rng = random.Random(number)  # noqa: S311 - a benchmark
        while time.monotonic() < until:
            time.sleep(rng.uniform(0, 2 * thinking))
            began = time.perf_counter()
            ask(page(rng))
            taken.append(time.perf_counter() - began)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken[len(taken) // 10 :]


def told(what: str, taken: list[float], limit: float | None) -> None:
    """One line: the figure, what it must reach, the median beside it, and how many pages it rests on."""
    p95, middle = statistics.quantiles(taken, n=20)[-1] * 1000, statistics.median(taken) * 1000
    must = f"must be at most {limit:,.0f}" if limit else "no limit"
    print(f"{what}: {p95:,.0f} ms ({must}; median {middle:,.0f}; {len(taken)} pages)", flush=True)


if __name__ == "__main__":
    main()
