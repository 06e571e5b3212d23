"""A centre's list of people."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openpoems.web.accounts import rights
from openpoems.web.accounts.gate import guard
from openpoems.web.accounts.models import Centre
from openpoems.web.audit import log
from openpoems.web.clinic.people import FILTERS, SORTS, Wish, page
from openpoems.web.clinic.views.asked import frame
from openpoems.web.registry.actions.people import add_person
from openpoems.web.registry.row_numbers import row_numbers

_DESCENDING = "down"


@guard("list-people")
@require_safe
def show(request: HttpRequest, centre: Centre) -> HttpResponse:
    """One page of the list; that these people's lines were read is written down for each."""
    wish = wished(request.GET)
    named = centre.pk in rights.centre_ids(request.user, "view-identity")
    found, lines = page(centre, wish, timezone.localdate(), named=named)
    with transaction.atomic():
        log.record_each("list", [line.person.pk for line in lines], place="centre-people")
    shown = {"wish": wish, "found": found, "lines": lines, "named": named}
    return render(request, "clinic/people.html", {**frame(request, centre, "centre-people"), **shown, **_words(wish)})


@guard("add-person")
@require_POST
def add(request: HttpRequest, centre: Centre) -> HttpResponseRedirect:
    """Begin a record for a person of the centre; what they agreed to on paper is asked next."""
    person = add_person(by=request.user, centre=centre)
    return redirect("paper-consent", centre.slug, person.pseudonym)


def wished(asked: Mapping[str, str]) -> Wish:
    """The list that an address asks for; what it does not understand is left at its default."""
    sort, only, number = asked.get("sort", ""), asked.get("only", ""), asked.get("page", "")
    known = sort in SORTS
    return Wish(
        search=asked.get("search", "").strip()[:40],
        only=only if only in FILTERS else "",
        sort=sort if known else Wish().sort,
        descending=asked.get("order") == _DESCENDING if known else Wish().descending,
        page=next(iter(row_numbers([number[:9]])), 1),
    )


def _words(wish: Wish) -> dict[str, Any]:
    """The words of the form and of the columns' heads."""
    filters = {
        "": _("everybody"),
        "alive": _("people who are followed up"),
        "unverified": _("records with values to verify"),
        "conflicts": _("records with values that disagree"),
        "doubts": _("records with something to look at"),
    }
    sorts = {
        "pseudonym": _("Pseudonym"),
        "born": _("Born"),
        "diagnosed": _("Diagnosis"),
        "visit": _("Last visit"),
        "vegf": _("Last VEGF"),
        "unverified": _("To verify"),
        "conflicts": _("Disagreeing"),
    }
    kept = {"search": wish.search, "only": wish.only}
    return {"filters": filters, "sorts": sorts, "kept": {name: value for name, value in kept.items() if value}}
