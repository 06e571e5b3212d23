"""In which language sentences are made. English is written in the code; every other language has a catalogue beside it.

The language is that of the context (`speaking`), so that two requests, or two threads, never hear each other's. Codes,
ids, numbers and dates know no language, and no rule looks at a sentence.
"""

import gettext as catalogues
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple, Unpack

ENGLISH = "en"
LOCALE = Path(__file__).parent / "locale"
DOMAIN = "openpoems"
A = TypeVarTuple("A")
T = TypeVar("T")
K = TypeVar("K")

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)
# The catalogue of the language that is spoken; None is English, which needs none.
_catalogue: ContextVar[catalogues.GNUTranslations | None] = ContextVar("catalogue", default=None)


@cache
def languages() -> tuple[str, ...]:
    """Every language there is, English first."""
    return (ENGLISH, *sorted(path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def spoken() -> str:
    """The language of this context."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make sentences in this language; in English where there is no such catalogue."""
    known = language if language in languages() else ENGLISH
    before, catalogue = _spoken.set(known), _catalogue.set(_of(known))
    try:
        yield
    finally:
        _catalogue.reset(catalogue)
        _spoken.reset(before)


@cache
def _of(language: str) -> catalogues.GNUTranslations | None:
    if language == ENGLISH:
        return None
    with (LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        return catalogues.GNUTranslations(file)


def gettext(message: str) -> str:
    """The sentence in the language of this context."""
    catalogue = _catalogue.get()
    return message if catalogue is None or not message else catalogue.gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The sentence for so many."""
    catalogue = _catalogue.get()
    if catalogue is None:
        return one if n == 1 else many
    return catalogue.ngettext(one, many, n)


def gettext_noop(message: str) -> str:
    """Mark a sentence that stands in a constant; it is put into the language by `gettext` where it is used."""
    return message


class Phrases(dict[K, str]):
    """Words by a code, marked with `gettext_noop`: whoever asks for one hears it in the language of the context."""

    def __getitem__(self, code: K) -> str:
        return gettext(super().__getitem__(code))


def told_once(maxsize: int | None) -> Callable[[Callable[[Unpack[A]], T]], Callable[[Unpack[A]], T]]:
    """Remember what a function says, for each language by itself."""

    def remember(say: Callable[[Unpack[A]], T]) -> Callable[[Unpack[A]], T]:
        @lru_cache(maxsize=maxsize)
        def kept(_language: str, *args: Any) -> T:
            return say(*args)

        @wraps(say)
        def told(*args: *A) -> T:
            return kept(_spoken.get(), *args)

        return told

    return remember
