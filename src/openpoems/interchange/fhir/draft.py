"""One person's record while it is being read: the facts so far, the issues, and what was left unused."""

from collections import Counter
from dataclasses import dataclass, field

from openpoems.errors import Issue, Severity
from openpoems.interchange.fhir.bundle import Element, Entry, Index
from openpoems.interchange.fhir.meanings import OWN, OWN_NAMES, use_of
from openpoems.record import Event, Feature, Measurement, PartialDate, Procedure, Treatment, When
from openpoems.record.model import Sex

_EVERYWHERE = {
    "resourceType", "id", "meta", "text", "language", "contained", "extension", "subject", "patient",
    "identifier", "implicitRules", "modifierExtension",
}  # fmt: skip


@dataclass(slots=True, repr=False)
class Line:
    """A treatment as read, whether it is a whole regimen, and the key of the statement it says it is part of."""

    treatment: Treatment
    key: str
    is_whole: bool
    part_of: str


@dataclass(slots=True, repr=False)
class Draft:
    """What the readers of single resources add to."""

    patient: str
    index: Index
    sex: Sex = "unknown"
    birth: PartialDate | None = None
    last_seen: When | None = None
    death: Event | None = None
    references: tuple[str, ...] = ()
    features: list[Feature] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    procedures: list[Procedure] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    unused: Counter[str] = field(default_factory=Counter)
    specimens: dict[str, tuple[str, When | None]] = field(default_factory=dict)

    def say(self, severity: Severity, at: str, message: str) -> None:
        """Add an issue."""
        self.issues.append(Issue(severity, at, message))

    def usable(self, entry: Entry) -> bool:
        """Tell whether a resource may be used, by its modifiers and its status; say so where it may not."""
        resource, at = entry.resource, entry.at
        if not self.unmodified(resource, at):
            return False
        kind = entry.kind
        written = resource.get("status")
        if written is None:
            self.say("warning", at, "the resource has no status; it was used as if it were final")
            return True
        status = written.strip().lower() if isinstance(written, str) else ""
        use = use_of(kind, status)
        if use == "used":
            return True
        if use == "noted":
            self.say("information", at, f"the status is {status}; it was used")
        elif use == "refused":
            severity: Severity = "warning" if status == "entered-in-error" else "information"
            self.say(severity, at, f"the status is {status}: nothing of it was used")
        elif use is None:
            self.say("error", at, "the status is none of FHIR R4; it was not used; give a status of R4")
        return use == "noted"

    def unmodified(self, element: Element, at: str) -> bool:
        """Tell whether nothing may change the meaning of an element; say so where something may."""
        if element.get("modifierExtension"):
            message = "a modifier extension may turn its meaning round, and openpoems knows none; it was not used"
        elif element.get("implicitRules"):
            message = "it says that it must be read by other rules (implicitRules); it was not used"
        else:
            return True
        self.say("error", at, message)
        return False

    def own(self, element: Element) -> dict[str, Element]:
        """Our own extensions of an element by name; those of others are counted as unused."""
        listed = element.get("extension")
        found: dict[str, Element] = {}
        for each in listed if isinstance(listed, list) else ():
            url = each.get("url") if isinstance(each, dict) else None
            if isinstance(url, str) and url.startswith(OWN) and url.removeprefix(OWN) in OWN_NAMES:
                found[url.removeprefix(OWN)] = each
            else:
                self.unused["extension " + (url[:120] if isinstance(url, str) else "without url")] += 1
        return found

    def left_over(self, entry: Entry, known: frozenset[str]) -> None:
        """Count the fields of a resource that no reader looks at."""
        for name in entry.resource:
            if name not in known and name not in _EVERYWHERE:
                self.unused[f"{entry.kind}.{name[:60]}"] += 1

    def follow(self, reference: Element, holder: Entry, at: str) -> Entry | None:
        """Find what a reference points at; one that points at nothing is a warning."""
        written = reference.get("reference")
        if not isinstance(written, str):
            return None
        found = self.index.find(written, holder)
        if found is None:
            self.say(
                "warning",
                at,
                "the reference points at nothing in this document; add the resource it names",
            )
        return found
