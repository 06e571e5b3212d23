"""The shape of a JSON document: objects, lists, texts and flags where the schema has them, and a
report of the rest.

Nothing here raises on any content. What has the wrong shape is an error that names its place; a
key that openpoems does not read is an information, once for all places that differ only in the
index, so that nothing is lost and nobody is flooded.
"""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from openpoems.errors import Issue

Block: TypeAlias = dict[str, Any]

_INDEX = re.compile(r"\[\d+\]")

# In the schema, and of no use to openpoems. What else is not read may be a slip of the pen.
_UNUSED = frozenset(
    [
        "acmgPathogenicityClassification",
        "alternateIds",
        "derivedFromId",
        "drugType",
        "evidenceCode",
        "files",
        "gender",
        "genomicInterpretations",
        "karyotypicSex",
        "materialSample",
        "sampleProcessing",
        "sampleStorage",
        "submittedBy",
        "taxonomy",
        "updates",
    ]
)


class Report:
    """Collects the issues of one document."""

    __slots__ = ("_unused", "issues")

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self._unused: dict[tuple[str, str], list[Any]] = {}

    def error(self, path: str, message: str) -> None:
        """Something was not used."""
        self.issues.append(Issue("error", path, message))

    def warning(self, path: str, message: str) -> None:
        """Something was used with care."""
        self.issues.append(Issue("warning", path, message))

    def information(self, path: str, message: str) -> None:
        """Something changes nothing; told once for all places that differ only in the index."""
        place = (_INDEX.sub("[]", path), message)
        self._unused.setdefault(place, [path, 0])[1] += 1

    def all(self) -> tuple[Issue, ...]:
        """Every issue: errors and warnings in the order of the document, then the informations."""
        told = []
        for (_, message), (path, count) in self._unused.items():
            more = f" ({count} such places, this is the first)" if count > 1 else ""
            told.append(Issue("information", path, message + more))
        return (*self.issues, *told)


def block(value: object, known: frozenset[str], path: str, report: Report) -> Block:
    """An object with keys of the schema in camelCase; {} with an error where there is none."""
    if isinstance(value, dict):
        if value.keys() <= known and None not in value.values():
            return value
        return _tidied(value, known, path, report)
    report.error(path, f"an object {{...}} is needed here, not {kind_of(value)}; it was not used")
    return {}


def items(owner: Block, name: str, path: str, report: Report) -> Iterator[tuple[str, Any]]:
    """Each entry of a list, with its path; nothing, with an error, where it is not a list."""
    found = owner.get(name)
    if found is None:
        return
    place = f"{path}.{name}" if path else name
    if not isinstance(found, list):
        report.error(place, f"a list [...] is needed here, not {kind_of(found)}; it was not used")
        return
    for index, each in enumerate(found):
        yield f"{place}[{index}]", each


def text(owner: Block, name: str, path: str, report: Report) -> str:
    """A text without blanks at its ends; "" where there is none, with an error if it is no text."""
    found = owner.get(name)
    if isinstance(found, str):
        return found.strip()
    if found is not None:
        place = f"{path}.{name}" if path else name
        report.error(place, f'a text in "quotes" is needed here, not {kind_of(found)}; not used')
    return ""


def flag(owner: Block, name: str, path: str, report: Report) -> bool | None:
    """A `true` or `false`; false where it is not given; None, with an error, if it is neither."""
    found = owner.get(name, False)
    if isinstance(found, bool):
        return found
    report.error(
        f"{path}.{name}",
        f"true or false is needed here, not {kind_of(found)}; the entry was not used",
    )
    return None


def choice(found: Block, name: str, choices: tuple[str, ...], path: str, report: Report) -> str:
    """One of the names of an enumeration, given by name or number; the first, with an error, else."""
    said = found.get(name, choices[0])
    if isinstance(said, str) and said.strip().upper() in choices:
        return said.strip().upper()
    if isinstance(said, int) and not isinstance(said, bool) and 0 <= said < len(choices):
        return choices[said]
    report.error(f"{path}.{name}", f"this must be one of {', '.join(choices)}; it was not used")
    return choices[0]


def tell_nameless(entry: object, name: str, path: str, report: Report) -> None:
    """Report an entry that does not have the field that says what it is."""
    if isinstance(entry, dict) and entry.get(name) is None:
        report.error(f"{path}.{name}", "the entry does not say what it is, and was not used")


def kind_of(value: object) -> str:
    """Name the kind of a JSON value, without showing it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    for kind, name in ((str, "a text"), (int, "a number"), (float, "a number"), (list, "a list")):
        if isinstance(value, kind):
            return name
    return "an object" if isinstance(value, dict) else "something that is not JSON"


def camel(key: str) -> str:
    """The camelCase form of a field name.

    >>> camel("phenotypic_features"), camel("metaData")
    ('phenotypicFeatures', 'metaData')
    """
    first, *others = key.split("_")
    return first + "".join(other[:1].upper() + other[1:] for other in others)


def _tidied(value: dict[Any, Any], known: frozenset[str], path: str, report: Report) -> Block:
    tidy: Block = {}
    for key, each in value.items():
        name = key if key in known or not isinstance(key, str) else camel(key)
        place = f"{path}.{str(key)[:60]}" if path else str(key)[:60]
        if name not in known:
            _tell_unread(name, place, report)
        elif each is None:
            report.information(place, "null is read as not given")
        elif name in tidy or (name != key and name in value):
            report.warning(place, "given twice, in two spellings; the camelCase one was used")
        else:
            tidy[name] = each
    return tidy


def _tell_unread(name: object, place: str, report: Report) -> None:
    if name in _UNUSED:
        report.information(place, "openpoems does not use this part of a Phenopacket")
    else:
        report.information(place, "openpoems knows no such field here, and did not read it; check its spelling")
