"""Sending an invitation from a page, and saying what came of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from openpoems.web.registry.actions import Refused
from openpoems.web.registry.actions.invitations import invite


def send_invitation(request: HttpRequest, **offered: Any) -> None:
    """Invite as the account of the request; the link leads back to the site that it came through."""
    try:
        invite(by=request.user, site=f"{request.scheme}://{request.get_host()}", **offered)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation is on its way."))
