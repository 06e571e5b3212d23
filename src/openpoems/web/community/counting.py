"""Publishing counts as releases that stand still but for withdrawals (see docs/decisions, 0010).

A table is counted by cells, and a cell of some tables by parts; a release stores who is counted where, and what may be
shown of it by the rules of `openpoems.disclosure`. Only what is shown has a row.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from openpoems.disclosure import Rule, Shown, Sum, lowered, rule, table
from openpoems.reports.likeness import tables as similar_tables
from openpoems.web.community.models import Cell, Counted, Member, Release
from openpoems.web.registry.models import Person

_AT_A_TIME = 1000
_RULES = {
    Release.Kind.MAP: "map",
    Release.Kind.FIGURES: "statistics",
    Release.Kind.SIMILAR: "statistics",
}
# Months from the first symptom to the diagnosis: from, and below; a choice of this project, wide enough for few people.
DELAYS = {"0-6": (0, 6), "6-12": (6, 12), "12-24": (12, 24), "24-60": (24, 60), "60-": (60, 10_000)}
# A cell of a table, or a part of it; the whole cell has the part "".
Key = tuple[str, str, str]
# The parts of a cell, by table; a table that is not here has none. All are worked out, whether anybody is in them.
PARTS: dict[str, tuple[str, ...]] = {
    "map": tuple(Member.Role.values),
    "people": (*DELAYS, "unclear", "missing"),
    "treatments": ("helped", "a-little", "not", "harmed", "cannot-tell"),
    **dict(similar_tables()),
}


@dataclass(frozen=True, slots=True)
class Count:
    """One person or member in one cell of one table."""

    whose: Member | Person
    table: str
    cell: str
    part: str = ""


@transaction.atomic
def publish(kind: str, counts: Iterable[Count], at: datetime) -> Release:
    """Publish anew: what stood before is thrown away with who was counted in it."""
    Release.objects.filter(kind=kind).delete()
    release = Release.objects.create(kind=kind, at=at)
    rows = [_row(release, count) for count in counts]
    Counted.objects.bulk_create(rows, batch_size=_AT_A_TIME)
    shown = _told(release, Counter((row.table, row.cell, row.part) for row in rows))
    Cell.objects.bulk_create(_cells(release, shown), batch_size=_AT_A_TIME)
    return release


@transaction.atomic
def withdraw(counted: QuerySet[Counted]) -> None:
    """Count these no longer, at once; what is shown of their cells can only fall."""
    releases = Release.objects.select_for_update().filter(pk__in=counted.values("release"))
    for release in list(releases):
        own = counted.filter(release=release)
        touched = set(own.values_list("table", "cell"))
        own.delete()
        for name, cell in touched:
            _work_out(release, name, cell)


def _row(release: Release, count: Count) -> Counted:
    member, person = (count.whose, None) if isinstance(count.whose, Member) else (None, count.whose)
    return Counted(release=release, member=member, person=person, table=count.table, cell=count.cell, part=count.part)


def _told(release: Release, counts: Mapping[Key, int]) -> dict[Key, Shown]:
    """What may be shown of each cell and of its parts."""
    whole: Counter[tuple[str, str]] = Counter()
    for (name, cell, _part), number in counts.items():
        whole[name, cell] += number
    numbers: dict[Key, int] = {}
    sums = []
    for (name, cell), number in whole.items():
        numbers[name, cell, ""] = number
        parts = tuple((name, cell, part) for part in PARTS.get(name, ()))
        numbers |= {part: counts.get(part, 0) for part in parts}
        sums += [Sum((name, cell, ""), parts)] if parts else []
    return _cell_by_cell(numbers, sums, rule(_RULES[Release.Kind(release.kind)]))


def _cell_by_cell(numbers: Mapping[Key, int], sums: list[Sum[Key]], by: Rule) -> dict[Key, Shown]:
    """Each cell with its parts by itself, since `table` looks at every sum again for each one that it changes."""
    summed = {cell for each in sums for cell in (each.total, *each.parts)}
    told = table({cell: number for cell, number in numbers.items() if cell not in summed}, by)
    for each in sums:
        told |= table({cell: numbers[cell] for cell in (each.total, *each.parts)}, by, [each])
    return told


def _cells(release: Release, told: Mapping[Key, Shown]) -> list[Cell]:
    return [
        Cell(release=release, table=name, cell=cell, part=part, low=said.low, high=said.high, rounded=said.rounded)
        for (name, cell, part), said in told.items()
        if said.rounded is not None
    ]


def _parts_of(release: Release, name: str, cell: str) -> Iterable[str]:
    return release.counted.filter(table=name, cell=cell).values_list("part", flat=True)


def _work_out(release: Release, name: str, cell: str) -> None:
    left = Counter((name, cell, part) for part in _parts_of(release, name, cell))
    left.setdefault((name, cell, ""), 0)  # where nobody is left, the cell is worked out all the same
    after = _told(release, left)
    rows = release.cells.filter(table=name, cell=cell)
    hidden = Shown(0, 0, None)
    before: dict[Key, Shown] = dict.fromkeys(after, hidden)
    before |= {(name, cell, row.part): Shown(row.low, row.high, row.rounded) for row in rows}
    stands = lowered(before, after)
    if {c: s for c, s in stands.items() if not s.hidden} == {c: s for c, s in before.items() if not s.hidden}:
        return
    rows.delete()
    Cell.objects.bulk_create(_cells(release, stands))
    release.revision += 1
    release.save(update_fields=["revision"])
