"""The answers of a record, its full report, its letter, and the letter by link."""

import base64
import io

import qrcode
import qrcode.image.svg
from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from openpoems.reports.letter import letter_pdf
from openpoems.web.accounts.gate import guard, public
from openpoems.web.insight.actions import DAYS, make_link, open_link, revoke_link
from openpoems.web.insight.assessments import assessed, letter_of, report_of
from openpoems.web.insight.open import answers_of
from openpoems.web.registry.around import around
from openpoems.web.registry.identity import named_in_letter
from openpoems.web.registry.models import Person
from openpoems.web.registry.people import may

_LINK = "letter-link-just-made"


@guard("view-record")
@require_safe
def show(request: HttpRequest, person: Person) -> HttpResponse:
    """Is it working, is it coming back, what changed, what next, is it POEMS."""
    others = [page for page in around(request.user, person) if page.address != request.path]
    return render(request, "insight/answers.html", {"person": person, "it": answers_of(person), "around": others})


@guard("view-record")
@require_safe
@csp_replace(
    {  # type: ignore[untyped-decorator]  # django-csp has no types
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "base-uri": [NONE],
        "form-action": [NONE],
    }
)
def report(request: HttpRequest, person: Person) -> HttpResponse:
    """The whole report, as the command line writes it: it holds its own style, and runs no script."""
    return HttpResponse(report_of(assessed(person)))


@guard("view-record")
@require_safe
def letter(request: HttpRequest, person: Person) -> HttpResponse:
    """The letter as PDF; it names the person only to who may know."""
    named = named_in_letter(person) if may(request.user, "view-identity", person) else {}
    return _pdf(letter_pdf(letter_of(person, named)))


@guard("share-letter")
def links(request: HttpRequest, person: Person) -> HttpResponse:
    """The links to a letter: make one, see those there are."""
    if request.method == "POST":
        _link, token = make_link(
            by=request.user, person=person, for_whom=request.POST.get("for_whom", "").replace("\x00", "")
        )
        request.session[_LINK] = [person.pk, token]
        return redirect("letter-links", person.pseudonym)
    # Of whom it was made: another person's page in the same browser must not show it as its own.
    made_for = request.session.get(_LINK, [""])[0]
    token = request.session.pop(_LINK)[1] if made_for == person.pk else ""
    address = request.build_absolute_uri(reverse("letter-by-link", args=[token])) if token else ""
    return render(
        request,
        "insight/links.html",
        {
            "person": person,
            "links": person.letter_links.all(),
            "days": DAYS,
            "now": timezone.now(),
            "address": address,
            "code": _qr(address),
        },
    )


@guard("share-letter")
@require_POST
def revoke(request: HttpRequest, person: Person, number: int) -> HttpResponseRedirect:
    """Close a link."""
    revoke_link(by=request.user, link=get_object_or_404(person.letter_links, pk=number))
    messages.success(request, _("The link is closed: it opens nothing any more."))
    return redirect("letter-links", person.pseudonym)


@public
@never_cache
@require_safe
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The letter for whoever holds the link, while it is open."""
    link = open_link(token)
    if link is None:
        return render(request, "insight/closed.html", status=410)
    response = _pdf(letter_pdf(letter_of(link.person, named_in_letter(link.person))))
    response["X-Robots-Tag"] = "noindex"
    return response


def _pdf(pdf: bytes) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="poems-letter.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _qr(address: str) -> str:
    """A QR code of an address as a data URI; "" for none."""
    if not address:
        return ""
    picture = io.BytesIO()
    qrcode.make(address, image_factory=qrcode.image.svg.SvgPathImage, border=2).save(picture)
    return "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode()
