"""Who opened a record: the log, put so that the person can read it.

Entries of one actor on one day make one line: who it was, when, and what was read and changed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openpoems.web.accounts.models import Role, User
from openpoems.web.audit.models import Entry
from openpoems.web.registry.models import Person, Tie

READING, CHANGING = ("read", "list"), ("insert", "update", "delete")
OTHER = {"export": gettext_lazy("taken into an export without the name"), "erase": gettext_lazy("the record, erased")}
TAKEN = {"my-data": gettext_lazy("all the data, taken away as a file")}
# What stands in the log, in words: for reads the page's name, for changes the table's.
READ = {
    **dict.fromkeys(("record", "record-thing", "fact"), gettext_lazy("the record")),
    **dict.fromkeys(
        ("record-about", "record-add", "record-add-kind", "record-add-of", "record-signs", "fact-correct"),
        gettext_lazy("a form of the record"),
    ),
    **dict.fromkeys(("fact-take-back", "fact-verify"), gettext_lazy("an entry of the record")),
    **dict.fromkeys(("record-review", "record-prefer"), gettext_lazy("what is to be verified or decided")),
    **dict.fromkeys(("draft-keep", "draft-throw-away"), gettext_lazy("a form begun and not yet saved")),
    "answers": gettext_lazy("what the record answers"),
    "similar": gettext_lazy("people with a similar record"),
    **dict.fromkeys(
        ("make-it-count", "make-it-count-page", "make-it-count-keep"), gettext_lazy("questions that count for research")
    ),
    "report": gettext_lazy("the full report"),
    **dict.fromkeys(("course", "course-table"), gettext_lazy("the course")),
    "course-table-csv": gettext_lazy("the course, taken away as a table"),
    **dict.fromkeys(("letter", "letter-fhir"), gettext_lazy("the letter")),
    "letter-by-link": gettext_lazy("the letter, by its link"),
    **dict.fromkeys(("api-record", "api-facts", "api-series"), gettext_lazy("the record, by a program")),
    **dict.fromkeys(("api-assessment", "api-answers"), gettext_lazy("what the record answers, by a program")),
    **dict.fromkeys(("api-letter", "api-summary"), gettext_lazy("the letter, by a program")),
    "api-export": gettext_lazy("the whole record, by a program"),
    "api-identity": gettext_lazy("name and address, by a program"),
    "api-consents": gettext_lazy("consent, by a program"),
    "api-accesses": gettext_lazy("who opened the record, by a program"),
    "api-imports": gettext_lazy("imports, by a program"),
    **dict.fromkeys(("fhir-patient", "fhir-read", "fhir-everything"), gettext_lazy("the record, by a program")),
    "fhir-search": gettext_lazy("a search of the record, by a program"),
    "fhir-summary": gettext_lazy("the letter, by a program"),
    "api-people": gettext_lazy("the list of the centre's people, by a program"),
    **dict.fromkeys(("letter-links", "letter-link-close"), gettext_lazy("the links to the letter")),
    **dict.fromkeys(("person-imports", "person-import"), gettext_lazy("imports")),
    **dict.fromkeys(
        ("consent", "consent-receipt", "opt-out", "consent-decision", "paper-consent"), gettext_lazy("consent")
    ),
    "centre-choice": gettext_lazy("the choice of a centre"),
    **dict.fromkeys(("carers", "carer-end", "carer-invitation-end", "stop-caring"), gettext_lazy("carers")),
    "reminders": gettext_lazy("reminders"),
    **dict.fromkeys(
        ("make-it-count", "make-it-count-page", "make-it-count-keep"), gettext_lazy("a questionnaire of the community")
    ),
    "community-like-me": gettext_lazy("what is compared to meet somebody alike"),
    "centre-people": gettext_lazy("the list of the centre's people"),
    "centre-attention": gettext_lazy("the list of who needs attention at the centre"),
    "centre-quality": gettext_lazy("the list of what to look at in the centre's records"),
    "centre-follow-up": gettext_lazy("the list of what is due at the centre"),
    "centre-import": gettext_lazy("an import of the centre"),
    "identity": gettext_lazy("name and address"),
    "identity-change": gettext_lazy("name and address"),
    "accesses": gettext_lazy("who opened the record"),
    **dict.fromkeys(("my-data", "my-data-file"), gettext_lazy("the page on which all data are taken away")),
    "erase-record": gettext_lazy("the page on which a record is erased"),
}
CHANGED = {
    "registry_person": gettext_lazy("sex, year of birth, status or centre"),
    "registry_identity": gettext_lazy("name and address"),
    "registry_consent": gettext_lazy("consent"),
    "registry_fact": gettext_lazy("entries of the record"),
    "insight_letterlink": gettext_lazy("links to the letter"),
    "clinic_reminder": gettext_lazy("reminders"),
    "accounts_invitation": gettext_lazy("invitations"),
    "community_round": gettext_lazy("questionnaires begun and finished"),
    "community_compared": gettext_lazy("what is compared to meet somebody alike"),
    "community_rhythm": gettext_lazy("reminders of questionnaires"),
    "registry_draft": gettext_lazy("forms begun and not yet saved"),
    "registry_import": gettext_lazy("imports"),
    "registry_importrow": gettext_lazy("rows of imports"),
    "registry_tie": gettext_lazy("whose account the record belongs to"),
}


@dataclass(frozen=True, slots=True)
class Access:
    """What one actor did on one day: `first` and `last` are the times (UTC), `read` and `changed` sentences."""

    who: str
    role: str
    day: date
    first: datetime
    last: datetime
    read: tuple[str, ...]
    changed: tuple[str, ...]


def accesses(person: Person, viewer: User, *, days: int = 60) -> list[Access]:
    """The latest `days` days on which anything was done with a record, newest first."""
    found: dict[tuple[date, str], list[Entry]] = {}
    for entry in Entry.objects.filter(person=person.pk).order_by("-seq").iterator():
        day = _time(entry).date()
        if (day, entry.actor) not in found and len({d for d, _actor in found} | {day}) > days:
            break
        found.setdefault((day, entry.actor), []).append(entry)
    names = _names({actor for _day, actor in found}, person, viewer)
    return [_access(day, *names[actor], entries) for (day, actor), entries in found.items()]


def _access(day: date, who: str, role: str, entries: list[Entry]) -> Access:
    times = [_time(entry) for entry in entries]
    read = Counter(_word(READ, entry.place) for entry in entries if entry.action in READING)
    changed = Counter(_word(CHANGED, entry.place) for entry in entries if entry.action in CHANGING and _says(entry))
    other = {
        str(TAKEN.get(e.place, OTHER.get(e.action, e.action))) for e in entries if e.action not in (*READING, *CHANGING)
    }
    return Access(who, role, day, min(times), max(times), _counted(read), (*_counted(changed), *sorted(other)))


def _says(entry: Entry) -> bool:
    """Whether a change is one for people: that a record has a new revision says nothing of who it is about."""
    return (entry.action, entry.place, entry.columns) != ("update", "registry_person", "revision")


def _counted(words: Counter[str]) -> tuple[str, ...]:
    return tuple(
        word if n == 1 else ngettext("%(word)s, %(n)d time", "%(word)s, %(n)d times", n) % {"word": word, "n": n}
        for word, n in sorted(words.items())
    )


def _word(words: dict[str, Any], place: str) -> str:
    return str(words.get(place, place.removeprefix("registry_").replace("-", " ").replace("_", " ")))


def _time(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.at)


def _names(actors: Iterable[str], person: Person, viewer: User) -> dict[str, tuple[str, str]]:
    """Each actor's name and role, as this viewer reads them."""
    accounts = {str(user.public_id): user for user in User.objects.filter(public_id__in=_ids(actors))}
    ties = dict(Tie.objects.filter(person=person).values_list("user_id", "kind"))
    return {actor: _name(actor, accounts.get(actor), ties, viewer) for actor in actors}


