"""`openpoems convert`: records from any format to Phenopackets, FHIR, or a FHIR patient summary."""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from openpoems import __version__
from openpoems.cli.exits import UNREADABLE
from openpoems.cli.inputs import Named, readings
from openpoems.interchange import fhir, phenopackets
from openpoems.interchange.sources import FORMS
from openpoems.record.model import PatientRecord
from openpoems.record.time import PartialDate


def _phenopacket(record: PatientRecord) -> dict[str, Any]:
    today = PartialDate.of(date.today())  # noqa: DTZ011 - the day on the user's wall
    return phenopackets.write(record, created=today, created_by=f"openpoems {__version__}")


def _ips(record: PatientRecord) -> dict[str, Any]:
    from openpoems.criteria.assess import assess
    from openpoems.knowledge.store import knowledge
    from openpoems.response.respond import respond

    today, facts = date.today(), knowledge()  # noqa: DTZ011 - the day on the user's wall
    assessment = assess(record, facts, today, today=today)
    return fhir.write_ips(assessment, respond(record, facts, today), facts, made=datetime.now(UTC))


WRITERS: dict[str, Callable[[PatientRecord], dict[str, Any]]] = {
    "phenopacket": _phenopacket,
    "fhir": fhir.write,
    "ips": _ips,
}


@click.command("convert", short_help="Read records in one format and write them in another.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--to", "target", type=click.Choice(list(WRITERS)), required=True, help="The format to write.")
@click.option("--from", "source_form", type=click.Choice(FORMS), help="The format of the input; found by content.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="A folder for one file per record.")
def command(files: tuple[str, ...], target: str, source_form: str | None, out: Path | None) -> None:
    """Write every record of FILE... anew: to standard output one per line, or into a folder one per file.

    What could not be read is named on standard error; nothing is dropped in silence.
    """
    named = Named(files, source_form)
    for number, (source, (record, issues)) in enumerate(readings(named), 1):
        for issue in issues:
            if issue.severity != "information":
                click.echo(f"{source}: {issue}", err=True)
        written = msgspec.json.encode(WRITERS[target](record))
        if out is None:
            click.echo(written)
        else:
            out.mkdir(parents=True, exist_ok=True)
            (out / f"{number:05}.{target}.json").write_bytes(msgspec.json.format(written, indent=2) + b"\n")
    if named.failed:
        sys.exit(UNREADABLE)
