"""From a row to a fact: one function for each kind of row."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from openpoems.errors import Issue, Severity
from openpoems.interchange.rows.agents import UNNAMED, read_agents
from openpoems.interchange.rows.cells import (
    read_basis,
    read_concept,
    read_count,
    read_day,
    read_dose,
    read_flags,
    read_reference,
    read_result,
    read_specimen,
    read_status,
    read_when,
    read_words,
)
from openpoems.interchange.rows.row import CELLS, Row
from openpoems.interchange.rows.words import EVENTS, KINDS, SEXES, TRAITS, Kind, Status, negated_or_doubtful
from openpoems.record.model import (
    Agent,
    Basis,
    Concept,
    Event,
    Feature,
    Measurement,
    PatientRecord,
    Procedure,
    Provenance,
    Sex,
    Treatment,
)
from openpoems.record.time import PartialDate, When

_BASIS: dict[Kind, Basis] = {
    "sign": "clinical",
    "neurophysiology": "neurophysiology",
    "imaging": "imaging",
    "pathology": "pathology",
}
_NOT_LOOKED_FOR = "not looked for, so nothing was recorded: it stays unknown"
_UNSURE = "what is only suspected is not counted: it stays unknown"


@dataclass(slots=True, repr=False)
class Person:
    """One patient's facts as the rows are read."""

    patient: str
    sex: Sex | None = None
    birth: PartialDate | None = None
    last_seen: When | None = None
    references: list[str] = field(default_factory=list)
    features: list[Feature] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    treatments: list[Treatment] = field(default_factory=list)
    procedures: list[Procedure] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def record(self) -> PatientRecord:
        """The record of all rows read so far."""
        return PatientRecord(
            patient=self.patient,
            sex=self.sex or "unknown",
            birth=self.birth,
            last_seen=self.last_seen,
            features=tuple(self.features),
            measurements=tuple(self.measurements),
            treatments=tuple(self.treatments),
            procedures=tuple(self.procedures),
            events=tuple(self.events),
            references=tuple(self.references),
        )


@dataclass(frozen=True, slots=True, repr=False)
class _Fact:
    """What every fact has beside its own content."""

    what: Concept
    on: When | None
    note: str
    provenance: Provenance
    path: str


def add_fact(row: Row, person: Person) -> None:
    """Add what a row says to its person, and to the row's issues what it does not say clearly."""
    kind = _kind(row)
    if "what" not in row.cells and not row.refused:
        row.refuse("what", "the row does not say what it is about; the row was not used")
    if row.refused or kind is None:
        return
    if kind != "person" and negated_or_doubtful(row.cells["what"]):
        message = "the cell also says that it is absent or uncertain; write only what it is here, and"
        row.refuse("what", f"{message} present, absent, unknown or unsure as the status; the row was not used")
        return
    row.taken.update(("patient", "what"))
    _READERS[kind](kind, row, person)
    if not row.refused:
        _report_unused(kind, row)


def _kind(row: Row) -> Kind | None:
    text = row.take("kind")
    kind = KINDS.find(text) if text else None
    if kind is None and not row.refused:
        row.refuse("kind", f"the kind is one of {', '.join(KINDS)}; the row was not used")
    return kind


def _report_unused(kind: Kind, row: Row) -> None:
    for column in CELLS:
        if column in row.cells and column not in row.taken:
            severity: Severity = "information" if kind == "person" else "warning"
            message = f"this cell is not used in a row like this (kind {kind})"
            row.report(severity, column, message)


def _fact(row: Row, *, what: Concept | None = None) -> _Fact:
    provenance = Provenance(
        said_by=row.take("said_by"),
        document=row.take("document"),
        verified_by=row.take("verified_by"),
        recorded=read_day(row, "recorded", said) if (said := row.take("recorded")) else None,
    )
    concept = what or read_concept(row, "what", row.take("what"))
    return _Fact(concept, read_when(row, "date"), row.take("note"), provenance, row.path())


def _trait(_: Kind, row: Row, person: Person) -> None:
    trait = TRAITS.find(row.take("what"))
    column = "value" if "value" in row.cells else "date"
    text = row.take(column)
    if trait is None:
        row.refuse("what", f"of a person, what is one of {', '.join(TRAITS)}; the row was not used")
    elif not text:
        row.refuse("value", "the cell is empty; the row was not used")
    elif trait == "sex":
        _once(row, person, "sex", _sex(row, column, text))
    elif trait == "birth":
        _once(row, person, "birth", read_day(row, column, text))
    elif trait == "last-seen":
        _once(row, person, "last_seen", read_when(row, column))
    else:
        person.references.append(text)


def _sex(row: Row, column: str, text: str) -> Sex | None:
    sex = SEXES.find(text)
    if sex is None:
        row.report("error", column, f"sex is one of {', '.join(SEXES)}; it was not used")
    return sex


def _once(row: Row, person: Person, name: str, read: object) -> None:
    known = getattr(person, name)
    if known is None and read is not None:
        setattr(person, name, read)
    elif read is not None and known != read:
        row.report("error", "value", "another row of this patient says otherwise; the first was used")


def _statement(kind: Kind, row: Row, person: Person) -> None:
    measured = "value" in row.cells and kind != "disease"
    status = read_status(row)
    if row.refused or not (measured or _decided(row, status, needed=True)):
        return
    fact = _fact(row)
    if measured:
        _measure(row, fact, person)
    if status in {"present", "absent"}:
        person.features.append(_feature(kind, row, fact, excluded=status == "absent"))
    elif status:
        _decided(row, status, needed=False)


