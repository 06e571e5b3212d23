"""Finding answers, terms and parts of the library by their words, in the index of the database.

What is asked is taken as words and nothing else: each is quoted before it reaches the index. All words must be there;
where nothing holds them all, any will do. The last word may be the beginning of one.
"""

import re
from dataclasses import dataclass

from django.db import connection

from openpoems.web.answers.models import Entry

MOST_WORDS = 12
MOST_FOUND = 20
_WORD = re.compile(r"\w+")
# Words of a question that tell nothing of what is sought.
_SAID_IDLY = (
    "a an and are as at be by can did do does for from get has have how i if in is it me mean my of on or so that the "
    "there this to was we what when which who why will with you your poems syndrome"
)
_EMPTY = frozenset(_SAID_IDLY.split())
# An answer is worth twice a term or a row of the library that fits as well.
_SQLITE = (
    "SELECT found.rowid FROM answers_search AS found JOIN answers_entry AS entry ON entry.id = found.rowid"
    " WHERE answers_search MATCH %s"
    " ORDER BY bm25(answers_search, 10, 6, 1) * CASE entry.kind WHEN 'answer' THEN 2 ELSE 1 END LIMIT %s"
)
_POSTGRESQL = (
    "SELECT id FROM answers_entry, to_tsquery('english', %s) AS asked WHERE document @@ asked"
    " ORDER BY ts_rank_cd(document, asked) * CASE kind WHEN 'answer' THEN 2 ELSE 1 END DESC, id LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found."""

    kind: str
    title: str
    says: str
    address: str


def search(asked: str) -> list[Found]:
    """What fits the words, the best first."""
    words = words_of(asked)
    if not words:
        return []
    keys = _keys(words, every=True) or _keys(words, every=False)
    rows = Entry.objects.in_bulk(keys)
    return [Found(row.kind, row.title, row.says, row.address) for row in (rows[key] for key in keys if key in rows)]


def words_of(asked: str) -> list[str]:
    """The words that are sought, without those that tell nothing, unless there are no others."""
    words = [word.casefold() for word in _WORD.findall(asked.replace("\0", " ")[:400])][:MOST_WORDS]
    return [word for word in words if word not in _EMPTY] or words


def _keys(words: list[str], *, every: bool) -> list[int]:
    sqlite = connection.vendor == "sqlite"
    query = _fts5(words, every=every) if sqlite else _tsquery(words, every=every)
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if sqlite else _POSTGRESQL, [query, MOST_FOUND])
        return [int(row[0]) for row in cursor.fetchall()]


def _fts5(words: list[str], *, every: bool) -> str:
    quoted = [f'"{word}"' for word in words]
    last = quoted.pop()
    return (" AND " if every else " OR ").join([*quoted, f"({last} OR {last}*)"])


def _tsquery(words: list[str], *, every: bool) -> str:
    quoted = [f"'{word}'" for word in words]
    last = quoted.pop()
    return (" & " if every else " | ").join([*quoted, f"({last} | {last}:*)"])
