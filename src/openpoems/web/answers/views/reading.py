"""What readers meet: the questions, one answer, its history, searching, and saying that something is not right."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from openpoems.web.accounts.gate import public
from openpoems.web.answers.comparing import history_of
from openpoems.web.answers.models import ORIGINAL, Answer, Entry, Remark
from openpoems.web.answers.people import say
from openpoems.web.answers.queries import TOPICS, Reading, open_on, read_in, reading, readings
from openpoems.web.answers.search import Found, search
from openpoems.web.answers.structured import structured
from openpoems.web.answers.topics import TOPIC_TITLES
from openpoems.web.registry.actions import Refused

FIRST = ("what-is-poems", "how-diagnosed", "treatments", "outlook", "what-is-vegf", "nerves-and-walking")


@public
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Every question, by topic, each with its short answer."""
    found = readings(today(), get_language() or ORIGINAL)
    topics = [(TOPIC_TITLES[topic], [each for each in found if each.topic == topic]) for topic in TOPICS]
    return render(request, "answers/questions.html", {"topics": [(t, rows) for t, rows in topics if rows]})


@public
def question(request: HttpRequest, name: str) -> HttpResponse:
    """One answer, with how it stands, its sources, and what to do when it is not right."""
    found = reading(name, today(), get_language() or ORIGINAL)
    if found is None:
        return _gone_or_unknown(request, name)
    shown = {
        "reading": found,
        "page": found.shown,
        "related": _related(found),
        "structured": structured(found, request.build_absolute_uri()),
        "kinds": Remark.Kind.choices,
    }
    return render(request, "answers/question.html", shown)


@public
def history(request: HttpRequest, name: str) -> HttpResponse:
    """Every version that readers have seen, what changed from one to the next, and who reviewed it."""
    found = reading(name, today())
    if found is None:
        raise Http404
    return render(request, "answers/history.html", {"reading": found, "versions": history_of(name)})


@public
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """What fits the words in `q`: answers first, then terms and the library."""
    asked = request.GET.get("q", "")
    found = _still_open(search(asked, get_language() or ORIGINAL)) if asked.strip() else []
    return render(request, "answers/find.html", {"asked": asked[:200], "found": found})


@public
@require_POST
def remark(request: HttpRequest, name: str) -> HttpResponse:
    """A reader says that an answer is out of date, unclear or wrong; where the reply will stand is shown next."""
    found = reading(name, today())
    if found is None:
        raise Http404
    by = request.user if request.user.is_authenticated else None
    whence = str(by.pk) if by else request.META.get("REMOTE_ADDR", "")
    kind, words = request.POST.get("kind", ""), request.POST.get("words", "")
    try:
        made = say(by=by, version=found.version, kind=kind, words=words, at=timezone.now(), whence=whence)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("question", name)
    return redirect("remark", made.token)


@public
def one_remark(request: HttpRequest, token: str) -> HttpResponse:
    """A reader's own remark and the reply to it, at an address that only the reader knows."""
    found = get_object_or_404(Remark.objects.select_related("version__answer"), token=token)
    response = render(request, "answers/remark.html", {"remark": found})
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def today() -> date:
    """The day on which a page is read."""
    return timezone.localdate()


def most_asked() -> list[Reading]:
    """The questions that people ask first, for the front page, in their order."""
    asked = read_in(get_language() or ORIGINAL, open_on(today()).filter(name__in=FIRST), today())
    found = {each.name: each for each in asked}
    return [found[name] for name in FIRST if name in found]


def _related(found: Reading) -> list[tuple[str, str]]:
    entries = Entry.objects.filter(kind="answer", key__in=found.shown.related, language__in=(ORIGINAL, found.language))
    told = entries.values_list("language", "key", "title")
    titles = {key: title for _language, key, title in sorted(told, key=lambda each: each[0] == found.language)}
    return [(name, titles[name]) for name in found.shown.related if name in titles]


def _still_open(found: list[Found]) -> list[Found]:
    """Without answers that have lapsed since they were entered."""
    names = {each.address.rstrip("/").rpartition("/")[2] for each in found if each.kind == "answer"}
    still = set(open_on(today()).filter(name__in=names).values_list("name", flat=True)) if names else set()
    return [e for e in found if e.kind != "answer" or e.address.rstrip("/").rpartition("/")[2] in still]


def _gone_or_unknown(request: HttpRequest, name: str) -> HttpResponse:
    """That an answer was withdrawn is said; that there is none is not found."""
    answer = get_object_or_404(Answer, name=name, working__isnull=False)
    if not answer.versions.filter(reviews__verdict="approved").exists() and not _was_ours(answer):
        raise Http404
    words: dict[str, Any] = {"question": answer.working.document["question"] if answer.working else name}
    return render(request, "answers/gone.html", words, status=410)


def _was_ours(answer: Answer) -> bool:
    return answer.author_id is None
