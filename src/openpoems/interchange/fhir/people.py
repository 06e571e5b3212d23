"""Whose resources are whose: the persons of a document, and what their Patient resources say."""

from dataclasses import dataclass, field

from openpoems.errors import Issue, UnreadableInput
from openpoems.interchange.fhir.bundle import Element, Entry, Index
from openpoems.interchange.fhir.draft import Draft
from openpoems.interchange.fhir.elements import own_text, own_when
from openpoems.interchange.fhir.meanings import fields
from openpoems.interchange.values import read_date
from openpoems.record import Event, PartialDate
from openpoems.record.model import Sex

_SEXES: dict[str, Sex] = {
    "female": "female",
    "male": "male",
    "other": "other",
    "unknown": "unknown",
}
_KNOWN = fields("gender birthDate deceasedBoolean deceasedDateTime active")
_IDENTIFYING = fields(
    "name telecom address photo contact communication generalPractitioner managingOrganization link maritalStatus "
    "multipleBirthBoolean multipleBirthInteger"
)
_NOBODY = "unknown"


@dataclass(slots=True, repr=False)
class Person:
    """A person of the document: a pseudonym, the Patient resources, and what is theirs."""

    pseudonym: str
    patients: list[Entry] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


def people_of(entries: list[Entry], used: frozenset[str], index: Index, issues: list[Issue]) -> list[Person]:
    """Give each resource to its person. Raises `UnreadableInput` where nothing in the document is about a person."""
    people: dict[str, Person] = {}
    orphans: list[Entry] = []
    for entry in entries:
        if entry.kind == "Patient":
            people.setdefault(entry.key, Person(_pseudonym(entry, issues))).patients.append(entry)
    for entry in entries:
        if entry.kind in used:
            _give(entry, people, orphans, index, issues)
    if not people and not orphans:
        raise UnreadableInput("no resource of the document is about a patient in a way openpoems reads; add a Patient")
    _place_orphans(orphans, people, issues)
    _announce(people, issues)
    return list(people.values())


def _announce(people: dict[str, Person], issues: list[Issue]) -> None:
    if len(people) > 1:
        message = f"the document holds {len(people)} patients; each has a record, check that yours is the right one"
        issues.append(Issue("warning", "Patient", message))
    for person in people.values():
        if not person.patients:
            message = (
                "there is no Patient resource: sex and birth are unknown, and the reference was taken as pseudonym"
            )
            issues.append(Issue("warning", person.entries[0].at, message))


def owner_of(entry: Entry, index: Index) -> str:
    """The key of the person a resource is about, "" where it names nobody, and "-" where it is about something else."""
    written = _subject(entry) or (_subject(entry.host) if entry.host is not None else "")
    if not written:
        return ""
    found = index.find(written, entry)
    if found is not None and found.kind != "Patient":
        return "-"
    if found is not None:
        return found.key if found.host is None else f"#{_content(found.resource)}"
    kind, _, bare = written.rpartition("/")
    if kind and kind.rpartition("/")[2] != "Patient":
        return "-"
    return f"Patient/{bare.removeprefix('urn:uuid:').removeprefix('#')}"


def _subject(entry: Entry) -> str:
    reference = entry.resource.get("subject") or entry.resource.get("patient")
    written = reference.get("reference") if isinstance(reference, dict) else None
    return written if isinstance(written, str) else ""


def _content(patient: Element) -> str:
    # A Patient inside each of several resources is one person when it says the same each time.
    try:
        return repr(patient)
    except RecursionError:
        return str(id(patient))


def read_patient(entry: Entry, draft: Draft) -> None:
    """Add what a Patient resource says to the draft. Names, addresses and identifiers are left out on purpose."""
    resource, at = entry.resource, entry.at
    if not draft.unmodified(resource, at):
        return
    own = draft.own(resource)
    draft.left_over(entry, _KNOWN | _IDENTIFYING)
    if not _IDENTIFYING.isdisjoint(resource) or "identifier" in resource:
        draft.say("information", at, "what identifies the person was left out on purpose")
    if resource.get("link"):
        message = "the Patient is linked with another one; what stands under the other was not added here"
        draft.say("warning", f"{at}.link", message)
    _add_sex(resource.get("gender"), at, draft)
    _add_birth(resource.get("birthDate"), at, draft)
    draft.last_seen = draft.last_seen or own_when(own, "last-seen", at, draft.issues)
    listed = resource.get("extension")
    draft.references += tuple(
        each["valueString"]
        for each in (listed if isinstance(listed, list) else ())
        if isinstance(each, dict) and each.get("url") == "urn:openpoems:reference"
        if isinstance(each.get("valueString"), str)
    )
    _add_death(resource, at, draft)


