"""The pages of imports: of one person, and of a centre's people."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openpoems.errors import OpenpoemsError
from openpoems.web.accounts.gate import guard
from openpoems.web.accounts.models import Centre
from openpoems.web.audit import log
from openpoems.web.registry import people
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.facts import NotAgreed
from openpoems.web.registry.imports import decisions, previews, sources
from openpoems.web.registry.imports.forms import CentreSourceForm, SourceForm
from openpoems.web.registry.imports.limits import takes_turn
from openpoems.web.registry.imports.pages import Preview, kept_in_words, preview_of
from openpoems.web.registry.imports.whose import who_says
from openpoems.web.registry.models import Import, Person
from openpoems.web.registry.row_numbers import row_numbers

Preparing = Callable[[sources.Source], Import]


@guard("write-record")
def of_person(request: HttpRequest, person: Person) -> HttpResponse:
    """The imports of a person, and the form for another."""
    said_by = who_says(people.roles_on(request.user, person))

    def prepare(source: sources.Source) -> Import:
        return previews.preview_for_person(by=request.user, person=person, source=source, said_by=said_by)

    form = SourceForm(*_sent(request))
    return _begin(request, form, prepare, {"person": person, "imports": person.imports.all()[:50]})


@guard("add-person")
def of_centre(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The imports of a centre, and the form for another."""

    def prepare(source: sources.Source) -> Import:
        return previews.preview_for_centre(by=request.user, centre=centre, source=source, said_by="clinician")

    form = CentreSourceForm(*_sent(request), centre=centre)
    return _begin(request, form, prepare, {"centre": centre, "imports": centre.imports.all()[:50]})


@guard("write-record")
def person_import(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """One import of a person: look at it, choose rows, accept, discard, undo."""
    return _one(request, get_object_or_404(Import, pk=number, person=person), {"person": person})


@guard("add-person")
def centre_import(request: HttpRequest, centre: Centre, number: int) -> HttpResponse:
    """One import of a centre."""
    return _one(request, get_object_or_404(Import, pk=number, centre=centre), {"centre": centre})


def address_of(source: Import) -> str:
    """The address of an import's page."""
    if source.person_id:
        return f"/people/{source.person_id}/imports/{source.pk}/"
    return f"/centres/{source.centre.slug if source.centre else ''}/imports/{source.pk}/"


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _begin(request: HttpRequest, form: SourceForm, prepare: Preparing, context: dict[str, Any]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        if not takes_turn(request.user):
            return render(request, "imports/429.html", status=429)
        try:
            made = prepare(form.read())
        except NotAgreed:  # the portal answers, as it does at its gate
            raise
        except OpenpoemsError as error:
            form.add_error(None, str(error))
        else:
            return redirect(address_of(made))
    status = 400 if form.errors else 200
    return render(request, "imports/begin.html", {**context, "form": form}, status=status)


def _one(request: HttpRequest, source: Import, context: dict[str, Any]) -> HttpResponse:
    if request.method == "POST":
        return _decide(request, source)
    shown = preview_of(source, request.GET.get("page", "1"))
    if source.centre_id:
        _log_reads(shown)
    kept = kept_in_words(decisions.kept(source)) if source.state == Import.State.UNDONE else []
    context |= {"import": source, "shown": shown, "earlier": previews.earlier(source), "kept": kept}
    return render(request, "imports/one.html", context)


def _decide(request: HttpRequest, source: Import) -> HttpResponse:
    act = request.POST.get("act", "choose" if "to" in request.POST else "")
    if act not in _ACTS:
        raise Http404
    try:
        if act in ("accept", "choose"):
            _choose(request, source)
        messages.success(request, _ACTS[act](request, source))
    except decisions.Stale as stale:
        decisions.look_again(by=request.user, source=source)
        messages.warning(request, str(stale))
    except Refused as refused:
        messages.error(request, str(refused))
    page = request.POST.get("to", "")
    return redirect(address_of(source) + (f"?page={page}" if act == "choose" and page.isdigit() else ""))


def _choose(request: HttpRequest, source: Import) -> None:
    shown, wanted = (row_numbers(request.POST.getlist(name)) for name in ("shown", "wanted"))
    decisions.choose(by=request.user, source=source, shown=shown, wanted=wanted)


def _accept(request: HttpRequest, source: Import) -> str:
    taken = decisions.accept(by=request.user, source=source, agreed="agreed" in request.POST)
    return ngettext("%(n)d entry was added.", "%(n)d entries were added.", taken) % {"n": taken}


def _undo(request: HttpRequest, source: Import) -> str:
    gone = decisions.undo(by=request.user, source=source)
    return ngettext("Undone: %(n)d entry was taken back.", "Undone: %(n)d entries were taken back.", gone) % {"n": gone}


def _discard(request: HttpRequest, source: Import) -> str:
    decisions.discard(by=request.user, source=source)
    return _("Discarded: nothing was added.")


_ACTS: dict[str, Callable[[HttpRequest, Import], str]] = {
    "choose": lambda request, source: _("Your choice is kept."),
    "accept": _accept,
    "undo": _undo,
    "discard": _discard,
}


def _log_reads(shown: Preview) -> None:
    """A centre's preview shows what records say: each of them was read."""
    with transaction.atomic():
        for pseudonym in sorted({row.whose for row in shown.rows if row.whose}):
            log.record("read", person=pseudonym, place="centre-import", row_id=pseudonym)
