"""Where something stands in the knowledge files, so that a problem names the line to mend."""

import re
from importlib.resources.abc import Traversable

_HEADER = re.compile(r"\[+([\w-]+)[\w.-]*\]+")


class Places:
    """The lines of every TOML file under a folder of knowledge."""

    def __init__(self, root: Traversable) -> None:
        self._lines = {name: file.read_text(encoding="utf-8").splitlines() for name, file in _files(root, "")}

    def find(self, within: str, table: str = "", quoted: str = "", key: str = "") -> str:
        """The file and line of a quoted word in a top-level table (of the whole file, when none is named).

        `within` is a file, or a folder ending in `/`; `key` narrows the word to the values of that key. Without a word,
        or where it is not found, the line is that of the table; where there is none either, `within` alone is told.
        """
        words = f'{key} = "{quoted}"' if key else f'"{quoted}"'
        for name, lines in self._lines.items():
            if not name.startswith(within):
                continue
            own = [n for n, heading in enumerate(_headings(lines)) if not table or heading == table]
            if own:
                line = next((n for n in own if quoted and words in lines[n]), own[0] if table else None)
                return name if line is None else f"{name}, line {line + 1}"
        return within


def _headings(lines: list[str]) -> list[str]:
    """Per line the top-level table it stands in."""
    headings, at = [], ""
    for line in lines:
        header = _HEADER.match(line)
        at = header[1] if header else at
        headings.append(at)
    return headings


def _files(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for each in sorted(folder.iterdir(), key=lambda f: f.name):
        if each.is_dir():
            found += _files(each, f"{prefix}{each.name}/")
        elif each.name.endswith(".toml"):
            found.append((f"{prefix}{each.name}", each))
    return found