def _feature(kind: Kind, row: Row, fact: _Fact, *, excluded: bool) -> Feature:
    site, severity = row.take("site"), row.take("severity")
    return Feature(
        concept=fact.what,
        excluded=excluded,
        category="disease" if kind == "disease" else "phenotype",
        basis=read_basis(row, _BASIS.get(kind, "")),
        on=fact.on,
        onset=read_when(row, "onset"),
        resolved=read_when(row, "end_date"),
        site=read_words(row, "site", site) if site else None,
        severity=read_words(row, "severity", severity) if severity else None,
        note=fact.note,
        provenance=fact.provenance,
        path=fact.path,
    )


def _decided(row: Row, status: Status | None, *, needed: bool) -> bool:
    """Tell whether something was looked for and found or not; report it where it was not."""
    if row.refused or status in {"present", "absent"}:
        return not row.refused
    if status == "unknown":
        row.report("information", "status", _NOT_LOOKED_FOR)
    elif status == "unsure":
        row.report("warning", "status", _UNSURE)
    elif needed:
        row.refuse(
            "status",
            "the cell is empty: nothing is taken as present or absent that was not said to be; "
            "write present, absent or unknown; the row was not used",
        )
    return False


def _lab(kind: Kind, row: Row, person: Person) -> None:
    status = read_status(row)
    if row.refused:
        return
    if "value" in row.cells:
        if status:
            severity: Severity = "information" if status == "present" else "warning"
            row.report(severity, "status", "the row has a value; the value was used, not the status")
        _measure(row, _fact(row), person, "{score}" if kind == "score" else "")
    elif status is None:
        row.refuse("value", "the cell is empty; the row was not used")
    elif _decided(row, status, needed=False):
        # A result may be given as present or absent only: immunofixation, a variant.
        row.cells["value"] = status
        _measure(row, _fact(row), person)


def _measure(row: Row, fact: _Fact, person: Person, default_unit: str = "") -> None:
    reading = read_result(row, default_unit)
    if reading is None:
        row.refused = True
        return
    person.measurements.append(
        Measurement(
            measure=fact.what,
            value=reading.value,
            comparator=reading.comparator,
            result=reading.result,
            specimen=read_specimen(row),
            laboratory=row.take("laboratory"),
            assay=row.take("assay"),
            reference=read_reference(row, reading),
            flags=read_flags(row),
            absent=reading.absent,
            on=fact.on,
            note=fact.note,
            provenance=fact.provenance,
            path=fact.path,
        )
    )


def _happened(row: Row) -> bool:
    """Tell whether a treatment, procedure or event took place; a row without a status says so."""
    status = read_status(row)
    if status == "absent":
        row.report("information", "status", "what did not take place is not recorded")
    return not row.refused and status != "absent" and (not status or _decided(row, status, needed=False))


def _treatment(_: Kind, row: Row, person: Person) -> None:
    if not _happened(row):
        return
    regimen, agents = _given(row)
    if row.refused:
        return
    fact = _fact(row, what=Concept())
    person.treatments.append(
        Treatment(
            regimen=regimen,
            agents=agents,
            cycles=read_count(row, "cycles"),
            start=fact.on,
            end=read_when(row, "end_date"),
            intent=row.take("intent"),
            note=fact.note,
            provenance=fact.provenance,
            path=fact.path,
        )
    )


def _given(row: Row) -> tuple[str, tuple[Agent, ...]]:
    """The regimen and its drugs: those of `drugs`, else those that the regimen is made of by its own words."""
    text = row.take("what")
    if drugs := row.take("drugs"):
        agents = read_agents(row, drugs)
        if len(agents) == 1 and agents[0].dose is None:
            agents = (replace(agents[0], dose=read_dose(row)),)
        return "" if text == UNNAMED else text, agents
    names = [part.strip() for part in re.split(r"[+/]", text) if part.strip()]
    if not names:
        row.refuse("what", "no drug is named; the row was not used")
        return "", ()
    named = [read_concept(row, "what", name) for name in names]
    # A dose beside several drugs belongs to one of them, and which is not said: it stays unused.
    dose = read_dose(row) if len(named) == 1 else None
    return text, tuple(Agent(drug, dose) for drug in named)


def _procedure(_: Kind, row: Row, person: Person) -> None:
    if not _happened(row):
        return
    fact, site, drugs = _fact(row), row.take("site"), row.take("drugs")
    person.procedures.append(
        Procedure(
            concept=fact.what,
            on=fact.on,
            end=read_when(row, "end_date"),
            site=read_words(row, "site", site) if site else None,
            dose=read_dose(row),
            fractions=read_count(row, "cycles"),
            conditioning=read_agents(row, drugs) if drugs else (),
            note=fact.note,
            provenance=fact.provenance,
            path=fact.path,
        )
    )


def _event(_: Kind, row: Row, person: Person) -> None:
    if not _happened(row):
        return
    kind = EVENTS.find(row.take("what"))
    fact = _fact(row)
    named = row.take("value") if kind else ""
    concept = fact.what if kind is None else read_concept(row, "value", named) if named else None
    person.events.append(
        Event(
            kind=kind or "other",
            concept=concept,
            on=fact.on,
            end=read_when(row, "end_date"),
            note=fact.note,
            provenance=fact.provenance,
            path=fact.path,
        )
    )


_READERS: dict[Kind, Callable[[Kind, Row, Person], None]] = {
    "person": _trait,
    "sign": _statement,
    "neurophysiology": _statement,
    "imaging": _statement,
    "pathology": _statement,
    "disease": _statement,
    "lab": _lab,
    "score": _lab,
    "treatment": _treatment,
    "procedure": _procedure,
    "event": _event,
}
