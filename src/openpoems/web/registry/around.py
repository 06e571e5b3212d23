"""The pages around a record that an account may open, for the record's page to offer."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openpoems.web.accounts import rights
from openpoems.web.registry.models import Person
from openpoems.web.registry.people import roles_on

# Each page's address, the right it asks for, and its name for people.
_PAGES = (
    ("answers", "view-record", _("What the record answers")),
    ("course", "view-record", _("Course")),
    ("letter", "view-record", _("Letter (PDF)")),
    ("letter-fhir", "view-record", _("Letter for systems (FHIR)")),
    ("letter-links", "share-letter", _("Share the letter by a link")),
    ("my-data", "export-record", _("Take all the data away")),
    ("person-imports", "write-record", _("Import results")),
    ("make-it-count", "answer-questions", _("Make it count")),
    ("identity", "view-identity", _("Who this is")),
    ("consent", "consent", _("Consent")),
    ("accesses", "view-accesses", _("Who opened the record")),
    ("erase-record", "erase-record", _("Erase the record")),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that can be opened: its address and its name."""

    address: str
    name: Any


def around(user: Any, person: Person) -> list[Page]:
    """The pages of this record that the account's roles reach, in the order in which people ask for them."""
    roles, known = roles_on(user, person), rights.rights()
    return [
        Page(reverse(page, args=[person.pseudonym]), name)
        for page, right, name in _PAGES
        if not roles.isdisjoint(known[right].reach)
    ]
