"""Gather what the pages say into `locale/<language>/LC_MESSAGES/django.po`, and compile the translations beside it.

    .venv/bin/python tools/messages.py            # write
    .venv/bin/python tools/messages.py --check    # fail where a sentence has no translation or a file is out of date

Babel reads the code and the templates, so that no machine needs the gettext programs. A sentence that changed has to be
translated anew: nothing is guessed from one that was similar.
"""

import io
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from openpoems.knowledge.store import knowledge

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src" / "openpoems" / "web"
LOCALE = WEB / "locale"
# How each language counts. Spanish: the third form, for whole millions, is not needed here.
LANGUAGES = {"es": "nplurals=2; plural=(n != 1);"}
KEYWORDS = dict(DEFAULT_KEYWORDS)
for _name in ("gettext", "ngettext", "pgettext", "npgettext"):
    KEYWORDS[f"{_name}_lazy"] = KEYWORDS[_name]
# Data whose rows have a title that pages show.
TITLES = ("registry/guide.toml", "clinic/elements.toml", "clinic/followup.toml")
# What people are asked to answer: scales and questionnaires.
WORDS = {"name", "title", "says", "help", "low_says", "high_says"}
ASKED = ("registry/scales", "community/questionnaires")
# States and steps of the answers, by the words that the desk shows.
WORKFLOW = "answers/workflow.toml"
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def said() -> Catalog:
    """Everything that code and templates mark for translation, in the order of the files."""
    catalog = Catalog(fuzzy=False)
    for path in sorted(WEB.rglob("*.py")) + sorted(WEB.rglob("*.html")) + sorted(WEB.rglob("*.txt")):
        where = path.relative_to(ROOT).as_posix()
        for _line, id, _comments, context in _messages(path):
            catalog.add(id, locations=[(where, 0)], context=context)
    for where, name in _named():
        catalog.add(name, locations=[(where, 0)])
    return catalog


def _named() -> Iterator[tuple[str, str]]:
    """What pages show by its name in data: the file, and the name."""
    yield from _known()
    for path in TITLES:
        rows = tomllib.loads((WEB / path).read_text("utf-8")).values()
        yield from ((path, row["title"]) for several in rows if isinstance(several, list) for row in several)
    for folder in ASKED:
        for file in sorted((WEB / folder).glob("*.toml")):
            yield from ((folder, said) for said in _asked(tomllib.loads(file.read_text("utf-8"))))
    for kind, named in tomllib.loads((WEB / WORKFLOW).read_text("utf-8")).items():
        yield from ((WORKFLOW, row["says"]) for row in named.values() if kind != "times")


def _known() -> Iterator[tuple[str, str]]:
    known = knowledge()
    for finding in known.findings.values():
        yield from (("knowledge: findings", name) for name in (finding.name, finding.plain) if name)
    yield from (("knowledge: measures", measure.name) for measure in known.measures.values())
    yield from (("knowledge: agents", agent.name) for agent in known.agents.values())
    yield from (("knowledge: procedures", procedure.name) for procedure in known.procedures.values())
    yield from (("knowledge: response", said) for said in _judged())
    yield from (("knowledge: tests", test.name) for test in known.tests.values())
    yield from (("knowledge: criteria", said) for said in _counted())


def _asked(table: dict[str, Any]) -> Iterator[str]:
    """The words of a table that a person reads before answering, and of all tables within it."""
    for key, value in table.items():
        if key in WORDS and isinstance(value, str):
            yield value
        elif key == "choices":
            yield from value.values()
        elif key not in {"source", "wording"}:
            yield from (
                said
                for row in (value if isinstance(value, list) else ())
                if isinstance(row, dict)
                for said in _asked(row)
            )


def _judged() -> Iterator[str]:
    """The names of the axes and of the simple rules, and what each asks for."""
    rules = knowledge().response.rule.values()
    yield from (rule.name for rule in rules)
    yield from (category.says for rule in rules for category in rule.category)
    for alarm in knowledge().response.alarm.values():
        yield from (alarm.name, alarm.says)