def _add_death(resource: Element, at: str, draft: Draft) -> None:
    died, dead = resource.get("deceasedDateTime"), resource.get("deceasedBoolean")
    if died is not None:
        on = read_date(died, f"{at}.deceasedDateTime", draft.issues)
        draft.death = draft.death or Event("death", on=on, path=at)
    elif dead is True:
        draft.death = draft.death or Event("death", path=at)
    elif dead is not None and dead is not False:
        draft.say("error", f"{at}.deceasedBoolean", "true or false belongs here; it was not used")


def settle_death(draft: Draft) -> None:
    """Keep the death of the Patient resource, unless an event tells of it; say so where the two differ."""
    told = [event for event in draft.events if event.kind == "death"]
    death = draft.death
    if death is None:
        return
    if not told:
        draft.events.insert(0, death)
    elif death.on is not None and death.on not in {event.on for event in told}:
        draft.events.insert(0, death)
        draft.say(
            "warning",
            death.path,
            "the day of death differs from the one in an Observation; both were kept",
        )


def _add_sex(gender: object, at: str, draft: Draft) -> None:
    if gender is None:
        return
    sex = _SEXES.get(gender) if isinstance(gender, str) else None
    if sex is None:
        draft.say(
            "error",
            f"{at}.gender",
            "the gender is none of male, female, other and unknown; it was not used",
        )
    elif draft.sex not in {"unknown", sex} and sex != "unknown":
        draft.say("warning", f"{at}.gender", "two Patient resources differ here; the first was used")
    elif draft.sex == "unknown":
        draft.sex = sex


def _add_birth(written: object, at: str, draft: Draft) -> None:
    birth: PartialDate | None = None if written is None else read_date(written, f"{at}.birthDate", draft.issues)
    if birth is None:
        return
    if draft.birth is not None and draft.birth != birth:
        draft.say("warning", f"{at}.birthDate", "two Patient resources differ here; the first was used")
    draft.birth = draft.birth or birth


def _pseudonym(entry: Entry, issues: list[Issue]) -> str:
    listed = entry.resource.get("extension")
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and each.get("url") == "urn:openpoems:patient":
            return own_text({"patient": each}, "patient") or _NOBODY
    own = entry.resource.get("id")
    if isinstance(own, str) and own:
        return own
    issues.append(Issue("warning", entry.at, "the Patient has no id; give it one that is a pseudonym"))
    return entry.url.rpartition(":")[2].rpartition("/")[2] or _NOBODY


def _give(entry: Entry, people: dict[str, Person], orphans: list[Entry], index: Index, issues: list[Issue]) -> None:
    key = owner_of(entry, index)
    if key == "-":
        issues.append(Issue("warning", entry.at, "it is about something other than a patient; it was not used"))
    elif not key:
        orphans.append(entry)
    elif key in people:
        people[key].entries.append(entry)
    else:
        contained = index.find(_subject(entry) or "-", entry) if key.startswith("#") else None
        pseudonym = key.rpartition("/")[2] if contained is None else _pseudonym(contained, issues)
        people[key] = Person(pseudonym or _NOBODY, [contained] if contained is not None else [], [entry])
        if contained is None:
            message = "the patient it is about is not in the document; add the Patient resource"
            issues.append(Issue("warning", f"{entry.at}.subject", message))


def _place_orphans(orphans: list[Entry], people: dict[str, Person], issues: list[Issue]) -> None:
    if orphans and not people:
        people[""] = Person(_NOBODY)
    for entry in orphans:
        if len(people) == 1:
            message = "it does not say whose it is; it was given to the only patient of the document; give its subject"
            issues.append(Issue("warning", entry.at, message))
            next(iter(people.values())).entries.append(entry)
        else:
            message = "it does not say whose it is, and there are several patients; it was not used; give its subject"
            issues.append(Issue("error", entry.at, message))
