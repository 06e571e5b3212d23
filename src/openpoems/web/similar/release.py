"""Counting who is similar to whom, once a quarter: a release stands still but for withdrawals (docs/decisions, 0010).

Only people who agreed to research are counted, and each stands in one group, so that no group is a sum of others.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from openpoems.criteria.assess import assess
from openpoems.knowledge.store import knowledge
from openpoems.record import PatientRecord
from openpoems.reports.likeness import Likeness, likeness
from openpoems.reports.prognosis_document import concerns
from openpoems.response.respond import respond
from openpoems.web.community.counting import Count, publish
from openpoems.web.community.models import Release
from openpoems.web.registry.consent import agreeing
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.store import record_from

_AT_A_TIME = 100
_MONTHS = 3


def publish_once_a_quarter(now: datetime) -> str:
    """Publish anew when a quarter has begun since the last release; a sentence on it."""
    last = Release.objects.filter(kind=Release.Kind.SIMILAR).first()
    if last is not None and _quarter(last.at) == _quarter(now):
        return "similar people: the release of this quarter stands"
    publish(Release.Kind.SIMILAR, _counts(now.date()), now, still=agreed())
    return "published similar people"


def _quarter(at: datetime) -> tuple[int, int]:
    day = timezone.localdate(at)
    return day.year, (day.month - 1) // _MONTHS


def agreed() -> QuerySet[Person]:
    """Those who agreed to their record and to research."""
    return agreeing(agreeing(Person.objects.all(), "care"), "research")


def likeness_of(record: PatientRecord, today: date) -> Likeness | None:
    """By what a person is similar to others; None where neither the criteria are met nor the disease was diagnosed."""
    made = assess(record, knowledge(), today, today=today)
    return likeness(made, respond(record, knowledge(), today, today=today)) if concerns(made) else None


def _counts(today: date) -> Iterator[Count]:
    everybody: Sequence[str] = list(agreed().order_by("pk").values_list("pk", flat=True))
    current = Prefetch("facts", Fact.objects.filter(state=Fact.State.CURRENT).order_by("pk"), to_attr="counting")
    for start in range(0, len(everybody), _AT_A_TIME):
        for person in Person.objects.filter(pk__in=everybody[start : start + _AT_A_TIME]).prefetch_related(current):
            one = likeness_of(record_from(person, person.counting), today)
            if one is not None and one.group:
                yield Count(person, "similar-done", one.group, one.done)
                yield Count(person, "similar-outcome", one.group, one.outcome)
                yield Count(person, "similar-turned", one.group, one.turned)
