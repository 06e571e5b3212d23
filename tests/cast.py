"""The cast of every web test: invented people and staff, so that a test of rights is four lines.

alice   has a record of her own at Northtown and agreed to everything
bruno   has a record at Northtown and agreed to nothing but that it is kept
chloe   has a record at Southport and agreed to everything
pat     acts for dora, who has no account
nora    clinician at Northtown          abel   abstractor at Northtown       lena   lead of Northtown
saul    clinician at Southport          rosa   researcher                    adam   administrator
mona    moderator of stories
stan    has an account and nothing else
"""

from dataclasses import dataclass
from types import SimpleNamespace

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from openpoems.web.accounts.models import Centre, Membership, User
from openpoems.web.registry.actions.consent import decide
from openpoems.web.registry.actions.people import begin_record
from openpoems.web.registry.consent import PURPOSES
from openpoems.web.registry.models import Person, Tie

PASSWORD = "a long and dull phrase"  # noqa: S105 - of invented accounts
STAFF = {
    "nora": ("clinician", "northtown"),
    "abel": ("abstractor", "northtown"),
    "lena": ("lead", "northtown"),
    "saul": ("clinician", "southport"),
    "rosa": ("researcher", None),
    "adam": ("administrator", None),
    "mona": ("moderator", None),
}


@dataclass
class Cast:
    """Accounts by first name in `users`, people in `people`, centres in `centres`."""

    users: SimpleNamespace
    people: SimpleNamespace
    centres: SimpleNamespace


def account(name: str, *, second_factor: bool = False) -> User:
    """An account with a verified address, and a second factor where it needs one."""
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, name=name.capitalize())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if second_factor:
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    return user


def assemble() -> Cast:
    """Everybody, in a database that is empty."""
    centres = SimpleNamespace(
        northtown=Centre.objects.create(slug="northtown", name="Northtown Clinic", country="GB"),
        southport=Centre.objects.create(slug="southport", name="Southport Hospital", country="ES"),
    )
    users = SimpleNamespace(**{name: account(name) for name in ("alice", "bruno", "chloe", "stan")})
    users.pat = account("pat", second_factor=True)
    for name, (role, centre) in STAFF.items():
        user = account(name, second_factor=True)
        setattr(users, name, user)
        Membership.objects.create(user=user, role=role, centre=centre and getattr(centres, centre))
    people = SimpleNamespace(
        alice=_with_record(users.alice, centres.northtown, PURPOSES),
        bruno=_with_record(users.bruno, centres.northtown, ("care",)),
        chloe=_with_record(users.chloe, centres.southport, PURPOSES),
        dora=_with_record(users.pat, centres.northtown, PURPOSES, Tie.Kind.PROXY),
    )
    return Cast(users, people, centres)


def _with_record(user: User, centre: Centre, agreed: tuple[str, ...], kind: Tie.Kind = Tie.Kind.SELF) -> Person:
    person = begin_record(by=user, kind=kind)
    person.centre = centre
    person.save()
    decide(by=user, person=person, choices={purpose: purpose in agreed for purpose in PURPOSES})
    return person
