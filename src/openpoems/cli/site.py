"""`openpoems site`: setting up and keeping a registry. Each command calls an action and says what came of it."""

import os

import click


@click.group(name="site")
def command() -> None:
    """Set up and keep a registry (needs openpoems[web])."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpoems.web.config.settings")
    import django

    django.setup()


@command.command()
def migrate() -> None:
    """Bring the database and the key ring to what this version needs; safe to repeat."""
    from openpoems.web.config.setup import prepare

    for sentence in prepare():
        click.echo(sentence)
