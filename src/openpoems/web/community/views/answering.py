"""Make it count: the questionnaires of a person, page by page, into the record."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openpoems.web.accounts.gate import guard
from openpoems.web.community.actions import answers as actions
from openpoems.web.community.frame import unlisted
from openpoems.web.community.limits import limits
from openpoems.web.community.models import Outcome, Rhythm, Round
from openpoems.web.community.pages import form_of, said_on
from openpoems.web.community.questionnaires import Page, Questionnaire, questionnaires
from openpoems.web.community.rounds import kept_of, standings
from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.facts import NotAgreed
from openpoems.web.registry.models import Person
from openpoems.web.registry.scales import scales
from openpoems.web.registry.views.page import asking, fields_of


@unlisted
@guard("answer-questions")
def mine(request: HttpRequest, person: Person) -> HttpResponse:
    """What is asked of a person, when again, and what came of it; reminders and their end."""
    if request.method == "POST":
        ended = request.POST.get("reminders") == "end"
        actions.choose_rhythm(by=request.user, person=person, ended=ended)
        messages.success(request, _("No more reminders.") if ended else _("You will be reminded."))
        return redirect("make-it-count", person.pseudonym)
    context = {
        "person": person,
        "standings": standings(person, timezone.now()),
        "in_vain": limits().reminders_in_vain,
        "ended": Rhythm.objects.filter(person=person, ended=True).exists(),
        "outcomes": Outcome.objects.all()[:3],
    }
    return render(request, "community/make-it-count.html", context)


@unlisted
@guard("answer-questions")
def page(request: HttpRequest, person: Person, name: str, number: int) -> HttpResponse:
    """One page of a questionnaire: prefilled, kept at each pause, written into the record when it is sent."""
    it, on = _asked(name, number)
    told = asking(request, person)
    if request.method != "POST":
        form = form_of(on, person, told, kept=kept_of(person, it, on))
        return _show(request, person, it, number, form)
    data: Any = request.POST
    if "same" in request.POST:
        data = form_of(on, person, told).initial
    form = form_of(on, person, told, data=data)
    if not form.is_valid():
        return _show(request, person, it, number, form, status=400)
    row = actions.begin(by=request.user, person=person, questionnaire=it)
    try:
        row = actions.answer(by=request.user, row=row, page=on.id, said=said_on(form))
    except NotAgreed:
        raise  # the portal asks for the consent
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("make-it-count", person.pseudonym)
    return _next(request, person, it, number, row)


@unlisted
@guard("answer-questions")
@require_POST
def keep(request: HttpRequest, person: Person, name: str, number: int) -> HttpResponse:
    """Keep what stands on a page; answers when."""
    it, on = _asked(name, number)
    row = actions.begin(by=request.user, person=person, questionnaire=it)
    try:
        actions.keep(by=request.user, row=row, page=on.id, fields=fields_of(request))
    except Refused as refusal:
        return JsonResponse({"refusal": str(refusal)}, status=422)
    return JsonResponse({"says": _("Kept at %s.") % date_format(timezone.localtime(), "H:i")})


def _asked(name: str, number: int) -> tuple[Questionnaire, Page]:
    it = questionnaires().get(name)
    if it is None or not 1 <= number <= len(it.pages):
        raise Http404
    return it, it.pages[number - 1]


def _next(request: HttpRequest, person: Person, it: Questionnaire, number: int, row: Round) -> HttpResponse:
    if row.finished is not None:
        messages.success(request, _("Thank you. It stands in your record now, as said by you."))
        return redirect("make-it-count", person.pseudonym)
    order = [*range(number + 1, len(it.pages) + 1), *range(1, number)]
    ahead = next(n for n in order if it.pages[n - 1].id not in row.done)
    return redirect("make-it-count-page", person.pseudonym, it.id, ahead)


def _show(
    request: HttpRequest, person: Person, it: Questionnaire, number: int, form: Any, *, status: int = 200
) -> HttpResponse:
    on = it.pages[number - 1]
    scale = scales()[on.id] if on.kind == "scale" else None
    said = any(form.initial.get(name) for name in form.fields if name not in ("on", "document"))
    filled = said and not kept_of(person, it, on)
    context = {"person": person, "it": it, "page": on, "number": number, "form": form, "scale": scale, "filled": filled}
    return render(request, "community/questionnaire.html", context, status=status)
