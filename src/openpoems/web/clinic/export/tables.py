"""A record as rows of tidy tables without identity: days instead of dates, codes instead of anybody's words."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from openpoems.criteria.delay import delay
from openpoems.findings.measured import measure_named
from openpoems.findings.treatments import meaning
from openpoems.knowledge.store import knowledge
from openpoems.quantities import dimension
from openpoems.record import PatientRecord
from openpoems.record.check import facts
from openpoems.record.model import Concept, Event, Feature, Measurement, Procedure, Provenance, Treatment
from openpoems.record.time import When, days

OLDEST_AGE = 90
_SPECIMENS = ("", "serum", "plasma", "blood", "urine", "csf", "marrow")
_CODE = re.compile(r"[A-Z0-9]{2,20}:[A-Za-z0-9.-]{1,40}")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the export: what a row is, and what each column holds."""

    name: str
    says: str
    columns: dict[str, str]


@cache
def tables() -> tuple[Table, ...]:
    """Every table, as `tables.toml` tells it."""
    told = tomllib.loads(Path(__file__).with_name("tables.toml").read_text("utf-8"))
    return tuple(Table(name, **table) for name, table in told.items())


@dataclass
class Labels:
    """Labels for words that do not leave, in the order in which they were met: L1, L2, ..."""

    letter: str
    given: dict[str, str] = field(default_factory=dict)

    def of(self, words: str) -> str:
        """The label of some words; "" for none."""
        return self.given.setdefault(words, f"{self.letter}{len(self.given) + 1}") if words else ""


@dataclass(frozen=True, repr=False)
class Writer:
    """Writes records as rows; labels of laboratories and assays hold for all of them."""

    today: date
    laboratories: Labels = field(default_factory=lambda: Labels("L"))
    assays: Labels = field(default_factory=lambda: Labels("A"))

    def rows(self, code: str, record: PatientRecord, status: str) -> Iterator[tuple[str, Row]]:
        """Every row of a person, with the table it belongs to."""
        one = _Person(code, record, self.today)
        yield "people", one.described(status)
        for feature in record.features:
            yield "features", one.feature(feature)
        for result in record.measurements:
            yield "measurements", self._measurement(one, result)
        for number, line in enumerate(record.treatments, 1):
            for row in one.treatment(number, line):
                yield "treatments", row
        for procedure in record.procedures:
            yield "procedures", one.procedure(procedure)
        for event in record.events:
            yield "events", one.event(event)

    def _measurement(self, one: "_Person", result: Measurement) -> Row:
        value, reference = result.value, result.reference
        unit = value.unit if value else ""
        low, high = ((getattr(reference, name) if reference else None) for name in ("low", "high"))
        return {
            "person": one.code,
            "what": measure_named(result, knowledge()) or _code(result.measure),
            "value": value.value if value else None,
            "unit": _unit(unit),
            "comparator": result.comparator,
            "result": one.name(result.result) if result.result else "",
            "specimen": result.specimen if result.specimen in _SPECIMENS else "other",
            "laboratory": self.laboratories.of(result.laboratory),
            "assay": self.assays.of(result.assay),
            "low": low.value if low and low.unit == unit else None,
            "high": high.value if high and high.unit == unit else None,
            **one.when(result.on),
            **_said(result.provenance),
        }


