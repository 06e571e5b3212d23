"""Ids on a server: the pseudonym, and a keyed digest of the fact that a resource is of.

A correction keeps the id of what it corrects. Without the pseudonym, which is random, and the site's key, no id can be
guessed, and none tells how many facts there are.
"""

from collections.abc import Mapping

from openpoems.record.model import Fact
from openpoems.web.registry.vault import vault

_SIGNS = 20


class Kept:
    """Names resources by the row of their fact; `roots` gives for a row the first of those that stood in its place."""

    inside = True

    def __init__(self, pseudonym: str, roots: Mapping[int, int]) -> None:
        self.patient = pseudonym
        self._roots = roots
        self._ring = vault()

    def id(self, name: str, fact: Fact | None, part: int = 0) -> str:
        """The id of a fact's resource, or of what has a name of its own."""
        return (self.of_row(int(fact.path)) if fact else self.of(name)) + (f".{part}" if part else "")

    def of_row(self, row: int) -> str:
        """The id of the fact of a row."""
        return self.of(str(self._roots.get(row, row)))

    def of(self, name: str) -> str:
        """The id of what is called so."""
        return f"{self.patient}.{self._ring.digest(name, f'fhir.{self.patient}')[:_SIGNS]}"

    def address(self, kind: str, name: str, fact: Fact | None, part: int = 0) -> str:
        """The address relative to the base."""
        return f"{kind}/{self.patient if kind == 'Patient' else self.id(name, fact, part)}"


def pseudonym_in(id: str) -> str:
    """The pseudonym that an id begins with."""
    return id.partition(".")[0]
