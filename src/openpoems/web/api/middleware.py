"""Who a program acts for, and errors that a program can read on every address for programs."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from openpoems.web.api.actions import key_of
from openpoems.web.api.gate import Refusal
from openpoems.web.api.problems import WORDS, problem
from openpoems.web.fhir.outcome import outcome

_SPEAKS = {"/api/": problem, "/fhir": outcome}
_READABLE = ("application/problem+json", "application/fhir+json")
_FIRST_ERROR = 400


def speaks(path: str) -> Callable[[HttpRequest, Refusal], HttpResponse] | None:
    """How errors are said at an address; None where people read them."""
    return next((form for start, form in _SPEAKS.items() if path.startswith(start)), None)


class KeyMiddleware:
    """A request with a key acts for the key's account, whatever session it may carry as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the account of the key in the place of the session's."""
        if speaks(request.path_info) is None:
            return self.get_response(request)
        request.via = "api"  # type: ignore[attr-defined]
        given = request.headers.get("Authorization")
        if given is not None:
            scheme, _, secret = given.partition(" ")
            key = key_of(secret.strip()) if scheme.lower() == "bearer" else None
            request.key = key  # type: ignore[attr-defined]
            request.user = key.user if key else AnonymousUser()
        return self.get_response(request)


class ReadableErrorsMiddleware:
    """What goes wrong before or behind the views of programs is said in their form too, and never with a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put a readable error in the place of a page."""
        response = self.get_response(request)
        form = speaks(request.path_info)
        if form is None or response.status_code < _FIRST_ERROR:
            return response
        if response.headers.get("Content-Type", "").startswith(_READABLE):
            return response
        code, says = WORDS.get(response.status_code, WORDS[500])
        kept = {name: response.headers[name] for name in ("Allow", "Retry-After") if name in response.headers}
        return form(request, Refusal(response.status_code, code, says, kept))
