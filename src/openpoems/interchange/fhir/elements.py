"""Reading FHIR's data types: CodeableConcept, Quantity, Annotation, and the many ways to say when."""

from functools import lru_cache
from typing import Any

from openpoems.codes import from_fhir
from openpoems.errors import Issue
from openpoems.interchange.fhir.bundle import Element
from openpoems.interchange.fhir.draft import Draft
from openpoems.interchange.fhir.meanings import OWN, UCUM
from openpoems.interchange.values import read_age, read_date, read_quantity
from openpoems.quantities import Quantity, ucum
from openpoems.record import Age, Coding, Concept, PartialDate, Provenance, Span, When

_UCUM_SYSTEMS = frozenset({UCUM, "", "urn:oid:2.16.840.1.113883.6.8"})
_NUMBERS = (int, float)
_SURE = 1e15  # no result of medicine is larger, and such a number is finite
_MONTHS_A_YEAR = 12
_DAYS_A_WEEK = 7


def one(element: Element, key: str, at: str, issues: list[Issue]) -> Element | None:
    """The object under a key; None where there is none. Anything else there is an issue."""
    value = element.get(key)
    if value is None or isinstance(value, dict):
        return value
    issues.append(Issue("error", f"{at}.{key}", "an object belongs here; what stands here was not used"))
    return None


def many(element: Element, key: str, at: str, issues: list[Issue]) -> list[Element]:
    """The objects in the list under a key. Anything else there is an issue."""
    value = element.get(key)
    if value is None:
        return []
    if type(value) is not list:
        return _not_a_list(value, f"{at}.{key}", issues)
    for item in value:
        if type(item) is not dict:
            return _objects(value, f"{at}.{key}", issues)
    return value


def word(element: Element, key: str, at: str, issues: list[Issue]) -> str:
    """The text under a key, without blanks at its ends; "" where there is none. Anything else is an issue."""
    value = element.get(key)
    if isinstance(value, str):
        return value.strip()
    if value is not None:
        issues.append(Issue("error", f"{at}.{key}", "a text belongs here; what stands here was not used"))
    return ""


def concept_of(element: Element, at: str, issues: list[Issue]) -> Concept:
    """A CodeableConcept. A coding without a code lends its display to the words where these are missing."""
    quick = _quick_concept(element)
    if quick is not None:
        return quick
    text = word(element, "text", at, issues)
    codings = []
    for coding in many(element, "coding", at, issues):
        code = word(coding, "code", f"{at}.coding", issues)
        label = word(coding, "display", f"{at}.coding", issues)
        if code:
            codings.append(_coding(word(coding, "system", f"{at}.coding", issues), code, label))
        elif label and label not in text:
            text = f"{text}; {label}" if text else label
    return Concept(tuple(codings), text)


def concept(element: Element, key: str, at: str, issues: list[Issue]) -> Concept | None:
    """The CodeableConcept under a key, or None where it is missing or says nothing."""
    value = element.get(key)
    if value is None:
        return None
    found = _quick_concept(value) if type(value) is dict else None
    if found is not None:
        return found
    value = one(element, key, at, issues)
    if value is None:
        return None
    found = concept_of(value, f"{at}.{key}", issues)
    return found if found.codings or found.text else None


def concepts(element: Element, key: str, at: str, issues: list[Issue]) -> list[Concept]:
    """The CodeableConcepts in the list under a key, without empty ones."""
    if key not in element:
        return []
    found = [concept_of(value, f"{at}.{key}", issues) for value in many(element, key, at, issues)]
    return [each for each in found if each.codings or each.text]


def words_of(found: Concept) -> str:
    """A concept in words: its text, else the label of a code, else a code."""
    return found.text or next((each.label for each in found.codings if each.label), "") or found.codings[0].id


def spelled(found: Concept) -> str:
    """A concept for a note: words and codes."""
    codes = ", ".join(coding.id for coding in found.codings)
    words = words_of(found)
    return f"{words} ({codes})" if codes and words != codes else words


def quantity_of(element: Element, at: str, issues: list[Issue], unit: str = "") -> Quantity | None:
    """A Quantity without its comparator: the code of the unit where that is known, else the words for it.

    `unit` is taken, with a warning, where the element names none.
    """
    system, code, printed = element.get("system", ""), element.get("code", ""), element.get("unit", "")
    if not (type(system) is str and type(code) is str and type(printed) is str):
        system, code, printed = (word(element, key, at, issues) for key in ("system", "code", "unit"))
    chosen = _unit(system, code, printed)
    number: Any = element.get("value")
    known = ucum(chosen)
    if known is not None and type(number) in _NUMBERS and abs(number) < _SURE:
        return Quantity(float(number), known)  # the usual case, in which `read_quantity` has nothing to report
    if not chosen and unit:
        issues.append(Issue("warning", at, "no unit is given here; that of the result was taken"))
        chosen = unit
    return read_quantity(number, chosen, at, issues)


