"""The pages behind the addresses of `rights.csv`, each opened by somebody who may see it."""

from dataclasses import dataclass

from django.test import Client

from tests.cast import PASSWORD
from tests.spec.test_rights import WHO, filled, told

# Who opens a page: the first who reaches it.
ORDER = ("visitor", "own", "lead", "clinician", "proxy", "researcher", "administrator")
BESIDE_THE_CAST = ("editor", "reviewer")
FINE = (200, 410)  # a link that was closed has a page, too
# What is no page by its nature: what is only sent to, files, and what programs ask.
NO_PAGE = {"405", "a file", "for programs"}


@dataclass(frozen=True)
class Opened:
    """A page: its pattern in `rights.csv`, its address, who reaches it (a first name of the cast, "" for a visitor)."""

    pattern: str
    address: str
    who: str


class Doors:
    """Finds, for each pattern, the first of the cast who is answered with a page."""

    def __init__(self, cast, fillings) -> None:
        self.cast, self.fillings, self._clients = cast, fillings, {}

    def client(self, who):
        """A signed-in client of somebody who gave the password just now."""
        if who not in self._clients:
            self._clients[who] = client = Client()
            if who:
                client.force_login(getattr(self.cast.users, who))
                client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        return self._clients[who]

    def open(self, pattern):
        """The pages of a pattern, and what stood in the way where nobody is answered with one ("" if nothing did)."""
        pages, answers = [], []
        for filling in self.fillings.get(pattern, [{}]):
            for who, whose in self._who(pattern, filling):
                address = self._address(pattern, filling, whose)
                answers.append(self._answer(who, address))
                if answers[-1] == "a page":
                    pages.append(Opened(pattern, address, who))
                    break
        left = set(answers) - {"a page"}
        return pages, "" if pages or left & NO_PAGE else " or ".join(sorted(left))

    def in_spanish(self, page):
        """What a page says to who reads Spanish."""
        client = self.client(page.who)
        client.cookies["django_language"] = "es"
        response = client.get(page.address)
        del client.cookies["django_language"]
        return response.content.decode()

    def _answer(self, who, address):
        response = self.client(who).get(address)
        view = response.wsgi_request.resolver_match
        if getattr(view and view.func, "machine", False):
            return "for programs"
        if response.status_code not in FINE:
            return str(response.status_code)
        return "a page" if response.headers["Content-Type"].startswith("text/html") else "a file"

    def _who(self, pattern, filling):
        if "by" in filling:
            yield filling["by"], "alice"
            return
        row = told()[pattern]
        reached = [column for column in ORDER if row[column] == "yes"]
        # What the table calls absent may be there now.
        yield from (WHO[column][0] for column in reached or ORDER)
        yield from ((name, "alice") for name in BESIDE_THE_CAST)

    def _address(self, pattern, filling, whose):
        at = pattern
        for part in pattern.split("<")[1:]:
            inside = part.partition(">")[0]
            name = inside.rpartition(":")[2]
            if name in filling:
                at = at.replace(f"<{inside}>", str(filling[name]))
        return filled(at, self.cast, whose) + (f"?{filling['?']}" if "?" in filling else "")
