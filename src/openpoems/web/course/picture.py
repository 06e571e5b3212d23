"""The timeline for its template: places in percent of the width, and the words of each fact beside them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from openpoems.knowledge.store import knowledge
from openpoems.record import PatientRecord
from openpoems.reports.time_axis import TimeAxis
from openpoems.reports.timeline import Bar, Mark, Wish, timeline
from openpoems.reports.timeline_panels import Dot, Panel
from openpoems.web.course.tips import Tip, tip
from openpoems.web.course.words import Words
from openpoems.web.registry.concepts import measure_name
from openpoems.web.registry.models import Person
from openpoems.web.registry.presenters import specimen_words
from openpoems.web.registry.units import unit_words

_LANES = {
    "turns": _("Relapse and progression"), "events": _("What happened"), "procedures": _("Procedures"),
    "biopsies": _("Biopsies"), "imaging": _("Imaging"), "signs": _("Signs"), "results": _("Other results"),
}  # fmt: skip
_KINDS = {"relapse": _("Relapse"), "progression": _("Progression")}
# The lanes whose marks say their name beside them, where there is room: letters of so much of a desk's width.
_NAMED = frozenset(("turns", "events", "procedures"))
_LETTER_SHARE = 0.0085
_DAYS_A_MONTH = 30.44
_BAR_WORDS_RIGHT = 0.6
# The words of a limit have this share of the width at least.
_ROOM_FOR_LIMIT = 0.15


@dataclass(frozen=True, slots=True, repr=False)
class Spot:
    """A mark: where (percent across, pixels down), how it looks, its box of words, and where it leads."""

    x: str
    y: float
    shape: str
    label: str
    address: str
    tip: Tip
    left: str = ""
    right: str = ""
    count: int = 1
    beside: str = ""
    moved: bool = False
    nadir: bool = False

    def __repr__(self) -> str:
        return "<Spot>"


@dataclass(frozen=True, slots=True, repr=False)
class Strip:
    """A treatment's bar."""

    x: str
    width: str
    open: bool
    counts: bool | None
    words: str
    words_x: str
    words_dx: int
    anchor: str
    spot: Spot

    def __repr__(self) -> str:
        return "<Strip>"


@dataclass(frozen=True, slots=True, repr=False)
class Lane:
    """A row of marks."""

    id: str
    title: str
    spots: tuple[Spot, ...]

    def __repr__(self) -> str:
        return "<Lane>"


@dataclass(frozen=True, slots=True)
class Limit:
    """An upper limit: from where to where along the width, its height, and its words where there is room."""

    left: str
    right: str
    y: float
    words: str


@dataclass(frozen=True, slots=True, repr=False)
class Chart:
    """A panel: heights in pixels; `line` in thousandths of the width."""

    title: str
    about: str
    height: int
    ticks: tuple[tuple[float, str], ...]
    limits: tuple[Limit, ...]
    line: str
    spots: tuple[Spot, ...]
    plain: tuple[tuple[str, float], ...]

    def __repr__(self) -> str:
        return "<Chart>"


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """Everything that the template draws, and what has no place on the axis."""

    wish: Wish
    ticks: tuple[tuple[str, str], ...]
    gaps: tuple[tuple[str, str, str], ...]
    diagnosed: str
    diagnosed_on: str
    strips: tuple[Strip, ...]
    lanes: tuple[Lane, ...]
    charts: tuple[Chart, ...]
    more: int
    undated: tuple[Words, ...]
    later: tuple[Words, ...]

    def __repr__(self) -> str:
        return "<Picture>"


def picture(
    person: Person, record: PatientRecord, words: Mapping[str, Words], document: Mapping[str, Any], wish: Wish
) -> Picture:
    """The timeline of a record: `words` are those of its facts, `document` its assessment."""
    found = timeline(record, document, knowledge(), wish)
    drawer = _Drawer(person, words)
    return Picture(
        wish=wish,
        ticks=tuple((_percent(x), said) for x, said in found.ticks),
        gaps=tuple(_gaps(found.axis)) if found.axis else (),
        diagnosed="" if found.diagnosed is None else _percent(found.diagnosed),
        diagnosed_on=found.diagnosed_on,
        strips=tuple(drawer.strip(bar) for bar in found.bars),
        lanes=tuple(drawer.lane(id, marks) for id, marks in found.lanes.items()),
        charts=tuple(drawer.chart(panel) for panel in found.panels),
        more=found.more,
        undated=_in_words(found.undated, words),
        later=_in_words(found.later, words),
    )


def _in_words(paths: Iterable[str], words: Mapping[str, Words]) -> tuple[Words, ...]:
    return tuple(words[path] for path in paths)


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"


def _gaps(axis: TimeAxis) -> Iterator[tuple[str, str, str]]:
    for gap in axis.closed:
        months = round((gap.last - gap.first) / _DAYS_A_MONTH)
        said = ngettext("%d month without an entry", "%d months without an entry", months) % months
        yield _percent(gap.left), _percent(gap.right - gap.left), said


