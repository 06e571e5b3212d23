"""Keeping a site: backups, keys, erasures, the log."""

import sys
from pathlib import Path

import click

from openpoems.cli import exits
from openpoems.cli.site.start import site

_FILE = click.Path(path_type=Path, dir_okay=False)
_EXPECT = click.option("--expect", metavar="SEQ:HASH", help="An end of the log that was kept elsewhere.")


@click.command()
@_EXPECT
def check(expect: str | None) -> None:
    """Say whether the site has everything it needs; exit code 1 where something is not well."""
    with site("check"):
        from openpoems.web.keeping.check import look

        answers = list(look(_head(expect)))
    for answer in answers:
        click.echo(f"{'well    ' if answer.well else 'NOT WELL'} {answer.about}: {answer.says}")
    if not all(answer.well for answer in answers):
        sys.exit(exits.FAILED_CHECK)


@click.command()
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    """Write a backup into FILE while the site goes on. The same form serves SQLite and PostgreSQL.

    FILE holds what people entered, without names (those are sealed): keep it where only you can read it. The key ring
    and the ledger of erasures are not in it: keep copies of both, apart from FILE.
    """
    with site("backup"):
        from openpoems.web.keeping.backup import back_up

        made = back_up(file)
        rows = sum(table.rows for table in made.tables.values())
        click.echo(f"wrote {file}: {rows} rows of {len(made.tables)} tables; the log ends with {made.head}")
        click.echo("It does not hold the key ring: without the ring no name in it can be read. Keep both, apart.")


@click.command()
@click.argument("file", type=_FILE)
def restore(file: Path) -> None:
    """Fill an empty, migrated database from the backup FILE: all of it, or nothing.

    Every row and the chain of the log are checked. Whoever was erased since is erased again: put the newest ledger of
    erasures in its place (OPENPOEMS_ERASURES) first.
    """
    with site("restore"):
        from openpoems.web.keeping.restore import restore as bring_back
        from openpoems.web.registry.erasures import ledger

        done = bring_back(file)
        click.echo(f"restored {done.rows} rows as they were at {done.made}; every hash agrees and the log is whole")
        click.echo(f"erased again: {done.erased_again} records and accounts, by {ledger()}")


@click.command(name="replay-erasures")
def replay_erasures() -> None:
    """Erase again whoever stands in the ledger of erasures and is in the database."""
    with site("replay-erasures"):
        from openpoems.web.registry import erasures
        from openpoems.web.registry.actions.erasure import replay

        click.echo(f"erased again: {replay(erasures.read())} records and accounts")


@click.command(name="rotate-keys")
@click.option("--go-on", is_flag=True, help="Seal with the newest key what an interrupted run left.")
@click.option("--retire", is_flag=True, help="Take the older keys out of the ring, once nothing needs them.")
def rotate_keys(go_on: bool, retire: bool) -> None:
    """Make a new key and seal every identity anew, while the site goes on.

    The older keys stay in the ring, so that older backups can be read, until --retire.
    """
    if go_on and retire:
        raise click.UsageError("--go-on and --retire are two steps: run one after the other")
    with site("rotate-keys"):
        from openpoems.web.keeping import keys

        if retire:
            retired = keys.retire()
            click.echo(
                f"retired {len(retired)} keys ({', '.join(retired) or 'none'}); older backups need them: keep a copy"
            )
            return
        sealed = keys.reseal() if go_on else keys.rotate()
        click.echo(f"sealed {sealed} identities with the newest key; copy the key ring again, apart from the backups")


@click.group()
def audit() -> None:
    """Prove the log of who read and wrote what."""


@audit.command()
@_EXPECT
def verify(expect: str | None) -> None:
    """Read the whole log and check its chain; exit code 1 where an entry was changed, is missing or out of order.

    Keep the end that it prints somewhere the site's keepers cannot write, and give it back with --expect: who rewrites
    the whole log cannot rewrite that.
    """
    with site("audit-verify"):
        from openpoems.web.audit import chain

        verdict = chain.verify(_head(expect))
    if verdict.fault:
        click.echo(f"NOT WHOLE: {verdict.fault} ({verdict.rows} entries before it are whole)", err=True)
        sys.exit(exits.FAILED_CHECK)
    click.echo(f"whole: {verdict.rows} entries; it ends with {verdict.rows}:{verdict.head}")


def _head(expect: str | None):  # type: ignore[no-untyped-def]  # its type is the web's, imported when a command runs
    from openpoems.web.audit.chain import Head

    try:
        return Head.parse(expect) if expect else None
    except ValueError:
        raise click.BadParameter("write SEQ:HASH, as `audit verify` prints it", param_hint="--expect") from None
