"""Reading what the user named, one record after the other: a bad source is reported and never loses the others."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from openpoems.errors import UnreadableInput
from openpoems.interchange.decoding import MAX_BYTES
from openpoems.interchange.places import Reading
from openpoems.interchange.sources import expand, is_bulk, load, read_bulk, read_source

# Fewer files than this are done before a progress bar could be read.
WORTH_A_BAR = 50


@dataclass(slots=True)
class Named:
    """What the user named, and how many sources of it could not be read."""

    files: tuple[str, ...]
    form: str | None = None
    failed: int = field(default=0)

    @property
    def one_file(self) -> bool:
        """Whether a single file, or standard input, was named."""
        return len(self.files) == 1 and (self.files[0] == "-" or Path(self.files[0]).is_file())

    def report(self, error: UnreadableInput) -> None:
        """Say on standard error which source could not be read, and why."""
        self.failed += 1
        click.echo(f"error: {error}", err=True)


def readings(named: Named) -> Iterator[tuple[str, Reading]]:
    """Every record of every source, with the source's name; what cannot be read is reported and passed over."""
    sources = list(_sources(list(_paths(named))))
    with _progress(sources) as shown:
        for source in shown:
            try:
                found = _read(source, named.form)
            except UnreadableInput as error:
                named.report(error)
            else:
                yield from ((_name(source), reading) for reading in found)


def _sources(paths: list[Path]) -> Iterator[list[Path]]:
    """One source is one file; but the files of a bulk export in one folder are one source together."""
    bulk: dict[Path, list[Path]] = {}
    for path in paths:
        if is_bulk(path):
            bulk.setdefault(path.parent, []).append(path)
        else:
            yield [path]
    yield from bulk.values()


def _name(source: list[Path]) -> str:
    return str(source[0] if len(source) == 1 else source[0].parent)


def _read(source: list[Path], form: str | None) -> list[Reading]:
    if len(source) > 1:
        return read_bulk([(path, load(path)) for path in source])
    (path,) = source
    if str(path) == "-":
        return read_source(None, sys.stdin.buffer.read(MAX_BYTES + 1), form=form)
    return read_source(path, load(path), form=form)


def _paths(named: Named) -> Iterator[Path]:
    seen: set[Path] = set()
    for each in named.files:
        try:
            for path in expand([each]):
                if path not in seen:
                    seen.add(path)
                    yield path
        except UnreadableInput as error:
            named.report(error)


@contextmanager
def _progress(sources: list[list[Path]]) -> Iterator[Iterator[list[Path]]]:
    if len(sources) < WORTH_A_BAR or not sys.stderr.isatty():
        yield iter(sources)
        return
    with click.progressbar(sources, label="records", file=sys.stderr) as bar:
        yield iter(bar)
