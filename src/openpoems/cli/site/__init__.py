"""`openpoems site`: setting up and keeping a registry. Each command calls an action and says what came of it.

Exit codes: 0 done; 1 something was found that is not well, or was refused (the message names the mend); 2 the command
was not understood; 3 a file could not be read, or a setting not used.
"""

import click

from openpoems.cli.site.answering import answers
from openpoems.cli.site.keeping import audit, backup, check, replay_erasures, restore, rotate_keys
from openpoems.cli.site.linking import check_links
from openpoems.cli.site.looking import look_again
from openpoems.cli.site.publishing import publish, remind
from openpoems.cli.site.running import create_centre, invite, migrate, secret, serve, worker
from openpoems.cli.site.showing import demo, demo_codes


@click.group(name="site")
def command() -> None:
    """Set up and keep a registry (needs openpoems[web]).

    Exit codes: 0 done, 1 not well or refused, 2 not understood, 3 a file or a setting that cannot be used.
    """


for each in (
    migrate,
    serve,
    worker,
    create_centre,
    invite,
    publish,
    answers,
    check_links,
    look_again,
    remind,
    demo,
    demo_codes,
    secret,
    check,
    backup,
    restore,
    replay_erasures,
    rotate_keys,
    audit,
):
    command.add_command(each)
