"""What the bar at the top, and the account's own pages, know of an account."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from openpoems.web.accounts import rights
from openpoems.web.accounts.gate import lacks_second_factor


def menu(request: HttpRequest) -> dict[str, Any]:
    """The account's records and memberships, for the templates; nothing for a visitor."""
    user = getattr(request, "user", None)
    elsewhere = {"sign_in_elsewhere": bool(settings.SOCIALACCOUNT_PROVIDERS)}
    if user is None or not user.is_authenticated:
        return {"my_ties": [], "my_memberships": [], **elsewhere}
    return {
        "my_ties": list(user.ties.select_related("person")),
        "my_memberships": rights.memberships(user),
        "moderates": rights.has_on_site(user, "moderate-stories"),
        "second_step_missing": lacks_second_factor(user),
        **elsewhere,
    }