def quantity(element: Element, key: str, at: str, issues: list[Issue]) -> Quantity | None:
    """The Quantity under a key, or None."""
    value = one(element, key, at, issues)
    return None if value is None else quantity_of(value, f"{at}.{key}", issues)


def notes(resource: Element, at: str, issues: list[Issue]) -> str:
    """The texts of the notes, one a line; who wrote them is not kept."""
    if "note" not in resource:
        return ""
    texts = [word(each, "text", f"{at}.note", issues) for each in many(resource, "note", at, issues)]
    return "\n".join(text for text in texts if text)


def joined(*texts: str) -> str:
    """Texts as lines of one note, without empty ones."""
    return "\n".join(text for text in texts if text)


def when(resource: Element, stem: str, at: str, draft: Draft) -> When | None:
    """Read `stem[x]`: dateTime, instant, Period, Age or Range. What only words say is left to `said_when`."""
    value = resource.get(f"{stem}DateTime") or resource.get(f"{stem}Instant")
    if value:
        return read_date(value, f"{at}.{stem}DateTime", draft.issues)
    if f"{stem}Period" in resource:
        return period(resource, f"{stem}Period", at, draft.issues)
    if f"{stem}Age" in resource:
        age = one(resource, f"{stem}Age", at, draft.issues)
        return None if age is None else _age(age, f"{at}.{stem}Age", draft.issues)
    if f"{stem}Range" in resource:
        return _ages(resource, f"{stem}Range", at, draft.issues)
    return None


def said_when(resource: Element, stem: str, at: str, draft: Draft) -> str:
    """The words of `stemString` for a note; they are not read as a date."""
    key = f"{stem}String"
    said = word(resource, key, at, draft.issues) if key in resource else ""
    if not said:
        return ""
    draft.say("warning", f"{at}.{stem}String", "a time in words was kept as a note; give a date or an age")
    return f"{stem}: {said}"


def period(resource: Element, key: str, at: str, issues: list[Issue]) -> Span | None:
    """The Period under a key, either end of which may be open."""
    value = one(resource, key, at, issues)
    if value is None:
        return None
    start, end = (
        read_date(value[end], f"{at}.{key}.{end}", issues) if value.get(end) is not None else None
        for end in ("start", "end")
    )
    return Span(start, end) if start or end else None


def own_when(own: dict[str, Element], name: str, at: str, issues: list[Issue]) -> When | None:
    """A time in our own extension: a date, an age, or `start..end`."""
    element = own.get(name)
    if not element:
        return None
    at = f"{at}.extension({OWN}{name})"
    text = element.get("valueDateTime") or word(element, "valueString", at, issues)
    if not isinstance(text, str) or ".." not in text:
        return _moment(text, at, issues)
    start, _, end = text.partition("..")
    return Span(*(_moment(each, at, issues) if each else None for each in (start, end)))


def own_text(own: dict[str, Element], name: str) -> str:
    """A text in our own extension, or ""."""
    element = own.get(name) or {}
    value = element.get("valueString") or element.get("valueCode")
    return value if isinstance(value, str) else ""


def own_count(own: dict[str, Element], name: str, at: str, issues: list[Issue]) -> int | None:
    """A whole number in our own extension, or None."""
    if name not in own:
        return None
    value: Any = own[name].get("valueInteger")
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    issues.append(Issue("error", f"{at}.extension({OWN}{name})", "a whole number belongs here; it was not used"))
    return None


def provenance(
    recorded: str, speakers: str, resource: Element, own: dict[str, Element], at: str, draft: Draft
) -> Provenance:
    """Who says so and when it was recorded: our own extension, else the fields `recorded` and `speakers` of R4."""
    inner: dict[str, Element] = draft.own(own["provenance"]) if "provenance" in own else {}
    date: PartialDate | None = None
    if recorded and resource.get(recorded) is not None:
        date = read_date(resource[recorded], f"{at}.{recorded}", draft.issues)
    elif "recorded" in inner:
        found = own_when(inner, "recorded", at, draft.issues)
        date = found if isinstance(found, PartialDate) else None
    if inner:
        return Provenance(
            own_text(inner, "said-by"),
            own_text(inner, "document"),
            date,
            own_text(inner, "verified-by"),
        )
    said_by = ""
    for key in speakers.split():
        if key in resource and not said_by:
            said_by = _role(resource[key])
    return Provenance(said_by, "", date) if said_by or date else _NOBODY


