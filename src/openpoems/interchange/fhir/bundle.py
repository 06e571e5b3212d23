"""Taking a FHIR document apart: its resources, each with its place, and finding what a reference points at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from openpoems.errors import Issue, UnreadableInput

Element: TypeAlias = dict[str, Any]
_KIND = re.compile(r"[A-Za-z]{1,64}")


@dataclass(slots=True, repr=False, eq=False)
class Entry:
    """A resource, where it stands, and the address it has in its Bundle ("" for none)."""

    resource: Element
    at: str
    kind: str
    url: str = ""
    host: "Entry | None" = None

    key: str = ""

    def __post_init__(self) -> None:
        """Find what tells this resource from others: its address on a server, else its type and id, else its place."""
        own = self.resource.get("id")
        tail = f"{self.kind}/{own}" if isinstance(own, str) and own else ""
        if tail and not (self.url.startswith("http") and self.url.endswith(tail)):
            self.key = tail
        else:
            self.key = self.url or self.at


class Index:
    """Finds resources by reference: `Type/id`, an absolute address, `urn:uuid:...` or `#contained`."""

    def __init__(self, entries: list[Entry]) -> None:
        self._by_url: dict[str, Entry] = {}
        self._by_id: dict[str, Entry] = {}
        self._ambiguous: set[str] = set()
        for entry in entries:
            if entry.url:
                self._by_url.setdefault(entry.url, entry)
            own = entry.resource.get("id")
            if isinstance(own, str) and own:
                name = f"{entry.kind}/{own}"
                if self._by_id.setdefault(name, entry).url != entry.url:
                    self._ambiguous.add(name)

    def find(self, reference: str, holder: Entry) -> Entry | None:
        """The resource a reference in `holder` means, or None."""
        if reference.startswith("#"):
            return _contained(reference[1:], holder.host or holder)
        found = self._by_id.get(reference)
        if found is not None and reference not in self._ambiguous:
            return found
        plain = reference.partition("/_history/")[0]
        found = self._by_url.get(plain)
        if found is not None:
            return found
        if "://" not in plain and holder.url.startswith("http"):
            base = holder.url.rsplit("/", 2)[0]
            found = self._by_url.get(f"{base}/{plain}")
            if found is not None:
                return found
        return self._by_id.get("/".join(plain.split("/")[-2:]))


@lru_cache(maxsize=256)
def _names_a_kind(text: str) -> bool:
    return _KIND.fullmatch(text) is not None


def entry_of(resource: Element, at: str, url: str = "", host: Entry | None = None) -> Entry | None:
    """Make an entry of a resource, or None when it does not say what it is."""
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or not _names_a_kind(kind):
        return None
    return Entry(resource, f"{at} ({kind})" if at else kind, kind, url, host)


def entries_of(document: object, issues: list[Issue]) -> list[Entry]:
    """Every resource of a Bundle, a list or a single resource. Raises `UnreadableInput` where there is none."""
    if not isinstance(document, dict | list):
        raise UnreadableInput("the document is not a FHIR resource; give a Bundle, a resource or a list of resources")
    found: list[Entry] = []
    waiting: list[tuple[object, str, str]] = _opened(document, issues)
    while waiting:
        item, at, url = waiting.pop()
        entry = entry_of(item, at, url) if isinstance(item, dict) else None
        if entry is None:
            issues.append(Issue("error", at, "this is not a resource with a resourceType; it was not read"))
        elif entry.kind == "Bundle":
            waiting.extend(_unpacked(entry, f"{at}.", issues))
        else:
            found.append(entry)
    if not found:
        raise UnreadableInput("the document holds no FHIR resource; give a Bundle with entries, or resources")
    return _without_repeats(found, issues)


def _opened(document: Element | list[Any], issues: list[Issue]) -> list[tuple[object, str, str]]:
    if isinstance(document, list):
        return [(item, f"[{number}]", "") for number, item in reversed(list(enumerate(document)))]
    if document.get("resourceType") != "Bundle":
        return [(document, "", "")]
    return _unpacked(Entry(document, "Bundle", "Bundle"), "", issues)


def _unpacked(bundle: Entry, prefix: str, issues: list[Issue]) -> list[tuple[object, str, str]]:
    """The resources of a Bundle, last one first, as a stack takes them."""
    entries = bundle.resource.get("entry")
    place = bundle.at
    if bundle.resource.get("modifierExtension") or bundle.resource.get("implicitRules"):
        message = "the Bundle must be read by rules that openpoems does not know; nothing of it was used"
        issues.append(Issue("error", place, message))
        return []
    if entries is not None and not isinstance(entries, list):
        issues.append(Issue("error", f"{prefix}entry", "entry is not a list; nothing of it was read"))
    if _has_more(bundle.resource):
        message = "this is one page of several (a link to the next one); read all pages to have the whole record"
        issues.append(Issue("warning", place, message))
    listed = list(enumerate(entries)) if isinstance(entries, list) else []
    gone = _deleted(listed, prefix, issues)
    if bundle.resource.get("type") == "history":
        listed = _newest(listed, gone, prefix, issues)
    return list(reversed(list(_resources(listed, prefix, issues))))


def _resources(listed: list[tuple[int, Any]], prefix: str, issues: list[Issue]) -> Iterator[tuple[object, str, str]]:
    for number, entry in listed:
        at = f"{prefix}entry[{number}]"
        if not isinstance(entry, dict):
            issues.append(Issue("error", at, "the entry is not an object; it was not read"))
        elif _method(entry) == "DELETE":
            continue
        elif entry.get("modifierExtension"):
            issues.append(Issue("error", at, "the entry has a modifier extension; it was not used"))
        elif entry.get("resource") is None:
            issues.append(Issue("information", at, "the entry holds no resource"))
        else:
            url = entry.get("fullUrl")
            yield entry["resource"], f"{at}.resource", url if isinstance(url, str) else ""


def _newest(
    listed: list[tuple[int, Any]], gone: dict[str, int], prefix: str, issues: list[Issue]
) -> list[tuple[int, Any]]:
    """Of a history, which lists the newest version first: one version of each resource, none of a deleted one."""
    kept, seen = [], dict(gone)
    for number, entry in listed:
        resource = entry.get("resource") if isinstance(entry, dict) else None
        name = f"{resource.get('resourceType')}/{resource.get('id')}" if isinstance(resource, dict) else ""
        url = entry.get("fullUrl") if isinstance(entry, dict) else None
        names = {name, url} if isinstance(url, str) else {name}
        if any(seen.get(each, number) < number for each in names):
            message = "an older version of a resource; it was not used"
            issues.append(Issue("information", f"{prefix}entry[{number}]", message))
            continue
        kept.append((number, entry))
        if name and isinstance(resource, dict) and isinstance(resource.get("id"), str):
            seen.setdefault(name, number)
    return kept


def _deleted(listed: list[tuple[int, Any]], prefix: str, issues: list[Issue]) -> dict[str, int]:
    gone: dict[str, int] = {}
    for number, entry in listed:
        if isinstance(entry, dict) and _method(entry) == "DELETE":
            url = entry["request"].get("url")
            if isinstance(url, str) and url:
                gone.setdefault(url, number)
            message = "the entry deletes a resource; it was not used"
            issues.append(Issue("information", f"{prefix}entry[{number}]", message))
    return gone


def _method(entry: Element) -> object:
    request = entry.get("request")
    return request.get("method") if isinstance(request, dict) else None


def _has_more(bundle: Element) -> bool:
    links = bundle.get("link")
    return isinstance(links, list) and any(isinstance(link, dict) and link.get("relation") == "next" for link in links)


def _contained(name: str, holder: Entry) -> Entry | None:
    listed = holder.resource.get("contained")
    for number, item in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(item, dict) and item.get("id") == name:
            return entry_of(item, f"{holder.at}.contained[{number}]", host=holder)
    return None


def _without_repeats(entries: list[Entry], issues: list[Issue]) -> list[Entry]:
    first: dict[str, Entry] = {}
    kept = []
    for entry in entries:
        other = first.setdefault(entry.key, entry)
        if other is entry:
            kept.append(entry)
        elif _same(entry.resource, other.resource):
            issues.append(
                Issue(
                    "warning",
                    entry.at,
                    "the same resource stands here a second time; it was used once",
                )
            )
        else:
            message = "another resource of this type has the same id and says something else; both were kept"
            issues.append(Issue("warning", entry.at, message))
            kept.append(entry)
    return kept


def _same(one: Element, other: Element) -> bool:
    try:
        return one == other
    except RecursionError:
        return False
