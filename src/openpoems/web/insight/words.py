"""The words of the answers: what a category means for a person, a day in words, a series told from its like."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.knowledge.response import Direction
from openpoems.web.registry.dates import when_words
from openpoems.web.registry.documents import time_of
from openpoems.web.registry.presenters import specimen_words

Json = dict[str, Any]

# The clinical term of each response category.
CATEGORIES = {
    "CR": _("complete response (CR)"),
    "VGPR": _("very good partial response (VGPR)"),
    "PR": _("partial response (PR)"),
    "improved": _("improved"),
    "absent": _("gone"),
    "NR": _("no response (NR)"),
    "stable": _("stable"),
    "worse": _("worse"),
    "PD": _("progressive disease (PD)"),
}
DIRECTIONS: dict[Direction, Any] = {
    "better": _("better"),
    "same": _("not clearly changed"),
    "worse": _("worse"),
    "worse-again": _("worse again"),
}
TAGS: dict[str, str] = {"better": "good", "same": "", "worse": "bad", "worse-again": "bad"}
CHECKED = {"primary": "", "secondary": _("second-hand"), "none": _("recalled, not checked")}
STATUS = {"met": _("met"), "not-met": _("not met"), "undetermined": _("not settled yet")}
STATUS_TAG = {"met": "good", "not-met": "", "undetermined": "warn"}
FOUND = {"present": _("found"), "excluded": _("looked for, not found"), "unknown": _("not known")}
FOUND_TAG = {"present": "good", "excluded": "", "unknown": "warn"}
TURNS = {"relapse": _("relapse"), "progression": _("progression")}
ALARMS = {
    "on": _("asks for a second look"),
    "unconfirmed": _("not confirmed yet"),
    "withheld": _("held back: something else may explain it"),
    "off": _("quiet"),
    "cannot-tell": _("cannot tell"),
}


def category(name: str) -> str:
    """A category as a person reads it, with the clinical term."""
    return str(CATEGORIES.get(name, name))


def day(text: str | None) -> str:
    """A time of a document in words: `11 November 2024`, `April 2021`, `1 May 2021 to 31 May 2021`."""
    if not text:
        return ""
    first, _to, last = text.partition(" to ")
    try:
        told = [when_words(time_of(part)) for part in (first, last) if part]
    except ValueError:
        return text
    return gettext("%(start)s to %(end)s") % {"start": told[0], "end": told[1]} if last else told[0]


def named(name: str, number: int | None, course: Json) -> str:
    """A name with the specimen and laboratory of its series, which tell two of a name apart."""
    name = gettext(name)
    if number is None:
        return name
    series = course["series"][number]
    where = ", ".join(part for part in (specimen_words(series["specimen"]), series["laboratory"]) if part)
    return f"{name} ({where})" if where else name


def listed(words: Iterable[str]) -> str:
    """Words in a row, each once."""
    return ", ".join(dict.fromkeys(words))
