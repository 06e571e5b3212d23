"""Looking again at records on which the day bears."""

import click

from openpoems.cli.site.start import site


@click.command(name="look-again")
def look_again() -> None:
    """Work out anew who needs attention where a record, the day or this version changed it; run it each night.

    What a person enters is looked at by the worker at once. This is for the rest: a fact dated ahead whose day has
    come, a new version of openpoems, a worker that did not run.
    """
    with site("look-again"):
        from openpoems.web.attention.tasks import look_again as again
        from openpoems.web.registry.models import Person

        click.echo(f"{again(Person.objects.all())} records were looked at again")
