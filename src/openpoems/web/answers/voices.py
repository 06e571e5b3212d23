"""How the figures of an answer are said in the language of its words, whatever the language of the page around them."""

from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from openpoems.knowledge.figures import ENGLISH, Voice


@cache
def voice_of(language: str) -> Voice:
    """How figures are said in a language."""
    with override(language):
        units = {
            "mo": _("{} months"),
            "a": _("{} years"),
            "wk": _("{} weeks"),
            "d": _("{} days"),
            "10*-5": _("{} in 100,000 people"),
        }
        return Voice(
            units=ENGLISH.units | units,
            one={"mo": _("{} month"), "a": _("{} year"), "wk": _("{} week"), "d": _("{} day")},
            between=_("{} to {}"),
            too_few=_("too few to say"),
            gone=_("(a figure that is no longer held)"),
        )
