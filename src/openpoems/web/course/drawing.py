"""The drawn part of the page: kept until the record, the day, the version or the wish changes."""

import zlib
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from openpoems.reports.timeline import Wish
from openpoems.web.course.models import Drawn
from openpoems.web.insight.assessments import MADE_BY
from openpoems.web.registry.models import Person


def drawn(person: Person, wish: Wish, draw: Callable[[], str]) -> str:
    """The page's part about this record as it is now: the kept one, or what `draw` makes, which is kept."""
    variant, stamp = _variant(wish), _stamp(person)
    kept = Drawn.objects.filter(person=person, variant=variant, stamp=stamp).only("html").first()
    if kept is not None:
        return zlib.decompress(kept.html).decode()
    made = draw()
    with transaction.atomic():
        if not Person.objects.select_for_update(no_key=True).filter(pk=person.pk).exists():
            return made  # erased meanwhile: nothing of it is kept
        Drawn.objects.update_or_create(
            person=person, variant=variant, defaults={"stamp": stamp, "html": zlib.compress(made.encode(), 1)}
        )
    return made


def _variant(wish: Wish) -> str:
    parts = (wish.since_diagnosis, wish.close_gaps, wish.everything)
    return "".join(str(int(part)) for part in parts) + f"-{get_language()}"


def _stamp(person: Person) -> str:
    return f"{person.revision} {MADE_BY} {timezone.localdate().isoformat()}"
