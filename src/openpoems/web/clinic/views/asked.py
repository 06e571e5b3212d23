"""What every page of a centre hands to its template, and how it answers a button."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from openpoems.web.accounts import rights
from openpoems.web.accounts.models import Centre
from openpoems.web.clinic import jobs
from openpoems.web.clinic.models import Job
from openpoems.web.registry.actions import Refused


def frame(request: HttpRequest, centre: Centre, here: str) -> dict[str, Any]:
    """The centre, the page one is on, and which of the centre's other pages the account may open."""
    may = {right: centre.pk in rights.centre_ids(request.user, right) for right in ("lead-centre", "export-centre")}
    pages = [("centre-people", True), ("centre-attention", True), ("centre-quality", may["lead-centre"])]
    pages += [("centre-follow-up", may["lead-centre"]), ("centre-exports", may["export-centre"])]
    return {"centre": centre, "here": here, "pages": [name for name, open_to in pages if open_to]}


def ask(request: HttpRequest, centre: Centre, kind: Job.Kind, page: str) -> HttpResponse:
    """Leave a job to the worker and go back to the page, which says how far it is."""
    try:
        jobs.ask(by=request.user, centre=centre, kind=kind)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect(page, slug=centre.slug)


def progress(centre: Centre, kind: Job.Kind) -> jobs.Progress | None:
    """The latest job of a kind."""
    return next(iter(jobs.progress(centre, kind, timezone.now())), None)
