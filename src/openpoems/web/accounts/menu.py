"""What the bar at the top offers an account."""

from typing import Any

from django.http import HttpRequest

from openpoems.web.accounts import rights


def menu(request: HttpRequest) -> dict[str, Any]:
    """The account's records and memberships, for the templates; nothing for a visitor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"my_ties": [], "my_memberships": []}
    return {
        "my_ties": list(user.ties.select_related("person")),
        "my_memberships": rights.memberships(user),
    }
