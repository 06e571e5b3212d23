"""`openpoems evaluate`: how the editions compare with what the authors of many records concluded."""

import sys
from datetime import date

import click

from openpoems.cli.exits import UNREADABLE
from openpoems.cli.inputs import Named, readings
from openpoems.criteria.assess import HEADLINE, assess
from openpoems.criteria.compare import compare
from openpoems.interchange.sources import FORMS
from openpoems.knowledge.store import knowledge
from openpoems.reports.comparison import comparison


@click.command("evaluate", short_help="Compare assessments with the authors' final diagnoses.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--from", "source_form", type=click.Choice(FORMS), help="The format of the input; found by content.")
def command(files: tuple[str, ...], source_form: str | None) -> None:
    """Assess every record of FILE... and print, per edition, how it compares with the diagnosis the record states.

    The stated diagnosis (a solved interpretation, an event) is only compared with; no assessment looks at it.
    """
    today = date.today()  # noqa: DTZ011 - the day on the user's wall
    facts, named = knowledge(), Named(files, source_form)
    assessments = (assess(record, facts, today, today=today, issues=issues) for _, (record, issues) in readings(named))
    click.echo(comparison(compare(assessments, facts), headline=HEADLINE), nl=False)
    if named.failed:
        sys.exit(UNREADABLE)
