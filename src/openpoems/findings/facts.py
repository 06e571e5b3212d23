"""Read the facts of a record as evidence: features by their codes, results by their measures and cut-offs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TypeAlias

from openpoems.errors import Issue, Severity
from openpoems.findings.evidence import Evidence, Kind, when_seen
from openpoems.findings.results import by_answer, by_cutoff, by_reference
from openpoems.knowledge.model import Answered, Cutoff
from openpoems.knowledge.store import Knowledge
from openpoems.logic import Truth
from openpoems.quantities import IncomparableUnits
from openpoems.record.model import Coding, Concept, Feature, Measurement, PatientRecord
from openpoems.record.time import When, days

# Per measure, the findings it speaks for, and by which rule.
Rules: TypeAlias = dict[str, list[tuple[str, Cutoff | Answered]]]


@dataclass(slots=True, repr=False)
class Reading:
    """Evidence per finding, and what could not be used, while a record is read."""

    evidence: dict[str, list[Evidence]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def note(self, severity: Severity, fact: Feature | Measurement, message: str) -> None:
        """Report a fact that was used with care or not at all."""
        self.issues.append(Issue(severity, fact.path or "record", message))

    def add(self, evidence: Evidence) -> None:
        """Keep a piece of evidence."""
        self.evidence.setdefault(evidence.finding, []).append(evidence)


@dataclass(frozen=True, slots=True)
class _View:
    """What is looked at, and from when."""

    record: PatientRecord
    knowledge: Knowledge
    last_day: int

    def holds(self, fact: Feature | Measurement, reading: Reading) -> bool:
        """Whether the fact was certainly known on the last day of the view."""
        known = self.days(_known_when(fact))
        if known is None or known[1] <= self.last_day:
            return True
        if known[0] <= self.last_day:
            reading.note("warning", fact, "its imprecise date may lie after the day of this view: not counted")
        return False

    def days(self, when: When | None) -> tuple[int, int] | None:
        """The first and last day of a time, by this person's date of birth."""
        return days(when, self.record.birth)


def read_facts(record: PatientRecord, knowledge: Knowledge, as_of: date) -> Reading:
    """Turn every fact known on `as_of` into evidence."""
    view, reading = _View(record, knowledge, as_of.toordinal()), Reading()
    rules = _rules_by_measure(knowledge)
    for feature in record.features:
        if view.holds(feature, reading):
            _read_feature(feature, view, reading)
    for result in record.measurements:
        if view.holds(result, reading):
            _read_result(result, view, rules, reading)
    return reading


def _known_when(fact: Feature | Measurement) -> When | None:
    return fact.on or fact.provenance.recorded or when_seen(fact)


def _read_feature(feature: Feature, view: _View, reading: Reading) -> None:
    index = view.knowledge.index
    codings = [c for c in feature.concept.codings if not _contradicted(c, feature, view, reading)]
    table, says = (index.excludes, Truth.FALSE) if feature.excluded else (index.shows, Truth.TRUE)
    found = dict.fromkeys(id for c in codings for id in table.get(c.id, ()))
    contradicted = len(codings) < len(feature.concept.codings)
    if not found and not contradicted and not any(c.id in index.known or c.id in index.measures for c in codings):
        found = dict.fromkeys(_by_label(feature.concept, view, feature, reading))
    when = view.days(feature.onset if feature.onset and not feature.excluded else when_seen(feature))
    for id in found:
        reading.add(Evidence(id, says, "stated", feature, when, label=_label(codings, view)))
    if not feature.excluded:
        _hint(codings, found, feature, view, reading, when)


def _label(codings: list[Coding], view: _View) -> str:
    return next((view.knowledge.index.labels[c.id] for c in codings if c.id in view.knowledge.index.labels), "")


def _hint(
    codings: list[Coding],
    found: dict[str, None],
    feature: Feature,
    view: _View,
    reading: Reading,
    when: tuple[int, int] | None,
) -> None:
    for coding in codings:
        for id in view.knowledge.index.hints.get(coding.id, ()):
            if id in found:
                continue
            name = view.knowledge.findings[id].name
            note = f"the code {coding.id} is broader than {name}: shown as a hint, not counted"
            label = _label([coding], view)
            reading.add(Evidence(id, Truth.UNKNOWN, "hint", feature, when, note=note, label=label))
            reading.note("information", feature, f"{note}; state {name} itself when it was seen")


def _contradicted(coding: Coding, feature: Feature, view: _View, reading: Reading) -> bool:
    """Whether the label of a code names another finding than the code does: then neither is believed."""
    index = view.knowledge.index
    named = index.names.get(coding.label.lower())
    if named is None or not coding.id.startswith("HP:"):
        return False
    meant = {*index.shows.get(coding.id, ()), *index.excludes.get(coding.id, ()), *index.hints.get(coding.id, ())}
    if named in meant:
        return False
    label = index.labels.get(coding.id, "another term")
    message = (
        f"the code {coding.id} ({label}) and its label {coding.label!r} name different things: not used; "
        "correct the one that is wrong"
    )
    reading.note("error", feature, message)
    return True


def _by_label(concept: Concept, view: _View, feature: Feature, reading: Reading) -> Iterable[str]:
    """Read a concept without a known code by its words, where these are the name of a finding."""
    labels = [c.label for c in concept.codings if not c.id.startswith("HP:")]
    for label in (*labels, concept.text):
        if id := view.knowledge.index.names.get(label.strip().lower()):
            reading.note("information", feature, f"read by its words as {view.knowledge.findings[id].name}; add a code")
            return (id,)
    reading.note(*_not_ours(concept, "finding", feature))
    return ()


