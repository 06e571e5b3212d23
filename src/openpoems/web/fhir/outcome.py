"""Answers of the FHIR interface: JSON of FHIR, and every error as an OperationOutcome."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from openpoems.web.api.gate import Refusal

FHIR_JSON = "application/fhir+json"
_CONTENT_TYPE = f"{FHIR_JSON}; fhirVersion=4.0; charset=utf-8"
# Words of ours that FHIR's value set of issue types has another word for.
_ISSUE_TYPE = {"not-acceptable": "not-supported", "unsupported-media": "not-supported"}


def outcome(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal as an OperationOutcome."""
    return respond(issue("error", refusal.code, refusal.says), refusal.status, refusal.headers)


def issue(severity: str, code: str, says: str) -> dict[str, Any]:
    """An OperationOutcome of one issue."""
    told = {"severity": severity, "code": _ISSUE_TYPE.get(code, code), "diagnostics": says}
    return {"resourceType": "OperationOutcome", "issue": [told]}


def respond(resource: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """A resource as an answer."""
    return HttpResponse(msgspec.json.encode(resource), status=status, headers=headers, content_type=_CONTENT_TYPE)
