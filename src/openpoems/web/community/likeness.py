"""Who is like whom: coarse traits of two records compared on this machine, of which nobody is told more than "like".

A trait that is not known in one of the two counts neither for nor against; two people are alike when enough of the
traits known in both are the same.
"""

from dataclasses import dataclass
from datetime import date

from openpoems.criteria.delay import delay
from openpoems.findings.treatments import made_of
from openpoems.knowledge.store import knowledge
from openpoems.record.model import PatientRecord
from openpoems.record.time import days
from openpoems.web.community.actions.members import own_record
from openpoems.web.community.models import Block, Member, Wish
from openpoems.web.registry.concepts import measure_of
from openpoems.web.registry.consent import agrees
from openpoems.web.registry.store import record_of

# Choices of this project: bands wide enough to hold several people of a rare disease, and how many must be the same.
AGE_BAND_YEARS = 15
SINCE_BANDS_YEARS = (1, 3, 6)
ONLS_BANDS = (3, 7)
ENOUGH = 3
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, repr=False)
class Traits:
    """What is compared; None where it is not known."""

    age: int | None
    sex: str | None
    since: int | None
    walking: int | None
    treatments: frozenset[str] | None


def traits(record: PatientRecord, today: date) -> Traits:
    """The traits of a record on a day."""
    birth = record.birth.year if record.birth else None
    diagnosed = delay(record, knowledge(), today).diagnosed
    known = days(diagnosed, record.birth) if diagnosed is not None else None
    years = (today.toordinal() - known[1]) / _DAYS_A_YEAR if known else None
    onls = [m for m in record.measurements if m.value and measure_of(m.measure) == "onls"]
    latest = max(onls, key=lambda m: str(m.on), default=None)
    drugs = frozenset(part for each in record.treatments for part in made_of(each, knowledge()).parts)
    return Traits(
        age=(today.year - birth) // AGE_BAND_YEARS if birth else None,
        sex=record.sex if record.sex in ("female", "male") else None,
        since=_band(years, SINCE_BANDS_YEARS),
        walking=_band(latest.value.value, ONLS_BANDS) if latest and latest.value else None,
        treatments=drugs or None,
    )


def alike(one: Traits, other: Traits) -> bool:
    """Whether enough is the same; treatments are when one drug or procedure is."""
    pairs = ((one.age, other.age), (one.sex, other.sex), (one.since, other.since), (one.walking, other.walking))
    same = sum(mine is not None and mine == theirs for mine, theirs in pairs)
    shared = bool(one.treatments and other.treatments and one.treatments & other.treatments)
    return same + shared >= ENOUGH


def wishes_for(member: Member, today: date) -> list[Wish]:
    """The open wishes of others like this member, who has not declined them; blocked members meet on neither side."""
    mine = _traits_of(member, today)
    if not member.findable or mine is None:
        return []
    apart = {*Block.objects.filter(member=member).values_list("blocked", flat=True)}
    apart |= {*Block.objects.filter(blocked=member).values_list("member", flat=True)}
    others = Wish.objects.filter(closed=None, member__findable=True).exclude(member=member).exclude(member__in=apart)
    return [wish for wish in others.exclude(declined=member).select_related("member__user") if _like(mine, wish, today)]


def _like(mine: Traits, wish: Wish, today: date) -> bool:
    theirs = _traits_of(wish.member, today)
    return theirs is not None and alike(mine, theirs)


def _traits_of(member: Member, today: date) -> Traits | None:
    """The traits of a member's own record; nothing is worked out from one that is not to be kept."""
    person = own_record(member.user)
    return traits(record_of(person), today) if person is not None and agrees(person, "care") else None


def _band(value: float | None, bounds: tuple[int, ...]) -> int | None:
    return None if value is None else sum(value >= bound for bound in bounds)
