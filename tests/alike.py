"""Members of whom traits are kept, as if each had agreed to be compared, for tests of meeting somebody alike."""

import itertools
from datetime import timedelta

from django.utils import timezone

from openpoems.reports.likeness import edition
from openpoems.web.accounts.models import User
from openpoems.web.community.likeness import columns
from openpoems.web.community.models import Compared, Member
from openpoems.web.registry.models import Person

_number = itertools.count()


def compared_members(*several, days_ago=60):
    """One member for each of these traits, who joined and agreed so many days ago."""
    at = timezone.now() - timedelta(days=days_ago)
    users = User.objects.bulk_create([User(email=f"alike{next(_number)}@example.org", password="!") for _ in several])  # noqa: S106 - nobody signs in
    people = Person.objects.bulk_create([Person() for _ in several])
    members = Member.objects.bulk_create(
        [Member(user=user, role="affected", name=f"Alike {user.pk}", joined=at) for user in users]
    )
    Compared.objects.bulk_create(
        Compared(member=member, person=person, at=at, edition=edition(), **columns(made))
        for member, person, made in zip(members, people, several, strict=True)
    )
    return members
