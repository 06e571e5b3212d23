"""The parts of an Observation around its code: value, interpretation, reference range, specimen, laboratory, method."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from openpoems.interchange.fhir.bundle import Element, Entry
from openpoems.interchange.fhir.draft import Draft
from openpoems.interchange.fhir.elements import (
    concept,
    concepts,
    many,
    one,
    own_text,
    quantity_of,
    reference_kind,
    spelled,
    word,
    words_of,
)
from openpoems.interchange.fhir.meanings import DATA_ABSENT, INTERPRETATION, answer, flag_of, sex_of
from openpoems.interchange.values import read_date, read_number, specimen_of
from openpoems.quantities import Quantity
from openpoems.record import Coding, Concept, ReferenceRange, When
from openpoems.record.model import Comparator

_COMPARATORS: dict[str, Comparator] = {"<": "<", "<=": "<=", ">=": ">=", ">": ">"}
_NUMBER_IN_WORDS = re.compile(r"[<>≤≥]?=?\s*\d+([.,]\d+)?(\s*\S{1,12})?")
_BOUNDS = frozenset({"low", "high"})
_BOOLEAN = {
    True: Concept((Coding("LOINC:LA33-6", "Yes"),), "true"),
    False: Concept((Coding("LOINC:LA32-8", "No"),), "false"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Value:
    """What was found: a quantity or a result, what it answers (present, absent, or None), or why there is none."""

    quantity: Quantity | None = None
    comparator: Comparator = ""
    result: Concept | None = None
    answer: bool | None = None
    absent: str = ""


def read_value(holder: Element, at: str, draft: Draft) -> Value:
    """Read `value[x]` and `dataAbsentReason` of an Observation or a component."""
    keys = [key for key in holder if key.startswith("value")]
    absent = _absent(holder, at, draft) if "dataAbsentReason" in holder else ""
    if not keys:
        return Value(absent=absent) if absent else _NOTHING
    if len(keys) > 1:
        draft.say("error", at, "there is more than one value; only one is allowed, and none was used")
        return Value(absent=absent)
    key = keys[0]
    place = f"{at}.{key}"
    if key == "valueQuantity":
        found = _quantity(holder, at, draft)
    elif key == "valueCodeableConcept":
        result = concept(holder, key, at, draft.issues)
        found = Value(result=result, answer=None if result is None else answer(result))
    elif key in {"valueRange", "valueRatio"}:
        element = one(holder, key, at, draft.issues)
        read = _range if key == "valueRange" else _ratio
        found = _NOTHING if element is None else read(element, place, draft)
    else:
        found = _plain(key, holder[key], place, draft)
    return replace(found, absent=absent) if absent else found


def read_flags(holder: Element, at: str, draft: Draft) -> tuple[str, ...]:
    """The interpretation as HL7 codes; one in words that are not known is named in an issue."""
    flags: list[str] = []
    for each in concepts(holder, "interpretation", at, draft.issues):
        flag = _flag_in(each)
        if flag:
            flags.append(flag)
        else:
            codings = ", ".join(coding.id for coding in each.codings)[:60] or "given in words"
            message = f"the interpretation ({codings}) is no HL7 code that is known; it was not used"
            draft.say("warning", f"{at}.interpretation", message)
    return tuple(flags)


def read_reference(holder: Element, at: str, unit: str, draft: Draft) -> ReferenceRange | None:
    """The laboratory's range: the normal one for this person's sex; where several may apply, only their words."""
    listed = [each for each in many(holder, "referenceRange", at, draft.issues) if draft.unmodified(each, at)]
    place = f"{at}.referenceRange"
    if not listed:
        return None
    if len(listed) == 1 and "type" not in listed[0] and "appliesTo" not in listed[0]:
        return _reference(listed[0], place, unit, draft)
    fitting = [each for each in listed if _is_normal(each, place, draft) and _is_for(each, place, draft)]
    if len(fitting) == 1:
        return _reference(fitting[0], place, unit, draft)
    ranges = [_reference(each, place, unit, draft) for each in fitting or listed]
    if ranges and all(each == ranges[0] for each in ranges) and fitting:
        return ranges[0]
    draft.say(
        "warning",
        place,
        "it is not clear which of the ranges applies; they were kept as words and not used",
    )
    return ReferenceRange(text="; ".join(filter(None, map(_in_words, ranges))))


def read_specimen(entry: Entry, at: str, draft: Draft) -> tuple[str, When | None]:
    """What the specimen was, and when it was taken (else when it was received)."""
    reference = one(entry.resource, "specimen", at, draft.issues)
    if reference is None:
        return "", None
    written = reference.get("reference")
    if not isinstance(written, str):
        return _specimen_word(word(reference, "display", f"{at}.specimen", draft.issues)), None
    found = draft.follow(reference, entry, f"{at}.specimen")
    if found is None:
        return _specimen_word(word(reference, "display", f"{at}.specimen", draft.issues)), None
    if found.at not in draft.specimens:
        draft.specimens[found.at] = _specimen(found, draft)
    return draft.specimens[found.at]


def read_laboratory(entry: Entry, at: str, draft: Draft) -> str:
    """The name of the organisation that performed it. The name of a person is not kept."""
    for performer in many(entry.resource, "performer", at, draft.issues):
        written = performer.get("reference")
        found = draft.index.find(written, entry) if isinstance(written, str) else None
        kind = found.kind if found is not None else reference_kind(performer)
        if kind == "Organization":
            name = word(found.resource, "name", found.at, draft.issues) if found is not None else ""
            name = name or word(performer, "display", f"{at}.performer", draft.issues)
            if name:
                return name
            draft.say("warning", f"{at}.performer", "the laboratory has no name in this document")
    return ""


def read_assay(entry: Entry, at: str, draft: Draft) -> str:
    """The method and the device, in words."""
    method = concept(entry.resource, "method", at, draft.issues)
    said = [words_of(method)] if method is not None else []
    reference = one(entry.resource, "device", at, draft.issues)
    if reference is not None:
        display = word(reference, "display", f"{at}.device", draft.issues)
        found = None if display else draft.follow(reference, entry, f"{at}.device")
        said.append(display if found is None else _device(found, draft))
    return "; ".join(text for text in said if text)


_NOTHING = Value()


def _quantity(holder: Element, at: str, draft: Draft) -> Value:
    element = one(holder, "valueQuantity", at, draft.issues)
    if element is None:
        return _NOTHING
    value = quantity_of(element, f"{at}.valueQuantity", draft.issues)
    written = element.get("comparator")
    if value is None or written is None:
        return Value(value)
    comparator = _COMPARATORS.get(written) if isinstance(written, str) else None
    if comparator is None:
        message = "the comparator is none of <, <=, >= and >; the value was not used"
        draft.say("error", f"{at}.valueQuantity.comparator", message)
        return _NOTHING
    return Value(value, comparator)


def _plain(key: str, value: object, at: str, draft: Draft) -> Value:
    if key == "valueBoolean" and isinstance(value, bool):
        return Value(result=_BOOLEAN[value], answer=value)
    if key == "valueInteger" and isinstance(value, int) and not isinstance(value, bool):
        number = read_number(value, at, draft.issues)
        return _NOTHING if number is None else Value(Quantity(number, "1"))
    if key in {"valueString", "valueDateTime", "valueTime"} and isinstance(value, str) and value.strip():
        result = Concept(text=value.strip())
        if key == "valueString" and _NUMBER_IN_WORDS.fullmatch(result.text):
            draft.say(
                "warning",
                at,
                "a number written as text is compared with nothing; give it as valueQuantity",
            )
        return Value(result=result, answer=answer(result))
    draft.say("error", at, "a value of this kind or form is not read; it was not used")
    return _NOTHING


def _range(element: Element, at: str, draft: Draft) -> Value:
    low, high = (
        quantity_of(bound, f"{at}.{end}", draft.issues) if (bound := one(element, end, at, draft.issues)) else None
        for end in ("low", "high")
    )
    if low is not None and low == high:
        return Value(low)
    if low is None or high is None:
        return Value(low or high, ">=" if low else "<=" if high else "")
    draft.say("warning", at, "a value between two bounds was kept as words; it is compared with nothing")
    return Value(result=Concept(text=_in_words(ReferenceRange(low, high))))


def _ratio(element: Element, at: str, draft: Draft) -> Value:
    upper, lower = (one(element, end, at, draft.issues) for end in ("numerator", "denominator"))
    if upper is None:
        draft.say("error", at, "the ratio has no numerator; it was not used")
        return _NOTHING
    number = read_number(upper.get("value"), f"{at}.numerator", draft.issues)
    below = 1.0 if lower is None else read_number(lower.get("value", 1), f"{at}.denominator", draft.issues)
    if number is None or below is None:
        return _NOTHING
    units = [(each or {}).get("code") or (each or {}).get("unit") or "" for each in (upper, lower)]
    if below == 1 and units[0] in (units[1], "1", "") and upper.get("comparator") is None:
        return Value(Quantity(number, "1"))
    said = " : ".join(f"{value:g} {unit}".strip() for value, unit in zip((number, below), units, strict=True))
    draft.say("warning", at, "a ratio of two quantities was kept as words; it is compared with nothing")
    return Value(result=Concept(text=f"{upper.get('comparator') or ''}{said}"))


def _absent(holder: Element, at: str, draft: Draft) -> str:
    reason = concept(holder, "dataAbsentReason", at, draft.issues)
    if reason is None:
        return ""
    system = f"{DATA_ABSENT}|"
    coded = next((each.id.removeprefix(system) for each in reason.codings if each.id.startswith(system)), "")
    return coded or words_of(reason)


@lru_cache(maxsize=256)
def _flag_in(said: Concept) -> str:
    return next((flag for coding in said.codings if (flag := _flag(coding.id))), "") or flag_of(said.text.lower())


def _flag(code: str) -> str:
    known = flag_of(code)
    if known:
        return known
    system, _, bare = code.rpartition("|")
    return bare if system in {INTERPRETATION, "http://hl7.org/fhir/v2/0078", ""} and ":" not in bare else ""


def _is_normal(element: Element, at: str, draft: Draft) -> bool:
    kind = concept(element, "type", at, draft.issues)
    return kind is None or any(each.id.endswith("|normal") for each in kind.codings) or not kind.codings


def _is_for(element: Element, at: str, draft: Draft) -> bool:
    for group in concepts(element, "appliesTo", at, draft.issues):
        meant = {sex_of(each.id) for each in group.codings} | {sex_of(group.text.lower())}
        if meant - {""} and draft.sex not in meant:
            return False
    return True


def _reference(element: Element, at: str, unit: str, draft: Draft) -> ReferenceRange:
    low, high = (
        quantity_of(bound, f"{at}.{end}", draft.issues, unit)
        if (bound := one(element, end, at, draft.issues))
        else None
        for end in ("low", "high")
    )
    if element.keys() <= _BOUNDS:
        return ReferenceRange(low, high)
    said = [word(element, "text", at, draft.issues)]
    said += [f"applies to {spelled(each)}" for each in concepts(element, "appliesTo", at, draft.issues)]
    if "age" in element:
        said.append("for an age")
        draft.say(
            "information",
            f"{at}.age",
            "the range is for an age; whether this person has it was not looked at",
        )
    return ReferenceRange(low, high, "; ".join(text for text in said if text))


def _in_words(reference: ReferenceRange) -> str:
    low, high = (f"{each.value:g} {each.unit}".strip() if each else "" for each in (reference.low, reference.high))
    bounds = f"{low} – {high}" if low and high else (f">= {low}" if low else f"<= {high}" if high else "")
    return f"{bounds} ({reference.text})" if bounds and reference.text else bounds or reference.text


def _specimen(entry: Entry, draft: Draft) -> tuple[str, When | None]:
    resource, at = entry.resource, entry.at
    if not draft.unmodified(resource, at) or resource.get("status") == "entered-in-error":
        draft.say("error", at, "the specimen is marked as an error or modified; it was not used")
        return "", None
    kind = concept(resource, "type", at, draft.issues)
    collection = one(resource, "collection", at, draft.issues) or {}
    span = collection.get("collectedPeriod")
    taken = (
        collection.get("collectedDateTime")
        or (span.get("start") if isinstance(span, dict) else None)
        or resource.get("receivedTime")
    )
    on = read_date(taken, f"{at}.collection", draft.issues) if taken is not None else None
    own = own_text(draft.own(resource), "specimen")
    if own or kind is None:
        return own, on
    coded = {specimen_of(each.id) for each in kind.codings} - {""}
    return (coded.pop() if len(coded) == 1 else _specimen_word(words_of(kind))), on


def _specimen_word(said: str) -> str:
    return specimen_of(said) or said


def _device(entry: Entry, draft: Draft) -> str:
    names = many(entry.resource, "deviceName", entry.at, draft.issues)
    named = next((word(each, "name", entry.at, draft.issues) for each in names), "")
    model = word(entry.resource, "modelNumber", entry.at, draft.issues)
    kind = concept(entry.resource, "type", entry.at, draft.issues)
    return " ".join(filter(None, (named, model))) or ("" if kind is None else words_of(kind))
