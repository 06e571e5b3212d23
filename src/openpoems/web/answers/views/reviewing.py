"""Reviewing: who a reviewer is, the decision on an answer or a translation, and the administrator's verification."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openpoems.web.accounts.gate import guard
from openpoems.web.answers.actions import review
from openpoems.web.answers.forms import ProfessionForm
from openpoems.web.answers.models import Answer, Reviewer, Translation
from openpoems.web.answers.people import end_reviewer, tell_profession, verify_reviewer
from openpoems.web.answers.presenter import shown
from openpoems.web.answers.translating import approve_translation, send_back_translation
from openpoems.web.registry.actions import Refused


@guard("review-answers")
@require_POST
def review_answer(request: HttpRequest, name: str) -> HttpResponse:
    """Approve the version in review, or ask for changes."""
    answer = get_object_or_404(Answer, name=name)
    chosen, words, seen = (request.POST.get(name, "") for name in ("step", "words", "version"))
    try:
        review(by=request.user, answer=answer, step=chosen, at=timezone.now(), words=words, seen=seen)
    except Refused as refusal:
        messages.error(request, capfirst(str(refusal)))
    else:
        messages.success(request, _("Your decision is kept, with your name."))
    return redirect("desk-answer", name)


@guard("review-answers")
def one_translation(request: HttpRequest, number: int) -> HttpResponse:
    """A translation beside its original: approving it, or saying what should change."""
    found = get_object_or_404(Translation.objects.select_related("answer", "of", "reviewer"), pk=number)
    if request.method == "POST":
        try:
            if request.POST.get("decision") == "ask":
                words = request.POST.get("words", "")
                send_back_translation(by=request.user, translation=found, words=words, at=timezone.now())
            else:
                approve_translation(by=request.user, translation=found, at=timezone.now())
        except Refused as refusal:
            messages.error(request, capfirst(str(refusal)))
        else:
            messages.success(request, _("Your decision is kept, with your name."))
        return redirect("desk-translation", number)
    pairs = list(zip(shown(found.of).sentences, shown(found).sentences, strict=True))
    language = dict(settings.LANGUAGES).get(found.language, found.language)
    return render(
        request, "answers/desk-translation.html", {"translation": found, "pairs": pairs, "language": language}
    )


@guard("review-answers")
def me(request: HttpRequest) -> HttpResponse:
    """Say who one is; an administrator verifies it."""
    mine = Reviewer.objects.filter(user=request.user).first()  # type: ignore[misc] # the gate let no visitor in
    fields = ("name", "profession", "organisation", "proof")
    form = ProfessionForm(request.POST or None, initial={f: getattr(mine, f) for f in fields} if mine else None)
    if request.method == "POST" and form.is_valid():
        tell_profession(by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("An administrator is asked to verify it."))
        return redirect("desk-me")
    return render(request, "answers/desk-me.html", {"form": form, "mine": mine})


@guard("verify-reviewers")
@require_safe
def reviewers(request: HttpRequest) -> HttpResponse:
    """Everybody who says they review, in their own words of now, and whether that was verified."""
    found = Reviewer.objects.exclude(user=None).select_related("verified_by").order_by("verified", "pk")
    return render(request, "answers/reviewers.html", {"reviewers": found})


@guard("verify-reviewers")
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Verify a reviewer by what the page said of them, or end that."""
    action = {"end": end_reviewer, "verify": verify_reviewer}.get(request.POST.get("decision", ""))
    if action is None:
        raise Http404
    try:
        action(by=request.user, number=number, at=timezone.now())
    except Refused as refusal:
        messages.error(request, capfirst(str(refusal)))
    else:
        messages.success(request, _("The decision is kept."))
    return redirect("site-reviewers")
