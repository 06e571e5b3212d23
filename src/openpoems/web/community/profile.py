"""What others see of a member: what the member chose, and nothing else."""

from dataclasses import dataclass
from uuid import UUID

from openpoems.web.community.models import Member
from openpoems.web.community.world import world


@dataclass(frozen=True, slots=True)
class Profile:
    """A member as others see it; what is not shown is ""."""

    public_id: UUID
    name: str
    role: str
    country: str
    about: str


def profile(member: Member) -> Profile:
    """The profile that every other member sees."""
    return Profile(
        member.public_id,
        member.name,
        str(member.get_role_display()) if member.shows("role") else "",
        world().name(member.country) if member.shows("country") else "",
        member.about if member.shows("about") else "",
    )
