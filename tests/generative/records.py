"""Hypothesis strategies for whole records, with every field the model has.

They build only what every format can hold exactly: printable text without blanks at its ends, ages as they are parsed,
spans between two dates or two ages, at most one death, and a value *or* a result *or* a reason for having neither. Codes are
taken from the lists below, so that nothing here depends on knowledge. Formats may group facts (diseases beside signs);
compare records with `in_any_order`.
"""

from dataclasses import astuple, replace
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from openpoems.quantities import Quantity
from openpoems.record import (
    Age,
    Agent,
    Coding,
    Concept,
    Event,
    Feature,
    Measurement,
    PartialDate,
    PatientRecord,
    Procedure,
    Provenance,
    ReferenceRange,
    Span,
    Treatment,
    When,
)

SIGNS = (
    "HP:0001271", "HP:0001744", "HP:0002240", "HP:0002716", "SNOMED:302226006", "SNOMED:16294009",
    "OPENPOEMS:organomegaly", "ICD10:G62.9", "NCIT:C35552", "http://example.org/signs|a-17",
)  # fmt: skip
DISEASES = (
    "ORPHA:2905",
    "MONDO:0009696",
    "ICD10CM:D47.Z2",
    "ICD10:D47.7",
    "OMIM:192240",
    "MESH:D016878",
)
MEASURES = (
    "LOINC:75628-8",
    "LOINC:718-7",
    "OPENPOEMS:vegf",
    "SNOMED:104133003",
    "http://example.org/tests|9",
)
DRUGS = ("RXNORM:342369", "ATC:L04AX04", "ATC:L01XG01", "NCIT:C2668")
DONE = ("SNOMED:108290001", "OPCS4:W34.2", "ICD10PCS:30233G0", "NCIT:C15313")
SITES = ("SNOMED:113280009", "UBERON:0001091", "SNOMED:51185008")
GRADES = ("HP:0012825", "HP:0012826", "HP:0012828")
ANSWERS = ("SNOMED:10828004", "SNOMED:260385009", "HP:0032295")
# Mostly UCUM codes; one that is not known, and none at all, are kept as they were reported.
UNITS = ("pg/mL", "ng/L", "g/dL", "10*9/L", "%", "{score}", "m[IU]/L", "furlong", "")
SPECIMENS = ("", "serum", "plasma", "blood", "urine", "csf", "marrow", "pleural fluid")
FLAGS = ("H", "L", "N", "HH", "POS", "NEG", "A")
ABSENT = ("unknown", "not-performed", "not-asked", "error", "masked")
BASES = ("", "clinical", "imaging", "pathology", "laboratory", "neurophysiology", "patient")
SPEAKERS = ("", "patient", "clinician", "laboratory", "registry")

# Letters of several scripts and planes, and each character that some format could take for its own.
_CHARACTERS = "aabcdezACEGZ019   éßñµ–≥<>&%(){}[],;:.'\"/\\|#*+-=_~@λЖ語😀"


@cache
def texts(min_size: int = 0, max_size: int = 12) -> st.SearchStrategy[str]:
    """Printable text, without blanks at its ends and without two in a row."""
    raw = st.text(st.sampled_from(_CHARACTERS), min_size=min_size, max_size=max_size)
    tidy = raw.map(lambda text: " ".join(text.split()))
    return tidy.filter(lambda text: len(text) >= min_size)


@cache
def concepts(codes: tuple[str, ...]) -> st.SearchStrategy[Concept]:
    """A concept with codes of a list, or with words only."""
    codings = st.builds(Coding, id=st.sampled_from(codes), label=texts())
    coded = st.builds(
        Concept,
        codings=st.lists(codings, min_size=1, max_size=2, unique_by=lambda coding: coding.id).map(tuple),
        text=texts(),
    )
    return st.one_of(coded, st.builds(Concept, text=texts(min_size=1)))


@cache
def partial_dates() -> st.SearchStrategy[PartialDate]:
    """Years, months and days between 1930 and 2030."""
    years = st.integers(1930, 2030)
    days = st.dates(min_value=date(1930, 1, 1), max_value=date(2030, 12, 31))
    return st.one_of(
        days.map(PartialDate.of),
        st.builds(PartialDate, years, st.integers(1, 12)),
        st.builds(PartialDate, years),
    )


