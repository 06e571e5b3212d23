"""What IPS wants of a resource and a record may not know: it stands there as absent, with the reason."""

from collections.abc import Mapping, Set

from openpoems.interchange.fhir.bundle import Element
from openpoems.interchange.fhir.meanings import ABSENT_EXTENSION, TERMS

_TIMES = {"Observation": "effective", "MedicationStatement": "effective", "Procedure": "performed"}


def complete(entry: Element, categories: Mapping[str, str], over: Set[str], who: Mapping[str, str]) -> Element:
    """The entry with every element that its profile of IPS asks for.

    `categories` are those of results, by their id; `over` are the ids of conditions that ended or were not found again.
    """
    resource = dict(entry["resource"])
    kind = resource["resourceType"]
    if kind == "Patient":
        resource |= _named(resource, who)
    if kind == "Condition" and resource["id"] in over and "clinicalStatus" not in resource:
        resource["clinicalStatus"] = {"coding": [{"system": f"{TERMS}/condition-clinical", "code": "inactive"}]}
    if kind == "Observation":
        resource |= _observation(resource, categories)
    stem = _TIMES.get(kind)
    if stem and not any(key.startswith(stem) for key in resource):
        resource[f"_{stem}DateTime"] = _absent("unknown")
    return entry | {"resource": resource}


def _named(patient: Element, who: Mapping[str, str]) -> Element:
    """The name and the day of birth where the sender may tell them; else that they are withheld, or not known."""
    name = who.get("Name", "")
    named: Element = {"name": [{"text": name} if name else {"_text": _absent("masked")}]}
    born = who.get("Born", "") or patient.get("birthDate", "")
    return named | ({"birthDate": born} if born else {"_birthDate": _absent("unknown")})


def _observation(resource: Element, categories: Mapping[str, str]) -> Element:
    category = categories.get(resource["id"], "exam")
    added: Element = {"category": [{"coding": [{"system": f"{TERMS}/observation-category", "code": category}]}]}
    if "performer" not in resource:
        added["performer"] = [_absent("unknown")]
    return added


def _absent(reason: str) -> Element:
    return {"extension": [{"url": ABSENT_EXTENSION, "valueCode": reason}]}
