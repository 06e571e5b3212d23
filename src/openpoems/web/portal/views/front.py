"""The front page, the first step after making an account, and whether the site lives."""

from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from openpoems.web.accounts.gate import guard, public
from openpoems.web.accounts.models import User
from openpoems.web.answers.views.reading import most_asked
from openpoems.web.community.frame import member_of
from openpoems.web.community.models import Outcome
from openpoems.web.community.rounds import asked_of
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.people import begin_record
from openpoems.web.registry.models import Tie


@public
def home(request: HttpRequest) -> HttpResponse:
    """The front page: what this is for a visitor, one's records and centres for an account."""
    if not request.user.is_authenticated:
        return render(request, "portal/front.html", {"asked_most": most_asked()})
    asked = {"asked": asked_of(request.user, timezone.now()), "member": member_of(request)}
    return render(request, "portal/home.html", {**asked, "outcome": Outcome.objects.first()})


@public
def health(request: HttpRequest) -> HttpResponse:
    """Whether the site and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Show the site in the language that was chosen, from now on; mail to an account is written in it too."""
    response = set_language(request)
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return response


@guard("begin-record")
def start(request: HttpRequest) -> HttpResponse:
    """Begin one's own record, or that of a person one cares for; consent is asked next."""
    if request.method != "POST":
        return render(request, "portal/start.html")
    kind = Tie.Kind.PROXY if request.POST.get("kind") == Tie.Kind.PROXY else Tie.Kind.SELF
    try:
        person = begin_record(by=request.user, kind=kind)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("home")
    return redirect("consent", person.pseudonym)