@cache
def ages() -> st.SearchStrategy[Age]:
    """Ages as `Age.parse` gives them: days are known only where months are."""
    years = st.integers(0, 110)
    months = st.integers(0, 11)
    return st.one_of(
        st.builds(Age, years),
        st.builds(Age, years, months),
        st.builds(Age, years, months, st.integers(0, 30)),
    )


def _spans(
    ends: st.SearchStrategy[PartialDate] | st.SearchStrategy[Age],
) -> st.SearchStrategy[Span]:
    nothing = st.none()
    return st.builds(Span, ends, ends) | st.builds(Span, ends, nothing) | st.builds(Span, nothing, ends)


@cache
def whens() -> st.SearchStrategy[When]:
    """Dates, ages, and spans between two of the same kind, either of which may be open."""
    return st.one_of(partial_dates(), ages(), _spans(partial_dates()), _spans(ages()))


@cache
def values() -> st.SearchStrategy[float]:
    """Numbers as laboratories print them: whole, or with up to four decimals."""
    return st.one_of(
        st.integers(0, 10**6).map(float),
        st.integers(-(10**5), 10**9).map(lambda number: number / 10**4),
    )


def quantities(*units: str) -> st.SearchStrategy[Quantity]:
    """A value in one of these units."""
    return st.builds(Quantity, values(), st.sampled_from(units))


@cache
def provenances() -> st.SearchStrategy[Provenance]:
    """Often nothing; else any of who, where, when and by whom verified."""
    full = st.builds(
        Provenance,
        said_by=st.sampled_from(SPEAKERS),
        document=texts(),
        recorded=st.none() | partial_dates(),
        verified_by=texts(),
    )
    return st.one_of(st.just(Provenance()), full)


def _features(category: str, codes: tuple[str, ...]) -> st.SearchStrategy[Feature]:
    maybe_when = st.none() | whens()
    return st.builds(
        Feature,
        concept=concepts(codes),
        excluded=st.booleans(),
        category=st.just(category),
        basis=st.sampled_from(BASES),
        on=maybe_when,
        onset=maybe_when,
        resolved=maybe_when,
        site=st.none() | concepts(SITES),
        severity=st.none() | concepts(GRADES),
        note=texts(),
        provenance=provenances(),
    )


@cache
def features() -> st.SearchStrategy[Feature]:
    """Signs and diseases, present and excluded."""
    return _features("phenotype", SIGNS) | _features("disease", DISEASES)


def reference_ranges(unit: str) -> st.SearchStrategy[ReferenceRange]:
    """At least one of low, high and text; low is below high, both in one unit."""
    bounds = st.lists(values(), min_size=2, max_size=2, unique=True).map(sorted)

    def build(ends: list[float], kept: tuple[bool, bool], text: str) -> ReferenceRange:
        low, high = (Quantity(end, unit) if keep else None for end, keep in zip(ends, kept, strict=True))
        return ReferenceRange(low, high, text)

    both = st.builds(build, bounds, st.sampled_from(((True, True), (True, False), (False, True))), texts())
    return both | st.builds(ReferenceRange, text=texts(min_size=1))


def _results(unit: str) -> st.SearchStrategy[Measurement]:
    shared = {
        "measure": concepts(MEASURES),
        "specimen": st.sampled_from(SPECIMENS),
        "laboratory": texts(),
        "assay": texts(),
        "flags": st.lists(st.sampled_from(FLAGS), max_size=2, unique=True).map(tuple),
        "on": st.none() | whens(),
        "note": texts(),
        "provenance": provenances(),
        "reference": st.none() | reference_ranges(unit),
    }
    comparators = st.sampled_from(("", "", "<", "<=", ">", ">="))
    value = st.builds(Measurement, value=quantities(unit), comparator=comparators, **shared)
    worded = st.builds(Measurement, result=concepts(ANSWERS), **shared)
    absent = st.builds(Measurement, absent=st.sampled_from(ABSENT), **shared)
    return value | value | worded | absent


