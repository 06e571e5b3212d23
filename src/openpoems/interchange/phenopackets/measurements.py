"""Laboratory results, imaging measures and scores: `measurements`, to measurements and back.

A Phenopacket has no field for the specimen of a result. It is taken from the first of these that
names one: the biosample the result stands in, the procedure that obtained the sample, the label
of the assay, the description. "Serum or plasma" names none.
"""

import math
import re
from collections.abc import Iterator
from typing import Any

from openpoems.interchange.phenopackets.amounts import (
    COMPARATOR,
    MEANING,
    Amount,
    beside,
    comparator_of,
    read_amount,
    write_amount,
)
from openpoems.interchange.phenopackets.shape import Block, Report, block, items, tell_nameless, text
from openpoems.interchange.phenopackets.terms import concept, remark, term
from openpoems.interchange.phenopackets.times import element, when, when_of
from openpoems.interchange.values import specimen_of
from openpoems.quantities import Quantity, ucum
from openpoems.record import Concept, Measurement, When
from openpoems.record.model import Comparator

_MEASUREMENT = frozenset({"assay", "value", "complexValue", "timeObserved", "procedure", "description"}) | MEANING
_VALUE = frozenset({"quantity", "ontologyClass"}) | MEANING
_COMPLEX = frozenset({"typedQuantities"}) | MEANING
_TYPED = frozenset({"type", "quantity"}) | MEANING
_PROCEDURE = frozenset({"code", "bodySite", "performed"})
_SPECIMEN = "OPENPOEMS:specimen"
_NOTHING = Amount(None, "", None)
_AGAIN = re.compile(r"([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*(.*)")


def read_measurements(value: object, path: str, report: Report, specimen: str = "") -> Iterator[Measurement]:
    """Read a measurement: one result, or one for each quantity of a complex value."""
    found = block(value, _MEASUREMENT, path, report)
    measure = concept(found, "assay", path, report)
    if measure is None:
        tell_nameless(value, "assay", path, report)
        return
    notes: list[str] = []
    on = when(found, "timeObserved", path, report, notes)
    drawn, drawn_on = _procedure(found, path, report, notes)
    note = text(found, "description", path, report)
    specimen = specimen or _specimen(drawn, measure, note, path, report)
    if "complexValue" in found:
        words = "; ".join(filter(None, (note, *notes, f"part of: {_label(measure)}")))
        yield from _parts(found, path, report, (specimen, on or drawn_on, words))
    if "value" in found or "complexValue" not in found:
        amount, result = _value(found, path, report)
        sign, note = _comparator(amount, note)
        yield Measurement(
            measure=measure,
            value=amount.value,
            comparator=sign,
            result=result,
            specimen=specimen,
            reference=amount.reference,
            on=on or drawn_on,
            note="; ".join(filter(None, (note, *notes))),
            path=path,
        )


def write_measurement(measurement: Measurement) -> dict[str, Any]:
    """Write a measurement; a comparator is said in the description, before the value again."""
    written: dict[str, Any] = {"assay": term(measurement.measure)}
    note = measurement.note
    if measurement.value is not None:
        quantity = write_amount(measurement.value, measurement.reference)
        written["value"] = {"quantity": quantity}
        if measurement.comparator:
            said = f"{measurement.comparator}{measurement.value.value!r}"
            note = f"{said}; {note}" if note else said
    elif measurement.result is not None:
        written["value"] = {"ontologyClass": term(measurement.result)}
    if observed := element(measurement.on):
        written["timeObserved"] = observed
    if measurement.specimen:
        written["procedure"] = {"code": {"id": _SPECIMEN, "label": measurement.specimen}}
    if note:
        written["description"] = note
    return written


def _value(owner: Block, path: str, report: Report) -> tuple[Amount, Concept | None]:
    place = f"{path}.value"
    if "value" not in owner:
        report.warning(place, "the result has no value; it says only that the test was done")
        return _NOTHING, None
    found = block(owner["value"], _VALUE, place, report)
    result = concept(found, "ontologyClass", place, report)
    if "quantity" not in found:
        if not found and isinstance(owner["value"], dict):
            report.warning(place, "the result has no value that openpoems can read")
        return _NOTHING, _unchanged(result, (owner, found), path, report)
    amount = read_amount(found["quantity"], f"{place}.quantity", report)
    return beside(beside(amount, found, place, report), owner, path, report), result


