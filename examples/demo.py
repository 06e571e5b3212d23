"""The main job on three published cases: a classic one, one that needs another test, and a look-alike.

Run by `make assess-demo`. Prints what a clinician would ask first, and writes the full reports as HTML into out/.
"""

from datetime import date
from pathlib import Path

from openpoems.criteria.assess import assess
from openpoems.interchange.sources import load, read_source
from openpoems.knowledge.store import knowledge
from openpoems.reports.html import file_name, html
from openpoems.reports.text import text

ROOT = Path(__file__).resolve().parent.parent
CASES = {
    "A classic case": "poems-endoabs-p227-49f.json",
    "A case that one more test would settle": "poems-cruz-2021-no-vegf-72f.json",
    "A look-alike": "mimic-tafro-balkan-2020-54m.json",
}


def main() -> None:
    """Assess the three cases, print them, write their reports."""
    out = ROOT / "out"
    out.mkdir(exist_ok=True)
    facts, today = knowledge(), date.today()  # noqa: DTZ011 - the day on the user's wall
    written = []
    for number, (title, name) in enumerate(CASES.items(), 1):
        path = ROOT / "tests" / "cases" / name
        record, issues = read_source(path, load(path), form=None)[0]
        assessment = assess(record, facts, today, today=today, issues=issues)
        print(f"{'#' * 110}\n# {title}: tests/cases/{name}\n{'#' * 110}\n\n{text(assessment, facts)}")
        report = out / file_name(assessment, number)
        report.write_text(html(assessment, facts), encoding="utf-8")
        written.append(report)
    print("The full reports, for reading and printing:")
    for report in written:
        print(f"  {report.relative_to(ROOT)}")
    print("Your own records: .venv/bin/openpoems assess FILE...   (Phenopacket, FHIR R4 or CSV; see README.md)")


if __name__ == "__main__":
    main()