def _counted() -> Iterator[str]:
    """The groups that criteria count, and what they conclude; the name of an edition is a name."""
    for criteria in knowledge().criteria.values():
        yield criteria.conclusion
        yield from (group.name for level in criteria.levels for group in level.groups)


def _messages(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        # What is left of the template keeps its place in the line; Python's reader would take that for its own.
        text = "\n".join(line.lstrip() for line in templatize(text, str(path)).splitlines())
    yield from extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)


def translated(language: str, template: Catalog) -> Catalog:
    """The language's catalog with the sentences of today: translations are kept, what nobody says now is dropped."""
    path = po_path(language)
    with path.open("rb") if path.exists() else io.BytesIO() as file:
        old = read_po(file, locale=language)
    new = Catalog(locale=language, project="openpoems", fuzzy=False)
    new.mime_headers = [("Plural-Forms", LANGUAGES[language])]
    for message in template:
        if not message.id:
            continue
        known = old.get(message.id, message.context)
        string = known.string if known else ("", "") if message.pluralizable else ""
        new.add(message.id, string, locations=message.locations, context=message.context)
    return new


def faults(catalog: Catalog) -> list[str]:
    """What is wrong with the translations, a line each."""
    wrong = []
    for message in catalog:
        if not message.id:
            continue
        ids, strings = _forms(message)
        if not all(strings):
            wrong.append(f"no translation: {ids[0]!r}")
        elif any(_placeholders(text) - _placeholders(*ids) for text in strings) or _placeholders(
            strings[-1]
        ) != _placeholders(ids[-1]):
            wrong.append(f"other placeholders: {ids[0]!r}")
    return wrong


def _forms(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(_several(message.id)), tuple(_several(message.string or ""))


def _several(text: str | Iterable[str]) -> Iterable[str]:
    return [text] if isinstance(text, str) else text


def _placeholders(*texts: str) -> set[str]:
    return {"".join(found) for text in texts for found in _PLACEHOLDER.findall(text)}


def po_path(language: str) -> Path:
    """Where a language's sentences stand."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def po_bytes(catalog: Catalog) -> bytes:
    """The catalog as its file: no line numbers and no dates, so that it changes only when a sentence does."""
    file = io.BytesIO()
    write_po(file, catalog, width=120, include_lineno=False, omit_header=True)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {}\\n"\n\n'
    return header.format(catalog.plural_forms.rstrip(";") + ";").encode() + file.getvalue()


def mo_bytes(language: str) -> bytes:
    """The compiled form of a language's file."""
    with po_path(language).open("rb") as source:
        catalog = read_po(source, locale=language)
    catalog.creation_date = catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)  # Babel writes down the day
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def write() -> None:
    """Bring every language's file up to date and compile it."""
    template = said()
    for language in LANGUAGES:
        catalog = translated(language, template)
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_bytes(catalog))
        path.with_suffix(".mo").write_bytes(mo_bytes(language))
        missing = faults(catalog)
        print(f"{language}: {len(catalog)} sentences, {len(missing)} to mend", *missing[:20], sep="\n  ")


def check() -> int:
    """The number of languages whose files are out of date or incomplete."""
    template = said()
    failed = 0
    for language in LANGUAGES:
        catalog = translated(language, template)
        wrong = faults(catalog)
        path = po_path(language)
        if not path.exists() or path.read_bytes() != po_bytes(catalog):
            wrong.append(f"{path.relative_to(ROOT)} is out of date: make messages")
        elif path.with_suffix(".mo").read_bytes() != mo_bytes(language):
            wrong.append(f"{path.with_suffix('.mo').relative_to(ROOT)} is out of date: make messages")
        print(f"{language}: {len(catalog)} sentences, {len(wrong)} faults", *wrong[:20], sep="\n  ")
        failed += bool(wrong)
    return failed


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(check())
    write()
