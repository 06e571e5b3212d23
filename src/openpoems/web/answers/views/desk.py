"""The editors' desk: what waits for whom, writing, sending on, translating, replying to readers."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openpoems.web.accounts import rights
from openpoems.web.accounts.gate import guard
from openpoems.web.answers.actions import take_step, write
from openpoems.web.answers.comparing import history_of
from openpoems.web.answers.documents import read
from openpoems.web.answers.forms import AnswerForm, NewAnswerForm, TranslationForm
from openpoems.web.answers.markup import written
from openpoems.web.answers.models import Answer, Remark
from openpoems.web.answers.people import reply
from openpoems.web.answers.presenter import shown
from openpoems.web.answers.queries import desk, may_review, waiting_translations
from openpoems.web.answers.translating import translate
from openpoems.web.answers.views.reading import today
from openpoems.web.answers.workflow import steps_from, workflow
from openpoems.web.registry.actions import Refused


@guard("see-answers-desk")
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every answer with its state and owner, what presses first; remarks of readers that wait for a reply."""
    remarks = Remark.objects.filter(replied=None).select_related("version__answer").order_by("at")
    shown_here = {"rows": desk(today()), "remarks": remarks, "translations": waiting_translations()}
    return render(request, "answers/desk.html", {**shown_here, **_who(request)})


@guard("see-answers-desk")
@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One answer behind the scenes: its words, its versions and steps, and what can be done next."""
    answer = _answer(name)
    steps = {by: steps_from(answer.state, by) for by in ("editor", "reviewer")}
    versions = history_of(name, all_versions=True)
    return render(
        request,
        "answers/desk-answer.html",
        {
            "answer": answer,
            "page": shown(answer.working) if answer.working else None,
            "state": workflow().state[answer.state],
            "steps": steps,
            "versions": versions,
            "taken": [
                {"taken": each, "rule": workflow().step[each.step]} for each in answer.steps.select_related("by")
            ],
            "remarks": Remark.objects.filter(version__answer=answer),
            "translations": answer.translations.select_related("reviewer", "of"),
            "waiting": waiting_translations().filter(answer=answer),
            "languages": [(code, words) for code, words in settings.LANGUAGES if code != "en"],
            **_who(request),
        },
    )


@guard("edit-answers")
def new(request: HttpRequest) -> HttpResponse:
    """Begin an answer."""
    form = NewAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if Answer.objects.filter(name=name).exists():
            form.add_error("name", _("There is an answer at this address."))
        elif _written(request, form, name):
            return redirect("desk-answer", name)
    return render(request, "answers/desk-edit.html", {"form": form})


@guard("edit-answers")
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Write the next version of an answer; what was written stays in the form where it cannot be kept."""
    answer = _answer(name)
    words = read(answer.working.document) if answer.working else None
    form = AnswerForm(request.POST or None, initial=written(words) if words else None)
    form.rank = answer.rank
    if request.method == "POST" and form.is_valid() and _written(request, form, name):
        return redirect("desk-answer", name)
    return render(request, "answers/desk-edit.html", {"form": form, "answer": answer})


def _written(request: HttpRequest, form: AnswerForm, name: str) -> bool:
    assert form.answer is not None  # noqa: S101 - a valid form has one
    try:
        write(by=request.user, name=name, words=form.answer, at=timezone.now(), note=form.cleaned_data["note"])
    except Refused as refusal:
        form.add_error(None, capfirst(str(refusal)))
        return False
    messages.success(request, _("The version is kept."))
    return True


@guard("edit-answers")
@require_POST
def step(request: HttpRequest, name: str) -> HttpResponse:
    """Take an editor's step."""
    chosen, words = request.POST.get("step", ""), request.POST.get("words", "")
    try:
        take_step(by=request.user, answer=_answer(name), step=chosen, at=timezone.now(), words=words)
    except Refused as refusal:
        messages.error(request, capfirst(str(refusal)))
    return redirect("desk-answer", name)


@guard("edit-answers")
@require_POST
def reply_to(request: HttpRequest, number: int) -> HttpResponse:
    """Reply to a reader."""
    found = get_object_or_404(Remark.objects.select_related("version__answer"), pk=number)
    try:
        reply(by=request.user, remark=found, words=request.POST.get("words", ""), at=timezone.now())
    except Refused as refusal:
        messages.error(request, capfirst(str(refusal)))
    else:
        messages.success(request, _("The reader finds your reply where the remark was made."))
    return redirect("desk-answer", found.version.answer.name)


@guard("edit-answers")
def translation(request: HttpRequest, name: str, language: str) -> HttpResponse:
    """Translate what readers see, by hand; the page begins with the last translation, or else with the original."""
    answer = _answer(name)
    if language not in dict(settings.LANGUAGES) or language == "en" or answer.public is None:
        raise Http404
    before = answer.translations.filter(language=language).first()
    original = read(answer.public.document)
    form = TranslationForm(
        request.POST or None, original=original, initial=written(read(before.document) if before else original)
    )
    if request.method == "POST" and form.is_valid() and form.answer is not None:
        try:
            translate(by=request.user, answer=answer, language=language, words=form.answer, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, capfirst(str(refusal)))
        else:
            messages.success(request, _("The translation waits for its own reviewer."))
            return redirect("desk-answer", name)
    beside = {
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "before": before,
        "page": shown(answer.public) if before else None,
    }
    return render(request, "answers/desk-edit.html", {"form": form, "answer": answer, **beside})


def _answer(name: str) -> Answer:
    return get_object_or_404(Answer.objects.select_related("working", "public", "approval"), name=name)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {
        "edits": rights.has_on_site(request.user, "edit-answers"),
        "reviews": rights.has_on_site(request.user, "review-answers"),
        "verified": may_review(request.user),
    }
