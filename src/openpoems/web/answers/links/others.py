"""Asking other sites whether what we link to is still there: few at a time, one after another at each site, briefly.

Not to be reached says nothing of a page: it is unknown, and never called dead.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from itertools import chain
from typing import Literal
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

Outcome = Literal["alive", "moved", "dead", "unreachable"]
NAME = "openpoems-link-check/1 (checks the sources of its answers; one request after another)"
MOST_STEPS = 5
# They know an identifier or do not; the publishers they lead on to turn programs away.
RESOLVERS = frozenset({"doi.org", "dx.doi.org"})
_FOR_GOOD, _FOR_NOW = (301, 308), (302, 303, 307)
_GONE = (404, 410)
_FAILED = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking for an address, and why in a few words; where it moved to, for good."""

    address: str
    outcome: Outcome
    says: str


@dataclass(frozen=True, slots=True)
class Manners:
    """How long one answer is waited for, how long all may take, how many sites at a time, the pause at one site."""

    each_s: float = 15
    all_s: float = 900
    at_a_time: int = 4
    pause_s: float = 1


class _Stays(HTTPRedirectHandler):
    """Tells a redirection instead of following it."""

    def redirect_request(self, *_told: object, **_more: object) -> None:
        return None


def ask_all(addresses: Iterable[str], manners: Manners, sleep: Callable[[float], None] = time.sleep) -> list[Asked]:
    """Ask for every address, in the order given; what was not asked in time is unreachable."""
    by_site: dict[str, list[str]] = {}
    for address in dict.fromkeys(addresses):
        by_site.setdefault(urlsplit(address).netloc, []).append(address)
    ends = time.monotonic() + manners.all_s

    def one_site(site: list[str]) -> Iterator[Asked]:
        for number, address in enumerate(site):
            if number:
                sleep(manners.pause_s)
            if time.monotonic() < ends:
                yield ask(address, manners.each_s)
            else:
                yield Asked(address, "unreachable", "not asked within the time that was given")

    with ThreadPoolExecutor(max_workers=manners.at_a_time) as several:
        told = {each.address: each for each in chain(*several.map(lambda site: list(one_site(site)), by_site.values()))}
    return [told[address] for address in dict.fromkeys(addresses)]


def ask(address: str, each_s: float) -> Asked:
    """Ask for one address: only whether it is there where that suffices, for the page itself where it does not."""
    opener, at, moved, for_good = build_opener(_Stays), address, "", True
    for _ in range(MOST_STEPS):
        try:
            status, leads = _status(opener, at, each_s)
        except (URLError, HTTPException, OSError, ValueError) as problem:
            return Asked(address, "unreachable", _briefly(problem))
        if status in _FOR_NOW and urlsplit(at).netloc in RESOLVERS:
            return Asked(address, "alive", "the identifier is known")
        if status not in (*_FOR_GOOD, *_FOR_NOW):
            return _judged(address, status, moved)
        at, for_good = urljoin(at, leads), for_good and status in _FOR_GOOD
        moved = at if for_good else moved
    return Asked(address, "unreachable", f"leads on more than {MOST_STEPS} times")


def _judged(address: str, status: int, moved: str) -> Asked:
    if status in _GONE:
        return Asked(address, "dead", f"answers {status}")
    if status >= _FAILED:
        return Asked(address, "unreachable", f"answers {status}")
    return Asked(address, "moved", f"now at {moved}") if moved else Asked(address, "alive", f"answers {status}")


def _status(opener: OpenerDirector, address: str, each_s: float) -> tuple[int, str]:
    """Its status and where it leads on. Many sites answer a mere `HEAD` wrongly: a failure is asked for again."""
    try:
        status, leads = _one(opener, address, "HEAD", each_s)
    except HTTPException:
        status, leads = _FAILED, ""
    return _one(opener, address, "GET", each_s) if status >= _FAILED else (status, leads)


def _one(opener: OpenerDirector, address: str, method: str, each_s: float) -> tuple[int, str]:
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError("leads to what is no web page")
    request = Request(address, method=method, headers={"User-Agent": NAME, "Accept": "text/html,*/*;q=0.5"})  # noqa: S310 - http and https alone, above
    try:
        with opener.open(request, timeout=each_s) as response:
            return response.status, response.headers.get("Location", "")
    except HTTPError as told:
        with told:
            return told.code, told.headers.get("Location", "")


def _briefly(problem: Exception) -> str:
    reason = problem.reason if isinstance(problem, URLError) else problem
    return " ".join(str(reason or type(problem).__name__).split())[:120]
