"""From what a user names to records: which files, which bytes, which format.

`expand` finds the files, `load` takes their bytes within a limit, `read_source` recognises the
format by its content and hands the documents to its reader. Whatever cannot be read ends in an
`UnreadableInput` that says how to mend it.
"""

import glob
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from functools import cache, partial
from itertools import count, islice
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.decoding import CHUNK_BYTES, EXPECTED, MAX_BYTES, text_of, too_large
from openpoems.interchange.repeated import repeated_keys
from openpoems.record.model import PatientRecord

Reading: TypeAlias = tuple[PatientRecord, tuple[Issue, ...]]

FORMS = ("phenopacket", "fhir", "ndjson", "csv")
SUFFIXES = (".json", ".ndjson", ".jsonl", ".csv")

# Keeps a small file of `[],[],…` from filling the memory: some 100 bytes for each value.
MAX_JSON_VALUES = 10_000_000

_LINES_TRIED = 5
_PEEKED_BYTES = 4096
_PLACES_NAMED = 12
_TOO_DEEP = "the JSON is nested too deeply to be a record; was it damaged?"
_PACKET_KEYS = frozenset(
    (
        *("subject", "phenotypicFeatures", "metaData", "phenotypic_features", "meta_data"),
        *("members", "proband", "relatives", "pedigree"),
    )
)
_GROUP_KEYS = frozenset(("id", "metaData", "meta_data", "members", "proband", "relatives"))
_ELEMENT = re.compile(r"\[(\d+)\]")
_HALF_CHARACTER = re.compile(r"\\ud[89a-f]", re.IGNORECASE)


def expand(arguments: Sequence[str]) -> Iterator[Path]:
    """Find the files that a user names: files, directories, and patterns the shell did not expand.

    Directories are searched all the way down for `SUFFIXES`, also with `.gz`; hidden files are
    left out. `-` stays `-`. No file comes twice. Raises `UnreadableInput` at a name that matches
    nothing, so that a caller who wants the others gives the names one by one.
    """
    seen: set[Path] = set()
    for argument in arguments:
        for path in _named(argument):
            if path not in seen:
                seen.add(path)
                yield path


def load(path: Path) -> bytes:
    """Take the bytes of a file, within `MAX_BYTES`. Raises `UnreadableInput`."""
    try:
        if path.is_dir():
            raise UnreadableInput(f"{path}: this is a directory, not a file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such name"
        raise UnreadableInput(f"{path}: cannot be opened: {reason or 'no reason given'}") from None
    if len(data) > MAX_BYTES:
        raise UnreadableInput(f"{path}: the file {too_large(MAX_BYTES)}")
    return data


def read_source(path: Path | None, data: bytes, *, form: str | None) -> list[Reading]:
    """Read every record in the bytes of one source, recognising the format where none is given.

    `path` is for messages and tells lines of JSON by their suffix; None is standard input. Of
    several documents the paths are prefixed with the line (`line 3: `) or the element (`[2].`).
    Raises `UnreadableInput` when there is no record, `ValueError` when `form` is not in `FORMS`.
    """
    if form is not None and form not in FORMS:
        raise ValueError(f"a form is one of {', '.join(FORMS)}")
    name = path or "standard input"
    try:
        readings = _read_text(text_of(data), form, lines_likely=_lines_likely(path))
    except RecursionError:
        raise UnreadableInput(f"{name}: {_TOO_DEEP}") from None
    except UnreadableInput as error:
        raise UnreadableInput(f"{name}: {error}") from None
    if not readings:
        raise UnreadableInput(f"{name}: there is no person's record in it; expected {EXPECTED}")
    return readings


def is_bulk(path: Path) -> bool:
    """Tell whether a file is part of a bulk export: FHIR resources one a line, often one file for each type."""
    if not _lines_likely(path) or path.name.lower().endswith(".gz"):
        return False
    with suppress(OSError), path.open("rb") as file:
        return b'"resourceType"' in file.read(_PEEKED_BYTES)
    return False


def read_bulk(files: Sequence[tuple[Path, bytes]]) -> list[Reading]:
    """Read the files of one bulk export together, since a person's resources are spread over them.

    Paths begin with the file and the line. Raises `UnreadableInput` when there is no record in any of them.
    """
    documents: list[tuple[str, object]] = []
    problems: list[Issue] = []
    for path, data in files:
        try:
            documents += _documents(text_of(data), f"{path.name} ", problems)
        except UnreadableInput as error:
            problems.append(Issue("error", path.name, str(error)))
    return _read_many(documents, "fhir", problems)


def _named(argument: str) -> list[Path]:
    if argument == "-":
        return [Path(argument)]
    # A pattern is the user's own text and may be absolute, which `Path.glob` refuses.
    exists = os.path.lexists(argument)
    matched = [argument] if exists else sorted(glob.glob(argument, recursive=True))  # noqa: PTH207
    if not matched:
        raise UnreadableInput(f"{argument}: there is no such file or directory")
    found = [path for name in matched for path in _within(Path(name))]
    if not found:
        wanted = ", ".join(f"*{suffix}" for suffix in SUFFIXES)
        raise UnreadableInput(f"{argument}: there is no file named {wanted} in it")
    return found


def _within(path: Path) -> list[Path]:
    return _below(path) if path.is_dir() else [path]


def _below(directory: Path) -> list[Path]:
    found = []
    for folder, folders, names in os.walk(directory):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(folder, name) for name in names if _readable_name(name)]
    return sorted(path for path in found if path.is_file())


