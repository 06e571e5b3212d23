"""One person's timeline: every dated fact placed on one axis of time, each in one place, and what has no place listed.

Only places are told here, as shares of the width; facts are named by their `path`, and who draws them finds the words.
What a value is compared with (limit, nadir, what else moves it) is taken from the assessment's document.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean
from typing import Any

from openpoems.findings.treatments import meaning
from openpoems.knowledge.store import Knowledge
from openpoems.record.model import Event, Fact, Feature, Measurement, PatientRecord, Procedure, Treatment
from openpoems.record.time import PartialDate, When, days
from openpoems.reports.scale import middle
from openpoems.reports.time_axis import TimeAxis, time_axis
from openpoems.reports.timeline_panels import Panel, panels_of
from openpoems.reports.timeline_settings import settings

LANES = ("turns", "events", "procedures", "biopsies", "imaging", "signs", "results")
# Lanes whose marks may be many at about one time.
_CROWDED = frozenset(("imaging", "signs", "results"))
_BIOPSIES = frozenset(("biopsy", "bone-marrow-biopsy"))
Json = Mapping[str, Any]
Days = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wish:
    """How a timeline is wished: days since diagnosis instead of dates, gaps closed, all series instead of the main."""

    since_diagnosis: bool = False
    close_gaps: bool = False
    everything: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Mark:
    """Facts of one lane at one time: drawn at `x`; `left` to `right` is what an imprecise date, or its end, covers.

    `excluded` tells that each of them was looked for and not found; `turn` is the row of the document for a turn.
    """

    x: float
    left: float
    right: float
    paths: tuple[str, ...]
    excluded: bool = False
    turn: Json | None = None

    def __repr__(self) -> str:
        return "<Mark>"


@dataclass(frozen=True, slots=True, repr=False)
class Bar:
    """A treatment from `left` to `right`, `open` where no end is known; `counts` is None where nothing was assessed."""

    path: str
    left: float
    right: float
    open: bool
    counts: bool | None

    def __repr__(self) -> str:
        return "<Bar>"


@dataclass(frozen=True, slots=True, repr=False)
class Timeline:
    """Everything that is drawn on `axis`, and the paths of what is not: `undated`, and dated `later` than the view."""

    axis: TimeAxis | None
    ticks: tuple[tuple[float, str], ...]
    diagnosed: float | None
    diagnosed_on: str
    bars: tuple[Bar, ...]
    lanes: Mapping[str, tuple[Mark, ...]]
    panels: tuple[Panel, ...]
    more: int
    undated: tuple[str, ...]
    later: tuple[str, ...]

    def __repr__(self) -> str:
        return "<Timeline>"


def timeline(record: PatientRecord, document: Json, knowledge: Knowledge, wish: Wish) -> Timeline:
    """Place every fact of a record; `document` is its assessment's (see `assessment.schema.json`)."""
    today = date.fromisoformat(document["as_of"]).toordinal()
    spans = {fact.path: _span(fact, record) for fact in _facts(record)}
    later = tuple(path for path, span in spans.items() if span and span[0] > today)
    undated = tuple(path for path, span in spans.items() if span is None)
    placed = {path: span for path, span in spans.items() if span and span[0] <= today}
    axis = time_axis(_ends(placed.values(), today), close_gaps=wish.close_gaps)
    on = _diagnosed(record)
    if axis is None:
        return Timeline(None, (), None, "", (), {}, (), 0, undated, later)
    response = document["response"] or {"series": [], "treatments": [], "axes": []}
    # A grade that was read from a sign has no fact of its own: the sign stands in its lane.
    results = {result.path for result in record.measurements if result.path in placed}
    panels, more = panels_of(response["series"], axis, results, everything=wish.everything)
    measured = {point["path"] for series in response["series"] for point in series["points"]} & results
    return Timeline(
        axis=axis,
        ticks=tuple((axis.x(day), words) for day, words in _ticks(axis, on, wish)),
        diagnosed=axis.x(on[0]) if on else None,
        diagnosed_on=date.fromordinal(on[0]).isoformat() if on else "",
        bars=tuple(_bars(record, response, placed, axis)),
        lanes=_lanes(record, response, {p: s for p, s in placed.items() if p not in measured}, axis, knowledge),
        panels=panels,
        more=more,
        undated=undated,
        later=later,
    )


def _facts(record: PatientRecord) -> Iterable[Fact]:
    return (*record.features, *record.measurements, *record.treatments, *record.procedures, *record.events)


def _span(fact: Fact, record: PatientRecord) -> Days | None:
    """From the first day of a fact to the last, its end included where one is known."""
    starts, ends = _when(fact)
    begin = next((found for when in starts if (found := days(when, record.birth))), None)
    end = days(ends, record.birth)
    if begin is None:
        return end
    return begin[0], max(begin[1], end[1]) if end and end[1] >= begin[0] else begin[1]


