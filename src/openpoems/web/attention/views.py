"""Who of a centre needs attention."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openpoems.web.accounts import rights
from openpoems.web.accounts.gate import guard
from openpoems.web.accounts.models import Centre
from openpoems.web.attention.people import REASONS, SORTS, Listed, Wish, listed
from openpoems.web.attention.tasks import look
from openpoems.web.attention.words import said, titles
from openpoems.web.audit import log
from openpoems.web.clinic.views.asked import frame


@guard("list-people")
@require_safe
def show(request: HttpRequest, centre: Centre) -> HttpResponse:
    """One page of the list; that these people's lines were read is written down for each."""
    wish, today = wished(request.GET), timezone.localdate()
    named = centre.pk in rights.centre_ids(request.user, "view-identity")
    found = listed(centre, wish, today, named=named)
    with transaction.atomic():
        log.record_each("list", [line.person.pk for line in found.lines], place="centre-attention")
    rows = [(line, said(line.person, line.attention, today)) for line in found.lines]
    shown = {"wish": wish, "found": found.found, "rows": rows, "named": named, "waiting": found.waiting}
    words = {"chips": _chips(found), "sorts": _sorts()}
    return render(request, "attention/people.html", {**frame(request, centre, "centre-attention"), **shown, **words})


@guard("list-people")
@require_POST
def again(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Ask the worker to look at what changed, where it was not told by the change itself."""
    look.enqueue()
    messages.info(request, _("The records that changed are looked at again; it takes a moment."))
    return redirect("centre-attention", centre.slug)


def wished(asked: Mapping[str, str]) -> Wish:
    """The list that an address asks for; what it does not understand is left at its default."""
    why, sort, number = asked.get("why", ""), asked.get("sort", ""), asked.get("page", "")
    return Wish(
        why=why if why in REASONS else "",
        sort=sort if sort in SORTS else Wish().sort,
        page=int(number) if number.isdecimal() and number.isascii() else 1,
    )


def _chips(found: Listed) -> list[tuple[str, str, int]]:
    """Each reason with how many people it holds for."""
    return [(why, title, found.counts[why]) for why, title in titles().items()]


def _sorts() -> dict[str, Any]:
    return {
        "reasons": _("the weightiest reason first"),
        "overdue": _("the longest overdue first"),
        "unseen": _("the longest not seen first"),
        "seen": _("the last seen first"),
        "unverified": _("the most to verify first"),
        "pseudonym": _("pseudonym"),
    }
