"""The demo's accounts, one of each role, and the second factor of each as it is now.

The second factor is not switched off: its secret stands in `invented.toml`, so that whoever looks at the demo can
compute the code of this half minute, as an authenticator app would.
"""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy

from openpoems.web.accounts.models import Centre, Membership, Role, User
from openpoems.web.demo.invented import invented

_WITHOUT_A_ROLE = {
    "person": gettext_lazy("person with POEMS"),
    "proxy": gettext_lazy("somebody who acts for a person"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the demo: what it is, where, and how one signs in with it; `code` is "" where none is asked."""

    role: str
    email: str
    name: str
    centre: str
    password: str
    code: str

    @property
    def title(self) -> Any:
        """What the account is, in the reader's words."""
        titles: dict[str, Any] = dict(Role.choices) | _WITHOUT_A_ROLE
        return titles[self.role]


def accounts() -> list[Account]:
    """The accounts, each with the code of this half minute; none where the site is no demo."""
    if not settings.DEMO:
        return []
    places = {row["slug"]: row["name"] for row in invented()["centre"]}
    return [
        Account(
            row["role"],
            row["email"],
            row["name"],
            places.get(row.get("centre", ""), ""),
            invented()["password"],
            code(row["secret"]) if "secret" in row else "",
        )
        for row in invented()["account"]
    ]


def code(secret: str) -> str:
    """The code of this half minute."""
    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2])))


def make_accounts(centres: dict[str, Centre]) -> dict[str, User]:
    """Make the accounts; by their addresses."""
    # One hash for all: hashing is slow on purpose, and these passwords are printed anyway.
    password, made = make_password(invented()["password"]), {}
    for row in invented()["account"]:
        user = User.objects.create(email=row["email"], name=row["name"], password=password)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        if "secret" in row:
            TOTP.activate(user, row["secret"])
        if row["role"] not in ("person", "proxy"):
            Membership.objects.create(user=user, role=row["role"], centre=centres.get(row.get("centre", "")))
        made[row["email"]] = user
    return made


def is_demo_database() -> bool:
    """Whether the database was filled by the demo."""
    first = invented()["account"][0]["email"]
    return User.objects.filter(email=first).exists() and Authenticator.objects.exists()
