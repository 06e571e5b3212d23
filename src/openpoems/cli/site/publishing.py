"""Publishing what the community's members see of each other in numbers."""

import click

from openpoems.cli.site.start import site


@click.command()
def publish() -> None:
    """Publish the map and the figures anew where the last release is a week old; run it every day.

    Nobody can publish earlier: a release at a chosen moment would tell who came since the last one.
    """
    with site("publish"):
        from django.utils import timezone

        from openpoems.web.community.publishing import publish_what_is_due

        for sentence in publish_what_is_due(timezone.now()):
            click.echo(sentence)
