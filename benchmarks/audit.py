"""How fast the log is proved: writes ROWS entries through the triggers, then verifies the chain.

    python benchmarks/audit.py [ROWS]                     SQLite, in a throw-away folder
    python tests/pgtemp.py python benchmarks/audit.py     PostgreSQL, a throw-away server

It refuses a database that has a log already. The target is 50,000 rows a second of verification.
"""

import os
import sys
import tempfile
import time

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
_AT_ONCE = 5_000
_TARGET_ROWS_S = 50_000
_ROUNDS = 5  # the best counts, since the machine's load comes and goes


def measured(what: str, work):
    """Run the work; say how many entries it did a second, of wall time and of this process's own."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what}: {ROWS / wall:,.0f} rows/s ({wall:.1f} s wall, {cpu:.1f} s of this process)")
    return result, ROWS / wall


def write() -> None:
    """Begin records and read them, many to a transaction."""
    from django.db import transaction

    from openpoems.web.audit import log
    from openpoems.web.audit.context import acts
    from openpoems.web.registry.models import Person

    with acts("command:benchmark", via="command", reason="benchmark"):
        for start in range(0, ROWS, _AT_ONCE):
            with transaction.atomic():
                people = Person.objects.bulk_create(Person() for _ in range(min(_AT_ONCE, ROWS - start) // 2))
                for person in people:
                    log.record("read", person=person.pk, place="record", row_id=person.pk)


def main() -> int:
    """Measure on the database of the settings; 1 where the target was missed."""
    folder = tempfile.TemporaryDirectory(prefix="openpoems-benchmark-")
    os.environ.update(OPENPOEMS_DEMO="yes", OPENPOEMS_DATA=folder.name)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpoems.web.config.settings")
    import django

    django.setup()
    from django.db import connection

    from openpoems.web.audit import chain
    from openpoems.web.config.setup import prepare

    list(prepare())
    if chain.head().seq:
        print("this database has a log already; the benchmark needs a fresh one")
        return 2
    print(f"{connection.vendor}, {ROWS:,} entries, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    measured("written through the triggers", write)
    rounds = [measured("verified", chain.verify) for _ in range(_ROUNDS)]
    if any((verdict.rows, verdict.fault) != (ROWS, "") for verdict, _ in rounds):
        print("the log is not whole")
        return 1
    rows_s = max(speed for _, speed in rounds)
    connection.close()
    print(f"target {_TARGET_ROWS_S:,} rows/s: {'reached' if rows_s >= _TARGET_ROWS_S else 'MISSED'}")
    return 0 if rows_s >= _TARGET_ROWS_S else 1


if __name__ == "__main__":
    sys.exit(main())
