"""Preparing an export: the records of those who agree, as a zip of tables that waits to be taken."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from openpoems import __version__
from openpoems.web.accounts.models import Centre
from openpoems.web.clinic.export.tables import Row, Table, Writer, tables
from openpoems.web.clinic.models import Export, Job
from openpoems.web.clinic.people import of_centre
from openpoems.web.registry.consent import agreeing, versions_that_count
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.store import record_from
from openpoems.web.registry.vault import vault

PURPOSE = "research"
_AT_A_TIME = 200
_CODE_SIGNS = 12
# What a spreadsheet would run as a formula, unless it is a number.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def allowed(people: QuerySet[Person]) -> QuerySet[Person]:
    """Of these people, those whose data may leave: they agreed to their record and to research, and still do."""
    return agreeing(agreeing(people, "care"), PURPOSE)


def prepare(job: Job) -> str:
    """Build the archive of a job from whoever agrees now; a sentence about it. Nothing leaves yet."""
    pseudonyms = allowed(of_centre(job.centre)).values_list("pk", flat=True)
    codes = {pk: code_of(job.centre, pk) for pk in pseudonyms}
    writer, sheets = Writer(timezone.localdate()), {table.name: Sheet(table) for table in tables()}
    # In the order of the codes: the order of pseudonyms would tell which is which.
    ordered = sorted(codes, key=codes.__getitem__)
    for start in range(0, len(ordered), _AT_A_TIME):
        for person in _loaded(ordered[start : start + _AT_A_TIME]):
            record = record_from(person, person.counting)  # type: ignore[attr-defined]
            for name, row in writer.rows(codes[person.pk], record, person.status):
                sheets[name].write(row)
    archive = packed(list(sheets.values()), _manifest(job, len(codes), of_centre(job.centre).count()))
    Export.objects.update_or_create(job=job, defaults={"people": sorted(codes), "archive": archive})
    return f"{len(codes)} people agreed to research."


def _loaded(pseudonyms: list[str]) -> Iterator[Person]:
    """These people in this order, with their facts."""
    current = Prefetch("facts", Fact.objects.filter(state=Fact.State.CURRENT), to_attr="counting")
    found = {person.pk: person for person in Person.objects.filter(pk__in=pseudonyms).prefetch_related(current)}
    return (found[pk] for pk in pseudonyms if pk in found)


class Sheet:
    """A table of the export as it grows."""

    def __init__(self, table: Table) -> None:
        self.table, self.rows = table, 0
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text)
        self._writer.writerow(table.columns)

    def write(self, row: Row) -> None:
        """Add a row. Raises `KeyError` where it lacks one of the table's columns."""
        self._writer.writerow([cell(row[column]) for column in self.table.columns])
        self.rows += 1

    def content(self) -> bytes:
        """The table as a CSV file."""
        return self._text.getvalue().encode()


def code_of(centre: Centre, pseudonym: str) -> str:
    """A person's code in the exports of a centre: always the same, and no way back without the site's keys."""
    return vault().digest(pseudonym, f"export.{centre.pk}")[:_CODE_SIGNS]


def cell(value: Any) -> str:
    """A value as a cell that no spreadsheet runs: text that begins like a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return f"{value:.15g}"
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def packed(sheets: Sequence[Sheet], manifest: dict[str, Any]) -> bytes:
    """The zip: a CSV for each table, the dictionary, a manifest with the hash of each file, and a page to read."""
    files = {f"{sheet.table.name}.csv": sheet.content() for sheet in sheets}
    files["dictionary.csv"] = _dictionary().content()
    manifest = {
        **manifest,
        "rows": {sheet.table.name: sheet.rows for sheet in sheets},
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    files["manifest.json"] = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
    files["README.txt"] = _readme(manifest).encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def _dictionary() -> Sheet:
    sheet = Sheet(Table("dictionary", "", {"table": "", "column": "", "holds": ""}))
    for table in tables():
        for column, holds in table.columns.items():
            sheet.write({"table": table.name, "column": column, "holds": holds})
    return sheet


def _manifest(job: Job, exported: int, listed: int) -> dict[str, Any]:
    return {
        "centre": job.centre.name,
        "country": job.centre.country,
        "prepared": timezone.now().isoformat(timespec="seconds"),
        "software": f"openpoems {__version__}",
        "people": exported,
        "people_of_the_centre": listed,
        "consent": {"purpose": PURPOSE, "documents": versions_that_count(PURPOSE)},
        "days": "counted from each person's index day; no date of the calendar is in these files",
        "left_out": "names, numbers, addresses, notes, documents, and words that have no code",
    }


def _readme(manifest: dict[str, Any]) -> str:
    told = "\n".join(f"  {table.name}.csv: {table.says}" for table in tables())
    return Path(__file__).with_name("readme.txt").read_text("utf-8").format(tables=told, **manifest)
