"""What goes wrong, in words that help: errors that stop, and issues that are collected."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "information"]


class OpenpoemsError(Exception):
    """The root of every error openpoems raises on purpose."""


class UnreadableInput(OpenpoemsError):
    """A source from which no record at all could be read.

    The message names the place and how to mend it, never a patient's data.
    """


class KnowledgeError(OpenpoemsError):
    """A knowledge file that does not say what it must, or says more."""


class UnknownCriteria(OpenpoemsError):
    """An edition of the criteria was asked for that openpoems does not hold."""


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """Something in the input that a person should look at.

    `path` is the place in the source (`phenotypicFeatures[3].type`, `line 12, column unit`), `message` says what
    is wrong and how to mend it. An *error* was not used, a *warning* was used with care, an *information* changes
    nothing.
    """

    severity: Severity
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.path}: {self.message}"
