"""What the fields of a project mean, as a person decided it, field by field. What is not in it is not read."""

from collections.abc import Mapping as Given
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from openpoems.errors import UnreadableInput
from openpoems.interchange.rows.words import SEXES, STATUSES, Status, Words
from openpoems.record.model import Sex

Target = Literal[
    "nothing", "patient", "sex", "birth", "last-seen",
    "sign", "disease", "lab", "score", "treatment", "procedure", "event",
]  # fmt: skip
TARGETS: tuple[Target, ...] = get_args(Target)
NAMED = frozenset(("sign", "disease", "lab", "score", "procedure", "event"))


@dataclass(frozen=True, slots=True)
class Entry:
    """What one field means.

    `what` names it (a code or words); of a treatment the value itself is the name where `what` is empty. `date` and
    `end` are the fields that hold its dates. `answers` gives codes a meaning: a status, a sex, or the words of
    a result.
    """

    to: Target
    what: str = ""
    unit: str = ""
    specimen: str = ""
    date: str = ""
    end: str = ""
    answers: Given[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mapping:
    """The entries by field, and the codes that stand for "no value" in every field."""

    entries: Given[str, Entry]
    missing: frozenset[str] = frozenset()


def read_entry(name: str, document: Given[str, Any]) -> Entry:
    """The entry of a stored document. Raises `UnreadableInput` with the field and what is wrong."""
    try:
        entry = Entry(**document)
    except TypeError:
        raise UnreadableInput(
            f"{name}: an entry has only the parts to, what, unit, specimen, date, end, answers"
        ) from None
    if entry.to not in TARGETS:
        raise UnreadableInput(f"{name}: a field means one of {', '.join(TARGETS)}")
    if entry.to in NAMED and not entry.what.strip():
        raise UnreadableInput(f"{name}: say what it is, by a code or by its name")
    _check_answers(name, entry)
    return entry


def _check_answers(name: str, entry: Entry) -> None:
    known: Words[Status] | Words[Sex] = SEXES if entry.to == "sex" else STATUSES
    wanted = ", ".join(known)
    if entry.to in ("sign", "disease", "procedure") and not entry.answers:
        raise UnreadableInput(f"{name}: say what each of its answers means: {wanted}")
    if entry.to not in ("sign", "disease", "procedure", "sex"):
        return
    if bad := [code for code, meaning in entry.answers.items() if known.find(meaning) is None]:
        raise UnreadableInput(f"{name}: the answer {bad[0][:20]!r} means one of {wanted}")
