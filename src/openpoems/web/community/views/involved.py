"""Get involved: joining, what consent means step by step, who knows POEMS, trials, and one's own centre."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from openpoems.knowledge.store import knowledge
from openpoems.web.accounts.gate import public
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
        "experts": [(one, world().name(one.country)) for one in experts()],
        "trials": knowledge().evidence.trials.items(),
    }
    return render(request, "community/get-involved.html", context)
