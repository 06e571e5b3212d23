"""`openpoems assess`: records in, explained and cited diagnoses out."""

import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import IO, NamedTuple

import click

from openpoems.cli.exits import UNREADABLE
from openpoems.cli.inputs import Named, readings
from openpoems.cli.language_option import LANGUAGE_OPTION
from openpoems.cli.relapse_model import MODEL_OPTION, chosen_model
from openpoems.criteria.assess import DiagnosisAssessment, assess
from openpoems.dynamics.learned import LearnedModel
from openpoems.errors import UnknownCriteria
from openpoems.interchange.sources import FORMS
from openpoems.knowledge.store import Knowledge, knowledge
from openpoems.knowledge.words import worded


@click.command("assess", short_help="Assess records: is it POEMS, and what has not been tested?")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--criteria",
    "editions",
    multiple=True,
    default=("all",),
    metavar="ID@EDITION|all",
    help="The editions to apply; repeat it, or separate them by commas. Default: all.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Look at the record as it stood on this day. Default: today.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl", "html"]),
    default="text",
    show_default=True,
    help="text for a terminal, json or jsonl for programs, html for reading and printing.",
)
@click.option("--verified-only", is_flag=True, help="Grade response by no definition that was only recalled.")
@MODEL_OPTION
@LANGUAGE_OPTION
@click.option("--from", "source_form", type=click.Choice(FORMS), help="The format of the input; found by content.")
@click.option("--out", type=click.Path(path_type=Path), help="Write here: a file, or a folder for html.")
def command(  # noqa: PLR0913 - one argument per option
    files: tuple[str, ...],
    editions: tuple[str, ...],
    as_of: datetime | None,
    *,
    form: str,
    verified_only: bool,
    relapse_model: Path | None,
    source_form: str | None,
    out: Path | None,
) -> None:
    """Assess each FILE: a Phenopacket v2, a FHIR R4 Bundle or NDJSON, or a long CSV.

    FILE may be a folder, a pattern, or - for standard input. A file that cannot be read is reported, the others are
    assessed all the same, and the exit code is 3.
    """
    today = date.today()  # noqa: DTZ011 - the day on the user's wall
    facts = worded(knowledge())
    keys = _editions(editions, facts)
    named = Named(files, source_form)
    assessments = (
        assess(
            record, facts, as_of.date() if as_of else today, today=today, editions=keys, issues=issues, source=source
        )
        for source, (record, issues) in readings(named)
    )
    WRITERS[form](assessments, Shown(facts, chosen_model(relapse_model), not verified_only), named, out)
    if named.failed:
        sys.exit(UNREADABLE)


def _editions(wanted: tuple[str, ...], facts: Knowledge) -> tuple[str, ...]:
    keys = tuple(key.strip() for each in wanted for key in each.split(","))
    if "all" in keys:
        return ()
    try:
        return tuple(facts.edition(key).key for key in keys)
    except UnknownCriteria as error:
        raise click.BadParameter(str(error), param_hint="--criteria") from error


Assessments = Iterator[DiagnosisAssessment]
Writer = Callable[["Assessments", "Shown", Named, Path | None], None]


class Shown(NamedTuple):
    """What every report is shown by: the knowledge, a centre's own model of relapse if it has one, and whether response
    is graded by definitions that were only recalled too.
    """

    knowledge: Knowledge
    model: LearnedModel | None
    unverified: bool


def _write_text(assessments: Assessments, shown: Shown, _: Named, out: Path | None) -> None:
    from openpoems.reports.text import WIDTH, text

    with _opened(out) as stream:
        for number, each in enumerate(assessments):
            rule = "\n" + "=" * WIDTH + "\n" if number else ""
            stream.write((rule + text(each, **shown._asdict())).encode())


def _write_json(assessments: Assessments, shown: Shown, named: Named, out: Path | None) -> None:
    """One record of one file is one object; anything more is an array, written as it comes."""
    from openpoems.reports.document import encode

    with _opened(out) as stream:
        first = next(assessments, None)
        second = next(assessments, None)
        if first and not second and named.one_file:
            stream.write(encode(first, **shown._asdict(), indent=2) + b"\n")
            return
        stream.write(b"[")
        waiting = [each for each in (first, second) if each]
        for number, each in enumerate(_chained(waiting, assessments)):
            stream.write((b",\n" if number else b"\n") + encode(each, **shown._asdict()))
        stream.write(b"\n]\n")


def _chained(waiting: list[DiagnosisAssessment], rest: Assessments) -> Assessments:
    yield from waiting
    yield from rest


def _write_jsonl(assessments: Assessments, shown: Shown, _: Named, out: Path | None) -> None:
    from openpoems.reports.document import encode

    with _opened(out) as stream:
        for each in assessments:
            stream.write(encode(each, **shown._asdict()) + b"\n")


def _write_html(assessments: Assessments, shown: Shown, named: Named, out: Path | None) -> None:
    from openpoems.reports.html import file_name, html

    if out is not None and (out.is_dir() or not named.one_file):
        _make(out)
        for number, each in enumerate(assessments, 1):
            (out / file_name(each, number)).write_text(html(each, **shown._asdict()), encoding="utf-8")
        return
    if out is None and sys.stdout.isatty():
        raise click.UsageError("an html report is for a browser: name a file with --out, such as --out report.html")
    pages = list(assessments)
    if len(pages) > 1:
        raise click.UsageError("there are several records: name a folder with --out for their html reports")
    with _opened(out) as stream:
        for each in pages:
            stream.write(html(each, **shown._asdict()).encode())


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.BadParameter(f"cannot be made: {error.strerror}", param_hint="--out") from error


def _opened(out: Path | None) -> "nullcontext[IO[bytes]] | IO[bytes]":
    if out is None:
        return nullcontext(sys.stdout.buffer)
    try:
        return out.open("wb")
    except OSError as error:
        raise click.BadParameter(f"cannot be written: {error.strerror}", param_hint="--out") from error


WRITERS: dict[str, Writer] = {"text": _write_text, "json": _write_json, "jsonl": _write_jsonl, "html": _write_html}
