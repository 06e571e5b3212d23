"""What we want differently from allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Mails say nothing about the disease, since others may read them."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that rate limits count by."""
        return str(request.META.get("REMOTE_ADDR", ""))
