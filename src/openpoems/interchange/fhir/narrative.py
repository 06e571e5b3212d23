"""Words for people in a FHIR document: the XHTML of a narrative, from lines."""

from collections.abc import Iterable
from html import escape

from openpoems.interchange.fhir.bundle import Element
from openpoems.record.model import Concept

_XHTML = "http://www.w3.org/1999/xhtml"


def narrative(paragraphs: Iterable[str], lines: Iterable[str] = ()) -> Element:
    """A narrative of paragraphs, then a list."""
    told = "".join(f"<p>{_plain(each)}</p>" for each in paragraphs if each)
    listed = "".join(f"<li>{_plain(each)}</li>" for each in lines)
    inner = told + (f"<ul>{listed}</ul>" if listed else "")
    return {"status": "generated", "div": f'<div xmlns="{_XHTML}">{inner}</div>'}


def line(what: str, says: str = "", when: str = "") -> str:
    """One line: what, what is said of it, when."""
    return what + (f": {says}" if says else "") + (f" ({when})" if when else "")


def called(concept: Concept) -> str:
    """What a concept is called: its words, else the label of a code, else the code."""
    return concept.text or next((c.label for c in concept.codings if c.label), "") or _first_code(concept)


def _first_code(concept: Concept) -> str:
    return concept.codings[0].id if concept.codings else "not said"


def _plain(text: str) -> str:
    """Text as XML takes it: no control characters, no blanks in a row."""
    return escape(" ".join("".join(c if c.isprintable() else " " for c in text).split()), quote=False)
