"""Making a site, and running it."""

import os
import secrets
import sys

import click

from openpoems.cli.site.start import site

_SECRET_BYTES = 48


@click.command()
def secret() -> None:
    """Print a fresh secret for OPENPOEMS_SECRET_KEY."""
    click.echo(secrets.token_urlsafe(_SECRET_BYTES))


@click.command()
def migrate() -> None:
    """Bring the database and the key ring to what this version needs; safe to repeat."""
    with site("migrate"):
        from openpoems.web.config.setup import prepare

        for sentence in prepare():
            click.echo(sentence)


@click.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port; a proxy speaks https.")
@click.option("--workers", default=2, show_default=True, help="Processes that answer.")
def serve(bind: str, workers: int) -> None:
    """Serve the site until it is stopped.

    It listens on this machine alone: put a web server that speaks https before it, and set OPENPOEMS_BEHIND_PROXY.
    """
    with site("serve"):
        from django.conf import settings
        from django.core.management import call_command
        from django.utils import timezone

        from openpoems.web.answers.actions import bring

        if settings.SECURE:
            call_command("collectstatic", interactive=False, verbosity=0)
        bring(at=timezone.now())  # not with the tables: a backup is restored into empty ones
    click.echo(f"serving at http://{bind} (stop with Ctrl-C)")
    sys.stdout.flush()
    arguments = ["-m", "gunicorn", "openpoems.web.config.wsgi", "--bind", bind, "--workers", str(workers)]
    arguments.append("--no-control-socket")  # nobody commands it but by signals, and two sites would share the socket
    # gunicorn takes this process over, so that whoever started it can stop it; the arguments are the command's own.
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606


@click.command()
@click.option("--until-done", is_flag=True, help="End when no work waits.")
def worker(until_done: bool) -> None:
    """Do the site's slow work until it is stopped: mails, exports, a look at every record.

    It first takes up again what a worker that was killed left half done.
    """
    with site("worker"):
        from django.core.management import call_command

        from openpoems.web.clinic.jobs import take_up_again

        if left := take_up_again():
            click.echo(f"taken up again: {left} jobs that were left half done, or waiting")
        call_command("db_worker", batch=until_done, verbosity=1)


@click.command(name="create-centre")
@click.argument("slug")
@click.option("--name", required=True, help="The centre's full name.")
@click.option("--country", required=True, help="Two letters of ISO 3166-1, such as GB.")
@click.option("--city", default="")
def create_centre(slug: str, name: str, country: str, city: str) -> None:
    """Make a centre; SLUG is its short name in addresses, such as northtown."""
    with site("create-centre"):
        from openpoems.web.registry.actions.centres import make_centre

        made = make_centre(by=None, slug=slug, name=name, city=city, country=country)
        click.echo(f"made {made.name} ({made.slug}, {made.country})")


@click.command()
@click.argument("email")
@click.option("--role", required=True, help="clinician, abstractor or lead of a centre; any other role of the site.")
@click.option("--centre", default="", metavar="SLUG", help="The centre's short name; of its staff alone.")
@click.option("--site", "address", required=True, metavar="URL", help="How the link begins: https://poems.example.org")
def invite(email: str, role: str, centre: str, address: str) -> None:
    """Send EMAIL an invitation to a role: so a new site gets its first administrator, and a centre its lead."""
    with site("invite"):
        from openpoems.web.portal.forms import MemberForm
        from openpoems.web.registry.actions import invitations

        form = MemberForm({"email": email, "role": role, "centre": centre})
        if not form.is_valid():
            said = [f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
            raise click.UsageError("; ".join(said))
        invitations.invite(by=None, site=address.rstrip("/"), **form.cleaned_data)
        click.echo(f"an invitation is on its way; it ends after {invitations.DAYS} days")
