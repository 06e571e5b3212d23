"""A stored fact in the words that the record's page has for it."""

from typing import Any

from openpoems.web.registry.documents import BadDocument, from_document
from openpoems.web.registry.presenters import Said, describe


def in_words(kind: str, about: str, document: dict[str, Any]) -> Said:
    """What a stored fact says; what it is about alone, where the document cannot be read any more."""
    try:
        return describe(from_document(kind, document))
    except BadDocument:
        return Said(about, "", "", ())


def says(said: Said) -> str:
    """What is said, without what it is about and when."""
    return " · ".join(filter(None, (said.says, *said.details)))
