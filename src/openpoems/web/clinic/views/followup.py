"""What is due for a centre's people, and reminding them."""

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openpoems.web.accounts.gate import guard
from openpoems.web.accounts.models import Centre
from openpoems.web.audit import log
from openpoems.web.clinic import followup, reminders
from openpoems.web.clinic.models import Job
from openpoems.web.clinic.people import of_centre
from openpoems.web.clinic.views.asked import ask, frame, progress

_PAGE = 25


@guard("lead-centre")
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, centre: Centre) -> HttpResponse:
    """What is due, the longest first; a press of the button has those reminded who agreed to be."""
    if request.method == "POST":
        return ask(request, centre, Job.Kind.REMINDERS, "centre-follow-up")
    people, now = of_centre(centre), timezone.now()
    due, allowed = followup.due(people, timezone.localdate()), reminders.recipients(people)
    found = Paginator(due, _PAGE).get_page(request.GET.get("page"))
    with transaction.atomic():
        log.record_each("list", sorted({one.person.pk for one in found}), place="centre-follow-up")
    shown = {
        "rules": followup.rules(),
        "found": found,
        "lines": [(one, one.person.pk in allowed) for one in found],
        "to_remind": len({one.person.pk for one in due if one.person.pk in allowed and not one.waits(now)}),
        "job": progress(centre, Job.Kind.REMINDERS),
    }
    return render(request, "clinic/followup.html", {**frame(request, centre, "centre-follow-up"), **shown})
