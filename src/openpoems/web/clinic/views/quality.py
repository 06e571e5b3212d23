"""How complete a centre's records are, and what in them should be looked at."""

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from openpoems.web.accounts.gate import guard
from openpoems.web.accounts.models import Centre
from openpoems.web.audit import log
from openpoems.web.clinic import overview
from openpoems.web.clinic.models import Job
from openpoems.web.clinic.views.asked import ask, frame, progress

_PAGE = 25


@guard("lead-centre")
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Completeness and findings; a press of the button has the records looked at again."""
    if request.method == "POST":
        return ask(request, centre, Job.Kind.QUALITY, "centre-quality")
    seen = overview.overview(centre)
    doubtful = Paginator(overview.doubtful(centre), _PAGE).get_page(request.GET.get("page"))
    with transaction.atomic():
        named = [person.pk for person in doubtful] + [person.pk for group in seen.twins for person in group]
        log.record_each("list", sorted(set(named)), place="centre-quality")
    shown = {"seen": seen, "doubtful": doubtful, "job": progress(centre, Job.Kind.QUALITY)}
    return render(request, "clinic/quality.html", {**frame(request, centre, "centre-quality"), **shown})
