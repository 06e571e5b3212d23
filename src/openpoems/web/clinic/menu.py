"""What the bar at the top offers staff: the lists of their centres."""

from typing import Any

from django.http import HttpRequest

from openpoems.web.accounts import rights
from openpoems.web.accounts.models import Centre


def menu(request: HttpRequest) -> dict[str, Any]:
    """The centres whose people the account may list, each once; none for a visitor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not (found := rights.centre_ids(user, "list-people")):
        return {"my_centres": []}
    return {"my_centres": list(Centre.objects.filter(pk__in=found))}
