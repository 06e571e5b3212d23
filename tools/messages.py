"""Gather what is said into `locale/<language>/LC_MESSAGES/<domain>.po`, and compile the translations beside it.

    .venv/bin/python tools/messages.py            # write
    .venv/bin/python tools/messages.py --check    # fail where a sentence has no translation or a file is out of date

There are two domains: `openpoems`, what results say and the knowledge behind them; and `django`, what the pages say
around them. A sentence stands in one of the two: what results say, pages may say too, and so the compiled `django.mo`
holds both. Babel reads the code and the templates, so that no machine needs the gettext programs. A sentence that
changed has to be translated anew: nothing is guessed from one that was similar.
"""

import io
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize
from jinja2 import Environment, nodes
from jinja2.ext import babel_extract

from openpoems.knowledge.store import knowledge
from openpoems.knowledge.words import words

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "src" / "openpoems"
WEB = CORE / "web"
# How each language counts. Spanish: the third form, for whole millions, is not needed here.
LANGUAGES = {"es": "nplurals=2; plural=(n != 1);"}
KEYWORDS = dict(DEFAULT_KEYWORDS)
for _name in ("gettext", "ngettext", "pgettext", "npgettext"):
    KEYWORDS[f"{_name}_lazy"] = KEYWORDS[_name]
KEYWORDS["gettext_noop"] = KEYWORDS["gettext"]
# Data whose rows have a title that pages show.
TITLES = ("registry/guide.toml", "clinic/elements.toml", "clinic/followup.toml")
# What people are asked to answer: scales and questionnaires.
WORDS = {"name", "title", "says", "help", "low_says", "high_says"}
ASKED = ("registry/scales", "community/questionnaires")
# States and steps of the answers, by the words that the desk shows.
WORKFLOW = "answers/workflow.toml"
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


@dataclass(frozen=True)
class Domain:
    """Sentences that are kept and compiled together: where, and how they are gathered."""

    name: str
    locale: Path
    said: Callable[[], Catalog]

    def path(self, language: str) -> Path:
        """Where a language's sentences stand."""
        return self.locale / language / "LC_MESSAGES" / f"{self.name}.po"


def said_by_results() -> Catalog:
    """What the core says of a record, in the order of its files, and the words of the knowledge."""
    catalog = Catalog(fuzzy=False)
    for path in sorted(CORE.rglob("*.py")) + sorted(CORE.glob("reports/templates/*.*")):
        if not path.is_relative_to(WEB):
            _add(catalog, path, _messages(path) if path.suffix == ".py" else _drawn(path))
    for word in words(knowledge()):
        catalog.add(word, locations=[("knowledge", 0)])
    return catalog


def said_by_pages() -> Catalog:
    """What the code and the templates of the site mark for translation, but for what results say."""
    catalog, known = Catalog(fuzzy=False), {_id(message) for message in said_by_results()}
    for path in sorted(WEB.rglob("*.py")) + sorted(WEB.rglob("*.html")) + sorted(WEB.rglob("*.txt")):
        _add(catalog, path, _messages(path))
    for where, name in _named():
        catalog.add(name, locations=[(where, 0)])
    for message in [each for each in catalog if not each.context and _id(each) in known]:
        catalog.delete(message.id)
    return catalog


def _id(message: Message) -> str:
    return next(iter(_several(message.id)))


Found = Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]


def _add(catalog: Catalog, path: Path, found: Found) -> None:
    where = path.relative_to(ROOT).as_posix()
    for _line, id, _comments, context in found:
        catalog.add(id, locations=[(where, 0)], context=context)


def _named() -> Iterator[tuple[str, str]]:
    """What pages show by its name in data: the file, and the name."""
    for path in TITLES:
        rows = tomllib.loads((WEB / path).read_text("utf-8")).values()
        yield from ((path, row["title"]) for several in rows if isinstance(several, list) for row in several)
    for folder in ASKED:
        for file in sorted((WEB / folder).glob("*.toml")):
            yield from ((folder, said) for said in _asked(tomllib.loads(file.read_text("utf-8"))))
    for kind, named in tomllib.loads((WEB / WORKFLOW).read_text("utf-8")).items():
        yield from ((WORKFLOW, row["says"]) for row in named.values() if kind != "times")


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


def _messages(path: Path) -> Found:
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        # What is left of the template keeps its place in the line; Python's reader would take that for its own.
        text = "\n".join(line.lstrip() for line in templatize(text, str(path)).splitlines())
    yield from extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)


def _drawn(path: Path) -> Found:
    """The sentences of a report's template: in blocks, in calls of `_`, before the filter `say`; a style has none."""
    if path.suffix not in {".html", ".svg"}:
        return
    for line, _name, found, comments in babel_extract(io.BytesIO(path.read_bytes()), list(KEYWORDS), (), _JINJA):
        # Beside a sentence stands None for each value; what is no literal is gathered as a word of the knowledge.
        told = [found] if isinstance(found, str) else [each for each in found or () if each]
        if told:
            yield line, told[0] if len(told) == 1 else tuple(told), comments, None
    for each in (
        Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
        .parse(path.read_text("utf-8"))
        .find_all(nodes.Filter)
    ):
        if each.name == "say" and isinstance(each.node, nodes.Const):
            yield each.lineno, each.node.value, [], None


