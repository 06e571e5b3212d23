"""How fast the community's pages answer with many members and stories, and many readers at once.

    .venv/bin/python tests/pgtemp.py .venv/bin/python benchmarks/community.py [MEMBERS] [STORIES] [READERS]

It fills an empty database (set DATABASE_URL, or `tests/pgtemp.py` makes one), publishes the map, serves the site with
two processes on this machine, and lets readers ask for the map, the list of stories, a story, and, each signed in, for
"someone like me" for some seconds; every member is compared, and as many wish to meet somebody as there are stories. It
prints the median and the 95th percentile of each in milliseconds. Readers pause for about a second between pages; of
the map it also says what readers get who do not pause. The aim, for 50,000 members, 5,000 stories and 50 readers on two
cores: 150 ms for the map.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import quantiles

SIZES = (2_000, 200, 10)
PORT = 8185
SECONDS, THINKING = 15, 1.0
PLACES = ("DE", "US", "JP", "CN", "GB", "FR", "ES", "IT", "BR", "IN", "PT", "NL", "SE", "PL", "AU", "CA", "MX", "AR")


def main() -> None:
    """Fill, serve, ask, print."""
    given = [int(word) for word in sys.argv[1:]]
    members, stories, readers = (*given, *SIZES[len(given) :])
    os.environ.setdefault("OPENPOEMS_DATA", tempfile.mkdtemp(prefix="openpoems-benchmark-"))
    os.environ |= {"OPENPOEMS_DEMO": "yes", "DJANGO_SETTINGS_MODULE": "openpoems.web.config.settings"}
    story = fill(members, stories)
    sessions = fill_meetings(stories, readers)
    print(f"{members} members, {stories} stories and wishes, {readers} readers at once")
    for name, address in (("map", "map/"), ("stories", "stories/"), ("a story", f"stories/{story}/")):
        print(f"{name:8} {'  '.join(asked(address, readers, THINKING))}", flush=True)
    print(f"{'like me':8} {'  '.join(asked('like-me/', readers, THINKING, sessions))}", flush=True)
    print(f"map, never pausing {'  '.join(asked('map/', readers, 0.0))}")


def fill(members: int, stories: int) -> str:
    """Make members, stories and a map; the public id of a story."""
    import django

    django.setup()
    from django.utils import timezone

    from openpoems.web.config.setup import prepare

    list(prepare())
    from openpoems.web.accounts.models import User
    from openpoems.web.community.map import publish_map
    from openpoems.web.community.models import Member, Story

    rng, now = Random(5), timezone.now()  # noqa: S311 - invented members
    users = User.objects.bulk_create([User(email=f"b{n}@example.org") for n in range(members)], batch_size=2000)
    rows = [
        Member(user=user, role=rng.choice(Member.Role.values), name=f"n{user.pk}", country=rng.choice(PLACES),
               on_map="country", joined=now - timedelta(days=99)) for user in users
    ]  # fmt: skip
    rows = Member.objects.bulk_create(rows, batch_size=2000)
    told = [
        Story(member=rng.choice(rows), title=f"Story {n}", happened="It began in my feet. " * 60, state="published",
              audience="public", begun=now, changed=now, published=now - timedelta(hours=n)) for n in range(stories)
    ]  # fmt: skip
    made = Story.objects.bulk_create(told, batch_size=1000)
    began = time.perf_counter()
    publish_map(now)
    print(f"the map is published in {time.perf_counter() - began:.1f} s")
    return str(made[0].public_id)


def fill_meetings(wishes: int, readers: int) -> list[str]:
    """Let all members be compared and some of them wish; the sessions of as many members as there are readers."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from openpoems.reports.likeness import edition
    from openpoems.reports.traits import Traits, treatment_groups
    from openpoems.web.community.likeness import columns
    from openpoems.web.community.models import Compared, Member, Wish
    from openpoems.web.registry.models import Person

    rng, now, groups = Random(7), timezone.now(), treatment_groups()  # noqa: S311 - invented members
    rows = list(Member.objects.order_by("pk"))
    people = Person.objects.bulk_create([Person() for _ in rows], batch_size=2000)
    kept = [
        Compared(member=member, person=person, at=now - timedelta(days=60), edition=edition(), **columns(Traits(
            rng.randrange(4), rng.choice(("female", "male")), rng.randrange(3), rng.choice((None, 0, 1, 2)),
            rng.choice((None, 0, 1, 2)), frozenset(rng.sample(groups, rng.randint(1, 2))))))
        for member, person in zip(rows, people, strict=True)
    ]  # fmt: skip
    made = Compared.objects.bulk_create(kept, batch_size=2000)
    Wish.objects.bulk_create([Wish(compared=each, at=now) for each in rng.sample(made, wishes)], batch_size=2000)
    with connection.cursor() as cursor:  # as the database does by itself, a minute after so much was written
        cursor.execute("ANALYZE")
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    sessions = []
    for member in rng.sample(rows, readers):
        client = Client()
        client.force_login(member.user)
        sessions.append(client.cookies["sessionid"].value)
    return sessions


def asked(address: str, readers: int, thinking: float, sessions: Sequence[str] = ("",)) -> list[str]:
    """Serve, and let readers ask for one address for some seconds; median, 95th percentile and how many answers."""
    command = ["-m", "gunicorn", "openpoems.web.config.wsgi", "--bind", f"127.0.0.1:{PORT}", "--workers", "2"]
    server = subprocess.Popen([sys.executable, *command, "--threads", "4", "--log-level", "error"])
    try:
        _wait()
        for _ in range(8):  # the first requests of a process load what it needs
            _ask(address, sessions[0])
        taken: list[float] = []
        until = time.perf_counter() + SECONDS
        each = [(address, until, taken, thinking, n, sessions[n % len(sessions)]) for n in range(readers)]
        threads = [threading.Thread(target=_read, args=given) for given in each]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        server.terminate()
        server.wait()
    cut = quantiles(taken, n=20)
    return [f"median {1000 * cut[9]:.0f} ms", f"p95 {1000 * cut[18]:.0f} ms", f"{len(taken)} answers"]


def _read(address: str, until: float, taken: list[float], thinking: float, number: int, session: str) -> None:
    rng = Random(number)  # noqa: S311 - a benchmark
    while time.perf_counter() < until:
        time.sleep(rng.uniform(0, 2 * thinking))
        began = time.perf_counter()
        _ask(address, session)
        taken.append(time.perf_counter() - began)


def _ask(address: str, session: str) -> None:
    asked_for = f"http://127.0.0.1:{PORT}/community/{address}"
    request = urllib.request.Request(asked_for, headers={"Cookie": f"sessionid={session}"} if session else {})
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - this machine
        answer.read()
        if answer.url != asked_for:
            raise SystemExit(f"asked for {asked_for} and was led to {answer.url}")


def _wait() -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health/").close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise SystemExit("the site did not start")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    main()