class _Person:
    """One person of the export: the code, the record, and the index day from which days are counted."""

    def __init__(self, code: str, record: PatientRecord, today: date) -> None:
        self.code, self.record = code, record
        self.index, self.day = self._index(today)

    def _index(self, today: date) -> tuple[str, int | None]:
        diagnosed = self._span(delay(self.record, knowledge(), today).diagnosed)
        if diagnosed:
            return "diagnosis", diagnosed[0]
        first = [span[0] for fact in facts(self.record) for when in _times(fact) if (span := self._span(when))]
        return ("first-fact", min(first)) if first else ("", None)

    def _span(self, when: When | None) -> tuple[int, int] | None:
        return days(when, self.record.birth)

    def when(self, when: When | None, prefix: str = "") -> Row:
        """The first and the last day something can have been, counted from the index day."""
        span = self._span(when)
        first, last = (span[0] - self.day, span[1] - self.day) if span and self.day is not None else (None, None)
        return {f"{prefix}from": first, f"{prefix}to": last}

    def described(self, status: str) -> Row:
        """The row of the person."""
        birth, index = self.record.birth, self.day and date.fromordinal(self.day)
        age = None
        if birth and index:
            # Only the year of birth is kept in clinical rows: the middle of it is off by half a year at most.
            age = min(max(0, (index - date(birth.year, 7, 1)).days * 100 // 36525), OLDEST_AGE)
        return {
            "person": self.code,
            "sex": self.record.sex,
            "age_at_index": age,
            "index": self.index,
            "index_year": index.year if index else None,
            "status": status,
            **self.when(self.record.last_seen, "last_seen_"),
        }

    def feature(self, feature: Feature) -> Row:
        """The row of a sign, a symptom or a disease."""
        return {
            "person": self.code,
            "what": self.name(feature.concept),
            "excluded": _yes(feature.excluded),
            "category": feature.category,
            "basis": feature.basis,
            **self.when(feature.on),
            **self.when(feature.onset, "onset_"),
            **self.when(feature.resolved, "resolved_"),
            **_said(feature.provenance),
        }

    def treatment(self, number: int, line: Treatment) -> Iterator[Row]:
        """The rows of a line of treatment; one without drugs is a row without a drug."""
        for agent in line.agents or (None,):
            names = sorted(meaning(agent.drug, knowledge()).parts) if agent else []
            yield {
                "person": self.code,
                "line": number,
                "agent": names[0] if len(names) == 1 else _code(agent.drug) if agent else "",
                "dose": agent.dose.value if agent and agent.dose else None,
                "dose_unit": _unit(agent.dose.unit) if agent and agent.dose else "",
                "cycles": line.cycles,
                **self.when(line.start, "start_"),
                **self.when(line.end, "end_"),
                **_said(line.provenance),
            }

    def procedure(self, procedure: Procedure) -> Row:
        """The row of a procedure."""
        names = sorted(meaning(procedure.concept, knowledge()).parts)
        return {
            "person": self.code,
            "what": names[0] if names else _code(procedure.concept),
            "dose": procedure.dose.value if procedure.dose else None,
            "dose_unit": _unit(procedure.dose.unit) if procedure.dose else "",
            "fractions": procedure.fractions,
            **self.when(procedure.on),
            **_said(procedure.provenance),
        }

    def event(self, event: Event) -> Row:
        """The row of an event."""
        return {
            "person": self.code,
            "kind": event.kind,
            "what": self.name(event.concept) if event.concept else "",
            **self.when(event.on),
            **_said(event.provenance),
        }

    def name(self, concept: Concept) -> str:
        """openpoems' name of a concept where its codes or words have one, else its first code, else nothing."""
        shows = knowledge().index.shows
        for coding in concept.codings:
            if len(shows.get(coding.id, ())) == 1:
                return str(shows[coding.id][0])
        return _code(concept) or knowledge().index.names.get(concept.text.strip().lower(), "")


def _code(concept: Concept) -> str:
    """The first code: what stands in words may hold anything, a name too, and does not leave."""
    return next((each.id for each in concept.codings if _CODE.fullmatch(each.id)), "")


def _unit(unit: str) -> str:
    """A unit that is known; one that is not may be anybody's words."""
    return unit if not unit or dimension(unit) else "other"


def _times(fact: Any) -> Iterator[When | None]:
    return (getattr(fact, name, None) for name in ("on", "onset", "start"))


def _said(provenance: Provenance) -> Row:
    # Who said it is a word of ours where it was entered here; anything else may be a name.
    known = ("patient", "proxy", "clinician", "abstractor", "laboratory")
    said_by = provenance.said_by if provenance.said_by in known else "other" if provenance.said_by else ""
    verified = bool(provenance.verified_by) or provenance.said_by == "clinician"
    return {"said_by": said_by, "verified": _yes(verified)}


def _yes(truth: bool) -> str:
    return "yes" if truth else "no"
