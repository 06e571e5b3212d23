"""The group of one person in the release, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from openpoems.disclosure import rule
from openpoems.reports.likeness import choices, tables
from openpoems.web.community.models import Cell, Release
from openpoems.web.insight.assessments import assessed, pages_of
from openpoems.web.registry.models import Person

_WORDS: Mapping[str, Any] = {
    "female": _("female"), "male": _("male"),
    "none": _("no treatment of the disease begun"), "one": _("one treatment begun"),
    "several": _("several treatments begun"),
    "transplantation": _("Autologous transplantation, with or without others"),
    "radiotherapy": _("Radiotherapy, without transplantation"),
    "lenalidomide": _("Lenalidomide or pomalidomide, without those above"),
    "melphalan": _("Melphalan or cyclophosphamide, without those above"),
    "thalidomide": _("Thalidomide, without those above"),
    "bortezomib": _("Bortezomib or its kind, without those above"),
    "other": _("Another treatment"), "nothing": _("No treatment of the disease recorded"),
    "cannot-tell": _("Cannot be told from the record"),
    "CR": _("Complete response of VEGF, at best"), "PR": _("Partial response of VEGF, at best"),
    "NR": _("No response of VEGF"),
    "turned": _("A relapse or progression was seen on some axis"), "not-seen": _("None was seen"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One part of the group: about how many; `low` and `high` are None where it is not shown."""

    what: Any
    about: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown of one table, and how many of its parts are not."""

    rows: tuple[Row, ...]
    hidden: int


@dataclass(frozen=True, slots=True, repr=False)
class Similar:
    """The group, how many are in it, and of the three tables what is shown, with how many parts are not."""

    group: tuple[Any, ...]
    whole: Row
    done: Told
    outcome: Told
    turned: Told
    at: datetime
    floor: int
    step: int

    def __repr__(self) -> str:
        return "<Similar>"


def similar(person: Person) -> Similar | str:
    """What the release says of people like this one; else why it cannot: `none`, `not-poems` or `unknown`."""
    group = pages_of(assessed(person)).alike
    if group is None:
        return "not-poems"
    if not group:
        return "unknown"
    release = Release.objects.filter(kind=Release.Kind.SIMILAR).first()
    if release is None:
        return "none"
    cells = {(cell.table, cell.part): cell for cell in release.cells.filter(cell=group)}
    done, outcome, turned = (_told(name, parts, cells) for name, parts in tables())
    by = rule("statistics")
    whole = _row("", cells.get(("similar-done", "")))
    return Similar(_group(group), whole, done, outcome, turned, release.at, by.floor, by.step)


def _told(table: str, parts: tuple[str, ...], cells: Mapping[tuple[str, str], Cell]) -> Told:
    rows = tuple(_row(_WORDS[part], cells.get((table, part))) for part in parts)
    shown = tuple(row for row in rows if row.about is not None)
    return Told(shown, len(rows) - len(shown))


def _row(what: Any, cell: Cell | None) -> Row:
    return Row(what, cell.rounded, cell.low, cell.high) if cell else Row(what, None, None, None)


def _group(group: str) -> tuple[Any, ...]:
    age, sex, since, lines = group.split("/")
    older, (first, second) = choices().older_than_years, choices().years_since_diagnosis
    words = {
        "younger": _("%(years)s years old or younger at the diagnosis") % {"years": older},
        "older": _("older than %(years)s years at the diagnosis") % {"years": older},
        "early": _("diagnosed less than %(first)s years ago") % {"first": first},
        "later": _("diagnosed %(first)s to %(second)s years ago") % {"first": first, "second": second},
        "long": _("diagnosed %(second)s years ago or longer") % {"second": second},
    }
    return words[age], _WORDS[sex], words[since], _WORDS[lines]
