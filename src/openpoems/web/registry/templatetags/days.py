"""`{{ person.last_seen|day_words }}`: a day of a record as a person reads it."""

from datetime import date

from django import template

from openpoems.web.registry.dates import when_words
from openpoems.web.registry.documents import time_of

register = template.Library()


@register.filter
def day_words(day: date | str) -> str:
    """`2024-11` as `November 2024`, no more precise than it is; what is no day stays as it stands."""
    try:
        return when_words(time_of(str(day)))
    except ValueError:
        return str(day)
