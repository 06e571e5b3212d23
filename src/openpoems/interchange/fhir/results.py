"""The parts of an Observation around its code: value, interpretation, reference range, specimen, laboratory, method."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from openpoems.interchange.fhir.bundle import Element, Entry
from openpoems.interchange.fhir.draft import Draft
from openpoems.interchange.fhir.elements import (
    concept,
    concept_of,
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
from openpoems.interchange.values import (
    range_in_words,
    read_compared,
    read_date,
    read_number,
    read_range,
    shown_code,
    specimen_of,
)
from openpoems.quantities import Quantity
from openpoems.record import Coding, Concept, ReferenceRange, When
from openpoems.record.model import Comparator

_COMPARATORS: dict[str, Comparator] = {"<": "<", "<=": "<=", ">=": ">=", ">": ">"}
_NUMBER_IN_WORDS = re.compile(r"[<>≤≥]?=?\s*\d+([.,]\d+)?(\s*\S{1,12})?")
_BOUNDS = frozenset({"low", "high"})
_FLAG_CHARACTERS = 40
_INTERPRETATIONS = frozenset(
    {
        INTERPRETATION,
        "http://hl7.org/fhir/v2/0078",
        "http://terminology.hl7.org/CodeSystem/v2-0078",
        "urn:oid:2.16.840.1.113883.5.83",
        "urn:oid:2.16.840.1.113883.12.78",
    }
)
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
    """The interpretation as HL7 codes. What is none is kept as it was said, with a warning, and not lost."""
    place = f"{at}.interpretation"
    flags: list[str] = []
    for each in _in_objects(holder, "interpretation", at, draft):
        said = concept_of(each, place, draft.issues)
        flag = _flag_in(said)
        if not flag and (said.codings or said.text):
            flag = words_of(said)[:_FLAG_CHARACTERS]
            code = said.codings[0].id.rpartition("|")[2] if said.codings else ""
            message = f"the interpretation{shown_code(code)} is no HL7 code that is known; it was kept as it is"
            draft.say("warning", place, message)
        if flag:
            flags.append(flag)
    return tuple(flags)


def read_reference(holder: Element, at: str, value: Quantity | None, draft: Draft) -> ReferenceRange | None:
    """The laboratory's range: the normal one for this person's sex; where several may apply, only their words."""
    place = f"{at}.referenceRange"
    listed = _in_objects(holder, "referenceRange", at, draft)
    if not listed:
        return None
    if not all(draft.unmodified(each, place) for each in listed):
        return _all_in_words(listed, place, draft)
    if len(listed) == 1 and "type" not in listed[0] and "appliesTo" not in listed[0]:
        return _reference(listed[0], place, value, draft)
    fitting = [each for each in listed if _is_normal(each, place, draft) and _is_for(each, place, draft)]
    if len(fitting) == 1:
        return _reference(fitting[0], place, value, draft)
    ranges = [_reference(each, place, value, draft) for each in fitting]
    if ranges and all(each == ranges[0] for each in ranges):
        return ranges[0]
    return _all_in_words(fitting or listed, place, draft)


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
        found = read_compared(result.text) if key == "valueString" else None
        if found is not None and found[1].unit:
            draft.say("information", at, "a number with its unit in a text was read as a quantity")
            return Value(found[1], found[0])
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
    return Value(result=Concept(text=range_in_words(ReferenceRange(low, high))))


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
    coded = next((flag for coding in said.codings if (flag := _flag(coding.id))), "")
    words = (said.text, *(coding.label for coding in said.codings))
    return coded or next((flag for word in words if (flag := flag_of(word.lower().rstrip(" .")))), "")


def _flag(code: str) -> str:
    system, bar, bare = code.partition("|")
    if bar:
        return bare if system in _INTERPRETATIONS else ""
    return flag_of(code) or ("" if ":" in code else code)


def _is_normal(element: Element, at: str, draft: Draft) -> bool:
    kind = concept(element, "type", at, draft.issues)
    return kind is None or any(each.id.endswith("|normal") for each in kind.codings) or not kind.codings


def _is_for(element: Element, at: str, draft: Draft) -> bool:
    for group in concepts(element, "appliesTo", at, draft.issues):
        meant = {sex_of(each.id) for each in group.codings} | {sex_of(group.text.lower())}
        if meant - {""} and draft.sex not in meant:
            return False
    return True


def _in_objects(holder: Element, key: str, at: str, draft: Draft) -> list[Element]:
    """The objects in the list under a key; a text that stands for one is read as its words, with a warning."""
    value = holder.get(key)
    said = value if isinstance(value, list) else [value]
    if not any(isinstance(each, str) for each in said):
        return many(holder, key, at, draft.issues)
    draft.say("warning", f"{at}.{key}", "a list of objects belongs here; the text was read")
    objects = [{"text": each.strip()} if isinstance(each, str) else each for each in said]
    return many({key: objects}, key, at, draft.issues)


def _reference(element: Element, at: str, value: Quantity | None, draft: Draft) -> ReferenceRange | None:
    low, high, unread = _bounds(element, at, value, draft)
    if element.keys() <= _BOUNDS and not unread:
        return read_range(low, high, "", value, at, draft.issues)
    said = [word(element, "text", at, draft.issues), *unread]
    found = read_range(low, high, "; ".join(filter(None, said)), value, at, draft.issues)
    applies = [f"applies to {spelled(each)}" for each in concepts(element, "appliesTo", at, draft.issues)]
    if "age" in element:
        applies.append("for an age")
        draft.say(
            "information",
            f"{at}.age",
            "the range is for an age; whether this person has it was not looked at",
        )
    if found is None:
        return None
    return replace(found, text="; ".join(text for text in (found.text, *applies) if text))


def _bounds(
    element: Element, at: str, value: Quantity | None, draft: Draft
) -> tuple[Quantity | None, Quantity | None, list[str]]:
    """The lower and the upper limit, and in words those that cannot be read."""
    limits, unread = [], []
    unit = value.unit if value else ""
    for end in ("low", "high"):
        bound = one(element, end, at, draft.issues)
        limit = None if bound is None else quantity_of(bound, f"{at}.{end}", draft.issues, unit)
        limits.append(limit)
        if limit is None and element.get(end):
            said = (bound or {end: element[end]}).values()
            unread.append(f"{end}: {' '.join(str(each) for each in said if isinstance(each, str | int | float))}")
    return limits[0], limits[1], unread


def _all_in_words(listed: list[Element], at: str, draft: Draft) -> ReferenceRange:
    # What is wrong with each is not told again: none is used.
    quiet = replace(draft, issues=[])
    ranges = filter(None, (_reference(each, at, None, quiet) for each in listed))
    said = "; ".join(filter(None, map(range_in_words, ranges)))
    message = "it is not clear which of the reference ranges applies; they were kept as words and not used"
    draft.say("warning", at, message)
    return ReferenceRange(text=said or "without limits")


def _specimen(entry: Entry, draft: Draft) -> tuple[str, When | None]:
    resource, at = entry.resource, entry.at
    if not draft.unmodified(resource, at) or str(resource.get("status")).lower() == "entered-in-error":
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
