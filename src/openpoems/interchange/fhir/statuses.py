"""Statuses, in whatever form they come: what is present and cannot be read is never taken for the usual one."""

from typing import Any, Final

from openpoems.interchange.fhir.bundle import Element
from openpoems.interchange.fhir.draft import Draft
from openpoems.interchange.fhir.meanings import status_of

UNREADABLE: Final = "unreadable"

_SYSTEMS = {
    "verificationStatus": "condition-ver-status",
    "clinicalStatus": "condition-clinical",
}


def coded_status(resource: Element, key: str, known: frozenset[str], at: str, draft: Draft) -> str:
    """The status under a key: one of `known`, "" where none is given, `UNREADABLE` for anything else."""
    value = resource.get(key)
    if value is None:
        return ""
    if isinstance(value, str):
        draft.say("warning", f"{at}.{key}", "a CodeableConcept belongs here; the text was read")
        said = {_plain(value)}
    else:
        said = _said(value, _SYSTEMS[key]) if isinstance(value, dict) else set()
    found = {status_of(each) for each in said}
    return found.pop() if len(found) == 1 and found <= known else UNREADABLE


def _said(value: Element, system: str) -> set[str]:
    """The codes of the system that belongs here, else those of any other, else the words."""
    listed = value.get("coding")
    codings = [each for each in (listed if isinstance(listed, list) else [listed]) if isinstance(each, dict)]
    proper = [each for each in codings if str(each.get("system", "")).lower().rstrip("/").endswith(f"/{system}")]
    codes = {_plain(each["code"]) for each in proper or codings if each.get("code")}
    return codes or ({_plain(value["text"])} if value.get("text") else set())


def _plain(value: Any) -> str:
    return value.strip().lower().replace(" ", "-") if isinstance(value, str) else ""
