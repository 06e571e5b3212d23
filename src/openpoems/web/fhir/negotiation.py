"""Which form an answer may have: JSON of FHIR, whatever it is called, and no other."""

from urllib.parse import parse_qsl

from django.http import HttpRequest

from openpoems.web.api.gate import Refusal

_NAMES = frozenset(("json", "application/json", "application/fhir+json", "text/json", "application/json+fhir"))
_ANY = frozenset(("*/*", "application/*"))
_SAFE = ("GET", "HEAD")


def only(request: HttpRequest, *methods: str) -> None:
    """Let only these methods through, and only who takes JSON. Raises `Refusal`."""
    allowed = (*methods, "HEAD") if "GET" in methods else methods
    if request.method not in allowed:
        says = f"This address answers to {', '.join(methods)}. What is sent goes as a transaction to the base address."
        raise Refusal(405, "not-supported", says, {"Allow": ", ".join(allowed)})
    asked = request.GET.get("_format", "")
    if asked:
        taken = asked.partition(";")[0].strip().replace(" ", "+") in _NAMES
    else:
        taken = _accepts(request.headers.get("Accept", "*/*"))
    if not taken:
        raise Refusal(406, "not-acceptable", "Only JSON is served here: ask for application/fhir+json.")


def needs_json(request: HttpRequest) -> None:
    """Take only JSON in. Raises `Refusal`."""
    if request.content_type not in _NAMES:
        raise Refusal(415, "unsupported-media", "Send FHIR as JSON, with the type application/fhir+json.")


def lenient(request: HttpRequest) -> bool:
    """Whether the asker said that what is not known may be passed over."""
    told = request.headers.get("Prefer", "").replace(";", ",").split(",")
    return "handling=lenient" in {each.strip().lower() for each in told}


def pairs_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The parameters of a search, from the address and from a form."""
    found = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)
    if request.method == "POST":
        if request.content_type != "application/x-www-form-urlencoded":
            raise Refusal(415, "unsupported-media", "Send the parameters as application/x-www-form-urlencoded.")
        found += [(name, str(value)) for name, values in request.POST.lists() for value in values]
    return found


def _accepts(header: str) -> bool:
    kinds = {each.partition(";")[0].strip().lower() for each in header.split(",")}
    return bool(kinds & (_NAMES | _ANY))
