"""From bytes to text: packed files, encodings, and files that are no text at all."""

import gzip
import io
import zlib

from openpoems.errors import UnreadableInput

# A source is held in memory as a whole. A person's record has kilobytes; this is room for a year
# of a large laboratory.
MAX_BYTES = 128 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024

SAY_WHICH = "; use --from to say which one it is"
EXPECTED = (
    "a Phenopacket (JSON), FHIR R4 resources (JSON or NDJSON) or a table of facts (CSV whose first "
    f"line names the columns patient, kind and what){SAY_WHICH}"
)


def too_large(limit: int) -> str:
    """What is said of a source of more than `limit` bytes."""
    return f"is larger than {limit // 1024**2} MB; split it, for example by patient"


# How a file begins that is no text, and what to do about it.
_BINARY = (
    (b"%PDF", "this is a PDF; its facts must be entered into a table (CSV)"),
    (
        b"\xd0\xcf\x11\xe0",
        "this is an old Office file (.xls or .doc); save the table as CSV (UTF-8)",
    ),
    (b"\x1f\x8b", "this is compressed twice; unpack it"),
    (b"BZh", "this is a bzip2 archive; unpack it"),
    (b"\xfd7zXZ", "this is an xz archive; unpack it"),
    (b"\x28\xb5\x2f\xfd", "this is a zstd archive; unpack it"),
    (b"7z\xbc\xaf", "this is a 7z archive; unpack it"),
    (b"\x89PNG", "this is a picture; its facts must be entered into a table (CSV)"),
    (b"\xff\xd8\xff", "this is a picture; its facts must be entered into a table (CSV)"),
    (b"PAR1", "this is a Parquet file; save it as CSV (UTF-8)"),
    (b"SQLite format 3", "this is a database; export the table as CSV (UTF-8)"),
    (b"{\\rtf", "this is a text document (RTF); its facts must be entered into a table (CSV)"),
    (b"MSH|", "this is an HL7 version 2 message; export FHIR R4 as JSON"),
)
_ZIPPED = (
    (b"spreadsheet", "this is a spreadsheet (ODS); save it as CSV (UTF-8)"),
    (b"xl/", "this is an Excel workbook; save it as CSV (UTF-8)"),
    (b"word/", "this is a Word document; its facts must be entered into a table (CSV)"),
    (b"[Content_Types].xml", "this is an Office file, such as an Excel workbook; save it as CSV"),
)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def text_of(data: bytes, limit: int | None = None) -> str:
    """Unpack and decode a source. Raises `UnreadableInput` where it is larger than the limit in bytes, or no text."""
    limit = limit or MAX_BYTES
    data = _unpacked(data, limit)
    if len(data) > limit:
        raise UnreadableInput(f"it {too_large(limit)}")
    _refuse_binary(data)
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"the text is not {encoding.upper().removesuffix('-SIG')} at byte {error.start}"
        raise UnreadableInput(f"{message}; save the file as UTF-8") from None
    if not text.strip():
        raise UnreadableInput(f"the file is empty; expected {EXPECTED}")
    return text


def _unpacked(data: bytes, limit: int) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    parts, size = [], 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            while size <= limit and (part := packed.read(CHUNK_BYTES)):
                parts.append(part)
                size += len(part)
    except (OSError, EOFError, zlib.error):
        raise UnreadableInput("the gzip file is damaged or cut short; pack it again") from None
    if size > limit:
        raise UnreadableInput(f"what is packed in it {too_large(limit)}")
    return b"".join(parts)


def _refuse_binary(data: bytes) -> None:
    for start, message in _BINARY:
        if data.startswith(start):
            raise UnreadableInput(message)
    if data.startswith(b"PK\x03\x04"):
        kinds = (message for mark, message in _ZIPPED if mark in data)
        raise UnreadableInput(next(kinds, "this is a ZIP archive; unpack it"))
    beginning = data[:CHUNK_BYTES]
    marked = data.startswith(tuple(mark for mark, _ in _MARKS))
    if not marked and beginning.count(0) * 4 > len(beginning):
        raise UnreadableInput("this is not UTF-8 text, perhaps UTF-16; save it as UTF-8")
