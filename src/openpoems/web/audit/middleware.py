"""Names the account of a request as the one who acts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from openpoems.web.audit.context import acts


class ActorMiddleware:
    """What a request does is logged as its account's, with the form of its address as the reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request as its account."""
        actor = str(request.user.public_id) if request.user.is_authenticated else "visitor"
        key = getattr(request, "key", None)
        with_key = f", key {key.pk}" if key else ""
        reason = f"{request.method} {_route(request.path_info)}{with_key}"
        with acts(actor, via=getattr(request, "via", "web"), reason=reason):
            return self.get_response(request)


def _route(path: str) -> str:
    """The address as the site writes it, without what stands in it: some addresses carry a key that opens a door."""
    try:
        return str(resolve(path).route)
    except Resolver404:
        return "no page"