def _not_ours(concept: Concept, kind: str, fact: Feature | Measurement) -> tuple[Severity, Feature | Measurement, str]:
    """What to say of a code nobody here looks at; a word meant for openpoems deserves a warning."""
    code = concept.codings[0].id if concept.codings else f"a {kind} without a code"
    if code.startswith("OPENPOEMS:"):
        word = code.removeprefix("OPENPOEMS:")
        message = f"{word!r} is no {kind} that openpoems knows: not used; write its code with its prefix, or its name"
        return "warning", fact, message
    return "information", fact, f"{code} is no {kind} that openpoems looks at: kept, not used"


def _read_result(result: Measurement, view: _View, rules: Rules, reading: Reading) -> None:
    measure = _measure_of(result, view, reading)
    if measure is None or measure not in rules:
        return
    if result.value is not None and result.value.value < 0:
        reading.note("error", result, "a negative result is impossible here: not used; correct the value")
        return
    specimen = result.specimen or view.knowledge.measures[measure].specimen
    when, said = view.days(result.on), False
    name = view.knowledge.measures[measure].name
    for finding, rule in rules[measure]:
        cutoff = rule if isinstance(rule, Cutoff) else None
        for says, kind in _judge(result, rule, specimen, view.record.sex, reading):
            said = True
            reading.add(Evidence(finding, says, kind, result, when, cutoff, label=name))
    if not said:
        _explain_silence(result, measure, specimen, reading)


def _measure_of(result: Measurement, view: _View, reading: Reading) -> str | None:
    index = view.knowledge.index
    for coding in result.measure.codings:
        if coding.id in index.measures:
            return index.measures[coding.id]
    code = result.measure.codings[0].id if result.measure.codings else "a measure without a code"
    if code in index.doubtful_measures:
        name = view.knowledge.measures[index.doubtful_measures[code]].name
        reading.note("warning", result, f"{code} is not confirmed to be {name}: not used; give the confirmed code")
    elif code in index.shows:
        _read_coded_result(result, view, reading)
    else:
        reading.note(*_not_ours(result.measure, "measure", result))
    return None


def _read_coded_result(result: Measurement, view: _View, reading: Reading) -> None:
    """A finding's own code used as the name of a test that was positive or negative."""
    answer = by_answer(result)
    table = view.knowledge.index.shows if answer is Truth.TRUE else view.knowledge.index.excludes
    found = [id for c in result.measure.codings for id in table.get(c.id, ())] if answer is not Truth.UNKNOWN else []
    for id in found:
        reading.add(Evidence(id, answer, "stated", result, view.days(result.on)))
    if result.value is not None:
        reading.note("information", result, "a size or number given with a sign: kept, not used")
    elif not found:
        reading.note("warning", result, "this code names a sign, and the answer is neither positive nor negative")


def _judge(
    result: Measurement, cutoff: Cutoff | Answered, specimen: str, sex: str, reading: Reading
) -> list[tuple[Truth, Kind]]:
    if isinstance(cutoff, Answered):
        answer = by_answer(result, cutoff.containing)
        return [] if answer is Truth.UNKNOWN else [(answer, "laboratory")]
    if (cutoff.sex and cutoff.sex != sex) or (cutoff.specimen and cutoff.specimen != specimen):
        return []
    said = _by_laboratory(result, cutoff, reading)
    if cutoff.against == "reference":
        return [(truth, "laboratory") for truth in said]
    # A cut-off of a definition always applies; a published or a default one only where the laboratory gave no limit.
    if said and cutoff.standing != "definition":
        return []
    truth = by_cutoff(result, cutoff)
    return [] if truth is Truth.UNKNOWN else [(truth, _KINDS[cutoff.standing])]


def _by_laboratory(result: Measurement, cutoff: Cutoff, reading: Reading) -> list[Truth]:
    try:
        return [truth for truth in by_reference(result, cutoff.direction) if truth is not Truth.UNKNOWN]
    except IncomparableUnits as error:
        reading.note("warning", result, f"the result and its reference range cannot be compared: {error}")
        return []


def _explain_silence(result: Measurement, measure: str, specimen: str, reading: Reading) -> None:
    if result.absent or (result.value is None and result.result is None):
        reading.note("information", result, "there is no value: it stays unknown")
        return
    if result.value is None:
        message = "the answer is not one that openpoems reads (positive, negative, high, normal, low): not used"
    elif result.comparator:
        message = f"with {result.comparator} the result can lie on either side of the limit: it stays unknown"
    elif measure == "vegf" and not specimen:
        message = (
            "VEGF without the laboratory's upper limit and without specimen cannot be judged: give the upper limit, "
            "or say serum or plasma"
        )
    else:
        message = "no limit applies to this result: give the laboratory's reference range, and a unit that it shares"
    reading.note("warning", result, message)


_KINDS: dict[str, Kind] = {
    "laboratory": "laboratory",
    "definition": "definition",
    "published": "published",
    "default": "default",
}


@cache
def _rules_by_measure(knowledge: Knowledge) -> Rules:
    """The findings each measure can speak for."""
    table: Rules = {}
    for finding_id, finding in knowledge.findings.items():
        for cutoff in finding.measured:
            table.setdefault(cutoff.measure, []).append((finding_id, cutoff))
        for answered in finding.answered:
            table.setdefault(answered.measure, []).append((finding_id, answered))
    return table
