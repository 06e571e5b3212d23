"""The command `openpoems`."""

from typing import ClassVar

import click

from openpoems import __version__


class _Lazy(click.Group):
    """Commands are imported when they run, so that `--help` answers at once."""

    commands_in: ClassVar = {
        "assess": ("openpoems.cli.assess", "Assess records: is it POEMS, and what has not been tested?"),
        "letter": ("openpoems.cli.letter", "Write a one-page letter about a record, as PDF or FHIR."),
        "vegf": ("openpoems.cli.vegf", "Show VEGF (or another measure) over time, with response and alarms."),
        "knowledge": ("openpoems.cli.knowledge", "Show, compare and prove the knowledge that openpoems applies."),
        "evaluate": (
            "openpoems.cli.evaluate",
            "Compare assessments with the authors' final diagnoses.",
        ),
        "dynamics": ("openpoems.cli.dynamics", "Risk from a biomarker over time: fit, predict, evaluate, simulate."),
        "site": ("openpoems.cli.site", "Set up and keep a registry of people: the web application."),
        "schema": ("openpoems.cli.schema", "Print the JSON Schema of what assess --format json prints."),
        "convert": ("openpoems.cli.convert", "Read records in one format and write them in another."),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands_in)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.commands_in:
            return None
        from importlib import import_module

        command: click.Command = import_module(self.commands_in[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in self.commands_in.items()])


@click.group(cls=_Lazy)
@click.version_option(__version__, prog_name="openpoems")
def main() -> None:
    """Open software for people with POEMS syndrome, their doctors and their researchers.

    Not a medical device: for discussion with the treating team.
    """
