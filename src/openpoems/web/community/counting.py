"""Publishing counts as releases that stand still but for withdrawals (see docs/decisions, 0010).

A table is counted by cells, and a cell of some tables by parts; a release stores who is counted where, and what may be
shown of it by the rules of `openpoems.disclosure`. Only what is shown has a row.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q, QuerySet

from openpoems.disclosure import Shown, Sum, beside_all, lowered, rule, table
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
# Tables whose cells count some of the people of another cell: beside it each tells how many it does not count.
SOME_OF = {"labels": ("people", "all"), "treatments": ("people", "all")}


@dataclass(frozen=True, slots=True)
class Count:
    """One person or member in one cell of one table."""

    whose: Member | Person
    table: str
    cell: str
    part: str = ""


def publish(kind: str, counts: Iterable[Count], at: datetime, still: QuerySet[Any]) -> Release:
    """Publish anew: what stood before is thrown away with who was counted in it.

    Counting may take long: who agrees `still` is asked once withdrawals wait for the release, and counted alone.
    """
    counted = list(counts)
    with transaction.atomic():
        release, _new = Release.objects.select_for_update().get_or_create(kind=kind, defaults={"at": at})
        release.cells.all().delete()
        release.counted.all().delete()
        release.at, release.revision = at, 0
        release.save()
        agreeing = set(still.values_list("pk", flat=True))
        rows = [_row(release, count) for count in counted if count.whose.pk in agreeing]
        Counted.objects.bulk_create(rows, batch_size=_AT_A_TIME)
        shown = _told(release, Counter((row.table, row.cell, row.part) for row in rows))
        Cell.objects.bulk_create(_cells(release, shown), batch_size=_AT_A_TIME)
    return release


@transaction.atomic
def withdraw(counted: QuerySet[Counted]) -> None:
    """Count these no longer, at once; what is shown can only fall.

    A release that is being published is waited for: it may count who agreed until now.
    """
    list(Release.objects.select_for_update().order_by("pk"))
    for release in list(Release.objects.filter(pk__in=counted.values("release"))):
        own = counted.filter(release=release)
        touched = set(own.values_list("table", "cell"))
        own.delete()
        _work_out(release, touched)


def _row(release: Release, count: Count) -> Counted:
    member, person = (count.whose, None) if isinstance(count.whose, Member) else (None, count.whose)
    return Counted(release=release, member=member, person=person, table=count.table, cell=count.cell, part=count.part)


def _told(release: Release, counts: Mapping[Key, int]) -> dict[Key, Shown]:
    """What may be shown of each cell and of its parts, each cell by itself but for that of all people."""
    by = rule(_RULES[Release.Kind(release.kind)])
    whole: Counter[tuple[str, str]] = Counter()
    for (name, cell, _part), number in counts.items():
        whole[name, cell] += number
    told: dict[Key, Shown] = {}
    for (name, cell), number in whole.items():
        sums = _sums(name, cell)
        parts = {part: counts.get(part, 0) for each in sums for part in each.parts}
        said = table({(name, cell, ""): number, **parts}, by, sums)
        others = whole[SOME_OF[name]] - number if name in SOME_OF else by.floor
        told |= {key: beside_all(one, others, by) for key, one in said.items()}
    return told


def _sums(name: str, cell: str) -> list[Sum[Key]]:
    return [Sum((name, cell, ""), tuple((name, cell, part) for part in PARTS[name]))] if name in PARTS else []


def _cells(release: Release, told: Mapping[Key, Shown]) -> list[Cell]:
    return [
        Cell(release=release, table=name, cell=cell, part=part, low=said.low, high=said.high, rounded=said.rounded)
        for (name, cell, part), said in told.items()
        if said.rounded is not None
    ]


def _work_out(release: Release, touched: Set[tuple[str, str]]) -> None:
    """Work out again what is shown of these cells, and of those beside them: what is hidden stays so."""
    beside = {name for name, of in SOME_OF.items() if of in touched}
    within = Q(table__in=[name for name, _cell in touched], cell__in=[cell for _name, cell in touched])
    rows = list(release.cells.filter(Q(table__in=beside) | within))
    before: dict[Key, Shown] = {(r.table, r.cell, r.part): Shown(r.low, r.high, r.rounded) for r in rows}
    after = _told(release, _left(release, {(row.table, row.cell) for row in rows}))
    stands: dict[Key, Shown] = {}
    for name, cell in {(row.table, row.cell) for row in rows}:
        sums = _sums(name, cell)
        keys = [(name, cell, ""), *(part for each in sums for part in each.parts)]
        stood = {key: before.get(key, Shown(0, 0, None)) for key in keys}
        stands |= lowered(stood, {key: after[key] for key in keys}, sums)
    if {key: said for key, said in stands.items() if not said.hidden} == before:
        return
    Cell.objects.filter(pk__in=[row.pk for row in rows]).delete()
    Cell.objects.bulk_create(_cells(release, stands))
    release.revision += 1
    release.save(update_fields=["revision"])


def _left(release: Release, cells: Set[tuple[str, str]]) -> Counter[Key]:
    """How many are left in these cells and in those they are part of; a cell that nobody is left in counts none."""
    asked = cells | {SOME_OF[name] for name, _cell in cells if name in SOME_OF}
    found = release.counted.filter(table__in=[name for name, _ in asked], cell__in=[cell for _, cell in asked])
    counts: Counter[Key] = Counter(dict.fromkeys(((name, cell, "") for name, cell in asked), 0))
    for name, cell, part, number in found.values_list("table", "cell", "part").annotate(n=models.Count("pk")):
        counts[name, cell, part] += number
    return counts
