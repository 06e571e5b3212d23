"""Mail to accounts: that something waits on the site, and nothing of what it is."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import override

from openpoems.web.accounts.models import User


def write_to(user: User, subject: Any, body: Any) -> None:
    """One mail to an account, in the language that it reads: whoever caused it may read another. Both are lazy."""
    with override(user.language or settings.LANGUAGE_CODE):
        send_mail(str(subject), str(body), settings.DEFAULT_FROM_EMAIL, [user.email])
