"""Derive findings: the one place where a person's record and the disease's knowledge meet.

Each finding comes out present, excluded or unknown, with the evidence for it, as of a day: a fact dated after that
day is not looked at, one whose imprecise date may lie after it neither. A fact without any date belongs to every view.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from openpoems.errors import Issue
from openpoems.findings.evidence import Evidence
from openpoems.findings.measured import read_result
from openpoems.findings.resolve import resolve
from openpoems.findings.statements import read_feature
from openpoems.findings.view import Reading, View
from openpoems.knowledge.model import Finding, Remark
from openpoems.knowledge.store import Knowledge
from openpoems.logic import Truth
from openpoems.record.model import PatientRecord
from openpoems.record.viewpoint import Viewpoint


@dataclass(frozen=True, slots=True, repr=False)
class FindingState:
    """What is known of one finding.

    `evidence` is what decided it (for a composed finding that of its parts; for an unknown one what there is so far),
    followed by what speaks against it;
    `conflict` is a sentence where statements disagree; `remarks` are footnotes that apply.
    """

    truth: Truth
    evidence: tuple[Evidence, ...] = ()
    conflict: str = ""
    remarks: tuple[Remark, ...] = ()

    def __repr__(self) -> str:
        return "<FindingState>"


UNKNOWN = FindingState(Truth.UNKNOWN)


@dataclass(frozen=True, slots=True, repr=False)
class Findings:
    """The findings of one person as of one day; one that is not among `states` is unknown."""

    states: dict[str, FindingState]
    as_of: date
    issues: tuple[Issue, ...] = ()

    def __getitem__(self, finding: str) -> FindingState:
        return self.states.get(finding, UNKNOWN)

    def truth(self, finding: str) -> Truth:
        """Whether the person has the finding, as far as is known."""
        return self[finding].truth

    def __repr__(self) -> str:
        return "<Findings>"


def derive(record: PatientRecord, knowledge: Knowledge, as_of: date, *, today: date | None = None) -> Findings:
    """Say of every finding what the record knows of it on the day `as_of`.

    A fact dated by an age, in a record without a date of birth, cannot be placed on the calendar: it counts in the
    view of `today` (by default `as_of` itself), and in no earlier one.
    """
    reading = _read(View(record, knowledge, Viewpoint.of(record, as_of, today)))
    states: dict[str, FindingState] = {}
    for id in knowledge.order:
        direct = reading.evidence.get(id, [])
        if direct or not states.keys().isdisjoint(knowledge.parts[id]):
            states[id] = _state(knowledge.findings[id], direct, states)
    return Findings(states, as_of, tuple(dict.fromkeys(reading.issues)))


def _read(view: View) -> Reading:
    """Every fact of the view as evidence."""
    reading = Reading()
    for feature in view.record.features:
        if view.holds(feature, reading):
            read_feature(feature, view, reading)
    for result in view.record.measurements:
        if view.holds(result, reading):
            read_result(result, view, reading)
    return reading


def _state(finding: Finding, direct: list[Evidence], states: dict[str, FindingState]) -> FindingState:
    stated = [e for e in direct if e.says is Truth.TRUE]
    parts = [*_evidence_of((*finding.any_of, *finding.implied_by), Truth.TRUE, states)]
    shown = _once([*stated, *parts])
    excluded = [e for e in direct if e.says is Truth.FALSE]
    if _all_excluded(finding.any_of, states):
        excluded = _once([*excluded, *_evidence_of(finding.any_of, Truth.FALSE, states)])
    truth, evidence, conflict = resolve(shown, excluded)
    if truth is Truth.TRUE:
        against = [*excluded, *_against(finding, states)] if finding.any_of else excluded
        evidence = tuple(_once([*evidence, *against])) if against else evidence
    elif truth is Truth.UNKNOWN:
        evidence = (*shown, *excluded) or tuple(direct) or tuple(_so_far(finding, states))
    conflict = conflict or _inherited(finding, states)
    bare = truth is Truth.TRUE and not parts
    return FindingState(truth, evidence, conflict, _remarks(finding, truth, states, bare=bare))


def _all_excluded(parts: tuple[str, ...], states: dict[str, FindingState]) -> bool:
    return bool(parts) and all(states.get(part, UNKNOWN).truth is Truth.FALSE for part in parts)


def _evidence_of(parts: Iterable[str], truth: Truth, states: dict[str, FindingState]) -> Iterator[Evidence]:
    """What made some parts of a finding come out so; not what stands beside it as speaking against."""
    return (
        e
        for part in parts
        if part in states and states[part].truth is truth
        for e in states[part].evidence
        if e.says is truth
    )


def _against(finding: Finding, states: dict[str, FindingState]) -> Iterator[Evidence]:
    """What speaks against the parts that are present."""
    return (
        e
        for part in finding.any_of
        if part in states and states[part].truth is Truth.TRUE
        for e in states[part].evidence
        if e.says is Truth.FALSE
    )


def _so_far(finding: Finding, states: dict[str, FindingState]) -> list[Evidence]:
    """What is known of the parts of a finding that is not decided: parts excluded, and hints."""
    return _once([e for part in finding.any_of if part in states for e in states[part].evidence])


def _once(evidence: list[Evidence]) -> list[Evidence]:
    """Each fact once, by each rule: a code may show a finding and a part of it."""
    if len(evidence) < 2:  # noqa: PLR2004 - most have one
        return evidence
    return list({(id(each.fact), id(each.rule)): each for each in reversed(evidence)}.values())[::-1]


def _inherited(finding: Finding, states: dict[str, FindingState]) -> str:
    """The conflict of a part, told once however deep it lies."""
    clashes = (states[part].conflict for part in finding.any_of if part in states)
    return next((clash for clash in clashes if clash), "")


def _remarks(finding: Finding, truth: Truth, states: dict[str, FindingState], *, bare: bool) -> tuple[Remark, ...]:
    """The first remark that applies: one for a finding that is not present, or for one present by a bare statement."""
    for remark in finding.remark:
        fits = bare if remark.beside_statement else truth is not Truth.TRUE
        present = all(states.get(other, UNKNOWN).truth is Truth.TRUE for other in remark.when_present)
        if fits and present and all(states.get(o, UNKNOWN).truth is Truth.FALSE for o in remark.when_excluded):
            return (remark,)
    return ()
