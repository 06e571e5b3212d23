"""The OpenAPI document: what django-ninja knows of the interface, and the answers that every address may give."""

from copy import deepcopy
from functools import cache
from typing import Any

from django.urls import reverse

from openpoems.web.api.exports import FORMS
from openpoems.web.api.interface import api

# The errors that every address may answer, each as a problem document.
_ERRORS = {
    400: "The request cannot be read.",
    401: "No key, or one that opens nothing.",
    403: "Not open to this account, or the key was not made for it.",
    404: "There is nothing here for this account.",
    410: "The record was erased.",
    413: "Larger than the site takes.",
    422: "A part of the request does not fit.",
    429: "Too many requests within a minute; Retry-After says how long to wait.",
}
_PROBLEM = {
    "title": "Problem",
    "description": "What is wrong, and a sentence on how to mend it (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_OTHER_FORMS = {
    "api-letter": ["application/pdf"],
    "api-summary": ["application/fhir+json"],
    "api-export": [form.partition(";")[0] for form in FORMS.values()],
}
_SENT = {
    "required": True,
    "description": "The file itself.",
    "content": {
        "text/csv": {"schema": {"type": "string"}},
        "application/json": {"schema": {"type": "object"}},
        "application/fhir+json": {"schema": {"type": "object"}},
    },
}


@cache
def description() -> dict[str, Any]:
    """The whole document, as JSON values."""
    told: dict[str, Any] = deepcopy(dict(api.get_openapi_schema(path_prefix=reverse("api-root"))))
    told["components"].setdefault("schemas", {})["Problem"] = _PROBLEM
    told["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    told["security"] = [{"key": []}]
    for methods in told["paths"].values():
        for operation in methods.values():
            _complete(operation, name_of(operation["operationId"]))
    return told


def name_of(id: str) -> str:
    """The name of the address of an operation."""
    return next(str(operation.url_name) for operation in _operations() if operation.operation_id == id)


@cache
def parameters(name: str) -> frozenset[str]:
    """The parameters of the query that an address knows."""
    id = next(operation.operation_id for operation in _operations() if operation.url_name == name)
    shown = (one for methods in description()["paths"].values() for one in methods.values())
    found = next(one for one in shown if one["operationId"] == id)
    return frozenset(each["name"] for each in found.get("parameters", ()) if each["in"] == "query")


def _operations() -> list[Any]:
    views = (view for _, router in api._routers for view in router.path_operations.values())
    found = [operation for view in views for operation in view.operations]
    for operation in found:
        operation.operation_id = operation.operation_id or api.get_openapi_operation_id(operation)
    return found


def _complete(operation: dict[str, Any], name: str) -> None:
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    if name in _OTHER_FORMS:
        schema = {"type": "string", "format": "binary"}
        content = {form: {"schema": {} if form.endswith("json") else schema} for form in _OTHER_FORMS[name]}
        answers["200"] = {"description": "OK", "content": content}
    if name == "api-imports":
        operation["requestBody"] = _SENT
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
    problems = {
        str(status): {"description": says, "content": {"application/problem+json": shape}}
        for status, says in _ERRORS.items()
    }
    operation["responses"] = answers | problems
