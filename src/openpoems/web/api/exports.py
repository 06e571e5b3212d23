"""A whole record in a form that can be taken away."""

from collections.abc import Callable
from typing import Literal

import msgspec
from django.utils import timezone

from openpoems import __version__
from openpoems.interchange import csv, fhir, phenopackets
from openpoems.record import PartialDate, PatientRecord
from openpoems.web.registry.models import Person
from openpoems.web.registry.store import record_of

Form = Literal["fhir", "phenopacket", "csv"]
FORMS = {
    "fhir": "application/fhir+json; charset=utf-8",
    "phenopacket": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}


def exported(person: Person, form: str) -> bytes:
    """The record in one of the forms, as UTF-8."""
    return _WRITERS[form](record_of(person))


def _phenopacket(record: PatientRecord) -> bytes:
    today = PartialDate.of(timezone.localdate())
    return msgspec.json.encode(phenopackets.write(record, created=today, created_by=f"openpoems {__version__}"))


_WRITERS: dict[str, Callable[[PatientRecord], bytes]] = {
    "fhir": lambda record: msgspec.json.encode(fhir.write(record)),
    "phenopacket": _phenopacket,
    "csv": lambda record: csv.write(record)[0].encode(),
}
