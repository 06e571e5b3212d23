"""Tables that a clinician can read: a line that names the source, a line of columns, then a person per row.

In the column of a finding `T` says that it was seen, `F` that it was looked for and not found, a blank that nobody
looked. The words of the columns stand in `WORDS`.
"""

import re
from collections.abc import Iterable
from datetime import date

import pytest
from _pytest.mark.structures import ParameterSet

from openpoems.codes import code_systems
from openpoems.criteria.explain import Verdict, explain
from openpoems.findings.derive import Findings, derive
from openpoems.knowledge.store import knowledge
from openpoems.logic import Truth
from openpoems.quantities import Quantity, ucum
from openpoems.record import Age, Coding, Concept, Feature, Measurement, PartialDate, PatientRecord, ReferenceRange

TODAY = date(2024, 6, 30)
CELL = {"T": Truth.TRUE, "F": Truth.FALSE, "": Truth.UNKNOWN}
WORDS = {
    "neuropathy": "polyneuropathy",
    "clone": "monoclonal-plasma-cell-disorder",
    "M serum": "m-protein-serum",
    "M urine": "m-protein-urine",
    "M": "m-protein",
    "marrow": "clonal-marrow-plasma-cells",
    "tumour": "plasmacytoma",
    "myeloma": "multiple-myeloma",
    "ost. myeloma": "osteosclerotic-myeloma",
    "Castleman": "castleman-disease",
    "sclerotic": "sclerotic-bone-lesion",
    "VEGF": "vegf-elevated",
    "VEGF1000": "vegf-serum-1000",
    "organs": "organomegaly",
    "liver": "hepatomegaly",
    "spleen": "splenomegaly",
    "nodes": "lymphadenopathy",
    "fluid": "extravascular-volume-overload",
    "oedema": "peripheral-oedema",
    "pleura": "pleural-effusion",
    "ascites": "ascites",
    "heart sac": "pericardial-effusion",
    "glands": "endocrinopathy",
    "any gland": "endocrine-abnormality",
    "adrenal": "adrenal-insufficiency",
    "pituitary": "pituitary-abnormality",
    "gonads": "gonadal-abnormality",
    "parathyr.": "hypoparathyroidism",
    "thyroid": "hypothyroidism",
    "diabetes": "diabetes-mellitus",
    "skin": "skin-changes",
    "haemangioma": "haemangioma",
    "pigment": "hyperpigmentation",
    "optic disc": "papilloedema",
    "blood": "thrombocytosis-or-polycythaemia",
    "platelets": "thrombocytosis",
    "red cells": "polycythaemia",
}


def rows(*tables: str) -> list[ParameterSet]:
    """The rows of tables, each a dict of its cells; the first column names the row."""
    return [pytest.param(row, id=next(iter(row.values()))) for table in tables for row in _read(table)]


def _read(table: str) -> Iterable[dict[str, str]]:
    source, header, *lines = (line.strip() for line in table.strip().splitlines())
    assert source.startswith("Source: "), "a table begins with where its expectations come from"
    columns = [column.strip() for column in header.split("|")]
    for line in lines:
        cells = [cell.strip() for cell in line.split("|")]
        assert len(cells) == len(columns), f"{line!r} has {len(cells)} cells, not {len(columns)}"
        yield dict(zip(columns, cells, strict=True))


def person(row: dict[str, str], **more: object) -> PatientRecord:
    """The record of a row: what its columns of findings say."""
    stated = [stated_as(WORDS[column], cell) for column, cell in row.items() if column in WORDS and cell]
    return PatientRecord("row", features=tuple(stated), **more)


def stated_as(finding: str, cell: str) -> Feature:
    """A finding stated as seen (`T`) or not found (`F`)."""
    assert cell in {"T", "F"}, f"{cell!r} in the column of a finding"
    return feature(f"OPENPOEMS:{finding}", excluded=cell == "F")


def feature(code: str, label: str = "", **more: object) -> Feature:
    """A feature with one code; a code of no known system would prove nothing."""
    assert code.partition(":")[0] in code_systems()
    return Feature(Concept((Coding(code, label),)), **more)


def result(
    measure: str, text: str, specimen: str = "", limit: str = "", flags: str = "", **more: object
) -> Measurement:
    """A result as written on a report: `<31 pg/mL` with an upper limit such as `96.2 pg/mL`."""
    comparator, value = quantity(text) if text else ("", None)
    high = quantity(limit)[1] if limit else None
    return Measurement(
        Concept((Coding(f"OPENPOEMS:{measure}"),)),
        value=value,
        comparator=comparator,
        specimen=specimen,
        reference=ReferenceRange(high=high) if high else None,
        flags=tuple(flags.split()),
        **more,
    )


def quantity(text: str) -> tuple[str, Quantity]:
    """A comparator and a quantity, the unit as UCUM."""
    comparator, number, unit = re.fullmatch(r"([<>]=?|)(-?[\d.]+) ?(.*)", text).groups()
    code = ucum(unit) if unit else ""
    assert code is not None, f"{unit!r} is no unit of units.toml"
    return comparator, Quantity(float(number), code)


def when(text: str) -> PartialDate | Age | None:
    """A date, an age (`P52Y`), or nothing."""
    if not text:
        return None
    return Age.parse(text) if text.startswith("P") else PartialDate.parse(text)


def look(record: PatientRecord, as_of: date = TODAY) -> Findings:
    """The findings of a record, by the knowledge that ships."""
    return derive(record, knowledge(), as_of)


def concluded(edition: str, record: PatientRecord, as_of: date = TODAY) -> Verdict:
    """What an edition concludes of a record, with everything that is said of it."""
    [assessed] = explain([knowledge().edition(edition)], look(record, as_of), knowledge())
    return assessed.verdict


def outcome(edition: str, record: PatientRecord) -> str:
    """What an edition concludes: `met`, `met definite`, `not-met`, `undetermined`."""
    verdict = concluded(edition, record)
    return f"{verdict.status} {verdict.level}" if verdict.level else verdict.status
