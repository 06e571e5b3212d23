"""What programs read: the feed of what is new, the map of the site, and what robots may read."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from openpoems.web.accounts.gate import public
from openpoems.web.answers.models import ORIGINAL
from openpoems.web.answers.queries import readings
from openpoems.web.answers.views.reading import today
from openpoems.web.library.tables import SHELVES

_NEWEST = 30
_FOR_EVERYBODY = ("home", "questions", "library", "glossary")
_OF_THE_COMMUNITY = (
    *("community", "get-involved", "community-map", "community-figures"),
    *("community-outcomes", "community-stories"),
)


@public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The answers as an Atom feed, the newest version first, in the language they are written in."""
    site = request.build_absolute_uri("/")
    newest = sorted(readings(today()), key=lambda each: each.version.made, reverse=True)[:_NEWEST]
    atom = Atom1Feed(
        title="openpoems: answers on POEMS syndrome",
        link=request.build_absolute_uri(reverse("questions")),
        description="Questions on POEMS syndrome, answered from published sources.",
        author_name="openpoems",
        language=ORIGINAL,
        feed_url=request.build_absolute_uri(),
        feed_guid=site,
    )
    for each in newest:
        address = request.build_absolute_uri(reverse("question", args=[each.name]))
        atom.add_item(
            title=each.shown.question,
            link=address,
            description=each.shown.short_words,
            unique_id=f"{address}#version-{each.version.number}",
            updateddate=each.version.made,
            pubdate=each.version.made,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


@public
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """Every public page that is worth finding, with the day it last changed where that is known."""
    pages: list[tuple[str, date | None]] = [(reverse(name), None) for name in (*_FOR_EVERYBODY, *_OF_THE_COMMUNITY)]
    pages += [(reverse("library-shelf", args=[kind]), None) for kind in SHELVES]
    pages += [(reverse("question", args=[each.name]), each.version.made.date()) for each in readings(today())]
    shown = {"pages": [(request.build_absolute_uri(address), changed) for address, changed in pages]}
    return render(request, "answers/sitemap.xml", shown, content_type="application/xml")


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Robots read what is for everybody, and no page of a person or an account."""
    lines = [
        "User-agent: *",
        *(f"Allow: {reverse(name)}" for name in ("questions", "library", "glossary")),
        *(f"Disallow: /{closed}/" for closed in ("accounts", "people", "centres", "site", "desk", "search", "demo")),
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
