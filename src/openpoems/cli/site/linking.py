"""Whether every link of the answers, the library, the centres and the trials still leads somewhere."""

import sys
from typing import TYPE_CHECKING

import click

from openpoems.cli import exits
from openpoems.cli.site.start import site

if TYPE_CHECKING:
    from openpoems.web.answers.links.others import Asked
    from openpoems.web.answers.links.pages import Broken


@click.command(name="check-links")
@click.option("--online", is_flag=True, help="Ask the other sites too whether their pages are still there.")
@click.option("--seconds", type=click.FloatRange(1), default=900, show_default=True, help="How long --online may take.")
@click.option("--each", type=click.FloatRange(0.1), default=15, show_default=True, help="Seconds to wait for one page.")
@click.option("--at-a-time", type=click.IntRange(1, 8), default=4, show_default=True, help="Sites asked at a time.")
@click.option(
    "--pause", type=click.FloatRange(0), default=1, show_default=True, help="Seconds between two at one site."
)
def check_links(*, online: bool, seconds: float, each: float, at_a_time: int, pause: float) -> None:
    """Check every link and source of the answers, the library, the centres and the trials.

    Links within the site are always followed. Other sites are asked only with --online. Exit code 1 where a link leads
    nowhere or a page is gone; a page that moved or could not be reached is told, and is no failure.
    """
    with site("check-links"):
        from openpoems.web.answers.links import others, pages

        walked = pages.walk(pages.public_pages(), pages.made_here())
        elsewhere = walked.elsewhere | pages.sources()
        wrong = [_told(link) for link in walked.broken]
        wrong += [f"{address} on {elsewhere[address]}: is no address" for address in pages.malformed(elsewhere)]
        manners = others.Manners(each_s=each, all_s=seconds, at_a_time=at_a_time, pause_s=pause)
        asked = others.ask_all(elsewhere, manners) if online else []
    for sentence in wrong:
        click.echo(f"BROKEN {sentence}")
    for told in asked:
        if told.outcome != "alive":
            click.echo(f"{told.outcome.upper()} {told.address} on {elsewhere[told.address]}: {told.says}")
    click.echo(f"{walked.pages} pages with {walked.links} links within and without; {len(wrong)} broken")
    click.echo(_of_others(asked) if online else f"{len(elsewhere)} addresses of others were not asked: --online does")
    if wrong or any(told.outcome == "dead" for told in asked):
        sys.exit(exits.FAILED_CHECK)


def _told(link: "Broken") -> str:
    return f"{link.address} on {link.on}: {link.why}" if link.on else f"the page {link.address} itself: {link.why}"


def _of_others(asked: "list[Asked]") -> str:
    counts = {kind: sum(told.outcome == kind for told in asked) for kind in ("alive", "moved", "dead", "unreachable")}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    return f"{len(asked)} addresses of others: {told} (unreachable says nothing of a page)"
