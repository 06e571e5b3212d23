"""What was given, and when: the bars under a chart, and the start from which response is counted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openpoems.findings.evidence import words
from openpoems.record.model import Procedure, Treatment
from openpoems.record.time import When
from openpoems.response.view import Days, View


@dataclass(frozen=True, slots=True, repr=False)
class Bar:
    """One treatment: its name, the drugs and procedures it is made of, its days; `end` is None where none is known.

    `counts` tells whether it treats the disease, and so starts the counting of response.
    """

    name: str
    parts: frozenset[str]
    when: When | None
    start: Days | None
    end: Days | None
    counts: bool

    def __repr__(self) -> str:
        return "<Bar>"


@dataclass(frozen=True, slots=True, repr=False)
class Start:
    """The days on which treatment of the disease can have begun first, or why they are not known."""

    days: Days | None
    why: str = ""

    def __repr__(self) -> str:
        return "<Start>"


def bars(view: View) -> tuple[Bar, ...]:
    """Every treatment known on the day of the view, in order of time; those without a date come last."""
    found = {*_drugs(view), *_procedures(view)}
    return tuple(sorted(found, key=_position))


def _position(bar: Bar) -> tuple[bool, Days, str, Days, str]:
    undated = bar.start is None
    return undated, bar.start or (0, 0), bar.name, bar.end or (0, 0), f"{bar.when} {sorted(bar.parts)}"


def first_start(given: Iterable[Bar]) -> Start:
    """When treatment of the disease began first, as far as its dates tell."""
    counted = [bar for bar in given if bar.counts]
    starts = [bar.start for bar in counted if bar.start]
    if not counted:
        return Start(None, "no treatment of the disease is recorded")
    if len(starts) < len(counted):
        return Start(None, "a treatment has no date, so that the first start is not known")
    return Start((min(start[0] for start in starts), min(start[1] for start in starts)))


def _drugs(view: View) -> Iterator[Bar]:
    counted = set(view.knowledge.response.treatment.agents)
    for line in filter(view.holds, view.record.treatments):
        parts = frozenset(id for agent in line.agents for id in view.agents_of(agent.drug))
        yield Bar(
            name=_name(line),
            parts=parts,
            when=line.start,
            start=view.days(line.start),
            end=view.known_days(line.end),
            counts=not parts.isdisjoint(counted),
        )


def _procedures(view: View) -> Iterator[Bar]:
    counted = set(view.knowledge.response.treatment.procedures)
    for done in filter(view.holds, view.record.procedures):
        parts = frozenset(view.procedures_of(done.concept))
        start = view.days(done.on)
        yield Bar(
            name=_procedure_name(done, parts, view),
            parts=parts | {id for agent in done.conditioning for id in view.agents_of(agent.drug)},
            when=done.on,
            start=start,
            end=view.known_days(done.end) or start,
            counts=not parts.isdisjoint(counted),
        )


def _name(line: Treatment) -> str:
    return line.regimen or " + ".join(words(agent.drug) for agent in line.agents)


def _procedure_name(done: Procedure, parts: frozenset[str], view: View) -> str:
    return done.concept.text or next((view.knowledge.procedures[id].name for id in sorted(parts)), words(done.concept))