def _when(fact: Fact) -> tuple[tuple[When | None, ...], When | None]:
    match fact:
        case Feature():
            return (fact.onset, fact.on), fact.resolved
        case Measurement():
            return (fact.on,), None
        case Treatment():
            return (fact.start,), fact.end
        case Procedure() | Event():
            return (fact.on,), fact.end


def _ends(spans: Iterable[Days], today: int) -> Iterator[int]:
    """The days that the axis must show; an end that lies ahead is drawn as far as today."""
    for first, last in spans:
        yield from (first, min(last, today))


def _diagnosed(record: PatientRecord) -> Days | None:
    """The day of the diagnosis, where the record tells it to the month."""
    found = [days(event.on, record.birth) for event in record.events if event.kind == "diagnosis" and _exact(event.on)]
    return min((each for each in found if each), default=None)


def _exact(when: When | None) -> bool:
    return isinstance(when, PartialDate) and when.month > 0


def _ticks(axis: TimeAxis, diagnosed: Days | None, wish: Wish) -> list[tuple[int, str]]:
    return axis.days_since(diagnosed[0]) if wish.since_diagnosis and diagnosed else axis.dates()


def _bars(record: PatientRecord, response: Json, placed: Mapping[str, Days], axis: TimeAxis) -> Iterator[Bar]:
    told = {each["path"]: each for each in response["treatments"]}
    given = [line for line in record.treatments if line.path in placed]
    for line in sorted(given, key=lambda each: (placed[each.path], each.path)):
        first, last = placed[line.path]
        known_end = line.end is not None
        counts = told[line.path]["counts"] if line.path in told else None
        yield Bar(line.path, axis.x(first), axis.x(last) if known_end else 1.0, not known_end, counts)


def _lanes(
    record: PatientRecord, response: Json, placed: Mapping[str, Days], axis: TimeAxis, knowledge: Knowledge
) -> dict[str, tuple[Mark, ...]]:
    """The marks of each lane: what happened at the same time stands in one mark."""
    together: dict[str, dict[Days, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in _facts(record):
        if fact.path in placed and not isinstance(fact, Treatment):
            together[_lane(fact, knowledge)][placed[fact.path]].append(fact)
    found = {lane: _marks(lane, each, axis) for lane, each in together.items()}
    found["turns"] = tuple(_turns(response, axis))
    return {lane: found[lane] for lane in LANES if found.get(lane)}


def _marks(lane: str, together: Mapping[Days, list[Fact]], axis: TimeAxis) -> tuple[Mark, ...]:
    """A mark for each time; in a lane of many entries those that would lie over each other are one."""
    marks = sorted(
        (_mark(span, facts, axis) for span, facts in together.items()), key=lambda mark: (mark.x, mark.paths)
    )
    if lane not in _CROWDED:
        return tuple(marks)
    near: list[list[Mark]] = []
    for mark in marks:
        if near and mark.x - near[-1][0].x < settings().near_share:
            near[-1].append(mark)
        else:
            near.append([mark])
    return tuple(_joined(each) for each in near)


def _joined(marks: Sequence[Mark]) -> Mark:
    """One mark for some that lie near each other."""
    return Mark(
        x=mean(mark.x for mark in marks),
        left=min(mark.left for mark in marks),
        right=max(mark.right for mark in marks),
        paths=tuple(path for mark in marks for path in mark.paths),
        excluded=all(mark.excluded for mark in marks),
    )


def _lane(fact: Fact, knowledge: Knowledge) -> str:
    match fact:
        case Event():
            return "events"
        case Procedure():
            return "procedures" if _BIOPSIES.isdisjoint(meaning(fact.concept, knowledge).parts) else "biopsies"
        case Feature():
            return {"imaging": "imaging", "pathology": "biopsies"}.get(fact.basis, "signs")
        case _:
            return "results"


def _mark(span: Days, facts: list[Fact], axis: TimeAxis) -> Mark:
    excluded = all(isinstance(fact, Feature) and fact.excluded for fact in facts)
    lasting = any(_when(fact)[1] for fact in facts)
    at = span[0] if lasting else middle(span)
    return Mark(axis.x(at), axis.x(span[0]), axis.x(span[1]), tuple(fact.path for fact in facts), excluded)


def _turns(response: Json, axis: TimeAxis) -> Iterator[Mark]:
    """Where an axis of response turned, as the assessment tells it."""
    for result in response["axes"]:
        for turn in result["turns"]:
            first = PartialDate.parse(turn["when"].partition(" to ")[0]).days()
            last = PartialDate.parse(turn["when"].rpartition(" to ")[2]).days()
            span = first[0], last[1]
            yield Mark(axis.x(middle(span)), axis.x(span[0]), axis.x(span[1]), (), turn=turn | {"of": result["name"]})
