"""What the community does by itself: publishing numbers, and reminding of questionnaires."""

import click

from openpoems.cli.site.start import site


@click.command()
def publish() -> None:
    """Publish the map and the figures anew once a week, similar people once a quarter; run it daily.

    Nobody can publish earlier: a release at a chosen moment would tell who came since the last one.
    """
    with site("publish"):
        from django.utils import timezone

        from openpoems.web.community.publishing import publish_what_is_due
        from openpoems.web.similar.release import publish_once_a_quarter

        for sentence in (*publish_what_is_due(timezone.now()), publish_once_a_quarter(timezone.now())):
            click.echo(sentence)


@click.command()
def remind() -> None:
    """Remind people of questionnaires that are due, by a mail that says nothing of the disease; run it every day."""
    with site("remind"):
        from django.utils import timezone

        from openpoems.web.community.rounds import remind as remind_people

        click.echo(f"{remind_people(timezone.now())} people were reminded")