_JINJA = {"trimmed": "yes", "silent": "no"}


def translated(domain: Domain, language: str, template: Catalog) -> Catalog:
    """The language's catalog with the sentences of today: translations are kept, what nobody says now is dropped.

    A sentence that went from one domain to the other takes its translation with it.
    """
    old = [_read(each, language) for each in sorted(DOMAINS, key=lambda each: each is not domain)]
    new = Catalog(locale=language, project="openpoems", fuzzy=False)
    new.mime_headers = [("Plural-Forms", LANGUAGES[language])]
    for message in template:
        if not message.id:
            continue
        known = next(filter(None, (each.get(message.id, message.context) for each in old)), None)
        string = known.string if known else ("", "") if message.pluralizable else ""
        new.add(message.id, string, locations=message.locations, context=message.context)
    return new


def _read(domain: Domain, language: str) -> Catalog:
    path = domain.path(language)
    with path.open("rb") if path.exists() else io.BytesIO() as file:
        return read_po(file, locale=language)


def faults(catalog: Catalog, *, parted: bool = False) -> list[str]:
    """What is wrong with the translations, a line each; of `parted` sentences each part must have its own."""
    return [fault for message in catalog if message.id for fault in _faults(message, parted=parted)]


def _faults(message: Message, *, parted: bool) -> Iterator[str]:
    ids, strings = _forms(message)
    if not all(strings):
        yield f"no translation: {ids[0]!r}"
    elif any(_placeholders(text) - _placeholders(*ids) for text in strings) or _placeholders(
        strings[-1]
    ) != _placeholders(ids[-1]):
        yield f"other placeholders: {ids[0]!r}"
    elif parted and ids[-1].count("; ") != strings[-1].count("; "):
        # Reasons that are told together are parted by semicolons, so that each is told once.
        yield f"another number of semicolons: {ids[0]!r}"


def _forms(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(_several(message.id)), tuple(_several(message.string or ""))


def _several(text: str | Iterable[str]) -> Iterable[str]:
    return [text] if isinstance(text, str) else text


def _placeholders(*texts: str) -> set[str]:
    return {"".join(found) for text in texts for found in _PLACEHOLDER.findall(text)}


def po_bytes(catalog: Catalog) -> bytes:
    """The catalog as its file: no line numbers and no dates, so that it changes only when a sentence does."""
    file = io.BytesIO()
    write_po(file, catalog, width=120, include_lineno=False, omit_header=True)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {}\\n"\n\n'
    return header.format(catalog.plural_forms.rstrip(";") + ";").encode() + file.getvalue()


def mo_bytes(domain: Domain, language: str) -> bytes:
    """The compiled form of a language's file; pages may say all that results say."""
    catalog = _read(domain, language)
    if domain is PAGES:
        for message in _read(RESULTS, language):
            if message.id:
                catalog.add(message.id, message.string)
    catalog.creation_date = catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)  # Babel writes down the day
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


RESULTS = Domain("openpoems", CORE / "locale", said_by_results)
PAGES = Domain("django", WEB / "locale", said_by_pages)
# In this order: what pages hold of what results say must be written first.
DOMAINS = (RESULTS, PAGES)


def write() -> None:
    """Bring every language's files up to date and compile them."""
    made = {(domain, language): translated(domain, language, domain.said()) for domain, language in _all()}
    for (domain, language), catalog in made.items():
        path = domain.path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_bytes(catalog))
        path.with_suffix(".mo").write_bytes(mo_bytes(domain, language))
        missing = faults(catalog, parted=domain is RESULTS)
        print(f"{domain.name} {language}: {len(catalog)} sentences, {len(missing)} to mend", *missing[:20], sep="\n  ")


def check() -> int:
    """The number of files that are out of date or incomplete."""
    failed = 0
    for domain, language in _all():
        catalog = translated(domain, language, domain.said())
        wrong = faults(catalog, parted=domain is RESULTS)
        path = domain.path(language)
        if not path.exists() or path.read_bytes() != po_bytes(catalog):
            wrong.append(f"{path.relative_to(ROOT)} is out of date: make messages")
        elif path.with_suffix(".mo").read_bytes() != mo_bytes(domain, language):
            wrong.append(f"{path.with_suffix('.mo').relative_to(ROOT)} is out of date: make messages")
        print(f"{domain.name} {language}: {len(catalog)} sentences, {len(wrong)} faults", *wrong[:20], sep="\n  ")
        failed += bool(wrong)
    return failed


def _all() -> Iterator[tuple[Domain, str]]:
    return ((domain, language) for domain in DOMAINS for language in LANGUAGES)


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(check())
    write()