def _readable_name(name: str) -> bool:
    return not name.startswith(".") and name.lower().removesuffix(".gz").endswith(SUFFIXES)


def _lines_likely(path: Path | None) -> bool:
    name = "" if path is None else path.name.lower().removesuffix(".gz")
    return name.endswith((".ndjson", ".jsonl"))


def _read_text(text: str, form: str | None, *, lines_likely: bool) -> list[Reading]:
    is_json = text.lstrip().startswith(("{", "["))
    if form == "csv" or (form is None and not is_json):
        return _read_table(text, certain=form == "csv")
    _refuse_too_many_values(text)
    if form == "ndjson" or (lines_likely and _has_json_lines(text)):
        return _read_lines(text, None if form == "ndjson" else form)
    if not is_json:
        raise UnreadableInput(f"this is not JSON; expected {EXPECTED}")
    try:
        document = _decoded(text)
    except UnreadableInput:
        if _has_json_lines(text):
            return _read_lines(text, form)
        raise
    readings = _read_document(document, form)
    twice = _repeated(text, document, "document")
    return [(record, (*twice, *issues)) for record, issues in readings] if twice else readings


def _read_table(text: str, *, certain: bool) -> list[Reading]:
    from openpoems.interchange import csv  # noqa: PLC0415 - a format is imported when it is met

    if certain or csv.recognise(text):
        return csv.read(text)
    if text.lstrip().startswith("<"):
        raise UnreadableInput("this is XML or HTML; export FHIR R4 as JSON")
    raise UnreadableInput(f"this is none of the formats openpoems reads; expected {EXPECTED}")


def _read_lines(text: str, form: str | None) -> list[Reading]:
    """Read one document a line. A line that is broken is reported, and the others are read."""
    problems: list[Issue] = []
    return _read_many(list(_documents(text, "", problems)), form, problems)


def _documents(text: str, within: str, problems: list[Issue]) -> Iterator[tuple[str, object]]:
    """The documents of a text, one a line, each with its place; `within` names the file where there are several."""
    for number, line in enumerate(io.StringIO(text), start=1):
        place = f"{within}line {number}"
        if not line.strip():
            continue
        try:
            document = _decoded(line.strip())
            problems += _repeated(line, document, place)
            yield place, document
        except (UnreadableInput, RecursionError) as error:
            problems.append(Issue("error", place, f"the line was not read: {_reason(error)}"))


def _read_many(documents: list[tuple[str, object]], form: str | None, problems: list[Issue]) -> list[Reading]:
    """Read documents with their places: Phenopackets one by one, FHIR resources all together."""
    packets: list[tuple[str, object]] = []
    others: list[tuple[str, object]] = []
    for place, document in documents:
        is_packet = (form or _kind(document)) == "phenopacket"
        (packets if is_packet else others).append((place, document))
    readings: list[Reading] = []
    known = {problem.path: problem for problem in problems}
    for place, packet in packets:
        found = _attempt(partial(_read_packets, packet, place), place, problems)
        if found and place in known:
            # What is wrong in the place of one packet is of no concern to the others.
            problems.remove(known[place])
            found = [(record, (known[place], *issues)) for record, issues in found]
        readings += found
    has_fhir = bool(others) and (form == "fhir" or any(_kind(document) == "fhir" for _, document in others))
    if has_fhir:
        readings += _attempt(partial(_read_resources, others), others[0][0], problems)
    else:
        unknown = "this is no Phenopacket and no FHIR resource; it was not read"
        problems += [Issue("error", place, unknown) for place, _ in others]
    if not readings and problems:
        raise UnreadableInput(f"no record can be read; {problems[0].path}: {problems[0].message}")
    return _with_problems(readings, problems, everyone=has_fhir)


def _attempt(reader: Callable[[], list[Reading]], place: str, problems: list[Issue]) -> list[Reading]:
    try:
        return reader()
    except (UnreadableInput, RecursionError) as error:
        problems.append(Issue("error", place, _reason(error)))
        return []


def _reason(error: UnreadableInput | RecursionError) -> str:
    return str(error) if isinstance(error, UnreadableInput) else _TOO_DEEP


def _with_problems(readings: list[Reading], problems: list[Issue], *, everyone: bool) -> list[Reading]:
    """Report what belongs to no record: in full with the first; what was lost may be anyone's."""
    if not problems or not readings:
        return readings
    record, issues = readings[0]
    told = [(record, (*problems, *issues))]
    places = ", ".join(problem.path for problem in problems[:_PLACES_NAMED])
    more = f" and {len(problems) - _PLACES_NAMED} more" if len(problems) > _PLACES_NAMED else ""
    lost = Issue("error", places + more, "not read; what stands there may be about this person")
    return told + [(one, (lost, *own) if everyone else own) for one, own in readings[1:]]


