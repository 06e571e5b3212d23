"""From a text to its JSON documents: decoded, told apart, each with its place; what is broken says where it breaks."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

import msgspec

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.decoding import CHUNK_BYTES
from openpoems.interchange.repeated import repeated_keys

# Keeps a small file of `[],[],…` from filling the memory: some 100 bytes for each value.
MAX_JSON_VALUES = 10_000_000
TOO_DEEP = "the JSON is nested too deeply to be a record; was it damaged?"

_LINES_TRIED = 5
_PACKET_KEYS = frozenset(
    (
        *("subject", "phenotypicFeatures", "metaData", "phenotypic_features", "meta_data"),
        *("members", "proband", "relatives", "pedigree"),
    )
)
_HALF_CHARACTER = re.compile(r"\\ud[89a-f]", re.IGNORECASE)


def json_lines(text: str, within: str, problems: list[Issue]) -> Iterator[tuple[str, object]]:
    """The documents of a text, one a line, each with its place; `within` names the file where there are several."""
    for number, line in enumerate(io.StringIO(text), start=1):
        place = f"{within}line {number}"
        if not line.strip():
            continue
        try:
            document = decoded(line.strip())
            problems += repeated(line, document, place)
            yield place, document
        except (UnreadableInput, RecursionError) as error:
            problems.append(Issue("error", place, f"the line was not read: {why_unread(error)}"))


def why_unread(error: UnreadableInput | RecursionError) -> str:
    """Why a document was not read."""
    return str(error) if isinstance(error, UnreadableInput) else TOO_DEEP


def kind_of(document: object) -> str | None:
    """Of which format a document is; None where it is of none."""
    if not isinstance(document, dict):
        return None
    if isinstance(document.get("resourceType"), str):
        return "fhir"
    return "phenopacket" if not document.keys().isdisjoint(_PACKET_KEYS) else None


def repeated(text: str, document: object, place: str) -> list[Issue]:
    """The keys that stand twice in one object of a document, as an issue."""
    names = repeated_keys(text, document)
    message = f"a key stands twice in one object, and only the last was read: {names}; put the two together"
    return [Issue("error", place, message)] if names else []


def has_json_lines(text: str) -> bool:
    """Whether a text has several lines, and one of the first is a record by itself."""
    lines = (line for line in io.StringIO(text) if line.strip())
    return "\n" in text.strip() and any(_is_record(line) for line in islice(lines, _LINES_TRIED))


def _is_record(line: str) -> bool:
    try:
        return kind_of(msgspec.json.decode(line)) is not None
    except (msgspec.DecodeError, RecursionError):
        return False


def refuse_too_many_values(text: str) -> None:
    """Raise `UnreadableInput` for a text of more values than `MAX_JSON_VALUES`."""
    if sum(map(text.count, ",[{")) <= MAX_JSON_VALUES:
        return
    with suppress(msgspec.DecodeError):
        # Nesting ends here, with its own error: the decoder gives up at its depth limit at once.
        msgspec.json.decode(text[:CHUNK_BYTES])
    raise UnreadableInput(f"the JSON holds more than {MAX_JSON_VALUES} values; split it")


def decoded(text: str) -> Any:
    """The document of a text. Raises `UnreadableInput` with the place where it is broken."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError):
        return _decoded_leniently(text)


def _decoded_leniently(text: str) -> Any:
    """Decode JSON with NaN or 1e999, which the readers report; say where it breaks."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in text else ""
        cut = "the file may be cut short; " if error.pos >= len(text.rstrip()) else ""
        message = f"the JSON is broken at {line}column {error.colno}: {error.msg}"
        raise UnreadableInput(f"{message}; {cut}export it again") from None
    except ValueError:
        raise UnreadableInput("the JSON holds a number with too many digits") from None
    if _HALF_CHARACTER.search(text):
        raise UnreadableInput("the JSON holds half of a character (\\ud800 to \\udfff); export it again")
    return document
