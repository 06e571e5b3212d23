"""Who may do what, from the one table `rights.toml`: nothing is allowed that it does not say."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from openpoems.web.accounts.models import Membership

Scope = Literal["own", "centre", "centres", "research", "site"]
ROLES = (
    *("person", "proxy", "account"),
    *("clinician", "abstractor", "lead"),
    *("researcher", "administrator", "editor", "reviewer", "moderator"),
)


@dataclass(frozen=True, slots=True)
class Right:
    """A right, in words, and how far it reaches for each role that has it."""

    name: str
    says: str
    reach: dict[str, Scope]

    def roles(self, scope: Scope) -> list[str]:
        """The roles whose right reaches so far."""
        return [role for role, reach in self.reach.items() if reach == scope]


@cache
def rights() -> dict[str, Right]:
    """The table. Raises `ValueError` where nobody has a right, or a role or a reach does not exist."""
    table = tomllib.loads(Path(__file__).with_name("rights.toml").read_text("utf-8"))
    found = {}
    for name, row in table.items():
        says = row.pop("says")
        if not row:
            raise ValueError(f"rights.toml, {name}: nobody has it")
        if unknown := set(row) - set(ROLES) or set(row.values()) - set(get_args(Scope)):
            raise ValueError(f"rights.toml, {name}: there is no {', '.join(sorted(unknown))}")
        found[name] = Right(name, says, row)
    return found


def centre_ids(user: Any, right: str) -> set[int]:
    """The centres at which an account's roles give it a right, over the centre or over its people."""
    wanted = {role for role, reach in rights()[right].reach.items() if reach in ("centre", "centres")}
    return {m.centre_id for m in memberships(user) if m.role in wanted and m.centre_id is not None}


def has_on_site(user: Any, right: str) -> bool:
    """Whether an account has a right that concerns no centre and no single person."""
    reach = rights()[right].reach
    held = {m.role for m in memberships(user)} | {"account"}
    return any(reach.get(role) in ("site", "research") for role in held)


def memberships(user: Any) -> list[Membership]:
    """What an account holds, asked once for each request: the account's object lives no longer."""
    if not hasattr(user, "_memberships"):
        user._memberships = list(user.memberships.all())  # a cache, as Django keeps its own
    found: list[Membership] = user._memberships
    return found
