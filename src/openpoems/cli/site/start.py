"""Starting the site's code for one command, and ending in words where it cannot go on."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from openpoems.cli import exits
from openpoems.errors import OpenpoemsError, UnreadableInput


@contextmanager
def site(command: str) -> Iterator[None]:
    """Run a command's body as `command:NAME` in the log; an error that is ours becomes a sentence and an exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpoems.web.config.settings")
    try:
        import django

        django.setup()
    except ImportError as missing:
        raise click.ClickException(f"this needs openpoems[web]: {missing.name} is not installed") from None
    except OpenpoemsError as problem:
        _end(f"{problem}", exits.UNREADABLE)
    from django.db.utils import OperationalError, ProgrammingError

    from openpoems.web.audit.context import acts

    try:
        with acts(f"command:{command}", via="command"):
            yield
    except UnreadableInput as problem:
        _end(str(problem), exits.UNREADABLE)
    except OpenpoemsError as problem:
        _end(str(problem), exits.FAILED_CHECK)
    except (OperationalError, ProgrammingError) as problem:
        # Only the first line: the others may repeat a statement with its values.
        said = str(problem).splitlines()[0]
        _end(
            f"the database cannot be used ({said}): is it there, and did `openpoems site migrate` run?",
            exits.UNREADABLE,
        )


def _end(sentence: str, code: int) -> None:
    click.echo(f"error: {sentence}", err=True)
    sys.exit(code)
