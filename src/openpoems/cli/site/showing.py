"""Showing a site to people who want to try it: invented people, and the published cases."""

from datetime import date
from pathlib import Path

import click

from openpoems.cli.site.start import site


@click.command()
@click.option("--cases", type=click.Path(exists=True, file_okay=False), help="A folder of published cases to add.")
@click.option("--port", default=8000, show_default=True, help="Where to serve on this machine.")
@click.option("--fill-only", is_flag=True, help="Fill the database, print the accounts, and stop.")
def demo(cases: str | None, port: int, *, fill_only: bool) -> None:
    """Fill a registry of invented people and serve it on this machine (needs OPENPOEMS_DEMO=yes)."""
    with site("demo"):
        from openpoems.web.config.setup import prepare
        from openpoems.web.demo.fill import fill
        from openpoems.web.demo.serve import serve
        from openpoems.web.demo.words import where

        for sentence in prepare():
            click.echo(sentence)
        click.echo(fill(date.today(), Path(cases) if cases else None))  # noqa: DTZ011 - the day on the user's wall
        click.echo(where(port))
    if not fill_only:
        raise SystemExit(serve(port))


@click.command(name="demo-codes")
def demo_codes() -> None:
    """Print the demo's accounts, each with the sign-in code of this half minute."""
    with site("demo-codes"):
        from openpoems.web.demo.words import account_table

        click.echo(account_table())
