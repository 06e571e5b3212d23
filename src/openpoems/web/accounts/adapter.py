"""What we want differently from allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Mails say nothing about the disease, since others may read them."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that rate limits count by: the caller's, as our own proxy saw it where there is one."""
        told = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
        # What stands before the last comma was written by the caller.
        return told.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
