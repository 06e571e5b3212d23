"""What results say is in the language of the page around them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from openpoems.language import ENGLISH, speaking


class LanguageMiddleware:
    """Lets the core speak the language that Django found for the request; it stands behind Django's own middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in that language."""
        with speaking(get_language() or ENGLISH):
            return self.get_response(request)
