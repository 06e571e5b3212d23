"""What this server can do, as FHIR says it: made from the table of what is served, so that it cannot say more."""

from typing import Any

from django.utils import timezone

from openpoems import __version__
from openpoems.web.fhir.table import Served, served

_OPERATIONS = {
    "everything": "http://hl7.org/fhir/OperationDefinition/Patient-everything",
    "summary": "http://hl7.org/fhir/uv/ips/OperationDefinition/summary",
}
_SECURITY = (
    "A key of an account, sent as “Authorization: Bearer …”. It reads what the account may read and the key was made "
    "for; people who did not agree that a centre sees their record are not found by it."
)
_RECEIVED = (
    "A transaction or batch about one Patient is received (202) and laid beside the record; nothing of it is stored "
    "before a person accepts it on the page that the answer names."
)


def capability(base: str) -> dict[str, Any]:
    """The CapabilityStatement."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": timezone.localdate().isoformat(),
        "kind": "instance",
        "software": {"name": "openpoems", "version": __version__},
        "implementation": {"description": "A registry of people with POEMS syndrome", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "documentation": _RECEIVED,
                "security": {"cors": False, "description": _SECURITY},
                "resource": [_resource(each) for each in served().values()],
                "interaction": [{"code": "transaction", "documentation": _RECEIVED}, {"code": "batch"}],
            }
        ],
    }


def _resource(each: Served) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": each.kind,
        "documentation": f"{each.holds[0].upper()}{each.holds[1:]}.",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned",
        "readHistory": False,
        "searchParam": [
            {"name": parameter.name, "type": parameter.type}
            | ({"documentation": parameter.says} if parameter.says else {})
            for parameter in each.parameters.values()
        ],
    }
    if each.include:
        told["searchInclude"] = [f"{each.kind}:{name}" for name in each.include]
    if each.kind == "Patient":
        told["operation"] = [{"name": name, "definition": where} for name, where in _OPERATIONS.items()]
    return told
