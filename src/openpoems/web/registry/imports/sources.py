"""From what was pasted or uploaded to readings: which of the formats it is, within what a site's memory bears."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.utils import timezone

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange import csv, redcap, table
from openpoems.interchange.decoding import SAY_WHICH, text_of
from openpoems.interchange.places import Reading
from openpoems.interchange.sources import read_source
from openpoems.record.check import check
from openpoems.web.registry.imports.mappings import decided, fields_of
from openpoems.web.registry.models import FieldMapping

PASTED = "pasted table"
_LONGEST_NAME = 120
_MOST_LINES = "the table has more than {} lines; split it, for example by patient"
_MOST_PARTS = "the file holds more than {} values; split it, for example by patient"
_NUL = "the file holds the character \\u0000, which stands for nothing: take it out of the file and import it again"
_NOTHING = (
    "this is none of the forms that are read: a table of results with headings, a table of facts (CSV), a Phenopacket, "
    "or FHIR R4 as JSON"
)


@dataclass(frozen=True, slots=True, repr=False)
class Source:
    """A source that was read: its name, its form, the digest of its bytes, and the records in it with their issues."""

    name: str
    form: str
    digest: str
    readings: tuple[Reading, ...]


def read(name: str, data: bytes, told: table.Told) -> Source:
    """Read a source. Raises `UnreadableInput` with what is wrong and the mend; the message never repeats the source."""
    text = _text(data)
    form, readings = _read(text, told)
    return Source(shown_name(name), form, digest_of(data, told), tuple(map(_checked, readings)))


def read_export(name: str, data: bytes, mapping: FieldMapping) -> Source:
    """Read the records of a REDCap project through what was decided of its fields. Raises `UnreadableInput`."""
    text, said = _text(data), decided(mapping)
    readings = redcap.read(text, fields_of(mapping), said)
    beside = (mapping.pk, sorted(mapping.entries.items()), mapping.missing)
    return Source(shown_name(name), "redcap", digest_of(data, *beside), tuple(map(_checked, readings)))


def digest_of(data: bytes, *beside: object) -> str:
    """Equal for the same bytes read in the same way."""
    return hashlib.sha256(repr(beside).encode() + b"\x1f" + data).hexdigest()


def shown_name(name: str) -> str:
    """The name of a file without its folders and without control characters."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(each for each in last if each.isprintable())[:_LONGEST_NAME]


def _text(data: bytes) -> str:
    """The text of a source that is read within seconds: counting is quick, reading holds up the others of the site."""
    text = text_of(data, settings.IMPORT_MAX_BYTES)
    if not _is_json(text) and max(map(text.count, "\n\r")) > settings.IMPORT_MAX_LINES:
        raise UnreadableInput(_MOST_LINES.format(settings.IMPORT_MAX_LINES))
    if sum(map(text.count, ",;|\t[{")) > settings.IMPORT_MAX_PARTS:
        raise UnreadableInput(_MOST_PARTS.format(settings.IMPORT_MAX_PARTS))
    return text


def _is_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith(("{", "["))


def _read(text: str, told: table.Told) -> tuple[str, list[Reading]]:
    if _is_json(text):
        return "json", _json(text)
    if csv.recognise(text):
        return "csv", csv.read(text)
    if text.lstrip().startswith("<") or "\n" not in text.strip():
        raise UnreadableInput(_NOTHING)
    return "table", table.read(text, told)


def _json(text: str) -> list[Reading]:
    if "\\u0000" in text:  # PostgreSQL stores no such character, and no word or number has one
        raise UnreadableInput(_NUL)
    try:
        return read_source(None, text.encode(), form=None)
    except UnreadableInput as error:
        raise UnreadableInput(str(error).removeprefix("standard input: ").replace(SAY_WHICH, "")) from None


def _checked(reading: Reading) -> Reading:
    """The reading, with the issues that any record may have: dates that cannot be, facts that stand twice."""
    record, issues = reading
    found: tuple[Issue, ...] = check(record, timezone.localdate())
    return record, (*issues, *found)
