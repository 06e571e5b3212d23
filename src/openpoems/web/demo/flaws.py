"""What goes wrong in records, put into invented ones: gaps, slips, and people who say different things."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from openpoems.quantities import Quantity
from openpoems.record import PartialDate, PatientRecord
from openpoems.record.model import Measurement, Provenance
from openpoems.web.demo.codes import sign
from openpoems.web.demo.invented import invented

PATIENT = Provenance(said_by="patient")


def flawed(record: PatientRecord, today: date, rng: Random, *, patient_enters: bool) -> PatientRecord:
    """The record with the flaws that chance gave it; with `patient_enters` its newest VEGF may come from the person."""
    told = invented()["flaws"]
    if patient_enters and rng.random() < told["patient_value"]:
        record = _told_by_the_person(record)
    if record.treatments and rng.random() < told["backwards"]:
        line = record.treatments[0]
        ends = PartialDate.parse(str(line.start).replace(str(line.start)[:4], str(int(str(line.start)[:4]) - 1)))
        record = replace(record, treatments=(replace(line, end=ends), *record.treatments[1:]))
    if rng.random() < told["no_specimen"]:
        record = _changed(record, rng, specimen="")
    if rng.random() < told["odd_unit"]:
        record = _changed(record, rng, unit="pg/tube")
    if rng.random() < told["future"]:
        record = _changed(record, rng, on=PartialDate.of(today + timedelta(days=400)))
    if rng.random() < told["two_values"]:
        record = _second_value(record, rng)
    if rng.random() < told["two_statements"]:
        record = _second_statement(record)
    return record


def _vegf(record: PatientRecord) -> list[int]:
    return [n for n, each in enumerate(record.measurements) if each.specimen in ("serum", "plasma") and each.assay]


def _put(record: PatientRecord, at: int, fact: Measurement) -> PatientRecord:
    kept = record.measurements
    return replace(record, measurements=(*kept[:at], fact, *kept[at + 1 :]))


def _changed(
    record: PatientRecord, rng: Random, *, specimen: str | None = None, unit: str = "", on: PartialDate | None = None
) -> PatientRecord:
    at = rng.choice(_vegf(record) or [0])
    fact = record.measurements[at]
    if specimen is not None:
        fact = replace(fact, specimen=specimen)
    if unit and fact.value:
        fact = replace(fact, value=Quantity(fact.value.value, unit), reference=None)
    return _put(record, at, replace(fact, on=on or fact.on))


def _told_by_the_person(record: PatientRecord) -> PatientRecord:
    for at in _vegf(record)[-2:]:
        record = _put(record, at, replace(record.measurements[at], provenance=PATIENT))
    return record


def _second_value(record: PatientRecord, rng: Random) -> PatientRecord:
    """The same test of the same day with another value, as a slip of the pen gives it."""
    fact = record.measurements[rng.choice(_vegf(record) or [0])]
    if fact.value is None:
        return record
    slipped = Quantity(float(f"{fact.value.value / 10:.3g}"), fact.value.unit)
    other = replace(fact, value=slipped, provenance=PATIENT)
    return replace(record, measurements=(*record.measurements, other))


def _second_statement(record: PatientRecord) -> PatientRecord:
    said = record.features[-1]
    on = date.fromordinal(said.on.days()[0]) if isinstance(said.on, PartialDate) else date.today()  # noqa: DTZ011
    seen = sign("peripheral-oedema", on, excluded=False, basis="patient", provenance=PATIENT)
    gone = sign("peripheral-oedema", on, excluded=True, basis="clinical", provenance=Provenance(said_by="clinician"))
    return replace(record, features=(*record.features, seen, gone))