def _unchanged(result: Concept | None, owners: tuple[Block, ...], path: str, report: Report) -> Concept | None:
    """The result; None, with an error, where something beside it may change its meaning."""
    if all(MEANING.isdisjoint(owner) for owner in owners):
        return result
    changed = sorted({name for owner in owners for name in MEANING & owner.keys() if owner[name] not in (False, "")})
    if not changed:
        return result
    report.error(path, f"{', '.join(changed)} may change the meaning of the result, which was not used")
    return None


def _parts(owner: Block, path: str, report: Report, shared: tuple[str, When | None, str]) -> Iterator[Measurement]:
    specimen, on, note = shared
    found = block(owner["complexValue"], _COMPLEX, f"{path}.complexValue", report)
    for place, each in items(found, "typedQuantities", f"{path}.complexValue", report):
        part = block(each, _TYPED, place, report)
        measure = concept(part, "type", place, report)
        if measure is None or "quantity" not in part:
            if isinstance(each, dict):
                report.error(place, "a part of the result lacks its type or its quantity; not used")
            continue
        value, sign, reference = read_amount(part["quantity"], f"{place}.quantity", report)
        for holder in (part, found, owner):
            value, sign, reference = beside(Amount(value, sign, reference), holder, place, report)
        yield Measurement(
            measure=measure,
            value=value,
            comparator=sign,
            specimen=specimen,
            reference=reference,
            on=on,
            note=note,
            path=place,
        )


def _comparator(amount: Amount, note: str) -> tuple[Comparator, str]:
    """The comparator, and the note without it: `<31 pg/mL; EDTA` beside the value 31 is `<`."""
    match = COMPARATOR.match(note)
    if match is None or amount.value is None or amount.comparator:
        return amount.comparator, note
    said, _, rest = note[match.end() :].partition(";")
    if said.strip() and not _repeats(said.strip(), amount.value):
        return "", note
    return comparator_of(match), rest.strip()


def _repeats(said: str, value: Quantity) -> bool:
    """Tell whether a text is the value again: `> 3 x ULN` beside the value 3 is not."""
    match = _AGAIN.fullmatch(said)
    if match is None or not math.isclose(float(match[1]), value.value, rel_tol=1e-12):
        return False
    return not match[2] or match[2] == value.unit or ucum(match[2]) == value.unit


def _procedure(owner: Block, path: str, report: Report, notes: list[str]) -> tuple[str, When | None]:
    """The specimen a procedure obtained, and when; what else it says goes to the notes."""
    if "procedure" not in owner:
        return "", None
    place = f"{path}.procedure"
    found = block(owner["procedure"], _PROCEDURE, place, report)
    code = found.get("code")
    if isinstance(code, dict) and code.get("id") == _SPECIMEN:
        return text(code, "label", f"{place}.code", report), None
    specimen = ""
    for name in ("code", "bodySite"):
        said = concept(found, name, place, report)
        if said is not None:
            specimen = specimen or _named(said)
            notes.append(f"sample: {remark(found[name], f'{place}.{name}', Report())}")
    on = None
    if "performed" in found:
        on = when_of(found["performed"], f"{place}.performed", report, notes)
        if "timeObserved" in owner:
            report.information(f"{place}.performed", "timeObserved was used as the date")
    return specimen, on


def _specimen(drawn: str, measure: Concept, note: str, path: str, report: Report) -> str:
    said = _named_in_label(measure)
    if drawn and said and drawn != said:
        if drawn == "blood" and said in {"serum", "plasma"}:
            return said  # blood was drawn, and the test was done in a part of it
        message = f"the sample is another than the assay says ({said}); the first was used"
        report.warning(f"{path}.procedure", message)
    return drawn or said or (specimen_of(note) if note else "")


def _named(said: Concept) -> str:
    found = (specimen_of(coding.id) or specimen_of(coding.label) for coding in said.codings)
    return next(filter(None, found), "") or specimen_of(said.text)


def _named_in_label(measure: Concept) -> str:
    return specimen_of(measure.codings[0].label if measure.codings else measure.text)


def _label(measure: Concept) -> str:
    if not measure.codings:
        return measure.text
    return measure.codings[0].label or measure.codings[0].id
