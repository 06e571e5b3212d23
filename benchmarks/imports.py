"""Previewing and accepting a pasted table of 5,000 results, with the audit of every row.

    python tests/pgtemp.py .venv/bin/python benchmarks/imports.py      # on PostgreSQL; without pgtemp.py on SQLite

Prints wall-clock seconds, the seconds of this process's CPU, and the number of queries for 500 and for 5,000 rows.
"""

import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.site_settings"

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext, setup_databases

from openpoems.interchange.table import Told
from openpoems.web.registry import vault
from openpoems.web.registry.imports import decisions, previews, sources
from openpoems.web.registry.imports.pages import preview_of
from tests.cast import assemble

TESTS = (("VEGF, plasma", "pg/mL"), ("Platelets", "10^9/L"), ("Hb", "g/dL"), ("Creatinine", "mg/dL"), ("CRP", "mg/L"))
SIZES = (500, 5_000)


def table(rows: int, patients: int) -> bytes:
    """A table of invented results of so many people, one result a line."""
    heading = "Date\tTest\tResult\tUnit\tReference range\n"
    lines = [f"Patient\t{heading}" if patients else heading]
    for number in range(rows):
        name, unit = TESTS[number % len(TESTS)]
        day = date(2005, 1, 1) + timedelta(days=number // len(TESTS))
        who = f"N{number % patients}\t" if patients else ""
        lines.append(f"{who}{day}\t{name}\t{number % 97 + 1}.{number % 10}\t{unit}\t1-50\n")
    return "".join(lines).encode()


def timed(name: str, rows: int, act):
    """Run an act; say what it cost."""
    with CaptureQueriesContext(connection) as queries:
        wall, cpu = time.perf_counter(), time.process_time()
        result = act()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{connection.vendor:<12}{name:<26}{rows:>6} rows {wall:6.2f} s  CPU {cpu:5.2f} s  {len(queries):>4} queries")
    return result


def measure(name: str, rows: int, patients: int, prepare) -> None:
    """Read, preview, show, accept and undo a table."""
    source = timed(f"{name}: read", rows, lambda: sources.read("t.tsv", table(rows, patients), Told()))
    made = timed(f"{name}: preview", rows, lambda: prepare(source))
    timed(f"{name}: show", rows, lambda: preview_of(made, "1"))
    timed(f"{name}: accept", rows, lambda: decisions.accept(by=made.by, source=made, agreed=True))
    timed(f"{name}: undo", rows, lambda: decisions.undo(by=made.by, source=made))


def main() -> None:
    """Both kinds of import, in two sizes: the number of queries must not grow with the rows."""
    cast = assemble()

    def for_person(source):
        person = cast.people.alice
        return previews.preview_for_person(by=cast.users.alice, person=person, source=source, said_by="patient")

    def for_centre(source):
        centre = cast.centres.northtown
        return previews.preview_for_centre(by=cast.users.nora, centre=centre, source=source, said_by="clinician")

    for rows in SIZES:
        measure("person", rows, 0, for_person)
        measure("centre", rows, 250, for_centre)


if __name__ == "__main__":
    vault.write(vault.new_key_ring(), Path(settings.KEY_RING))
    setup_databases(verbosity=0, interactive=False)
    main()
