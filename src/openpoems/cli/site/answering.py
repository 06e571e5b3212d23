"""What the answers do by themselves: they come with a version, and grow old."""

import click

from openpoems.cli.site.start import site


@click.command()
def answers() -> None:
    """Let reviews of answers fall due, and withdraw what was overdue for too long; run it every day.

    Readers are told by the day itself, also where this did not run; it writes the steps down and tells the search. It
    also brings in the answers of this version, which `site serve` does too.
    """
    with site("answers"):
        from django.utils import timezone

        from openpoems.web.answers.actions import bring, let_time_pass

        said = [*bring(at=timezone.now()), *let_time_pass(today=timezone.localdate(), at=timezone.now())]
        for sentence in said:
            click.echo(sentence)
        click.echo(f"{len(said)} answers changed")
