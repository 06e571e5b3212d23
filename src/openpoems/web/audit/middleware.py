"""Names the account of a request as the one who acts."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from openpoems.web.audit.context import acts

# The secret of a link, such as an invitation's: it opens something, and the log is read by others.
_SECRET = re.compile(r"[\w-]{40,}")


class ActorMiddleware:
    """What a request does is logged as its account's, with the address's name as the reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request as its account."""
        actor = str(request.user.public_id) if request.user.is_authenticated else "visitor"
        with acts(actor, via="web", reason=f"{request.method} {_SECRET.sub('…', request.path_info)}"):
            return self.get_response(request)
