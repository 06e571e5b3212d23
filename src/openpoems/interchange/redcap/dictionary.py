"""The data dictionary of a REDCap project: its fields, and what the codes of their choices mean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from openpoems.errors import UnreadableInput
from openpoems.interchange.rows.lines import blank, open_lines, parse

# The columns of an exported dictionary, in English; only these are needed.
_NAME, _FORM, _TYPE = "variable / field name", "form name", "field type"
_LABEL, _CHOICES = "field label", "choices, calculations, or slider labels"
_VALIDATION = "text validation type or show slider number"
_WITHOUT_VALUE = frozenset(("descriptive", "file", "sql"))
_WITH_CHOICES = frozenset(("radio", "dropdown", "checkbox"))
_OWN_CHOICES = {"yesno": (("1", "Yes"), ("0", "No")), "truefalse": (("1", "True"), ("0", "False"))}
_TICKED = (("1", "ticked"), ("0", "not ticked"))
_TAG = re.compile(r"<[^<>]*>")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
_LONGEST_LABEL = 300


@dataclass(frozen=True, slots=True)
class Field:
    """A column of an export: `choices` are codes with their labels, `is_date` that the project checks it as a date.

    A checkbox has a column for each of its choices (`signs___2`), and is a field for each.
    """

    name: str
    form: str
    type: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    is_date: bool = False


def read_dictionary(text: str) -> tuple[Field, ...]:
    """Read a data dictionary. Raises `UnreadableInput` where it is none."""
    lines, declared = open_lines(text)
    body = [(number, row) for number, row in parse(lines, declared or ",") if not blank(row)]
    if not body or isinstance(body[0][1], str):
        raise UnreadableInput("line 1: this is no data dictionary: export it from the project's set-up page as CSV")
    places = {cell.strip().lower().strip('"\ufeff'): place for place, cell in enumerate(body[0][1])}
    if missing := [name for name in (_NAME, _FORM, _TYPE, _LABEL, _CHOICES) if name not in places]:
        raise UnreadableInput(f"line 1: a data dictionary has a column {missing[0]!r}: export it in English as CSV")
    fields = tuple(field for number, row in body[1:] for field in _fields(number, row, places))
    if not fields:
        raise UnreadableInput("line 2: there is no field below the names of the columns")
    return fields


def _fields(number: int, row: list[str] | str, places: dict[str, int]) -> Iterator[Field]:
    if isinstance(row, str):
        raise UnreadableInput(f"line {number}: {row}; export the dictionary again")

    def cell(name: str) -> str:
        place = places.get(name)
        return row[place].strip() if place is not None and place < len(row) else ""

    name, kind = cell(_NAME).lower(), cell(_TYPE).lower()
    if not _FIELD_NAME.fullmatch(name):
        raise UnreadableInput(f"line {number}: a field is named by small letters, digits and _: export it again")
    if kind in _WITHOUT_VALUE:
        return
    field = Field(
        name,
        cell(_FORM),
        kind,
        _TAG.sub("", cell(_LABEL))[:_LONGEST_LABEL],
        _OWN_CHOICES.get(kind) or (_choices(cell(_CHOICES)) if kind in _WITH_CHOICES else ()),
        cell(_VALIDATION).startswith("date"),
    )
    yield from _ticks(field) if kind == "checkbox" else (field,)


def _choices(text: str) -> tuple[tuple[str, str], ...]:
    """The choices of `1, Yes | 2, No`."""
    parts = (part.partition(",") for part in text.split("|"))
    return tuple((code.strip(), _TAG.sub("", label).strip()) for code, comma, label in parts if comma)


def _ticks(field: Field) -> Iterator[Field]:
    for code, label in field.choices:
        # REDCap writes the sign of a negative code as one more underscore.
        name = f"{field.name}___{code.lower().replace('-', '_')}"
        yield replace(field, name=name, label=f"{field.label}: {label}", choices=_TICKED)