def _read_document(document: object, form: str | None) -> list[Reading]:
    if isinstance(document, list):
        named = [(f"[{index}]", each) for index, each in enumerate(document)]
        return _read_many(named, form, [])
    kind = form or _kind(document)
    if kind == "fhir":
        return _read_fhir(document)
    if kind == "phenopacket":
        return _read_packets(document)
    raise UnreadableInput(f"the JSON is no record; expected {EXPECTED}")


def _read_packets(document: object, place: str = "") -> list[Reading]:
    """Read a Phenopacket, or each one in a Family or Cohort."""
    from openpoems.interchange import phenopackets  # noqa: PLC0415 - imported when it is met

    packets = phenopackets.split(document)
    if len(packets) == 1 and packets[0] is document:
        reading = phenopackets.read(document)
        return [_moved(reading, partial(_below_place, place)) if place else reading]
    readings: list[Reading] = []
    problems = _unread_of_group(document, place)
    for name, packet in zip(_member_names(document), packets, strict=False):
        own = _below_place(place, name)
        readings += _attempt(partial(_read_packets, packet, own), own, problems)
    errors = [problem.message for problem in problems if problem.severity == "error"]
    if not readings and errors:
        raise UnreadableInput(errors[0])
    return _with_problems(readings, problems, everyone=False)


def _unread_of_group(document: object, place: str) -> list[Issue]:
    keys = set(document) - _GROUP_KEYS if isinstance(document, dict) else set()
    message = "of a Family or Cohort only the packets are read, and not this field"
    return [Issue("information", _below_place(place, key[:40]), message) for key in sorted(keys)[:_PLACES_NAMED]]


def _member_names(document: object) -> Iterator[str]:
    if isinstance(document, dict) and "proband" in document:
        yield "proband"
        yield from (f"relatives[{index}]" for index in count())
    yield from (f"members[{index}]" for index in count())


def _below_place(place: str, path: str) -> str:
    joint = ": " if "line " in place and ": " not in place else "."
    return f"{place}{joint}{path}" if place else path


def _read_fhir(document: object) -> list[Reading]:
    from openpoems.interchange import fhir  # noqa: PLC0415 - a format is imported when it is met

    return list(fhir.read(document))


def _read_resources(named: list[tuple[str, object]]) -> list[Reading]:
    places = [place for place, _ in named]

    def placed(path: str) -> str:
        # The reader counts the resources it was given; the source counts lines or elements.
        match = _ELEMENT.match(path)
        if match is None or int(match[1]) >= len(places):
            return path
        place = places[int(match[1])]
        rest = path[match.end() :]
        return _below_place(place, rest.lstrip(" .")) if rest.strip(" .") else place

    return [_moved(each, placed) for each in _read_fhir([resource for _, resource in named])]


def _moved(reading: Reading, move: Callable[[str], str]) -> Reading:
    """The same reading, with the place of each fact and issue as `move` tells it."""
    record, issues = reading
    facts: dict[str, Any] = {
        name: tuple(_at(each, move(each.path)) for each in getattr(record, name))
        for name in ("features", "measurements", "treatments", "procedures", "events")
    }
    return replace(record, **facts), tuple(replace(each, path=move(each.path)) for each in issues)


def _at(fact: Any, path: str) -> Any:
    # As `dataclasses.replace`, which takes a large part of the time of reading many packets.
    kind: Any = type(fact)
    return kind(*_content(kind)(fact), path=path)


@cache
def _content(kind: Any) -> Callable[[object], tuple[Any, ...]]:
    return attrgetter(*(each.name for each in fields(kind) if each.name != "path"))


def _kind(document: object) -> str | None:
    if not isinstance(document, dict):
        return None
    if isinstance(document.get("resourceType"), str):
        return "fhir"
    return "phenopacket" if not document.keys().isdisjoint(_PACKET_KEYS) else None


def _repeated(text: str, document: object, place: str) -> list[Issue]:
    names = repeated_keys(text, document)
    message = f"a key stands twice in one object, and only the last was read: {names}; put the two together"
    return [Issue("error", place, message)] if names else []


def _has_json_lines(text: str) -> bool:
    lines = (line for line in io.StringIO(text) if line.strip())
    return "\n" in text.strip() and any(_is_record(line) for line in islice(lines, _LINES_TRIED))


def _is_record(line: str) -> bool:
    try:
        return _kind(msgspec.json.decode(line)) is not None
    except (msgspec.DecodeError, RecursionError):
        return False


def _refuse_too_many_values(text: str) -> None:
    if sum(map(text.count, ",[{")) <= MAX_JSON_VALUES:
        return
    with suppress(msgspec.DecodeError):
        # Nesting ends here, with its own error: the decoder gives up at its depth limit at once.
        msgspec.json.decode(text[:CHUNK_BYTES])
    raise UnreadableInput(f"the JSON holds more than {MAX_JSON_VALUES} values; split it")


def _decoded(text: str) -> Any:
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
