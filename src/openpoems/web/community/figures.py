"""The community's figures: how long the diagnosis took, what it was first called, whether treatments helped.

Of people who agreed to research, published like the map: fixed for a week but for withdrawals, by the rule for
statistics. Beside them stand published cohorts, each with its source; the two are never added up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openpoems.criteria.delay import delay
from openpoems.disclosure import Shown, rule, share
from openpoems.knowledge.figures import phrase
from openpoems.knowledge.model import Citation, PublishedDelay
from openpoems.knowledge.store import knowledge
from openpoems.record.model import PatientRecord
from openpoems.web.community.counting import DELAYS, PARTS, Count, publish
from openpoems.web.community.map import members_shown
from openpoems.web.community.models import Cell, Release
from openpoems.web.community.pages import EFFECTS, effect_of
from openpoems.web.registry.consent import agreeing
from openpoems.web.registry.models import Person
from openpoems.web.registry.store import about, record_of

BAND_WORDS = {
    "0-6": gettext_lazy("under half a year"),
    "6-12": gettext_lazy("half a year to a year"),
    "12-24": gettext_lazy("one to two years"),
    "24-60": gettext_lazy("two to five years"),
    "60-": gettext_lazy("five years and more"),
    "unclear": gettext_lazy("the dates are not exact enough to tell"),
    "missing": gettext_lazy("not said"),
}
_OTHER = {"other": gettext_lazy("another disease"), "none": gettext_lazy("no earlier name stands in the record")}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what it counts, how many in words, their share in percent where both may be said."""

    name: str
    number: str
    percent: int | None
    parts: tuple[tuple[str, str], ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """What one published study of `n` people found of the nerves, in its words and figure; its row in the library."""

    id: str
    name: str
    says: str
    figure: str
    n: int
    cite: Citation


@dataclass(frozen=True, slots=True)
class Figures:
    """The published figures; `at` is None before the first release.

    `members` on the map and the `countries` they live in are at least so many. Published elsewhere: `published` on the
    way to the diagnosis, `named` on earlier names, `studies` of the treatments.
    """

    at: date | None
    people: str
    members: int
    countries: int
    delays: tuple[Row, ...]
    labels: tuple[Row, ...]
    treatments: tuple[Row, ...]
    answers: tuple[str, ...]
    published: tuple[PublishedDelay, ...]
    named: tuple[PublishedDelay, ...]
    studies: tuple[Study, ...]
    floor: int
    step: int


def publish_figures(now: datetime) -> Release:
    """Publish the figures of everybody who agrees to them now."""
    agreed = agreeing(agreeing(Person.objects.all(), "care"), "research")
    return publish(Release.Kind.FIGURES, _counts(agreed.iterator(), timezone.localtime(now).date()), now, still=agreed)


def figures() -> Figures:
    """The figures as they are published now."""
    release = Release.objects.filter(kind=Release.Kind.FIGURES).first()
    cells: dict[tuple[str, str, str], Cell] = {}
    for cell in release.cells.all() if release else ():
        cells[cell.table, cell.cell, cell.part] = cell
    everybody = cells.get(("people", "all", ""))
    by, treated = rule("statistics"), [id for id, _cell in _of(cells, "treatments")]
    members, countries = members_shown()
    return Figures(
        at=release.at.date() if release else None,
        people=_about(everybody),
        members=members,
        countries=countries,
        delays=tuple(_row(str(says), cells.get(("people", "all", id)), everybody) for id, says in BAND_WORDS.items()),
        labels=tuple(_sorted(_row(_label(id), cell, everybody) for id, cell in _of(cells, "labels"))),
        treatments=tuple(_sorted(_treatment(id, cells) for id in treated)),
        answers=tuple(str(EFFECTS[part]) for part in PARTS["treatments"]),
        published=tuple(each for each in knowledge().delays if each.unit != "%"),
        named=tuple(each for each in knowledge().delays if each.unit == "%"),
        studies=tuple(_studies(set(treated))),
        floor=by.floor,
        step=by.step,
    )


def _counts(people: Any, today: date) -> Iterator[Count]:
    for person in people:
        record = record_of(person)
        yield Count(person, "people", "all", _band(record, today))  # everybody has one: together they are all
        for label in _labels(record):
            yield Count(person, "labels", label)
        for treatment, answer in _effects(record).items():
            yield Count(person, "treatments", treatment, answer)


def _band(record: PatientRecord, today: date) -> str:
    found = delay(record, knowledge(), today)
    if found.low_months is None or found.high_months is None:
        return "missing"
    low, high = found.low_months, found.high_months
    return next((id for id, (least, most) in DELAYS.items() if least <= low and high < most), "unclear")


def _labels(record: PatientRecord) -> set[str]:
    told = {about(event) for event in record.events if event.kind == "earlier-label"}
    return {name if name in knowledge().findings else "other" for name in told} or {"none"}


def _effects(record: PatientRecord) -> dict[str, str]:
    """The last answer on each treatment."""
    answers = [m for m in record.measurements if effect_of(m) and m.measure.codings]
    answers.sort(key=lambda m: str(m.on))
    return {m.measure.codings[0].id.rpartition("effect-of-")[2]: effect_of(m) for m in answers}


def _of(cells: dict[tuple[str, str, str], Cell], table: str) -> list[tuple[str, Cell]]:
    return [(name, cell) for (where, name, part), cell in cells.items() if where == table and not part]


def _sorted(rows: Iterator[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-(row.percent or 0), row.name))


def _row(name: str, cell: Cell | None, everybody: Cell | None) -> Row:
    return Row(name, _about(cell), share(_shown(cell), _shown(everybody)))


def _treatment(id: str, cells: dict[tuple[str, str, str], Cell]) -> Row:
    known = knowledge()
    name = _(known.agents[id].name if id in known.agents else known.procedures[id].name)
    whole = cells["treatments", id, ""]
    parts = tuple((str(EFFECTS[part]), _about(cells.get(("treatments", id, part)))) for part in PARTS["treatments"])
    everybody = cells.get(("people", "all", ""))
    others = _("about %(n)d") % {"n": everybody.rounded - whole.rounded} if everybody else ""
    return Row(name, _about(whole), None, parts, others)


def _studies(treated: set[str]) -> Iterator[Study]:
    """What was published of the nerves under these treatments."""
    for id, study in knowledge().evidence.studies.items():
        found = next((result for result in study.result if result.id == "nerves"), None)
        if found and treated & {*study.agents, *study.procedures}:
            figure = phrase(knowledge().figures[f"{id}.nerves"])
            yield Study(id, study.name, found.says, figure, study.n, study.cite)


def _label(id: str) -> str:
    return str(_OTHER[id]) if id in _OTHER else _(knowledge().findings[id].name)


def _shown(cell: Cell | None) -> Shown:
    return Shown(cell.low, cell.high, cell.rounded) if cell else Shown(0, 0, None)


def _about(cell: Cell | None) -> str:
    return _("about %(n)d") % {"n": cell.rounded} if cell else ""
