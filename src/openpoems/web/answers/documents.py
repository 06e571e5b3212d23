"""An answer as it is stored: the form of `knowledge.answers.Answer` as JSON, and back."""

from typing import Any

import msgspec

from openpoems.knowledge.answers import Answer


def stored(answer: Answer) -> dict[str, Any]:
    """An answer as a JSON document."""
    document: dict[str, Any] = msgspec.to_builtins(answer)
    return document


def read(document: dict[str, Any]) -> Answer:
    """An answer from its document. Raises `msgspec.ValidationError`."""
    return msgspec.convert(document, Answer)
