"""From what a user names to records: which files, which bytes, which format.

`expand` finds the files, `load` takes their bytes within a limit, `read_source` recognises the
format by its content and hands the documents to its reader. Whatever cannot be read ends in an
`UnreadableInput` that says how to mend it.
"""

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.decoding import EXPECTED, MAX_BYTES, text_of, too_large
from openpoems.interchange.documents import (
    TOO_DEEP,
    decoded,
    has_json_lines,
    json_lines,
    kind_of,
    refuse_too_many_values,
    repeated,
    why_unread,
)
from openpoems.interchange.places import Reading, below, moved, numbered

FORMS = ("phenopacket", "fhir", "ndjson", "csv")
SUFFIXES = (".json", ".ndjson", ".jsonl", ".csv")

_PEEKED_BYTES = 4096
_PLACES_NAMED = 12
_GROUP_KEYS = frozenset(("id", "metaData", "meta_data", "members", "proband", "relatives"))


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
        raise UnreadableInput(f"{name}: {TOO_DEEP}") from None
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
            documents += json_lines(text_of(data), f"{path.name} ", problems)
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
    refuse_too_many_values(text)
    if form == "ndjson" or (lines_likely and has_json_lines(text)):
        return _read_lines(text, None if form == "ndjson" else form)
    if not is_json:
        raise UnreadableInput(f"this is not JSON; expected {EXPECTED}")
    try:
        document = decoded(text)
    except UnreadableInput:
        if has_json_lines(text):
            return _read_lines(text, form)
        raise
    readings = _read_document(document, form)
    twice = repeated(text, document, "document")
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
    return _read_many(list(json_lines(text, "", problems)), form, problems)


def _read_many(documents: list[tuple[str, object]], form: str | None, problems: list[Issue]) -> list[Reading]:
    """Read documents with their places: Phenopackets one by one, FHIR resources all together."""
    packets: list[tuple[str, object]] = []
    others: list[tuple[str, object]] = []
    for place, document in documents:
        is_packet = (form or kind_of(document)) == "phenopacket"
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
    has_fhir = bool(others) and (form == "fhir" or any(kind_of(document) == "fhir" for _, document in others))
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
        problems.append(Issue("error", place, why_unread(error)))
        return []


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
    kind = form or kind_of(document)
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
        return [moved(reading, partial(below, place)) if place else reading]
    readings: list[Reading] = []
    problems = _unread_of_group(document, place)
    for name, packet in zip(_member_names(document), packets, strict=False):
        own = below(place, name)
        readings += _attempt(partial(_read_packets, packet, own), own, problems)
    errors = [problem.message for problem in problems if problem.severity == "error"]
    if not readings and errors:
        raise UnreadableInput(errors[0])
    return _with_problems(readings, problems, everyone=False)


def _unread_of_group(document: object, place: str) -> list[Issue]:
    keys = set(document) - _GROUP_KEYS if isinstance(document, dict) else set()
    message = "of a Family or Cohort only the packets are read, and not this field"
    return [Issue("information", below(place, key[:40]), message) for key in sorted(keys)[:_PLACES_NAMED]]


def _member_names(document: object) -> Iterator[str]:
    if isinstance(document, dict) and "proband" in document:
        yield "proband"
        yield from (f"relatives[{index}]" for index in count())
    yield from (f"members[{index}]" for index in count())


def _read_fhir(document: object) -> list[Reading]:
    from openpoems.interchange import fhir  # noqa: PLC0415 - a format is imported when it is met

    return list(fhir.read(document))


def _read_resources(named: list[tuple[str, object]]) -> list[Reading]:
    # The reader counts the resources it was given; the source counts lines or elements.
    places = [place for place, _ in named]
    readings = _read_fhir([resource for _, resource in named])
    return [moved(each, partial(numbered, places=places)) for each in readings]
