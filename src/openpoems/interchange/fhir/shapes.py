"""Writing FHIR's data types: the reverse of `elements`. Keys come in a fixed order, and nothing empty is written."""

from typing import Any

from openpoems.codes import to_fhir
from openpoems.interchange.fhir.bundle import Element
from openpoems.interchange.fhir.meanings import ABSENT_EXTENSION, OWN, UCUM
from openpoems.quantities import Quantity, ucum
from openpoems.record import Age, Agent, Coding, Concept, PartialDate, Provenance, Span, When

_AGE_KINDS = "DateTime Age Period Range"


def filled(element: Element) -> Element:
    """An element without its empty values."""
    return {key: value for key, value in element.items() if value is not None and value not in ("", [], {}, ())}


def extension(name: str, **value: Any) -> Element:
    """One of our own extensions, with `valueString=...` or another value."""
    return {"url": f"{OWN}{name}", **value}


def text_extension(name: str, text: str) -> list[Element]:
    """Our own extension with a text; none for an empty text."""
    return [extension(name, valueString=text)] if text else []


def concept(found: Concept | None) -> Element | None:
    """A CodeableConcept; one that says nothing gives its absence as the reason."""
    if found is None:
        return None
    element = filled({"coding": [_coding(each) for each in found.codings], "text": found.text})
    return element or {"extension": [{"url": ABSENT_EXTENSION, "valueCode": "unknown"}]}


def concepts(found: Concept | None) -> list[Element]:
    """A list with one CodeableConcept, or none."""
    element = concept(found)
    return [] if element is None else [element]


def quantity(found: Quantity | None, comparator: str = "") -> Element | None:
    """A Quantity: in UCUM where the unit is of UCUM, else with its unit in words."""
    if found is None:
        return None
    known = bool(found.unit) and ucum(found.unit) == found.unit
    return filled(
        {
            "value": int(found.value) if found.value.is_integer() and abs(found.value) < 2**53 else found.value,
            "comparator": comparator,
            "unit": found.unit,
            "system": UCUM if known else "",
            "code": found.unit if known else "",
        }
    )


def note(text: str) -> list[Element]:
    """A note as a list of one Annotation, or none."""
    return [{"text": text}] if text else []


def choice(stem: str, when: When | None, kinds: str, name: str) -> tuple[Element, list[Element]]:
    """`stem[x]` where it can hold the time as one of `kinds`, else our own extension `name`."""
    match when:
        case None:
            return {}, []
        case PartialDate():
            return {f"{stem}DateTime": str(when)}, []
        case Age() if "Age" in kinds:
            return {f"{stem}Age": _age(when)}, []
        case Span(PartialDate() | None, PartialDate() | None) if "Period" in kinds and (when.start or when.end):
            return {f"{stem}Period": filled({"start": _date(when.start), "end": _date(when.end)})}, []
        case Span(Age() | None as low, Age() | None as high) if "Range" in kinds and (low or high):
            return {f"{stem}Range": {key: _age(age) for key, age in (("low", low), ("high", high)) if age}}, []
    return {}, own_when(name, when)


def any_choice(stem: str, when: When | None) -> tuple[Element, list[Element]]:
    """`stem[x]` of a field that holds dates, ages and spans of either."""
    return choice(stem, when, _AGE_KINDS, {"onset": "onset", "abatement": "resolved"}.get(stem, "on"))


def window(stem: str, start: When | None, end: When | None, names: tuple[str, str]) -> tuple[Element, list[Element]]:
    """A start and an end: a Period where both are dates, else a single date and our own extensions."""
    dates = isinstance(start, PartialDate | None) and isinstance(end, PartialDate | None)
    if dates and end is not None:
        return {f"{stem}Period": filled({"start": _date(start), "end": _date(end)})}, []
    if isinstance(start, PartialDate):
        return {f"{stem}DateTime": str(start)}, own_when(names[1], end)
    return {}, [*own_when(names[0], start), *own_when(names[1], end)]


def own_when(name: str, when: When | None) -> list[Element]:
    """A time in our own extension: a date, an age as an ISO 8601 duration, or `start..end`."""
    if when is None:
        return []
    if isinstance(when, PartialDate):
        return [extension(name, valueDateTime=str(when))]
    return [extension(name, valueString=str(when))]


def provenance(said: Provenance, *, recorded: bool = True) -> list[Element]:
    """Who says so, as our own extension; `recorded` is left out where R4 has a field for it."""
    inner = [
        *text_extension("said-by", said.said_by),
        *text_extension("document", said.document),
        *(own_when("recorded", said.recorded) if recorded else []),
        *text_extension("verified-by", said.verified_by),
    ]
    return [extension("provenance", extension=inner)] if inner else []


def conditioning(agent: Agent) -> Element:
    """A drug of a conditioning, as our own extension of a Procedure."""
    dose = quantity(agent.dose)
    inner = [
        extension("drug", valueCodeableConcept=concept(agent.drug)),
        *([extension("dose", valueQuantity=dose)] if dose else []),
        *text_extension("schedule", agent.schedule),
        *text_extension("route", agent.route),
    ]
    return extension("conditioning", extension=inner)


def dosage(agent: Agent) -> list[Element]:
    """The Dosage of a drug, as a list of one, or none."""
    dose = quantity(agent.dose)
    element = filled(
        {
            "text": agent.schedule,
            "route": {"text": agent.route} if agent.route else None,
            "doseAndRate": [{"doseQuantity": dose}] if dose else [],
        }
    )
    return [element] if element else []


def _coding(found: Coding) -> Element:
    system, code = to_fhir(found.id)
    return filled({"system": system, "code": code, "display": found.label})


def _date(found: When | None) -> str:
    return "" if found is None else str(found)


def _age(found: Age) -> Element:
    exact = [extension("age", valueString=str(found))] if found.months is not None else []
    return filled({"extension": exact}) | {
        "value": found.years,
        "unit": "a",
        "system": UCUM,
        "code": "a",
    }
