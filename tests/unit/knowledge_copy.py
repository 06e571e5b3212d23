"""A copy of the knowledge files, to be spoilt."""

import shutil
from importlib.resources import as_file
from pathlib import Path

from openpoems.knowledge.load import DATA


def copied(folder: Path) -> Path:
    """A copy of the shipped knowledge in a folder of its own."""
    with as_file(DATA) as shipped:
        return Path(shutil.copytree(shipped, folder / "data"))


def change(data: Path, file: str, old: str, new: str) -> None:
    """Replace the first `old` in a file; that it stands there is part of the test."""
    path = data / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(data: Path, file: str, words: str) -> int:
    """The line of a file on which some words first stand, counted from 1."""
    lines = (data / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)
