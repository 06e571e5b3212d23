"""Figures drawn into words by their names, so that each is typed once: `{vegf-late}`, `{vegf-late:n}`.

With `n` how many people it rests on, with `interval` its 95 % interval, with `value` the bare number, with `after` how
long after the beginning it was looked at.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from openpoems.errors import KnowledgeError
from openpoems.knowledge.evidence import Fact
from openpoems.knowledge.figures import ENGLISH, Voice, phrase
from openpoems.knowledge.model import Form

DRAWN = re.compile(r"\{([a-z0-9][a-z0-9.@+-]*?)(?::(n|interval|value|after))?\}")
# Figures that the registry itself tells, at the moment of reading (the site puts them in).
OF_THE_REGISTRY = ("registry.people",)
_Part = TypeVar("_Part")


def undrawn(words: str) -> str:
    """The words without what they draw."""
    return DRAWN.sub(" ", words)


def told(
    words: str, figures: Mapping[str, Fact], registry: Mapping[str, str] | None = None, voice: Voice = ENGLISH
) -> str:
    """The words with their figures put in; `registry` holds those the registry tells, as phrases.

    Of a fact that is gone since the words were written, they say so: a reader never meets an old figure, nor an error.
    """

    def put(match: re.Match[str]) -> str:
        if match[1] in OF_THE_REGISTRY:
            return (registry or {}).get(match[1], voice.too_few)
        fact = figures.get(match[1])
        return phrase(fact, match[2] or "", voice) if fact else voice.gone

    return DRAWN.sub(put, words)


def told_throughout(part: _Part, figures: Mapping[str, Fact]) -> _Part:
    """Any part of the knowledge with its figures put into all its words. Raises `KnowledgeError` where one is gone."""
    if isinstance(part, str):
        if gone := {match[1] for match in DRAWN.finditer(part)} - figures.keys():
            raise KnowledgeError(f"{part[:60]!r} draws the figure {min(gone)}, which nobody has told")
        return told(part, figures)  # type: ignore[return-value] # a string is told as a string
    if isinstance(part, tuple):
        return tuple(told_throughout(each, figures) for each in part)  # type: ignore[return-value] # likewise
    if isinstance(part, Form):
        fields = {name: told_throughout(getattr(part, name), figures) for name in part.__struct_fields__}
        return msgspec.structs.replace(part, **fields)
    return part
