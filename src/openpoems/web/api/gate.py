"""The gate before every address for programs: the same rights, consent and log as the pages, answered without a page.

    @machine("view-record", answer=problem)
    def facts(request, person): ...      # the address has <pseudonym>

A program comes with a key (`Authorization: Bearer …`), which may do what its scopes and its account's rights both say;
a page of this site comes with its session, and then proves that it does (CSRF).
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt

from openpoems.web.accounts import rights
from openpoems.web.accounts.gate import lacks_second_factor
from openpoems.web.accounts.models import Centre
from openpoems.web.api.actions import note_use
from openpoems.web.api.limits import wait_of, who_asks
from openpoems.web.audit import log
from openpoems.web.registry import erasures, people
from openpoems.web.registry.consent import agrees
from openpoems.web.registry.models import Person

_SAFE = ("GET", "HEAD", "OPTIONS")


class Refusal(Exception):
    """Why a request is not answered: the status, a word for programs, and a sentence with the mend for people."""

    def __init__(self, status: int, code: str, says: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(says)
        self.status, self.code, self.says, self.headers = status, code, says, dict(headers or {})


Answer = Callable[[HttpRequest, Refusal], HttpResponse]
View = Callable[..., HttpResponse]


def machine(right: str, *, answer: Answer, hand_over: bool = True) -> Callable[[View], View]:
    """Only who holds the right reaches the view, which gets the person or the centre in the address.

    Without `hand_over` the view keeps the words of its address, and finds the person or centre as `request.subject`.
    `answer` says a refusal in the form that the address speaks.
    """
    if right not in rights.rights():
        raise ValueError(f"rights.toml has no right {right!r}")

    def guarded(view: View) -> View:
        @csrf_exempt  # what comes with a session is checked in `enter`, and refused without a page
        @wraps(view)
        def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                enter(request, right)
                subject = _subject(request, right, kwargs)
                if subject is not None and hand_over:
                    kwargs = {name: each for name, each in kwargs.items() if name not in ("pseudonym", "slug")}
                    args = (subject, *args)
                request.subject = subject  # type: ignore[attr-defined]
                request.passed_with = right  # type: ignore[attr-defined]
                response = _answered(view, request, *args, **kwargs)
            except Refusal as refusal:
                response = answer(request, refusal)
            add_never_cache_headers(response)
            return response

        return _marked(gate, right)

    return guarded


def _answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The view's answer. Raises `Refusal` where the record was erased while it was made up."""
    try:
        return view(request, *args, **kwargs)
    except (DatabaseError, ObjectDoesNotExist):
        person = getattr(request, "subject", None)
        if not isinstance(person, Person) or Person.objects.filter(pk=person.pk).exists():
            raise
        raise gone() from None


def _marked(gate: View, right: str) -> View:
    """The gate with what the checks of the site read of it."""
    gate.right = right  # type: ignore[attr-defined]
    gate.machine = True  # type: ignore[attr-defined]
    gate.__module__ = __name__  # the site's own, also where a library made the view
    return gate


def enter(request: HttpRequest, right: str) -> None:
    """Let a request in as far as it concerns the account. Raises `Refusal`."""
    if not request.user.is_authenticated:
        raise Refusal(401, "login", _unknown(request), {"WWW-Authenticate": 'Bearer realm="openpoems"'})
    wait = wait_of(who_asks(request))
    if wait:
        says = "That were many requests within a minute. Wait for the seconds that Retry-After says."
        raise Refusal(429, "throttled", says, {"Retry-After": str(wait)})
    if lacks_second_factor(request.user):
        says = "This account can see another person's record: set up a second step of signing in first."
        raise Refusal(403, "forbidden", says)
    key = getattr(request, "key", None)
    if key is None:
        _check_form(request)
        return
    if right != "use-api":
        need_scope(request, right)
    note_use(key)


def need_scope(request: HttpRequest, right: str) -> None:
    """Refuse a key that was not made for a right. Raises `Refusal`."""
    if not in_scope(request, right):
        wanted = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{right}"'}
        says = f"This key was not made for that. Make one with the scope “{right}”."
        raise Refusal(403, "forbidden", says, wanted)


def may(request: HttpRequest, right: str, person: Person) -> bool:
    """Whether the account, and the key it comes with, have a right on a record."""
    return in_scope(request, right) and people.may(request.user, right, person)


def in_scope(request: HttpRequest, right: str) -> bool:
    """Whether the key has a right; a session has every right of its account."""
    key = getattr(request, "key", None)
    return key is None or right in key.scopes


def person_of(request: HttpRequest, right: str, pseudonym: str, place: str = "") -> Person:
    """The person of a pseudonym, read and written down. Raises `Refusal` where there is none for this account."""
    visible = people.visible_to(request.user, right).select_related("centre")
    person = visible.filter(pseudonym=pseudonym).first() if is_storable(pseudonym) else None
    if person is None:
        raise gone() if is_erased(pseudonym) else missing()
    if right == "write-record" and not agrees(person, "care"):
        says = "The person has not agreed that the record is kept. Nothing is taken in before that."
        raise Refusal(403, "forbidden", says)
    if right != "write-record":
        with transaction.atomic():
            log.record("read", person=person.pk, place=place or place_of(request), row_id=person.pk)
    return person


def missing() -> Refusal:
    """That there is nothing here for this account, whether or not there is for another."""
    return Refusal(404, "not-found", "There is nothing at this address for this account. Compare it with a list.")


def gone() -> Refusal:
    """That what was here is erased or taken back."""
    return Refusal(410, "deleted", "What stood at this address was deleted. Remove it from what you keep.")


def is_erased(pseudonym: str) -> bool:
    """Whether a record of that pseudonym was erased."""
    return bool(pseudonym) and any(each.person == pseudonym for each in erasures.read())


def is_storable(text: str) -> bool:
    """Whether a text can be asked for at all: PostgreSQL holds no character NUL, and refuses to look for it."""
    return "\x00" not in text


def place_of(request: HttpRequest) -> str:
    """The name of the address, as the log keeps it."""
    return request.resolver_match.view_name if request.resolver_match else ""


def _subject(request: HttpRequest, right: str, kwargs: Mapping[str, str]) -> Person | Centre | None:
    if "pseudonym" in kwargs:
        return person_of(request, right, kwargs["pseudonym"])
    if "slug" in kwargs:
        centre = Centre.objects.filter(slug=kwargs["slug"]).first() if is_storable(kwargs["slug"]) else None
        if centre is None or centre.pk not in rights.centre_ids(request.user, right):
            raise missing()
        return centre
    return None


def _unknown(request: HttpRequest) -> str:
    if "Authorization" in request.headers:
        return "This key opens nothing: it has ended, was revoked, or is not whole. Make another on the page of keys."
    return "Sign in, or send a key as “Authorization: Bearer …”. Keys are made on the page of keys of an account."


class _FormCheck(CsrfViewMiddleware):
    """Django's own check, which answers why instead of with a page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _unexempt(request: HttpRequest) -> HttpResponse:
    """A view that the check is made for: our own are exempt, since they ask for it here."""
    return HttpResponse()


def _check_form(request: HttpRequest) -> None:
    if request.method in _SAFE:
        return
    check = _FormCheck(_unexempt)
    check.process_request(request)
    if check.process_view(request, _unexempt, (), {}):
        says = "A page that changes something sends the token of its form as X-CSRFToken; a program sends a key."
        raise Refusal(403, "forbidden", says)
