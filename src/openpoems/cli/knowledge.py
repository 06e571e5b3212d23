"""`openpoems knowledge`: show, compare, list and prove what openpoems applies."""

from pathlib import Path

import click

from openpoems.cli.exits import FAILED_CHECK
from openpoems.errors import UnknownCriteria
from openpoems.knowledge.model import CriteriaSet
from openpoems.knowledge.store import Knowledge, knowledge


@click.group("knowledge", short_help="Show, compare and prove the knowledge that openpoems applies.")
def command() -> None:
    """Show, compare and prove the knowledge that openpoems applies: editions of the criteria and what they rest on."""


@command.command("check")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Prove the knowledge in this folder instead of what is installed.",
)
@click.pass_context
def check_command(ctx: click.Context, data: Path | None) -> None:
    """Prove the data: what it names exists, codes and units are real, every worked example comes out."""
    from openpoems.criteria.examples import run_examples
    from openpoems.knowledge.check import check, proved, unchecked
    from openpoems.knowledge.load import DATA

    root = data or DATA
    problems = check(root)
    if not problems:
        problems = run_examples(knowledge(root))  # type: ignore[arg-type] # a Traversable is hashable in fact
    for problem in problems:
        click.echo(problem)
    if problems:
        click.echo(f"knowledge: {len(problems)} {'problem' if len(problems) == 1 else 'problems'}")
        ctx.exit(FAILED_CHECK)
    known = knowledge(root)  # type: ignore[arg-type] # as above
    for note in unchecked(known):
        click.echo(f"information: {note}")
    click.echo(f"knowledge: {proved(known)}")


@command.command("show")
@click.argument("edition", metavar="ID@EDITION")
def show_command(edition: str) -> None:
    """Print an edition as a clinician would read it, with its sources."""
    from openpoems.reports.edition import shown

    known = knowledge()
    click.echo(shown(_edition(edition, known), known), nl=False)


@command.command("diff")
@click.argument("old", metavar="ID@EDITION")
@click.argument("new", metavar="ID@EDITION")
def diff_command(old: str, new: str) -> None:
    """Say what the second edition changed against the first."""
    from openpoems.reports.difference import difference

    known = knowledge()
    click.echo(difference(_edition(old, known), _edition(new, known), known), nl=False)


@command.command("list")
def list_command() -> None:
    """Print every edition in a line."""
    from openpoems.reports.edition import listed

    click.echo(listed(knowledge()), nl=False)


def _edition(key: str, known: Knowledge) -> CriteriaSet:
    try:
        return known.edition(key)
    except UnknownCriteria as error:
        own = [each for each in known.criteria if each.partition("@")[0] == key.partition("@")[0]]
        if not own:
            raise click.UsageError(str(error)) from error
        raise click.UsageError(f"{key!r} is no edition; name one of {', '.join(own)}") from error
