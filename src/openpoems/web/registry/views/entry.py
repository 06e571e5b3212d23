"""Entering facts and correcting them."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from openpoems.web.accounts.gate import guard
from openpoems.web.registry import last, presenters
from openpoems.web.registry.actions import drafts, facts
from openpoems.web.registry.documents import digest_of
from openpoems.web.registry.forms.fact import FactForm
from openpoems.web.registry.forms.measurement import MeasurementForm
from openpoems.web.registry.forms.register import OFFERED, Entry, correction, entry
from openpoems.web.registry.forms.scale import ScaleForm
from openpoems.web.registry.guide import guide
from openpoems.web.registry.history import newest
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.scales import scales
from openpoems.web.registry.store import fact_of
from openpoems.web.registry.views.page import asking, begun, form_page, keeps, say


@guard("write-record")
def choose(request: HttpRequest, person: Person) -> HttpResponse:
    """What can be entered."""
    return render(
        request,
        "registry/choose.html",
        {
            "person": person,
            "results": presenters.measures(guide().results),
            "scales": scales().values(),
            "offered": OFFERED,
        },
    )


@guard("write-record")
def add(request: HttpRequest, person: Person, kind: str, of: str = "") -> HttpResponse:
    """Enter one fact."""
    try:
        page = entry(kind, of)
    except KeyError:
        raise Http404 from None
    if keeps(request):
        return begun(request, person, page.key)
    given = _given(person, page)
    before = last.latest_result(person, page.measure) if page.form.func is ScaleForm else None  # type: ignore[attr-defined]
    if request.method == "POST" and "same" in request.POST and before is not None:
        return _again(request, person, page, before)
    if request.method == "POST":
        form = page.form(request.POST, asking=asking(request, person), **given)
        if form.is_valid():
            return _enter(request, person, page.key, form)
        return form_page(request, person, form, key=page.key, title=page.title, says=page.says)
    shared = _shared(person, page)

    def new(begun: dict[str, Any]) -> FactForm:
        return page.form(asking=asking(request, person), initial={**shared, **begun}, **given)

    seen = presenters.describe(before) if before else None
    return form_page(
        request, person, new, key=page.key, title=page.title, says=page.says, before=seen, like=bool(shared)
    )


@guard("write-record")
def correct(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Say what a fact should have said; the old one stays in its history."""
    row = get_object_or_404(person.facts, pk=pk)
    key = f"facts/{pk}/correct"
    make = correction(fact_of(row))
    if keeps(request):
        return begun(request, person, key)
    if request.method == "POST":
        form = make(request.POST, asking=asking(request, person), **_earlier(person, row))
        if form.is_valid():
            return _correct(request, person, row, form)
        return form_page(request, person, form, key=key, title=_correcting(row))
    if row.state != Fact.State.CURRENT:
        messages.warning(request, facts.GONE)
        return redirect("fact", person.pseudonym, pk)
    return form_page(
        request,
        person,
        lambda begun: _begin(make(asking=asking(request, person)), begun),
        key=key,
        title=_correcting(row),
    )


def _enter(request: HttpRequest, person: Person, key: str, form: FactForm) -> HttpResponse:
    try:
        with transaction.atomic():
            row = facts.enter(by=request.user, person=person, fact=form.fact())
            drafts.forget(by=request.user, person=person, form=key)
    except facts.AlreadySaid as already:
        drafts.forget(by=request.user, person=person, form=key)
        messages.info(request, str(already))
        return redirect("record", person.pseudonym)
    say(request, gettext("Saved: %s.") % presenters.describe(fact_of(row)).title)
    if "again" in request.POST:
        return redirect("record-add", person.pseudonym)
    return redirect(f"{reverse('record', args=[person.pseudonym])}#fact-{row.pk}")


def _again(request: HttpRequest, person: Person, page: Entry, before: Any) -> HttpResponse:
    """The score is what it was: enter it for today."""
    form = page.form(_unchanged(before, asking(request, person).today), asking=asking(request, person))
    if form.is_valid():
        return _enter(request, person, page.key, form)
    return form_page(request, person, form, key=page.key, title=page.title, says=page.says)


def _unchanged(before: Any, today: Any) -> Mapping[str, Any]:
    return {**ScaleForm.initial_of(before), "on": str(today), "document": ""}


def _correct(request: HttpRequest, person: Person, row: Fact, form: FactForm) -> HttpResponse:
    key = f"facts/{row.pk}/correct"
    if not form.has_changed():
        messages.info(request, gettext("Nothing was changed."))
        return redirect("fact", person.pseudonym, row.pk)
    fact = form.fact()
    try:
        with transaction.atomic():
            new = facts.correct(by=request.user, row=row, fact=fact)
            drafts.forget(by=request.user, person=person, form=key)
    except facts.AlreadySaid as already:
        form.add_error(None, str(already))
        return form_page(request, person, form, key=key, title=_correcting(row))
    except facts.Gone as gone:
        return _meanwhile(request, person, row, form, str(gone))
    say(request, gettext("Corrected. What stood there before is kept in the history."))
    return redirect(f"{reverse('record', args=[person.pseudonym])}#fact-{new.pk}")


def _meanwhile(request: HttpRequest, person: Person, row: Fact, form: FactForm, why: str) -> HttpResponse:
    """Somebody else was quicker: show what stands there now beside what was written, and lose neither."""
    now = newest(row)
    if now.digest == digest_of(form.fact()):
        messages.info(request, facts.ALREADY)
        return redirect("record", person.pseudonym)
    if now.state == Fact.State.CURRENT:
        form = correction(fact_of(now))(request.POST, asking=asking(request, person), **_earlier(person, now))
        form.is_valid()
    line = presenters.line(now, request.user)
    key = f"facts/{now.pk}/correct"
    return form_page(request, person, form, key=key, title=_correcting(now), refusal=why, now=line)


def _begin(form: FactForm, begun: Mapping[str, Any]) -> FactForm:
    """Show what was begun; what the fact says stays what changes are told by."""
    form.initial.update(begun)
    return form


def _correcting(row: Fact) -> str:
    return gettext("Correct: %s") % presenters.describe(fact_of(row)).title


def _given(person: Person, page: Entry) -> dict[str, Any]:
    measured = page.form.func is MeasurementForm  # type: ignore[attr-defined]  # every page's form is a partial
    return {"earlier": last.results(person, page.measure)} if measured else {}


def _earlier(person: Person, row: Fact) -> dict[str, Any]:
    make = correction(fact_of(row))
    if make.func is not MeasurementForm:  # type: ignore[attr-defined]  # as above
        return {}
    current = fact_of(row)
    return {"earlier": [each for each in last.results(person, row.about) if each != current]}


def _shared(person: Person, page: Entry) -> dict[str, Any]:
    """What a new result most likely shares with the last one: of this measure, else the laboratory alone."""
    if page.form.func is not MeasurementForm:  # type: ignore[attr-defined]  # as above
        return {}
    if before := last.latest_result(person, page.measure):
        return MeasurementForm.like(before)
    return {"laboratory": found} if (found := last.laboratory(person)) else {}
