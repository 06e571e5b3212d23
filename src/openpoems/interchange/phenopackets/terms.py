"""Terms: `OntologyClass`, an id with a label, to a concept and back."""

from functools import lru_cache
from typing import Any

from openpoems.codes import from_curie
from openpoems.interchange.phenopackets.shape import Block, Report, block, items, text
from openpoems.record import Coding, Concept

_TERM = frozenset({"id", "label"})
_REFERENCE = frozenset({"id", "reference", "description"})


def concept(owner: Block, name: str, path: str, report: Report) -> Concept | None:
    """The term under a name; None where it is not given, and, with an error, if it says nothing."""
    found = owner.get(name)
    if found is None:
        return None
    return _at_once(found) or concept_of(found, f"{path}.{name}", report)


def concept_of(value: object, path: str, report: Report) -> Concept | None:
    """Read a term. One without an id is kept as words, with a warning."""
    code, label = parts(value, path, report)
    if code:
        if ":" not in from_curie(code):
            report.warning(path, 'the id has no prefix; write it as a CURIE such as "HP:0001271"')
        return _concept(code, label)
    if label:
        report.warning(path, 'the term has no id: its words were kept; give a code ("HP:...")')
        return Concept(text=label)
    if isinstance(value, dict):
        report.error(path, "the term has neither id nor label, and was not used; give its code")
    return None


def words(owner: Block, name: str, path: str, report: Report) -> str:
    """The label of a term, or its id where it has none, for what is only shown."""
    found = owner.get(name)
    if found is None:
        return ""
    code, label = parts(found, f"{path}.{name}", report)
    return label or code


def remark(value: object, path: str, report: Report) -> str:
    """A term as a reader sees it in a note: `Bilateral (HP:0012832)`."""
    code, label = parts(value, path, report)
    return f"{label} ({code})" if code and label else label or code


def remarks(owner: Block, name: str, path: str, report: Report) -> str:
    """The terms of a list as they stand in a note."""
    found = (remark(each, place, report) for place, each in items(owner, name, path, report))
    return ", ".join(each for each in found if each)


def reference(value: object, path: str, report: Report) -> str:
    """An external reference in one line: id, description, address."""
    found = block(value, _REFERENCE, path, report)
    parts = [text(found, name, path, report) for name in ("id", "description", "reference")]
    return " · ".join(dict.fromkeys(part for part in parts if part))


def term(concept: Concept) -> dict[str, Any]:
    """Write a concept as a term: its first code, or its words."""
    if not concept.codings:
        return {"label": concept.text}
    first = concept.codings[0]
    return {"id": first.id, "label": first.label or concept.text}


def parts(value: object, path: str, report: Report) -> tuple[str, str]:
    """The id and the label of a term, "" where they are not given."""
    found = block(value, _TERM, path, report)
    return text(found, "id", path, report), text(found, "label", path, report)


def _at_once(value: object) -> Concept | None:
    # Nearly every term is in good order: no need to look at it part by part.
    if isinstance(value, dict) and len(value) == len(_TERM):
        code, label = value.get("id"), value.get("label")
        if isinstance(code, str) and isinstance(label, str) and ":" in code:
            return _concept(code, label)
    return None


@lru_cache(maxsize=8192)
def _concept(code: str, label: str) -> Concept:
    return Concept((Coding(from_curie(code), label.strip()),))
