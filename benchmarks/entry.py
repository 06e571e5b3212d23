"""How fast one long record is: its page, and saving an entry through the form, on PostgreSQL with the log.

Run: .venv/bin/python benchmarks/entry.py [FACTS]. Prints for each the 95th percentile on the wall, which must stay
below its mark, and the processor time of this process alone, without the database: other work disturbs it less. The
record holds results of every measure that the forms offer; of one in fifty a second source says otherwise.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]
from registry import fill, p95, signed_in  # noqa: E402 - the file beside this one

from tests.pgtemp import TempPostgres  # noqa: E402 - of this checkout

FACTS, PEOPLE, ROUNDS, WARMING = 2_000, 30, 60, 5
DISAGREEING = 50


def main() -> None:
    """Fill a throw-away server, and measure."""
    facts = int(sys.argv[1]) if len(sys.argv) > 1 else FACTS
    with TempPostgres() as server, tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DATABASE_URL=server.url(),
            OPENPOEMS_DEMO="yes",
            OPENPOEMS_DATA=folder,
            DJANGO_SETTINGS_MODULE="openpoems.web.config.settings",
        )
        import django  # noqa: PLC0415 - reads the settings above

        django.setup()
        fill(PEOPLE)
        address = lengthen(facts)
        measure(address, facts)


def lengthen(facts: int) -> str:
    """Give somebody who agreed a record of so many facts; the address of its page."""
    from openpoems.quantities import Quantity  # noqa: PLC0415
    from openpoems.record import PartialDate  # noqa: PLC0415
    from openpoems.record.model import Measurement, Provenance  # noqa: PLC0415
    from openpoems.web.accounts.models import User  # noqa: PLC0415
    from openpoems.web.audit.context import acts  # noqa: PLC0415
    from openpoems.web.registry.concepts import measure_concept  # noqa: PLC0415
    from openpoems.web.registry.consent import agreeing  # noqa: PLC0415
    from openpoems.web.registry.guide import guide, units_of  # noqa: PLC0415
    from openpoems.web.registry.models import Fact, Person  # noqa: PLC0415
    from openpoems.web.registry.store import row_of  # noqa: PLC0415

    person, user, now = (
        agreeing(Person.objects.all(), "centre").order_by("pk")[0],
        User.objects.first(),
        datetime.now(UTC),
    )
    measures = [(id, units_of(id)[0]) for group in guide().results for id in group.ids if units_of(id)]
    rows = []
    for number in range(facts):
        visit, which = divmod(number, len(measures))
        second = number % DISAGREEING == 0 and visit > 0
        day = date(2026, 11, 1) - timedelta(days=14 * (visit - second))
        result = Measurement(
            measure_concept(measures[which][0]),
            value=Quantity(10.0 + number / 100, measures[which][1]),
            on=PartialDate(day.year, day.month, day.day),
            provenance=Provenance(said_by="patient" if second else "laboratory"),
        )
        rows.append(row_of(person, result, by=user, at=now))
    with acts("command:benchmark", via="command"):
        person.facts.all().delete()
        Fact.objects.bulk_create(rows, batch_size=500)
    return f"/people/{person.pk}/"


def measure(address: str, facts: int) -> None:
    """The page of the record, and the form of a result."""
    from django.test import Client  # noqa: PLC0415

    client = Client(SERVER_NAME="localhost", HTTP_COOKIE=signed_in())

    def read(_number: int) -> None:
        expect(client.get(address).status_code, 200)

    def save(number: int) -> None:
        given = {"value": str(20 + number), "unit": "pg/mL", "specimen": "plasma", "on": "2026-11-20"}
        expect(client.post(f"{address}add/result/vegf/", given).status_code, 302)

    told(f"the page of a record of {facts:,} facts", read, 300)
    told("saving a result through its form", save, 100)


def expect(status: int, wanted: int) -> None:
    """Stop where a page is not answered as it should be."""
    if status != wanted:
        raise SystemExit(f"answered with {status} and not with {wanted}")


def told(what: str, act: Callable[[int], None], limit: int) -> None:
    """Do it some times, and print one line."""
    walls, used = [], []
    for number in range(ROUNDS + WARMING):
        began, cpu = time.perf_counter(), time.process_time()
        act(number)
        walls.append(1000 * (time.perf_counter() - began))
        used.append(1000 * (time.process_time() - cpu))
    wall, cpu = p95(walls[WARMING:]), p95(used[WARMING:])
    middle = statistics.median(used[WARMING:])
    print(f"{what}, p95: {wall:,.0f} ms (must be at most {limit}; processor {cpu:,.0f} ms, median {middle:,.0f})")


if __name__ == "__main__":
    main()
