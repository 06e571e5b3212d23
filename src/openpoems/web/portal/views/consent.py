"""What a person agrees to: reading it, deciding, withdrawing, taking the receipt away; consent given on paper."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openpoems.web.accounts.gate import guard
from openpoems.web.accounts.models import Centre
from openpoems.web.portal.consents import page, receipt
from openpoems.web.registry.actions.consent import answer, decide, opt_out
from openpoems.web.registry.actions.people import describe
from openpoems.web.registry.consent import PURPOSES, ConsentDocument, current_document
from openpoems.web.registry.models import Consent, Person
from openpoems.web.registry.people import may


@guard("consent")
def consent(request: HttpRequest, person: Person) -> HttpResponse:
    """Every purpose with what agreeing means; what is still to be decided stands first."""
    if request.method == "POST":
        answer(by=request.user, person=person, choices=_choices(request), language=_shown().language)
        messages.success(request, _("Your decisions are written down."))
        return redirect("centre-choice" if person.centre_id is None else "consent", person.pseudonym)
    return render(request, "portal/consent.html", {"person": person, "consent": page(person, get_language())})


@guard("consent")
@require_POST
def decision(request: HttpRequest, person: Person, purpose: str) -> HttpResponse:
    """One purpose, with one click: agree or withdraw."""
    if purpose not in PURPOSES:
        raise Http404
    choice = {purpose: request.POST.get("given") == "yes"}
    answer(by=request.user, person=person, choices=choice, language=_shown().language)
    messages.success(request, _("Your decision is written down, and counts from now on."))
    return redirect("consent", person.pseudonym)


@guard("consent")
def leave(request: HttpRequest, person: Person) -> HttpResponse:
    """Opt out of everything at once, after reading what that means."""
    if request.method != "POST":
        return render(request, "portal/opt-out.html", {"person": person})
    opt_out(by=request.user, person=person)
    messages.success(request, _("You have opted out. Nobody but you sees the record from now on."))
    return redirect("consent", person.pseudonym)


@guard("consent")
def consent_receipt(request: HttpRequest, person: Person) -> HttpResponse:
    """All decisions as a PDF to keep; neither the file's name nor its content names the person."""
    response = HttpResponse(receipt(person, timezone.now()), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="consent-receipt.pdf"'
    return response


@guard("choose-centre")
def centre_choice(request: HttpRequest, person: Person) -> HttpResponse:
    """Choose the centre that cares for the person, change it, or leave it."""
    if request.method == "POST":
        slug = request.POST.get("centre", "").replace("\x00", "")
        describe(by=request.user, person=person, centre=get_object_or_404(Centre, slug=slug) if slug else None)
        messages.success(request, _("Your choice is written down."))
        return redirect("record", person.pseudonym)
    return render(request, "portal/centre-choice.html", {"person": person, "centres": Centre.objects.all()})


@guard("record-paper-consent")
def paper(request: HttpRequest, centre: Centre, number: str) -> HttpResponse:
    """What a person of this centre, whom no account acts for, agreed to on paper."""
    person = get_object_or_404(Person, pseudonym=number, centre=centre, ties=None)
    if request.method == "POST":
        choices = _choices(request)
        decide(by=request.user, person=person, choices=choices, method=Consent.Method.PAPER)
        messages.success(request, _("Written down. Keep the signed paper at the centre."))
        return redirect("paper-consent", centre.slug, number)
    shown = {
        "centre": centre,
        "person": person,
        "consent": page(person, get_language()),
        "open": may(request.user, "view-record", person),
    }
    return render(request, "portal/paper-consent.html", shown)


def _shown() -> ConsentDocument:
    """The document as this reader sees it: in their language, or as it was released."""
    return current_document().worded(get_language())


def _choices(request: HttpRequest) -> dict[str, bool]:
    """What was decided; a purpose that was not answered is not decided."""
    asked = {purpose.id for purpose in current_document().purposes}
    said = {id: request.POST.get(id) for id in PURPOSES if id in asked}
    return {id: word == "yes" for id, word in said.items() if word in ("yes", "no")}
