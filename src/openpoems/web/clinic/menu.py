"""What the bar at the top offers: to staff the lists of their centres, to people their reminders."""

from typing import Any

from django.http import HttpRequest

from openpoems.web.accounts import rights
from openpoems.web.accounts.models import Centre
from openpoems.web.clinic.reminders import lately
from openpoems.web.registry.models import Person


def menu(request: HttpRequest) -> dict[str, Any]:
    """The centres whose people the account may list, and the records it acts for that have a reminder, each once."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"my_centres": [], "my_reminders": []}
    centres = rights.centre_ids(user, "list-people")
    reminded = Person.objects.filter(ties__user=user, reminders__asked__gte=lately()).distinct()
    return {
        "my_centres": list(Centre.objects.filter(pk__in=centres)) if centres else [],
        "my_reminders": list(reminded),
    }
