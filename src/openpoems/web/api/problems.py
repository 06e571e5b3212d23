"""Errors of the interface as problem documents (RFC 9457): what is wrong, and how to mend it."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from openpoems.web.api.gate import Refusal

# Where nothing better is known: a word for programs and a sentence for people.
WORDS = {
    400: ("invalid", "The request cannot be read. Compare it with the description of the interface."),
    403: ("forbidden", "This is not open to this account."),
    404: ("not-found", "There is no such address. The description of the interface lists all there are."),
    405: ("not-supported", "This address does not know that method; Allow names those it knows."),
    413: ("too-long", "That is larger than this site takes. Send it in parts."),
    429: ("throttled", "That were many requests. Wait a while, then go on."),
    500: ("exception", "Something went wrong here, not with you. It was written down without any of your data."),
}


def problem(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal as a problem document."""
    told = {
        "type": f"urn:openpoems:problem:{refusal.code}",
        "title": refusal.code,
        "status": refusal.status,
        "detail": refusal.says,
    }
    return JsonResponse(told, status=refusal.status, headers=refusal.headers, content_type="application/problem+json")
