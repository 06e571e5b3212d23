"""One person's record: what was observed, measured and done, when, and who says so.

The record knows no disease. Concepts are codes and words as the source gave them; what they mean for POEMS is decided
in `openpoems.findings`. Values are frozen and compare by content; where a fact stood in its source (`path`) is not
part of it, so that a record written and read again is the same record. No `repr` shows a person's data.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from openpoems.quantities import Quantity
from openpoems.record.time import PartialDate, When

Sex = Literal["female", "male", "other", "unknown"]
Comparator = Literal["", "<", "<=", ">", ">="]
Category = Literal["phenotype", "disease"]
Basis = Literal["", "clinical", "imaging", "pathology", "laboratory", "neurophysiology", "patient"]
EventKind = Literal["death", "hospitalisation", "diagnosis", "earlier-label", "first-symptom", "other"]


class _Private:
    """Keeps what a person's record holds out of logs and tracebacks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


@dataclass(frozen=True, slots=True)
class Coding:
    """A code as a CURIE with openpoems' prefix (see `openpoems.codes`), and the label the source printed beside it."""

    id: str
    label: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Concept(_Private):
    """What a source calls something: any number of codes for the same thing, and its words."""

    codings: tuple[Coding, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Provenance(_Private):
    """Who says so (`patient`, `clinician`, `laboratory`, ...), in which document, recorded when, verified by whom."""

    said_by: str = ""
    document: str = ""
    recorded: PartialDate | None = None
    verified_by: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Feature(_Private):
    """A sign, a symptom, a statement from imaging or pathology, or a disease: looked for, and found or excluded."""

    concept: Concept
    excluded: bool = False
    category: Category = "phenotype"
    basis: Basis = ""
    on: When | None = None
    onset: When | None = None
    resolved: When | None = None
    site: Concept | None = None
    severity: Concept | None = None
    note: str = ""
    provenance: Provenance = Provenance()
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, repr=False)
class ReferenceRange(_Private):
    """The laboratory's own range as reported with the result; a bound that was not given is None."""

    low: Quantity | None = None
    high: Quantity | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Measurement(_Private):
    """A result: laboratory value, imaging measure or functional score.

    `value` is a quantity with the comparator the laboratory gave (`<31`), or `result` is a coded or worded answer
    (`positive`). `specimen` is `serum`, `plasma`, `blood`, `urine`, `csf`, `marrow`, another word, or "" when it was
    not said. `flags` are HL7 interpretation codes (`H`, `L`, `N`, `POS` ...), or the words of one that is not known.
    `absent` says why there is no value.
    """

    measure: Concept
    value: Quantity | None = None
    comparator: Comparator = ""
    result: Concept | None = None
    specimen: str = ""
    laboratory: str = ""
    assay: str = ""
    reference: ReferenceRange | None = None
    flags: tuple[str, ...] = ()
    absent: str = ""
    on: When | None = None
    note: str = ""
    provenance: Provenance = Provenance()
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, repr=False)
class Agent(_Private):
    """A drug as given: dose, schedule in words, route."""

    drug: Concept
    dose: Quantity | None = None
    schedule: str = ""
    route: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Treatment(_Private):
    """A line of drug treatment: a regimen or its agents, with cycles, start, end and intent."""

    regimen: str = ""
    agents: tuple[Agent, ...] = ()
    cycles: int | None = None
    start: When | None = None
    end: When | None = None
    intent: str = ""
    note: str = ""
    provenance: Provenance = Provenance()
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, repr=False)
class Procedure(_Private):
    """Something done: transplantation with its conditioning, radiotherapy with dose and field, a biopsy."""

    concept: Concept
    on: When | None = None
    end: When | None = None
    site: Concept | None = None
    dose: Quantity | None = None
    fractions: int | None = None
    conditioning: tuple[Agent, ...] = ()
    note: str = ""
    provenance: Provenance = Provenance()
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, repr=False)
class Event(_Private):
    """Something that happened: a death, a stay in hospital, the day a diagnosis was made, an earlier label."""

    kind: EventKind
    concept: Concept | None = None
    on: When | None = None
    end: When | None = None
    note: str = ""
    provenance: Provenance = Provenance()
    path: str = field(default="", compare=False)


Fact: TypeAlias = Feature | Measurement | Treatment | Procedure | Event


@dataclass(frozen=True, slots=True, repr=False)
class PatientRecord(_Private):
    """Everything recorded about one person. `patient` is a pseudonym; `references` are citations or documents."""

    patient: str
    sex: Sex = "unknown"
    birth: PartialDate | None = None
    last_seen: When | None = None
    features: tuple[Feature, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    events: tuple[Event, ...] = ()
    references: tuple[str, ...] = ()
