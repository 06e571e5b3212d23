"""`openpoems schema`: the JSON Schema of an assessment."""

from importlib.resources import files

import click


@click.command("schema", short_help="Print the JSON Schema of what assess --format json prints.")
def command() -> None:
    """Print the JSON Schema of an assessment, as published in the package."""
    click.echo((files("openpoems.reports") / "assessment.schema.json").read_text(encoding="utf-8"), nl=False)
