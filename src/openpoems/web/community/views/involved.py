"""Get involved: joining, what consent means step by step, who knows POEMS, trials, and one's own centre."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from openpoems.knowledge.store import knowledge
from openpoems.web.accounts.gate import public
from openpoems.web.answers.presenter import link_to
from openpoems.web.community.centres import experts
from openpoems.web.community.frame import member_of
from openpoems.web.community.world import world
from openpoems.web.registry.consent import current_document


@public
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Everything that one can do, on one page."""
    context = {
        "member": member_of(request),
        "consent": current_document().worded(get_language()),
        "experts": [(one, world().name(one.country), link_to(one.reference)) for one in experts()],
        "trials": [_trial(id) for id in knowledge().evidence.trials],
    }
    return render(request, "community/get-involved.html", context)


def _trial(id: str) -> dict[str, Any]:
    """A trial, and where it was read for whom it is."""
    trial = knowledge().evidence.trials[id]
    cite = trial.who_cite or trial.cite
    return {"id": id, "it": trial, "cite": cite, "source": knowledge().references[cite.ref]}
