"""The gate before every page: no page without a declared right, and a second factor where others' records are seen.

    @guard("view-record")
    def facts(request, person): ...      # the address has <pseudonym>
    @guard("lead-centre")
    def quality(request, centre): ...    # the address has <slug>
    @guard("administer")
    def centres(request): ...
    @public
    def about(request): ...

A record that an account may not see is not found: the answer does not tell whether there is one.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import add_never_cache_headers

from openpoems.web.accounts import rights
from openpoems.web.accounts.models import Centre
from openpoems.web.accounts.signed_out import for_accounts
from openpoems.web.audit import log

View = Callable[..., HttpResponse]
# Views of the libraries that guard themselves.
_ELSEWHERE = ("allauth.", "django.contrib.staticfiles.", "django.views.static", "django.views.i18n")


def public(view: View) -> View:
    """Anybody may open this page."""
    view.right = "public"  # type: ignore[attr-defined]
    return view


def guard(right: str) -> Callable[[View], View]:
    """Only who holds the right reaches the view, which gets the person or the centre instead of the address's words."""
    if right not in rights.rights():
        raise ValueError(f"rights.toml has no right {right!r}")

    def guarded(view: View) -> View:
        @for_accounts
        @wraps(view)
        def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if any("\x00" in word for word in kwargs.values() if isinstance(word, str)):
                raise Http404  # PostgreSQL asks for no such word
            if "pseudonym" in kwargs:
                args = (_person(request, right, kwargs.pop("pseudonym")), *args)
            elif "slug" in kwargs:
                args = (_centre(request, right, kwargs.pop("slug")), *args)
            elif not rights.has_on_site(request.user, right):
                raise PermissionDenied
            request.passed_with = right  # type: ignore[attr-defined]  # what let the request in, for who asks later
            response = _answered(view, request, *args, **kwargs)
            add_never_cache_headers(response)  # what it shows stays in no cache of a shared computer
            return response

        gate.right = right  # type: ignore[attr-defined]
        return gate

    return guarded


def _answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The view's answer. What was erased while it was made up stores nothing: a record is not found, and whoever erased
    their account is signed out.
    """
    try:
        return view(request, *args, **kwargs)
    except (DatabaseError, ObjectDoesNotExist):
        if not get_user_model().objects.filter(pk=request.user.pk or 0).exists():
            return redirect("account_login")
        here = args[0] if args and isinstance(args[0], Model) else None
        if here is None or type(here).objects.filter(pk=here.pk).exists():  # type: ignore[attr-defined]
            raise
        raise Http404 from None


def _person(request: HttpRequest, right: str, pseudonym: str) -> Any:
    from openpoems.web.registry.people import visible_to  # noqa: PLC0415 - the registry stands on the accounts

    person = get_object_or_404(visible_to(request.user, right).select_related("centre"), pseudonym=pseudonym)
    if request.method in ("GET", "HEAD"):
        with transaction.atomic():
            log.record("read", person=person.pseudonym, place=_name(request), row_id=person.pseudonym)
    return person


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _centre(request: HttpRequest, right: str, slug: str) -> Centre:
    found = get_object_or_404(Centre, slug=slug)
    if found.pk not in rights.centre_ids(request.user, right):
        raise Http404
    return found


class DenyByDefaultMiddleware:
    """A view that declares no right is open to nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        """Refuse a view of ours without a right."""
        if not hasattr(view, "right") and not view.__module__.startswith(_ELSEWHERE):
            raise PermissionDenied(f"{view.__module__}.{view.__name__} declares no right")


class SecondFactorMiddleware:
    """Who can see another person's record reaches nothing before a second factor is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        """Lead to the set-up; signing out and the accounts' own pages stay open."""
        if not request.user.is_authenticated or view.__module__.startswith(_ELSEWHERE):
            return None
        if getattr(view, "right", "") == "public" or not lacks_second_factor(request.user):
            return None
        if getattr(view, "machine", False):  # it answers no page: its own gate says so (`api.gate`)
            return None
        return redirect("mfa_index")


def sees_others(user: Any) -> bool:
    """Whether an account has a role, or acts for another person."""
    return bool(rights.memberships(user)) or user.ties.filter(kind="proxy").exists()


def lacks_second_factor(user: Any) -> bool:
    """Whether an account must set up a second factor before it goes on."""
    return sees_others(user) and not is_mfa_enabled(user)
