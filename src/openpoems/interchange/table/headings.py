"""What the columns of a table are called, in plain words (`headings.toml`)."""

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from openpoems.quantities import ucum

_PUNCTUATION = re.compile(r"[\W_]+")
_UNIT_IN_BRACKETS = re.compile(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]")
_UNIT_BEHIND = re.compile(r"(.+?)(?:\s*,\s*|\s+)(\S+)")


def plain(text: str) -> str:
    """A heading as it is compared: small letters and digits, no accents, one blank between words.

    >>> plain(" Reference-Range: "), plain("Método")
    ('reference range', 'metodo')
    """
    folded = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _PUNCTUATION.sub(" ", folded.lower()).strip()


def field_of(heading: str) -> str:
    """The cell of a row that a column of this name fills; "" where the name is none of a field."""
    return _words("fields").get(plain(heading), "")


def is_score(name: str) -> bool:
    """Whether a test is a functional score, whose results have no unit to be given."""
    return plain(name) in data()["scores"]["names"]


def month_of(word: str) -> int:
    """The month of a name such as `Apr`; 0 where it is none."""
    return int(_words("months").get(plain(word), "0"))


@cache
def name_and_unit(heading: str) -> tuple[str, str]:
    """The name of a test and the unit that is written behind it; "" where there is none that is known.

    >>> name_and_unit("VEGF (pg/mL)"), name_and_unit("Creatinine, mg/dL"), name_and_unit("VEGF (plasma)")
    (('VEGF', 'pg/mL'), ('Creatinine', 'mg/dL'), ('VEGF (plasma)', ''))
    """
    text = " ".join(heading.split())  # many blanks in a row would take the patterns an hour
    if (match := _UNIT_IN_BRACKETS.fullmatch(text)) and ucum(match[2]):
        return match[1], match[2]
    # A single letter behind a name is part of the name more often than a unit.
    if (match := _UNIT_BEHIND.fullmatch(text)) and ucum(match[2]) and re.search(r"[/%^*]", match[2]):
        return match[1], match[2]
    return text, ""


@cache
def data() -> dict[str, Any]:
    """The words as they stand in `headings.toml`."""
    return tomllib.loads((files("openpoems.interchange.table") / "headings.toml").read_text(encoding="utf-8"))


@cache
def _words(table: str) -> dict[str, str]:
    return {plain(word): meaning for meaning, words in data()[table].items() for word in words}
