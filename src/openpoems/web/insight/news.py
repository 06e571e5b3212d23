"""What changed since the visit before the last, line by line."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext

from openpoems.reports.changes import Changes, Moved, Turned
from openpoems.web.insight import words
from openpoems.web.insight.answer import Turn, turn_words
from openpoems.web.insight.shown import series_name

Json = dict[str, Any]


def news(changed: Changes, document: Json) -> tuple[str, ...]:
    """The changes as sentences: what turned, what moved, what was found, and then the new values."""
    course = document["response"] or {}
    return (
        *(turn_words(_turn(each, course)) for each in changed.turns),
        *(_axis(each, course) for each in changed.axes),
        *(_alarm(each, course) for each in changed.alarms),
        *(_criterion(each) for each in changed.criteria),
        *(_finding(each) for each in changed.findings),
        *_values(changed, course),
    )


def _turn(each: Turned, course: Json) -> Turn:
    name = next(axis["name"] for axis in course["axes"] if axis["rule"] == each.rule)
    return Turn(words.named(name, each.series, course), each.kind, each.when, each.confirmed)


def _axis(each: Moved, course: Json) -> str:
    told = {"name": words.named(each.name, each.series, course), "now": words.category(each.now)}
    if not each.now:
        return gettext("%(name)s: cannot be told any more.") % told
    if not each.before:
        return gettext("%(name)s: told for the first time, %(now)s.") % told
    return gettext("%(name)s: from %(before)s to %(now)s.") % (told | {"before": words.category(each.before)})


def _alarm(each: Moved, course: Json) -> str:
    assert each.series is not None  # noqa: S101 - an alarm is of a series
    told = {
        "name": series_name(each.series, course),
        "rule": gettext(each.name),
        "before": words.ALARMS[each.before],
        "now": words.ALARMS[each.now],
    }
    return gettext("%(name)s, the rule “%(rule)s”: %(now)s; before: %(before)s.") % told


def _criterion(each: Moved) -> str:
    before, now = (words.STATUS.get(status.split()[0], status) for status in (each.before, each.now))
    return gettext("Criteria of %(name)s: from %(before)s to %(now)s.") % {
        "name": each.name,
        "before": before,
        "now": now,
    }


def _finding(each: Moved) -> str:
    told = {"name": each.name, "before": words.FOUND[each.before], "now": words.FOUND[each.now]}
    return gettext("%(name)s: %(now)s; before: %(before)s.") % told


def _values(changed: Changes, course: Json) -> Iterator[str]:
    for each in changed.values:
        told = {"name": series_name(each.series, course), "value": _value(each.reported), "when": words.day(each.when)}
        if each.last_when:
            before = {"before": _value(each.last_reported), "last": words.day(each.last_when)}
            yield gettext("%(name)s: %(value)s on %(when)s; before: %(before)s on %(last)s.") % (told | before)
        else:
            yield gettext("%(name)s: %(value)s on %(when)s, the first value.") % told


def _value(reported: str) -> str:
    """A value without its specimen and limit, which stand with the series."""
    return reported.partition(", ")[0]
