"""The patient record: what was observed, when, and by whom."""

from openpoems.record.model import (
    Agent,
    Coding,
    Concept,
    Event,
    Feature,
    Measurement,
    PatientRecord,
    Procedure,
    Provenance,
    ReferenceRange,
    Treatment,
)
from openpoems.record.time import Age, PartialDate, Span, When

__all__ = [
    "Age",
    "Agent",
    "Coding",
    "Concept",
    "Event",
    "Feature",
    "Measurement",
    "PartialDate",
    "PatientRecord",
    "Procedure",
    "Provenance",
    "ReferenceRange",
    "Span",
    "Treatment",
    "When",
]
