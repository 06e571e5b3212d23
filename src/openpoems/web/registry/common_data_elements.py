"""The 16 common data elements that the EU asks of registries of rare diseases, told from what a record holds.

Each element is a text in the form the element list asks for, or `UNDETERMINED` where nobody said. What the elements ask
that is no fact about the disease is recorded as ordinary facts (`FIRST_CONTACT`, `SAMPLE`, `BIOBANK`), so that it has a
source, a history and a verification like everything else. `docs/reference/common-data-elements.md` has the table.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date

from openpoems.criteria.delay import delay
from openpoems.knowledge.store import knowledge
from openpoems.record import Concept, Event, Feature, Measurement, PatientRecord
from openpoems.record.time import Age, Span, When, days
from openpoems.web.registry import consent
from openpoems.web.registry.identity import Who
from openpoems.web.registry.models import Person

UNDETERMINED = "undetermined"
POEMS = "ORPHA:2905"
# An event: the first visit to the centre that keeps the record.
FIRST_CONTACT = "OPENPOEMS:first-contact"
# Results that answer yes or no, or name the biobank.
SAMPLE = "OPENPOEMS:research-sample"
BIOBANK = "OPENPOEMS:biobank"
_GENETIC = ("HGVS:", "HGNC:", "OMIM:")
_SEX = {"female": "Female", "male": "Male"}
_STATUS = {"alive": "Alive", "dead": "Dead", "lost": "Lost in follow-up", "withdrawn": "Opted-out"}
# Scores of functioning that stand in for a classification by the ICF, in the order of preference.
_FUNCTIONING = ("i-rods", "onls", "mrs", "ecog")


@dataclass(frozen=True, slots=True, repr=False)
class CommonDataElements:
    """The elements by the numbers of the EU's list (1.1 to 8.1), in its order."""

    pseudonym: str  # 1.1
    date_of_birth: str  # 2.1, as precise as the identity has it
    sex: str  # 2.2
    status: str  # 3.1
    date_of_death: str  # 3.2
    first_contact: str  # 4.1
    onset: str  # 5.1, a date or an age
    diagnosed: str  # 5.2, a date or an age
    diagnosis: str  # 6.1
    genetic_diagnosis: str  # 6.2
    undiagnosed: str  # 6.3, the signs of somebody without a diagnosis
    contact_for_research: str  # 7.1
    reuse_of_data: str  # 7.2
    sample: str  # 7.3
    biobank: str  # 7.4
    functioning: str  # 8.1

    def __repr__(self) -> str:
        return "<CommonDataElements>"


NAMES = tuple(field.name for field in fields(CommonDataElements))


def common_data_elements(
    person: Person, record: PatientRecord, as_of: date, who: Who | None = None
) -> CommonDataElements:
    """The elements of a person on a day. Without `who`, as for researchers, of the birth only the year is given."""
    course = delay(record, knowledge(), as_of)
    diagnosed = any(_is_poems(fact.concept) for fact in _diagnoses(record, as_of))
    contacts = (e for e in _of_kind(record, "other", as_of) if _is(e.concept, FIRST_CONTACT))
    return CommonDataElements(
        pseudonym=person.pseudonym,
        date_of_birth=_birth(person, who),
        sex=_SEX.get(person.sex, "Undetermined"),
        status="Dead" if _of_kind(record, "death", as_of) else _STATUS[person.status],
        date_of_death=_first(event.on for event in _of_kind(record, "death", as_of)),
        first_contact=_first(event.on for event in contacts),
        onset=_said(course.first_symptom),
        diagnosed=_said(course.diagnosed),
        diagnosis=POEMS if diagnosed else UNDETERMINED,
        genetic_diagnosis=_joined(_present(record, as_of, _GENETIC)),
        undiagnosed=_undiagnosed(record, as_of, diagnosed=diagnosed),
        contact_for_research=_decided(person, "contact"),
        reuse_of_data=_decided(person, "research"),
        sample=_answer(record, SAMPLE, as_of),
        biobank=_answer(record, BIOBANK, as_of),
        functioning=_functioning(record, as_of),
    )


def _birth(person: Person, who: Who | None) -> str:
    if who and who.birth:
        return who.birth
    return str(person.birth_year) if person.birth_year else UNDETERMINED


def _known(when: When | None, record: PatientRecord, as_of: date) -> bool:
    """Whether a fact was there by that day; one without a date counts."""
    span = days(when, record.birth) if when else None
    return span is None or span[0] <= as_of.toordinal()


def _of_kind(record: PatientRecord, kind: str, as_of: date) -> list[Event]:
    return [event for event in record.events if event.kind == kind and _known(event.on, record, as_of)]


def _diagnoses(record: PatientRecord, as_of: date) -> Iterator[Event | Feature]:
    yield from _of_kind(record, "diagnosis", as_of)
    yield from (f for f in record.features if not f.excluded and _known(f.on or f.onset, record, as_of))


def _is_poems(concept: Concept | None) -> bool:
    shows = knowledge().index.shows
    return concept is not None and any("poems-syndrome" in shows.get(coding.id, ()) for coding in concept.codings)


def _is(concept: Concept | None, code: str) -> bool:
    return concept is not None and any(coding.id == code for coding in concept.codings)


def _first(times: Iterable[When | None]) -> str:
    known = sorted(str(when) for when in times if when and not isinstance(when, Age | Span))
    return known[0] if known else UNDETERMINED


def _said(when: When | None) -> str:
    return str(when) if when else UNDETERMINED


def _present(record: PatientRecord, as_of: date, prefixes: tuple[str, ...]) -> list[str]:
    """The codes, of these terminologies, of what was found."""
    found = [f for f in record.features if not f.excluded and _known(f.on or f.onset, record, as_of)]
    codes = (coding.id for feature in found if not _is_poems(feature.concept) for coding in feature.concept.codings)
    return list(dict.fromkeys(code for code in codes if code.startswith(prefixes)))


def _undiagnosed(record: PatientRecord, as_of: date, *, diagnosed: bool) -> str:
    return "not applicable: diagnosed" if diagnosed else _joined(_present(record, as_of, ("HP:",)))


def _joined(codes: list[str]) -> str:
    return " ".join(sorted(codes)) or UNDETERMINED


def _decided(person: Person, purpose: str) -> str:
    """Yes only where it counts today; who was never asked did not say no."""
    if purpose not in consent.decisions(person):
        return UNDETERMINED
    return "Yes" if consent.agrees(person, purpose) else "No"


def _latest(record: PatientRecord, as_of: date, codes: frozenset[str]) -> Measurement | None:
    """The last result of a measure that goes by these codes."""
    asked = (m for m in record.measurements if codes.intersection(coding.id for coding in m.measure.codings))
    found = [m for m in asked if _known(m.on, record, as_of)]
    return max(found, key=lambda m: (days(m.on, record.birth) if m.on else None) or (0, 0), default=None)


def _answer(record: PatientRecord, code: str, as_of: date) -> str:
    found = _latest(record, as_of, frozenset((code,)))
    return found.result.text if found and found.result and found.result.text else UNDETERMINED


def _functioning(record: PatientRecord, as_of: date) -> str:
    for name in _FUNCTIONING:
        codes = frozenset(code for code, measure in knowledge().index.measures.items() if measure == name)
        found = _latest(record, as_of, codes)
        if found and found.value:
            return f"{name} {found.comparator}{found.value.value:g}" + (f" on {found.on}" if found.on else "")
    return UNDETERMINED
