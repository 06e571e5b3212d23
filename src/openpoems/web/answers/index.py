"""Keeping the index for searching: an answer's entry follows it; terms and the library come with each version."""

from collections.abc import Iterator

from django.urls import reverse

from openpoems.web.answers.models import Answer, Entry
from openpoems.web.answers.presenter import shown
from openpoems.web.glossary.terms import terms
from openpoems.web.library.tables import SHELVES

_SAYS = 400
# Facts are found through the answers that tell them.
_NOT_SOUGHT = ("facts",)


def enter(answer: Answer) -> None:
    """Make the entry of an answer what readers see of it now, or take it away."""
    if answer.public is None:
        Entry.objects.filter(kind="answer", key=answer.name).delete()
        return
    page = shown(answer.public)
    Entry.objects.update_or_create(
        kind="answer",
        key=answer.name,
        language="en",
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


def _library() -> Iterator[Entry]:
    for kind, shelf in SHELVES.items():
        if kind in _NOT_SOUGHT:
            continue
        for row in shelf().rows:
            told = "; ".join(str(cell) for key, cell in row.cells.items() if cell not in (None, "") and key != "name")
            yield Entry(
                kind="library",
                key=f"{kind}/{row.id}",
                title=row.name[:300],
                body=told,
                says=told[:_SAYS],
                address=reverse("library-row", args=[kind, row.id]),
            )
