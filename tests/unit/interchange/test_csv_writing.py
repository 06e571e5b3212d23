"""A record written as the long CSV, and read again."""

from pathlib import Path

import pytest

from openpoems.interchange import csv
from openpoems.interchange.sources import expand, load, read_source
from openpoems.quantities import Quantity
from openpoems.record import (
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
    Treatment,
)

ROOT = Path(__file__).resolve().parents[3]
BORTEZOMIB, MELPHALAN = (
    Concept((Coding(f"OPENPOEMS:{name}", name.capitalize()),), name.capitalize())
    for name in ("bortezomib", "melphalan")
)


def again(*facts):
    """A record of these facts as it is read from the table that it was written as, and the issues of the writer."""
    kinds = {Feature: "features", Measurement: "measurements", Treatment: "treatments", Procedure: "procedures"}
    named = {kinds.get(type(fact), "events"): (fact,) for fact in facts}
    record = PatientRecord("P", **named)
    text, issues = csv.write(record)
    ((read, _),) = csv.read(text)
    return record, read, issues


FACTS = [
    Feature(
        Concept(
            (Coding("OPENPOEMS:splenomegaly", "Splenomegaly"), Coding("HP:0001744", "Splenomegaly")), "Splenomegaly"
        ),
        excluded=True,
        basis="imaging",
        on=PartialDate(2021, 4),
        severity=Concept(text="slight"),
        provenance=Provenance("patient", "CT", PartialDate(2021, 5, 1), "clinician"),
    ),
    Feature(Concept((Coding("HP:0001271", "Polyneuropathy"),))),  # a label, and no words of its own
    Feature(Concept(text="tingling feet"), basis="patient"),  # words, and no code
    Feature(Concept((Coding("ICD10CM:D47.Z2"),)), category="disease", basis="pathology"),
    Measurement(
        Concept((Coding("OPENPOEMS:vegf", "VEGF"),), "VEGF"),
        Quantity(31.0, "pg/mL"),
        "<",
        specimen="plasma",
        reference=ReferenceRange(high=Quantity(96.2, "pg/mL"), text="adults"),
        flags=("N", "A"),
    ),
    Measurement(
        Concept(text="free light chains"), result=Concept(text="IgA lambda"), reference=ReferenceRange(text="none")
    ),
    Treatment(
        "VCd",
        (
            Agent(BORTEZOMIB, Quantity(1.3, "mg/m2"), "days 1, 8, 15", "subcutaneous"),
            Agent(Concept(text="something new")),
        ),
        cycles=4,
        start=PartialDate(2021),
    ),
    Treatment("a trial drug", ()),
    Treatment("", (Agent(MELPHALAN),)),
    Procedure(Concept((Coding("OPENPOEMS:asct"),), "ASCT"), conditioning=(Agent(MELPHALAN, Quantity(200.0, "mg/m2")),)),
    Event("first-symptom", Concept(text="tingling feet"), on=PartialDate(2017, 10), note="both\nfeet"),
    Event("other", Concept(text="moved house")),
]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)
def test_a_fact_is_read_again_as_it_was(fact):
    record, read, issues = again(fact)
    assert read == record
    assert issues == ()


def test_every_example_and_published_case_is_read_again_as_it_was():
    named = [
        str(ROOT / "examples" / "course.csv"),
        str(ROOT / "examples" / "filled.csv"),
        str(ROOT / "tests" / "cases"),
    ]
    records = [record for path in expand(named) for record, _ in read_source(path, load(path), form=None)]
    assert len(records) > 60  # 2 examples and the 60 cases that tests/cases/README.md counts
    for record in records:
        text, issues = csv.write(record)
        assert (csv.read(text)[0][0], issues) == (record, ())


def test_what_a_row_cannot_hold_is_named():
    _, read, issues = again(Event("other", None, on=PartialDate(2021)))
    assert [str(issue) for issue in issues] == [
        "warning: line 3: the table does not hold this fact: the row is not read again"
    ]
    assert read.events == ()
    unknown = Measurement(Concept(text="x"), absent="masked")
    _, read, issues = again(unknown)
    assert {issue.path for issue in issues} == {"line 3, result", "line 3, absent"}


def test_no_cell_is_a_formula():
    record, _, issues = again(Event("death", note="=HYPERLINK(1)"))
    text, _ = csv.write(record)
    assert ",'=HYPERLINK(1)," in text
    assert [issue.path for issue in issues] == ["line 3, note"]


def test_a_result_in_words_is_no_formula_though_numbers_may_stand_there():
    worded = Measurement(Concept(text="x"), result=Concept(text="-2+3+cmd|' /C calc'!A0"))
    text, _ = csv.write(PatientRecord("p", measurements=(worded,)))
    assert ",'-2+3+cmd" in text
    cold = Measurement(Concept(text="x"), value=Quantity(-5e-07, "mmol/L"))
    text, _ = csv.write(PatientRecord("p", measurements=(cold,)))
    assert ",-5e-07," in text