def reference_kind(reference: Element) -> str:
    """The type of resource a reference names, as far as its text shows it."""
    kind = reference.get("type")
    if isinstance(kind, str) and kind:
        return kind
    written = reference.get("reference")
    parts = written.split("/") if isinstance(written, str) else []
    return parts[-2] if len(parts) > 1 else ""


_NOBODY = Provenance()
_ROLES = {
    "Patient": "patient",
    "RelatedPerson": "patient",
    "Practitioner": "clinician",
    "PractitionerRole": "clinician",
}


def _role(value: object) -> str:
    for each in value if isinstance(value, list) else [value]:
        role = _ROLES.get(reference_kind(_actor(each))) if isinstance(each, dict) else None
        if role:
            return role
    return ""


def _actor(element: Element) -> Element:
    # In an administration, the reference stands one level down.
    actor = element.get("actor")
    return actor if isinstance(actor, dict) else element


def _quick_concept(element: Element) -> Concept | None:
    """The usual form, one whole coding with or without words; None for any other."""
    listed = element.get("coding")
    if type(listed) is not list or len(listed) != 1 or type(listed[0]) is not dict:
        return None
    coding = listed[0]
    system, code = coding.get("system", ""), coding.get("code", "")
    label, text = coding.get("display", ""), element.get("text", "")
    if type(code) is str and type(system) is str and type(label) is str and type(text) is str and code.strip():
        return _single(system, code, label, text)
    return None


def _not_a_list(value: object, at: str, issues: list[Issue]) -> list[Element]:
    if isinstance(value, dict):
        issues.append(Issue("warning", at, "a list belongs here; the one object was read"))
        return [value]
    issues.append(Issue("error", at, "a list of objects belongs here; what stands here was not used"))
    return []


def _objects(listed: list[Any], at: str, issues: list[Issue]) -> list[Element]:
    for number, item in enumerate(listed):
        if not isinstance(item, dict):
            issues.append(Issue("error", f"{at}[{number}]", "an object belongs here; it was not used"))
    return [item for item in listed if isinstance(item, dict)]


@lru_cache(maxsize=8192)
def _single(system: str, code: str, label: str, text: str) -> Concept:
    return Concept((_coding(system.strip(), code.strip(), label.strip()),), text.strip())


@lru_cache(maxsize=1024)
def _unit(system: str, code: str, printed: str) -> str:
    """The unit to read: the code where it is of UCUM, else what was printed; of the two, the one that is known."""
    written, printed = code.strip(), printed.strip()
    if system not in _UCUM_SYSTEMS and printed:
        written, printed = printed, written
    if written and printed and ucum(written) is None and ucum(printed) is not None:
        return printed
    return written or printed


@lru_cache(maxsize=8192)
def _coding(system: str, code: str, label: str) -> Coding:
    return Coding(from_fhir(system, code), label)


def _moment(text: object, at: str, issues: list[Issue]) -> PartialDate | Age | None:
    if isinstance(text, str) and text.startswith("P"):
        return read_age(text, at, issues)
    return read_date(text, at, issues)


def _ages(resource: Element, key: str, at: str, issues: list[Issue]) -> Span | None:
    value = one(resource, key, at, issues)
    if value is None:
        return None
    low, high = one(value, "low", f"{at}.{key}", issues), one(value, "high", f"{at}.{key}", issues)
    start = None if low is None else _exact_age(low, f"{at}.{key}.low", issues)
    end = None if high is None else _exact_age(high, f"{at}.{key}.high", issues)
    return Span(start, end) if start or end else None


def _age(element: Element, at: str, issues: list[Issue]) -> When | None:
    age = _exact_age(element, at, issues)
    comparator = element.get("comparator")
    if age is None or comparator is None:
        return age
    return Span(None, age) if comparator in ("<", "<=") else Span(age, None)


def _exact_age(element: Element, at: str, issues: list[Issue]) -> Age | None:
    for each in many(element, "extension", at, issues):
        if each.get("url") == f"{OWN}age":
            return read_age(each.get("valueString"), at, issues)
    read: list[Issue] = []
    found = quantity_of(element, at, read)
    unit = found.unit if found is not None else ""
    if found is None or unit not in {"a", "mo", "wk", "d"} or not 0 <= found.value < 1e5:  # noqa: PLR2004 - 270 years in days
        issues.append(Issue("error", at, "an age is a number with the unit a, mo, wk or d; it was not used"))
        return None
    whole = int(found.value)
    if whole != found.value:
        issues.append(Issue("information", at, "the age is not a whole number; it was read as completed units"))
    if unit == "a":
        return Age(whole)
    if unit == "mo":
        return Age(*divmod(whole, _MONTHS_A_YEAR))
    return Age(0, 0, whole * (_DAYS_A_WEEK if unit == "wk" else 1))