def _ids(actors: Iterable[str]) -> list[str]:
    return [actor for actor in actors if _is_id(actor)]


def _is_id(actor: str) -> bool:
    try:
        UUID(actor)
    except ValueError:
        return False
    return True


def _name(actor: str, user: User | None, ties: dict[int, str], viewer: User) -> tuple[str, str]:
    if user is not None:
        return _name_of(user, viewer), _role(user, ties)
    if actor.startswith("command:"):
        return _("Whoever keeps this site"), actor.removeprefix("command:")
    if _is_id(actor):
        return _("An account that no longer exists"), ""
    plain = {"visitor": _("Somebody not signed in"), "database": _("Directly in the database, with no account named")}
    return plain.get(actor, actor), ""


def _name_of(user: User, viewer: User) -> str:
    if user.pk == viewer.pk:
        return _("You")
    return user.name or _("An account without a name")


def _role(user: User, ties: dict[int, str]) -> str:
    """What the account is to this person, else its roles with their centres."""
    if user.pk in ties:
        return _("the person") if ties[user.pk] == Tie.Kind.SELF else _("acts for the person")
    held = user.memberships.select_related("centre")
    return ", ".join(f"{Role(m.role).label}, {m.centre}" if m.centre else str(Role(m.role).label) for m in held)
