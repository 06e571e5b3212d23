"""Every link that a reader of the answers, the library, the centres or the trials can follow, read from the pages.

The pages are made in this process, as they are made for a reader without an account; nobody else is asked anything.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse

from openpoems.knowledge.model import Reference
from openpoems.knowledge.store import knowledge
from openpoems.web.answers.models import Answer
from openpoems.web.library.tables import SHELVES

# Pages that name sources, centres or trials beside the answers and the library.
OTHERS = ("home", "questions", "library", "glossary", "get-involved", "community-figures")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"\d{1,8}")
_FINE = (200, 302)  # a page, or the way to one that asks who is there
Page = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A link that leads nowhere, the first page it stands on, and why."""

    address: str
    on: str
    why: str


@dataclass(slots=True)
class Walked:
    """What was found on so many pages: links that lead nowhere, and addresses of others, each with where it stands."""

    pages: int = 0
    links: int = 0
    broken: list[Broken] = field(default_factory=list)
    elsewhere: dict[str, str] = field(default_factory=dict)


class _Reads(HTMLParser):
    """The links of a page, and the places in it that a link can name."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if name := told.get("id"):
            self.places.add(name)
        if tag == "a" and (leads := told.get("href")):
            self.links.append(leads)


def public_pages() -> Iterator[str]:
    """The pages whose links are read: every answer with its history, and every shelf and row of the library."""
    yield from (reverse(name) for name in OTHERS)
    for name in Answer.objects.exclude(public=None).values_list("name", flat=True):
        yield from (reverse("question", args=[name]), reverse("question-history", args=[name]))
    for kind, shelf in SHELVES.items():
        yield reverse("library-shelf", args=[kind])
        yield from (reverse("library-row", args=[kind, row.id]) for row in shelf().rows)


def made_here() -> Callable[[str], Page]:
    """How a page of this site is had: its status and its words."""
    host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
    reader = Client(raise_request_exception=False, SERVER_NAME=host)

    def page(address: str) -> Page:
        response = reader.get(address, secure=settings.SECURE_SSL_REDIRECT)
        html = response.headers.get("Content-Type", "").startswith("text/html")
        return response.status_code, response.content.decode() if html else ""

    return page


def walk(start: Iterable[str], page: Callable[[str], Page]) -> Walked:
    """Follow every link of some pages one step: that each leads to a page, and to a place in it where it names one."""
    found, seen = Walked(), dict[str, tuple[int, frozenset[str]]]()

    def look(address: str) -> tuple[int, frozenset[str], list[str]]:
        status, words = page(address)
        read = _Reads(words)
        seen[address] = status, frozenset(read.places)
        return status, frozenset(read.places), read.links

    for address in dict.fromkeys(start):
        status, _places, links = look(address)
        found.pages += 1
        if status not in _FINE:
            found.broken.append(Broken(address, "", f"answers {status}"))
        for link in dict.fromkeys(links):
            found.links += 1
            leads, place = urldefrag(urljoin(address, link))
            if urlsplit(leads).netloc or urlsplit(leads).scheme:
                found.elsewhere.setdefault(leads, address)
                continue
            if leads not in seen:
                look(leads)
            if why := _wrong(*seen[leads], place):
                found.broken.append(Broken(link, address, why))
    return found


def _wrong(status: int, places: frozenset[str], place: str) -> str:
    if status not in _FINE:
        return f"answers {status}"
    return f"has no place {place}" if place and status == _FINE[0] and place not in places else ""


def sources() -> dict[str, str]:
    """Where each source that the knowledge cites can be asked for, also by an identifier that is only recalled."""
    found: dict[str, str] = {}
    for id, source in knowledge().references.items():
        recalled = " (its identifiers are recalled)" if source.identifiers == "none" else ""
        for address in _addresses(source):
            found.setdefault(address, f"references.toml: {id}{recalled}")
    return found


def _addresses(source: Reference) -> Iterator[str]:
    if source.url:
        yield source.url
    if source.doi:
        yield f"https://doi.org/{source.doi}"
    if source.pmid:
        yield f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"


def malformed(addresses: Iterable[str]) -> Iterator[str]:
    """The addresses that cannot be one, whoever is asked."""
    for address in addresses:
        parts = urlsplit(address)
        doi, pubmed = parts.netloc == "doi.org", parts.netloc == "pubmed.ncbi.nlm.nih.gov"
        fine = parts.scheme in ("http", "https") and "." in parts.netloc and not re.search(r"\s", address)
        if (
            not fine
            or (doi and not _DOI.fullmatch(parts.path[1:]))
            or (pubmed and not _PMID.fullmatch(parts.path[1:-1]))
        ):
            yield address
