"""Finding answers, terms and parts of the library by their words, in the index of the database.

What is asked is taken as words and nothing else: each is quoted before it reaches the index. All words must be there;
where nothing holds them all, any will do. The last word may be the beginning of one, unless it is as short as "die",
which begins "diet".
"""

import re
from dataclasses import dataclass

from django.db import connection

from openpoems.web.answers.models import ORIGINAL, Entry

MOST_WORDS = 12
MOST_FOUND = 20
_LEAST_BEGINNING = 4
_WORD = re.compile(r"\w+")
# Words of a question that tell nothing of what is sought.
_SAID_IDLY = (
    "a an and are as at be by can did do does for from get has have how i if in is it me mean my of on or so that the "
    "there this to was we what when which who why will with you your poems syndrome"
)
_SAID_IDLY_IN_SPANISH = (
    "al como con cual cuales cuál cuáles cómo de del e el en es esta este está han ha hay la las lo los me mi mis o "
    "para por puede puedo qué que quien quién se ser si sobre son su sus síndrome te tengo tiene u un una unos y"
)
_EMPTY = frozenset([*_SAID_IDLY.split(), *_SAID_IDLY_IN_SPANISH.split()])
# An answer is worth twice a term or a row of the library that fits as well.
_SQLITE = (
    "SELECT found.rowid FROM answers_search AS found JOIN answers_entry AS entry ON entry.id = found.rowid"
    " WHERE answers_search MATCH %s AND entry.language IN ('en', %s)"
    " ORDER BY bm25(answers_search, 10, 6, 1) * CASE entry.kind WHEN 'answer' THEN 2 ELSE 1 END LIMIT %s"
)
_POSTGRESQL = (
    "SELECT id FROM answers_entry, to_tsquery('english', %s) AS asked"
    " WHERE document @@ asked AND language IN ('en', %s)"
    " ORDER BY ts_rank_cd(document, asked) * CASE kind WHEN 'answer' THEN 2 ELSE 1 END DESC, id LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found."""

    kind: str
    title: str
    says: str
    address: str


def search(asked: str, language: str = ORIGINAL) -> list[Found]:
    """What fits the words, the best first; an answer once, in that language where it has a reviewed translation."""
    words = words_of(asked)
    if not words:
        return []
    keys = _keys(words, language, every=True) or _keys(words, language, every=False)
    rows = Entry.objects.in_bulk(keys)
    found: dict[str, Entry] = {}
    for row in (rows[key] for key in keys if key in rows):
        found.setdefault(row.address, row)
    if language != ORIGINAL:
        here = Entry.objects.filter(kind="answer", language=language, address__in=list(found))
        found |= {row.address: row for row in here}
    return [Found(row.kind, row.title, row.says, row.address) for row in found.values()]


def words_of(asked: str) -> list[str]:
    """The words that are sought, without those that tell nothing, unless there are no others."""
    words = [word.casefold() for word in _WORD.findall(asked.replace("\0", " ")[:400])][:MOST_WORDS]
    return [word for word in words if word not in _EMPTY] or words


def _keys(words: list[str], language: str, *, every: bool) -> list[int]:
    sqlite = connection.vendor == "sqlite"
    query = _fts5(words, every=every) if sqlite else _tsquery(words, every=every)
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if sqlite else _POSTGRESQL, [query, language, MOST_FOUND])
        return [int(row[0]) for row in cursor.fetchall()]


def _fts5(words: list[str], *, every: bool) -> str:
    quoted = [f'"{word}"' for word in words]
    if len(words[-1]) >= _LEAST_BEGINNING:
        quoted[-1] = f"({quoted[-1]} OR {quoted[-1]}*)"
    return (" AND " if every else " OR ").join(quoted)


def _tsquery(words: list[str], *, every: bool) -> str:
    quoted = [f"'{word}'" for word in words]
    if len(words[-1]) >= _LEAST_BEGINNING:
        quoted[-1] = f"({quoted[-1]} | {quoted[-1]}:*)"
    return (" & " if every else " | ").join(quoted)
