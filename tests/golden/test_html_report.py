"""The HTML report of fixed records, compared with what was read and approved before.

When the report or the knowledge changes on purpose, write the expected files anew, look at them in a browser and read
what changed: `.venv/bin/python tests/golden/test_html_report.py`
"""

import re
import shutil
import subprocess
from datetime import date
from os import geteuid
from pathlib import Path

import pytest

from openpoems import __version__
from openpoems.criteria.assess import DiagnosisAssessment, assess
from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record.model import (
    Coding,
    Concept,
    Event,
    Feature,
    Measurement,
    PatientRecord,
    Provenance,
    ReferenceRange,
)
from openpoems.record.time import PartialDate
from openpoems.reports.html import html

EXPECTED = Path(__file__).with_name("expected")
AS_OF = TODAY = date(2026, 1, 1)
CHROMIUM = shutil.which("chromium")


def seen(code: str, label: str = "", *, excluded: bool = False, on: str = "2022-11-02", **more) -> Feature:
    return Feature(Concept((Coding(code, label),)), excluded=excluded, on=PartialDate.parse(on), **more)


def measured(code: str, label: str, value: float, unit: str, **more) -> Measurement:
    return Measurement(
        Concept((Coding(code, label),)), Quantity(value, unit), on=PartialDate.parse("2022-11-09"), **more
    )


def platelets(value: float) -> Measurement:
    limits = ReferenceRange(Quantity(150, "10*9/L"), Quantity(400, "10*9/L"))
    return measured("LOINC:777-3", "Platelets", value, "10*9/L", specimen="blood", reference=limits, path="line 5")


# Invented people. What must come out of them is tested in tests/spec; here it only has to look the same as before.
RECORDS = {
    "classic": PatientRecord(
        "classic-1",
        sex="female",
        birth=PartialDate(1968),
        last_seen=PartialDate(2024, 2),
        features=(
            seen("HP:0001271", "Polyneuropathy", basis="clinical", provenance=Provenance("clinician", "clinic letter")),
            seen("HP:0001744", "Splenomegaly", basis="imaging", path="line 9"),
            seen("HP:0000953", "Hyperpigmentation of the skin", basis="clinical"),
            seen("OPENPOEMS:sclerotic-bone-lesion", "Sclerotic bone lesion", basis="imaging", provenance=Provenance(document="CT")),
            seen("HP:0001085", "Papilledema", excluded=True, basis="clinical"),
        ),
        measurements=(
            measured("LOINC:33358-3", "M-protein", 4.1, "g/L", specimen="serum", laboratory="Laboratory A"),
            measured(
                "OPENPOEMS:vegf", "VEGF", 1300, "pg/mL", specimen="plasma", laboratory="Laboratory B",
                flags=("H",), reference=ReferenceRange(high=Quantity(100, "pg/mL")),
            ),
            platelets(512),
        ),
        events=(
            Event("first-symptom", Concept(text="tingling feet"), PartialDate(2021, 9)),
            Event("earlier-label", Concept(text="CIDP"), PartialDate(2022, 3)),
            Event("diagnosis", Concept((Coding("ORPHA:2905", "POEMS syndrome"),)), PartialDate(2022, 12, 1)),
        ),
    ),
    "undetermined": PatientRecord(
        "undetermined-1",
        features=(
            seen("HP:0001271", "Polyneuropathy"),
            seen("HP:0001744", "Splenomegaly", basis="imaging"),
            seen("HP:0001085", "Papilledema"),
            seen("HP:0001085", "Papilledema", excluded=True),
            seen("HP:0000821", "Hypothyroidism"),
        ),
        measurements=(platelets(300),),
    ),
    "castleman-variant": PatientRecord(
        "variant-1",
        features=(
            seen("SNOMED:207036003", "Castleman disease"),
            seen("HP:0001271", "Polyneuropathy", excluded=True),
            seen("HP:0000969", "Edema"),
            seen("OPENPOEMS:monoclonal-plasma-cell-disorder", excluded=True),
        ),
    ),
    "empty": PatientRecord(""),
}  # fmt: skip


def assessed(name: str) -> DiagnosisAssessment:
    return assess(RECORDS[name], knowledge(), AS_OF, today=TODAY)


def report(name: str) -> str:
    return html(assessed(name), knowledge()).replace(f"openpoems {__version__},", "openpoems VERSION,")


@pytest.mark.parametrize("name", RECORDS)
def test_the_report_is_the_one_that_was_approved(name):
    expected = (EXPECTED / f"{name}.html").read_text(encoding="utf-8")
    assert report(name).splitlines() == expected.splitlines()


def test_every_expected_file_belongs_to_a_record():
    assert {path.stem for path in EXPECTED.glob("*.html")} == set(RECORDS)


def test_the_records_come_to_the_conclusions_they_are_named_for():
    """So that the files show each kind of report: met, open, ruled out with the variant in its place, nothing known."""
    heads = {name: assessed(name).headline.verdict.status for name in RECORDS}
    assert heads == {
        "classic": "met",
        "undetermined": "undetermined",
        "castleman-variant": "not-met",
        "empty": "undetermined",
    }
    assert assessed("castleman-variant").variants[0].verdict.status == "met"
    assert any(state.conflict for state in assessed("undetermined").findings.states.values())


@pytest.mark.integration
def test_a_classic_case_prints_on_one_page(tmp_path):
    assert CHROMIUM, "printing the report needs chromium: `make test` installs it as root"
    page, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(html(assessed("classic"), knowledge()), encoding="utf-8")
    flags = [
        "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
    ]  # fmt: skip
    if geteuid() == 0:
        flags.append("--no-sandbox")
    command = [CHROMIUM, *flags, f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={printed}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 1


if __name__ == "__main__":
    for each in RECORDS:
        (EXPECTED / f"{each}.html").write_text(report(each), encoding="utf-8")
