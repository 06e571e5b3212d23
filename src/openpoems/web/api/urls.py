"""The addresses for programs, each with its right, and the page of keys."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from openpoems import __version__
from openpoems.web.accounts.gate import public
from openpoems.web.api import keys
from openpoems.web.api.description import description, parameters
from openpoems.web.api.gate import Refusal, machine
from openpoems.web.api.interface import api
from openpoems.web.api.problems import problem

# What each address asks for; one that is not here stops the start.
RIGHTS = {
    "api-me": "use-api",
    "api-record": "view-record",
    "api-identity": "view-identity",
    "api-facts": "view-record",
    "api-series": "view-record",
    "api-assessment": "view-record",
    "api-answers": "view-record",
    "api-letter": "view-record",
    "api-summary": "view-record",
    "api-export": "export-record",
    "api-consents": "consent",
    "api-accesses": "view-accesses",
    "api-imports": "write-record",
    "api-people": "list-people",
}


@public
@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """What stands here, and where it is described."""
    address = request.build_absolute_uri("openapi.json")
    return JsonResponse({"name": "openpoems", "version": __version__, "openapi": address})


@public
@require_safe
def described(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return JsonResponse(description())


def _described_addresses() -> Iterator[URLPattern]:
    for pattern in api.urls[0]:
        if isinstance(pattern, URLPattern) and pattern.name != "api-root":
            gate = machine(RIGHTS[str(pattern.name)], answer=problem, hand_over=False)
            yield path(f"api/{pattern.pattern}", gate(_strict(pattern.callback)), name=pattern.name)


def _strict(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, which is not reached with a parameter that nobody described: what it asks for would not be done."""

    @wraps(view)
    def strict(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        match: Any = request.resolver_match
        unknown = request.GET.keys() - parameters(match.url_name)
        if unknown:
            told = ", ".join(sorted(parameters(match.url_name))) or "none"
            raise Refusal(422, "invalid", f"There is a parameter that this address does not know. It knows: {told}.")
        return view(request, **kwargs)

    return strict


urlpatterns = [
    path("keys/", keys.keys, name="keys"),
    path("keys/<int:number>/revoke/", keys.revoke, name="key-revoke"),
    path("api/", root, name="api-root"),
    path("api/openapi.json", described, name="api-openapi"),
    *_described_addresses(),
]
