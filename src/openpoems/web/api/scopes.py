"""What a key may be made for: those rights of an account that a program can use."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openpoems.web.accounts import rights

SCOPES = {
    "view-record": _("read records: facts, assessment, letter"),
    "view-identity": _("read names, dates of birth and addresses"),
    "write-record": _("send results, which wait until a person accepts them"),
    "list-people": _("read the list of a centre's people"),
    "consent": _("read what was agreed to"),
    "view-accesses": _("read who opened a record"),
    "export-record": _("take all data of a record away"),
}


def offered(user: Any) -> dict[str, Any]:
    """The scopes that an account's ties and roles give it at all, in words."""
    ties = {"person" if kind == "self" else "proxy" for kind in user.ties.values_list("kind", flat=True)}
    roles = ties | {membership.role for membership in rights.memberships(user)}
    return {name: words for name, words in SCOPES.items() if not roles.isdisjoint(rights.rights()[name].reach)}