@dataclass(frozen=True, slots=True)
class _Drawer:
    """Draws the marks of one person's record."""

    person: Person
    words: Mapping[str, Words]

    def strip(self, bar: Bar) -> Strip:
        said = self.words[bar.path]
        lines = said.lines
        if bar.open:
            lines = (lines[0], gettext("No end is recorded."), *lines[1:])
        if bar.counts is False:
            lines = (*lines, gettext("Not counted as treatment of the disease."))
        right = bar.left < _BAR_WORDS_RIGHT
        middle = (bar.left + bar.right) / 2
        return Strip(
            x=_percent(bar.left),
            width=_percent(max(0.002, bar.right - bar.left)),
            open=bar.open,
            counts=bar.counts,
            words=said.title,
            words_x=_percent(bar.left if right else bar.right),
            words_dx=6 if right else -6,
            anchor="start" if right else "end",
            spot=self._spot(middle, 0, "bar", lines, self._fact(said.pk), above=False),
        )

    def lane(self, id: str, marks: Sequence[Mark]) -> Lane:
        nexts = [*(mark.x for mark in marks[1:]), 1.0]
        spots = (self._mark(id, mark, after) for mark, after in zip(marks, nexts, strict=True))
        return Lane(id, str(_LANES[id]), tuple(spots))

    def _mark(self, lane: str, mark: Mark, after: float) -> Spot:
        told = [self.words[path] for path in mark.paths]
        if mark.turn is not None:
            lines, address = _turn_lines(mark.turn), "#response"
        elif len(told) == 1:
            lines, address = told[0].lines, self._fact(told[0].pk)
        else:
            lines, address = _together(told), self._table(mark.paths[0])
        name = str(_KINDS[mark.turn["kind"]]) if mark.turn else _name(lane, told[0])
        room = lane in _NAMED and len(name) * _LETTER_SHARE < after - mark.x - 2 * _LETTER_SHARE
        return self._spot(
            mark.x,
            16,
            "turn" if mark.turn else "excluded" if mark.excluded else "found",
            lines,
            address,
            above=False,
            left=_percent(mark.left) if mark.right > mark.left else "",
            right=_percent(mark.right),
            count=max(1, len(told)),
            beside=name if room and len(told) <= 1 else "",
        )

    def chart(self, panel: Panel) -> Chart:
        series = panel.series
        title = gettext(panel.title) if panel.title else measure_name(series["measure"])
        about = (specimen_words(series["specimen"]), series["assay"], series["laboratory"], unit_words(series["unit"]))
        return Chart(
            title=title,
            about=" · ".join(filter(None, about)),
            height=panel.height,
            ticks=panel.ticks,
            limits=tuple(_limits(panel)),
            line=" ".join(f"{1000 * x:.1f},{y}" for x, y in panel.line),
            spots=tuple(self._dot(dot, panel, title) for dot in panel.dots) if panel.pointed else (),
            plain=() if panel.pointed else tuple((_percent(dot.x), dot.y) for dot in panel.dots),
        )

    def _dot(self, dot: Dot, panel: Panel, title: str) -> Spot:
        said = self.words[dot.point["path"]]
        better = panel.series["better"]
        lines = [said.says, *said.lines[1:]]
        if dot.nadir:
            lines.insert(1, gettext("Nadir") if better == "lower" else gettext("Best value"))
        lines += [f"{each['name']} ({each['because']}): {each['says']}" for each in dot.point["confounders"]]
        return self._spot(
            dot.x,
            dot.y,
            dot.shape,
            tuple(lines),
            self._fact(said.pk),
            above=dot.y > panel.height / 2,
            moved=bool(dot.point["confounders"]),
            nadir=dot.nadir,
            title=title,
        )

    def _spot(  # noqa: PLR0913 - a mark is all of these
        self,
        x: float,
        y: float,
        shape: str,
        lines: tuple[str, ...],
        address: str,
        *,
        above: bool,
        title: str = "",
        **more: Any,
    ) -> Spot:
        label = ". ".join(line.rstrip(".") for line in ((title, *lines) if title else lines)) + "."
        return Spot(_percent(x), y, shape, label, address, tip(lines, x, above=above), **more)

    def _fact(self, pk: int) -> str:
        return reverse("fact", args=[self.person.pseudonym, pk])

    def _table(self, path: str) -> str:
        return reverse("course-table", args=[self.person.pseudonym]) + f"?all=yes#fact-{path}"


def _name(lane: str, told: Words) -> str:
    """What stands beside a mark: of an event what happened, of a procedure its name."""
    return told.says or told.title if lane == "events" else told.title


def _turn_lines(turn: Mapping[str, Any]) -> tuple[str, ...]:
    confirmed = gettext("confirmed %s") % turn["confirmed"] if turn["confirmed"] else gettext("not confirmed")
    return f"{_KINDS[turn['kind']]}: {turn['of']}", f"{turn['when']}, {confirmed}", turn["says"]


def _together(told: Sequence[Words]) -> tuple[str, ...]:
    """Several facts of one time: the day once where it is one, then each by name."""
    names = [f"{each.title}: {each.says}" if each.says else each.title for each in told]
    if len({each.when for each in told}) == 1:
        return (told[0].when, *names)
    return tuple(f"{each.when} {name}" for each, name in zip(told, names, strict=True))


def _limits(panel: Panel) -> Iterator[Limit]:
    """The limits of a panel; one that reaches not far has no words, and is read with its values."""
    for step in panel.limits:
        words = gettext("upper limit %s") % f"{step.limit:g}" if step.right - step.left >= _ROOM_FOR_LIMIT else ""
        yield Limit(_percent(step.left), _percent(step.right), panel.y(step.limit), words)
