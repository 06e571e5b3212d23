"""`openpoems vegf`: the series of one measure over time, each by itself."""

import sys
from datetime import date, datetime
from pathlib import Path

import click

from openpoems.cli.exits import UNREADABLE
from openpoems.cli.inputs import Named, readings
from openpoems.cli.language_option import LANGUAGE_OPTION
from openpoems.cli.relapse_model import MODEL_OPTION, chosen_model
from openpoems.forecast.relapse import forecasts
from openpoems.interchange.sources import FORMS
from openpoems.knowledge.store import knowledge
from openpoems.knowledge.words import worded
from openpoems.response.respond import respond


@click.command("vegf", short_help="Show VEGF (or another measure) over time, with response and alarms.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Look at the record as it stood on this day. Default: today.",
)
@click.option("--measure", default="vegf", show_default=True, metavar="NAME", help="A measure of measures.toml.")
@click.option("--verified-only", is_flag=True, help="Do not apply definitions that were only recalled.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@MODEL_OPTION
@LANGUAGE_OPTION
@click.option("--from", "source_form", type=click.Choice(FORMS), help="The format of the input; found by content.")
def command(  # noqa: PLR0913 - one argument per option
    files: tuple[str, ...],
    as_of: datetime | None,
    measure: str,
    *,
    verified_only: bool,
    form: str,
    relapse_model: Path | None,
    source_form: str | None,
) -> None:
    """Print one panel per series of each record in FILE...: serum and plasma, and each laboratory, by themselves.

    With --format json the whole course is printed: every series, response per axis, relapse, progression, alarms.
    """
    from openpoems.reports.course_document import encode_course
    from openpoems.reports.course_text import panels_text
    from openpoems.reports.relapse_document import relapse_parts

    facts, named, model = worded(knowledge()), Named(files, source_form), chosen_model(relapse_model)
    if measure not in facts.measures:
        raise click.BadParameter(f"there is no measure {measure!r}", param_hint="--measure")
    today = date.today()  # noqa: DTZ011 - the day on the user's wall
    day = as_of.date() if as_of else today
    for number, (_, (record, _issues)) in enumerate(readings(named)):
        course = respond(record, facts, day, today=today, unverified=not verified_only)
        made = forecasts(course, record, model)
        if form == "json":
            click.echo(encode_course(course, record.patient, relapse_parts(course, made)))
        else:
            click.echo(("\n" if number else "") + panels_text(course, record.patient, measure, facts, made), nl=False)
    if named.failed:
        sys.exit(UNREADABLE)
