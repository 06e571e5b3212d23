"""Keeping the index for searching: an answer's entry follows it; terms and the library come with each version."""

from collections.abc import Iterator

from django.urls import reverse

from openpoems.web.answers.models import ORIGINAL, Answer, Entry, Translation
from openpoems.web.answers.presenter import Shown, shown
from openpoems.web.glossary.terms import terms
from openpoems.web.library.tables import SHELVES, Column, Row

_SAYS = 400
# Facts are found through the answers that tell them.
_NOT_SOUGHT = ("facts",)


def enter(answer: Answer) -> None:
    """Make the entry of an answer what readers see of it now, or take it away."""
    if answer.public is None:
        Entry.objects.filter(kind="answer", key=answer.name).delete()
        return
    _enter(answer, ORIGINAL, shown(answer.public))


def enter_translation(translation: Translation) -> None:
    """Make the entry of an answer in another language what a reviewed translation says."""
    _enter(translation.answer, translation.language, shown(translation))


def _enter(answer: Answer, language: str, page: Shown) -> None:
    Entry.objects.update_or_create(
        kind="answer",
        key=answer.name,
        language=language,
        defaults={
            "title": page.question[:300],
            "also": "\n".join(page.also),
            "body": page.text,
            "says": page.short_words,
            "address": reverse("question", args=[answer.name]),
        },
    )


def enter_the_rest() -> None:
    """Enter every term and every row of the library anew."""
    Entry.objects.exclude(kind="answer").delete()
    Entry.objects.bulk_create([*_terms(), *_library()])


def _terms() -> Iterator[Entry]:
    address = reverse("glossary")
    for id, term in terms().items():
        also = "\n".join((term.full, *term.words))
        yield Entry(
            kind="term", key=id, title=term.name, also=also, body=term.says, says=term.says, address=f"{address}#{id}"
        )


def _told(column: Column, row: Row) -> str:
    """A cell in words; an amount says of what it is."""
    return f"{column.title}: {row.cells[column.key]}" if column.numeric else str(row.cells[column.key])


def _library() -> Iterator[Entry]:
    for kind, shelf in SHELVES.items():
        if kind in _NOT_SOUGHT:
            continue
        found = shelf()
        for row in found.rows:
            told = "; ".join(
                _told(column, row) for column in found.columns[1:] if row.cells[column.key] not in (None, "")
            )
            yield Entry(
                kind="library",
                key=f"{kind}/{row.id}",
                title=row.name[:300],
                body=told,
                says=told[:_SAYS],
                address=reverse("library-row", args=[kind, row.id]),
            )
