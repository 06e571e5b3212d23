"""The terms of `terms.toml`: read strictly, found by their name or by any other word for them."""

from functools import cache
from pathlib import Path

import msgspec
from django.utils.translation import gettext_lazy as _

from openpoems.knowledge.model import Citation
from openpoems.knowledge.store import knowledge
from openpoems.reports.wording import CHECKED_BRIEFLY, reference

GROUPS = {
    "disease": _("The disease"),
    "tests": _("Tests"),
    "scales": _("Strength, walking, everyday life"),
    "treatment": _("Treatment"),
    "course": _("Is it working, is it coming back?"),
    "answers": _("How openpoems answers"),
}


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One term: what it is called here, `full` what an abbreviation stands for, `says` what it is in plain words.

    `words` are other names for it; `source` says where a claim in `says` stands, and how far that was checked.
    """

    name: str
    group: str
    says: str
    full: str = ""
    words: tuple[str, ...] = ()
    source: Citation | None = None

    @property
    def cited(self) -> str:
        """The source in one line, "" where nothing is claimed."""
        if self.source is None:
            return ""
        checked = CHECKED_BRIEFLY[self.source.verified]
        where = f"{reference(knowledge().references[self.source.ref])}: {self.source.where}"
        return f"{where} ({checked})" if checked else where


@cache
def terms() -> dict[str, Term]:
    """Every term by its id. Raises `msgspec.ValidationError` or `KeyError` where the file says what cannot be."""
    found = msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=dict[str, Term])
    for term in found.values():
        GROUPS[term.group]
        if term.source:
            knowledge().references[term.source.ref]
    return found


@cache
def term_words() -> dict[str, str]:
    """Every word that names a term, in small letters, with the id of the term."""
    return {
        word.casefold(): id for id, term in terms().items() for word in (*term.words, term.full, term.name, id) if word
    }


def term_id(word: str) -> str | None:
    """The id of the term that a word names, whatever its case; None where the glossary has no such term."""
    return term_words().get(word.strip().casefold())
