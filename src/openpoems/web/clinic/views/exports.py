"""Preparing an export and taking it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from openpoems.web.accounts.gate import guard
from openpoems.web.accounts.models import Centre
from openpoems.web.clinic import jobs
from openpoems.web.clinic.export.build import allowed
from openpoems.web.clinic.export.release import release
from openpoems.web.clinic.models import Job
from openpoems.web.clinic.people import of_centre
from openpoems.web.clinic.views.asked import ask, frame
from openpoems.web.registry.actions import Refused

_SHOWN = 10


@guard("export-centre")
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The latest exports; a press of the button has another prepared."""
    if request.method == "POST":
        return ask(request, centre, Job.Kind.EXPORT, "centre-exports")
    people = of_centre(centre)
    shown = {
        "jobs": jobs.progress(centre, Job.Kind.EXPORT, timezone.now(), _SHOWN),
        "allowed": allowed(people).count(),
        "people": people.count(),
    }
    return render(request, "clinic/exports.html", {**frame(request, centre, "centre-exports"), **shown})


@guard("export-centre")
@never_cache
@require_POST
def take(request: HttpRequest, centre: Centre, number: int) -> HttpResponse:
    """Hand the export over, if everybody in it still agrees."""
    try:
        archive = release(by=request.user, centre=centre, number=number)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("centre-exports", slug=centre.slug)
    name = f"{centre.slug}-{timezone.localdate():%Y-%m-%d}.zip"
    return HttpResponse(
        archive, content_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
