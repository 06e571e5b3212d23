"""What somebody chose or wrote, as concepts with the codes of the knowledge base.

A code is added only where it says what was said and nothing more: openpoems' own name for it, and an HPO term that
shows (or excludes) this finding alone. No LOINC code: most name a method or a kind of unit, which nobody stated.
"""

from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext

from openpoems.knowledge.index import plain_words
from openpoems.knowledge.store import knowledge
from openpoems.record.model import Coding, Concept

OWN = "OPENPOEMS:"
FIRST_CONTACT = "first-contact"


def finding_concept(id: str, *, excluded: bool) -> Concept:
    """A finding of the knowledge base, as a statement that it is there or, `excluded`, that it is not."""
    known = knowledge()
    finding = known.findings[id]
    meant = known.index.excludes if excluded else known.index.shows
    hpo = [c for c in finding.codes if c.id.startswith("HP:") and c.match == "exact" and meant.get(c.id) == (id,)]
    codings = (Coding(OWN + id, finding.name), *(Coding(code.id, code.label) for code in hpo[:1]))
    return Concept(codings, finding.name)


def measure_concept(id: str) -> Concept:
    """A measure of the knowledge base."""
    return _own(id, knowledge().measures[id].name)


def measure_name(id: str) -> str:
    """The name of a measure, with the letters most people know it by: `Vascular endothelial growth factor (VEGF)`."""
    measure = knowledge().measures[id]
    name = gettext(measure.name)
    letters = next((word for word in measure.words if word.isupper() and word not in name), "")
    return f"{name} ({letters})" if letters else name


def procedure_concept(id: str) -> Concept:
    """A kind of procedure of the knowledge base."""
    return _own(id, knowledge().procedures[id].name)


def drug_concept(text: str) -> Concept:
    """A drug by the words somebody wrote: with openpoems' name where they are one, else as words."""
    id = _by_name("agents").get(plain_words(text))
    return _own(id, knowledge().agents[id].name) if id else Concept(text=text.strip())


def disease_concept(text: str) -> Concept:
    """A sign or disease by the words somebody wrote: with openpoems' name where they name one finding."""
    id = knowledge().index.names.get(plain_words(text))
    return _own(id, knowledge().findings[id].name) if id else Concept(text=text.strip())


def words_of(concept: Concept | None) -> str:
    """A concept as a page shows it: its words, else the label or the code that it has."""
    if concept is None:
        return ""
    first = concept.codings[0] if concept.codings else None
    return concept.text or (first.label or first.id.removeprefix(OWN) if first else "")


def finding_of(concept: Concept) -> str:
    """The finding a concept states, if it is exactly one; "" else."""
    index = knowledge().index
    for coding in concept.codings:
        if coding.id.startswith(OWN) and coding.id.removeprefix(OWN) in knowledge().findings:
            return coding.id.removeprefix(OWN)
        if len(index.shows.get(coding.id, ())) == 1:
            return index.shows[coding.id][0]
    return ""


def measure_of(concept: Concept) -> str:
    """The measure a concept names; "" where it names none of ours."""
    index = knowledge().index
    found = (index.measures.get(coding.id, "") for coding in concept.codings)
    return next((id for id in found if id), "")


def _own(id: str, name: str) -> Concept:
    return Concept((Coding(OWN + id, name),), name)


@cache
def _by_name(table: str) -> dict[str, str]:
    items: Mapping[str, object] = getattr(knowledge(), table)
    names = {plain_words(id): id for id in items}
    return names | {plain_words(str(item.name)): id for id, item in items.items()}  # type: ignore[attr-defined]
