"""`openpoems letter`: one page about one record, as a tagged PDF, or the same as a FHIR patient summary."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openpoems.cli.inputs import Named, readings
from openpoems.cli.language_option import LANGUAGE_OPTION
from openpoems.criteria.assess import DiagnosisAssessment, assess
from openpoems.errors import OpenpoemsError
from openpoems.interchange.sources import FORMS
from openpoems.knowledge.store import Knowledge, knowledge
from openpoems.knowledge.words import worded
from openpoems.language import ENGLISH, spoken

if TYPE_CHECKING:
    from openpoems.response.respond import ResponseAssessment


@click.command("letter", short_help="Write a one-page letter about a record, as PDF or FHIR.")
@click.argument("file", metavar="FILE")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Write the letter here.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Look at the record as it stood on this day. Default: today.",
)
@click.option("--fhir", "as_fhir", is_flag=True, help="Write a FHIR R4 International Patient Summary, not a PDF.")
@LANGUAGE_OPTION
@click.option("--from", "source_form", type=click.Choice(FORMS), help="The format of the input; found by content.")
def command(file: str, out: Path, as_of: datetime | None, *, as_fhir: bool, source_form: str | None) -> None:
    """Say on one page what the record in FILE shows: criteria, treatments, response, values, what is outstanding.

    FILE holds one person. The PDF needs openpoems[letter].
    """
    from openpoems.response.respond import respond

    if as_fhir and spoken() != ENGLISH:
        raise click.UsageError("a FHIR summary is data, and in English: leave out --language")
    today = date.today()  # noqa: DTZ011 - the day on the user's wall
    day, facts, named = as_of.date() if as_of else today, worded(knowledge()), Named((file,), source_form)
    found = list(readings(named))
    if len(found) != 1:
        raise click.ClickException(f"{file}: a letter is about one person; there are {len(found)} records in it")
    (source, (record, issues)) = found[0]
    assessment = assess(record, facts, day, today=today, issues=issues, source=source)
    course = respond(record, facts, day, today=today)
    try:
        out.write_bytes(_fhir(assessment, course, facts) if as_fhir else _pdf(assessment, course, facts))
    except OpenpoemsError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"wrote {out}")


def _pdf(assessment: DiagnosisAssessment, course: "ResponseAssessment", facts: Knowledge) -> bytes:
    from openpoems.reports.letter import letter, letter_pdf

    return letter_pdf(letter(assessment, course, facts))


def _fhir(assessment: DiagnosisAssessment, course: "ResponseAssessment", facts: Knowledge) -> bytes:
    from openpoems.interchange.fhir import write_ips

    document = write_ips(assessment, course, facts, made=datetime.now(UTC))
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"
