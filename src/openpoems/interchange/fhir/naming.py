"""What resources are called, and how they point at each other: in a Bundle of its own, or on a server."""

import re
from typing import Protocol
from uuid import NAMESPACE_URL, uuid5

from openpoems.interchange.fhir.meanings import OWN
from openpoems.record.model import Fact

_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


class Naming(Protocol):
    """Gives each resource an id and an address. `part` numbers what one fact is told by beside its first resource.

    `inside` says that a specimen stands inside its result, and so needs neither.
    """

    inside: bool
    patient: str

    def id(self, name: str, fact: Fact | None, part: int = 0) -> str:
        """The id of a resource: `name` says its place in the record (`feature-3`)."""

    def address(self, kind: str, name: str, fact: Fact | None, part: int = 0) -> str:
        """What a reference to it says, which is its entry's `fullUrl` as well."""


class ByPlace:
    """Ids and addresses follow from the pseudonym and the place in the record: the same record, the same names."""

    inside = False

    def __init__(self, pseudonym: str) -> None:
        self._pseudonym = pseudonym
        self.patient = pseudonym if _ID.fullmatch(pseudonym) else str(self._uuid("patient"))

    def id(self, name: str, fact: Fact | None, part: int = 0) -> str:
        """The place."""
        return name

    def address(self, kind: str, name: str, fact: Fact | None, part: int = 0) -> str:
        """The place as a UUID."""
        return f"urn:uuid:{self._uuid(name)}"

    def _uuid(self, name: str) -> object:
        return uuid5(NAMESPACE_URL, f"{OWN}{self._pseudonym}/{name}")
