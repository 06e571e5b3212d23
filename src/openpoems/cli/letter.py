"""`openpoems letter`: one page about one record, as a tagged PDF."""

from datetime import date, datetime
from pathlib import Path

import click

from openpoems.cli.inputs import Named, readings
from openpoems.criteria.assess import assess
from openpoems.errors import OpenpoemsError
from openpoems.interchange.sources import FORMS
from openpoems.knowledge.store import knowledge


@click.command("letter", short_help="Write a one-page letter about a record, as PDF.")
@click.argument("file", metavar="FILE")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Write the PDF here.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Look at the record as it stood on this day. Default: today.",
)
@click.option("--from", "source_form", type=click.Choice(FORMS), help="The format of the input; found by content.")
def command(file: str, out: Path, as_of: datetime | None, source_form: str | None) -> None:
    """Say on one page what the record in FILE shows: criteria, treatments, response, values, what is outstanding.

    FILE holds one person. Needs openpoems[letter].
    """
    from openpoems.reports.letter import letter, letter_pdf
    from openpoems.response.respond import respond

    today = date.today()  # noqa: DTZ011 - the day on the user's wall
    day, facts, named = as_of.date() if as_of else today, knowledge(), Named((file,), source_form)
    found = list(readings(named))
    if len(found) != 1:
        raise click.ClickException(f"{file}: a letter is about one person; there are {len(found)} records in it")
    (source, (record, issues)) = found[0]
    assessment = assess(record, facts, day, today=today, issues=issues, source=source)
    try:
        out.write_bytes(letter_pdf(letter(assessment, respond(record, facts, day, today=today), facts)))
    except OpenpoemsError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"wrote {out}")