@cache
def measurements() -> st.SearchStrategy[Measurement]:
    """A value with comparator and range, a coded or worded result, or the reason for having neither."""
    return st.one_of([_results(unit) for unit in UNITS])


@cache
def agents() -> st.SearchStrategy[Agent]:
    """A drug with or without dose, schedule and route."""
    doses = quantities("mg", "mg/m2", "g")
    return st.builds(Agent, drug=concepts(DRUGS), dose=st.none() | doses, schedule=texts(), route=texts())


@cache
def treatments() -> st.SearchStrategy[Treatment]:
    """A named regimen, its agents, or both."""
    maybe_when = st.none() | whens()
    lines = st.builds(
        Treatment,
        regimen=texts(),
        agents=st.lists(agents(), max_size=3).map(tuple),
        cycles=st.none() | st.integers(0, 40),
        start=maybe_when,
        end=maybe_when,
        intent=texts(),
        note=texts(),
        provenance=provenances(),
    )
    return lines.filter(lambda line: bool(line.regimen or line.agents))


@cache
def procedures() -> st.SearchStrategy[Procedure]:
    """Biopsies, transplantations with conditioning, radiotherapy with dose and fractions."""
    maybe_when = st.none() | whens()
    return st.builds(
        Procedure,
        concept=concepts(DONE),
        on=maybe_when,
        end=maybe_when,
        site=st.none() | concepts(SITES),
        dose=st.none() | quantities("Gy", "Gy", "cGy", "mg"),
        fractions=st.none() | st.integers(0, 40),
        conditioning=st.lists(agents(), max_size=2).map(tuple),
        note=texts(),
        provenance=provenances(),
    )


@cache
def events() -> st.SearchStrategy[Event]:
    """Events of every kind but the death, with or without a concept."""
    maybe_when = st.none() | whens()
    kinds = st.sampled_from(("hospitalisation", "diagnosis", "earlier-label", "first-symptom", "other"))
    return st.builds(
        Event,
        kind=kinds,
        concept=st.none() | concepts(DISEASES),
        on=maybe_when,
        end=maybe_when,
        note=texts(),
        provenance=provenances(),
    )


@cache
def deaths() -> st.SearchStrategy[Event]:
    """A death, with its day and cause where they are known."""
    return st.builds(
        Event,
        kind=st.just("death"),
        concept=st.none() | concepts(DISEASES),
        on=st.none() | whens(),
        note=texts(),
        provenance=provenances(),
    )


@cache
def pseudonyms() -> st.SearchStrategy[str]:
    """Identifiers that every format takes: letters, digits, hyphens and dots."""
    return st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,18}[A-Za-z0-9])?", fullmatch=True)


@cache
def records(max_facts: int = 2) -> st.SearchStrategy[PatientRecord]:
    """A whole record, with up to `max_facts` facts of each kind, and a death at most once."""

    def some(facts: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
        return st.lists(facts, max_size=max_facts).map(tuple)

    return st.builds(
        PatientRecord,
        patient=pseudonyms(),
        sex=st.sampled_from(("female", "male", "other", "unknown")),
        birth=st.none() | partial_dates(),
        last_seen=st.none() | whens(),
        features=some(features()),
        measurements=some(measurements()),
        treatments=some(treatments()),
        procedures=some(procedures()),
        events=st.builds(lambda others, death: others + death, some(events()), _one(deaths())),
        references=st.lists(texts(min_size=1), max_size=2, unique=True).map(tuple),
    )


def _one(facts: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.just(()) | st.tuples(facts)


def in_any_order(record: PatientRecord) -> PatientRecord:
    """The same record with its facts in one fixed order: their order carries no meaning."""
    return replace(
        record,
        features=tuple(sorted(record.features, key=_content)),
        measurements=tuple(sorted(record.measurements, key=_content)),
        treatments=tuple(sorted(record.treatments, key=_content)),
        procedures=tuple(sorted(record.procedures, key=_content)),
        events=tuple(sorted(record.events, key=_content)),
        references=tuple(sorted(record.references)),
    )


def _content(fact: Feature | Measurement | Treatment | Procedure | Event) -> str:
    return repr(astuple(replace(fact, path="")))
