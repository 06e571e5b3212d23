"""Who withdraws, leaves or is erased is counted nowhere from that moment on, in the same transaction."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_save, pre_delete

from openpoems.web.community.counting import withdraw
from openpoems.web.community.models import Compared, Counted, Meeting, Member, Release
from openpoems.web.community.stories import settle
from openpoems.web.registry.models import Consent, Person, Tie

_FIGURES = ("care", "research")


def watch() -> None:
    """Listen to what is stored."""
    post_save.connect(_decided, sender=Consent, dispatch_uid="community-withdrawals")
    pre_delete.connect(_person_erased, sender=Person, dispatch_uid="community-erasures")
    pre_delete.connect(_member_left, sender=Member, dispatch_uid="community-members")


def off_the_map(members: Any) -> None:
    """These members are on the map no longer."""
    withdraw(Counted.objects.filter(release__kind=Release.Kind.MAP, member__in=members))


def _of(person: Person) -> Any:
    """The member whose own record this is."""
    return Member.objects.filter(user__ties__person=person, user__ties__kind=Tie.Kind.SELF)


@transaction.atomic
def _decided(sender: Any, instance: Consent, **_: Any) -> None:
    if instance.given:
        return
    if instance.purpose == "map":
        off_the_map(_of(instance.person))
    if instance.purpose == "care":
        Person.objects.select_for_update(no_key=True).get(pk=instance.person_id)  # what is being compared is waited for
        Compared.objects.filter(person=instance.person).delete()
    if instance.purpose in _FIGURES:
        withdraw(Counted.objects.filter(person=instance.person))


def _person_erased(sender: Any, instance: Person, **_: Any) -> None:
    """The consent to the map went with the record: the member is asked anew. What is compared goes by itself."""
    members = list(_of(instance))
    off_the_map(members)
    Meeting.objects.filter(Q(asked__in=members) | Q(agreed__in=members)).delete()
    for member in members:
        settle(member)
    Member.objects.filter(pk__in=[member.pk for member in members]).update(on_map="")
    withdraw(Counted.objects.filter(person=instance))


def _member_left(sender: Any, instance: Member, **_: Any) -> None:
    off_the_map([instance])
    settle(instance)
