"""What the pages of a record show, in plain words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openpoems.findings.measured import measure_named
from openpoems.knowledge.store import knowledge
from openpoems.quantities import Quantity
from openpoems.record.model import Agent, Concept, Event, Feature, Measurement, Procedure, ReferenceRange, Treatment
from openpoems.record.time import When
from openpoems.web.accounts.models import Membership, Role
from openpoems.web.registry.concepts import finding_of, measure_name, words_of
from openpoems.web.registry.conflicts import among, suspects
from openpoems.web.registry.dates import when_words
from openpoems.web.registry.documents import RecordFact
from openpoems.web.registry.forms.event import KINDS, is_first_contact
from openpoems.web.registry.forms.feature import BASES
from openpoems.web.registry.forms.fields import written
from openpoems.web.registry.guide import Group
from openpoems.web.registry.models import Draft, Fact, Person
from openpoems.web.registry.store import fact_of
from openpoems.web.registry.units import unit_words

_SPEAKERS = {
    "patient": _("the person"), "carer": _("a carer"), "clinician": _("a clinician"),
    "abstractor": _("an abstractor, from documents"), "laboratory": _("the laboratory"),
}  # fmt: skip
_MATERIALS = {"serum": _("serum"), "plasma": _("plasma"), "blood": _("blood"), "urine": _("urine")}
_SPECIMENS = {"serum": _("in serum"), "plasma": _("in plasma"), "blood": _("in blood"), "urine": _("in urine")}
# How many of one thing the page of a record shows; the page of that thing shows all.
_SHOWN = {Fact.Kind.FEATURE: 1, Fact.Kind.MEASUREMENT: 3}
_OTHERS_SHOWN = 25
_KINDS = (
    (Fact.Kind.EVENT, _("What happened"), _("Enter first when it began, and when it was called POEMS.")),
    (
        Fact.Kind.FEATURE,
        _("Signs and diseases"),
        _("Go through the list of signs once: found, not found, not looked for."),
    ),
    (Fact.Kind.MEASUREMENT, _("Results and scores"), _("Begin with the last VEGF, and with immunofixation.")),
    (Fact.Kind.TREATMENT, _("Drug treatment"), _("Enter each treatment with its drugs and when it began.")),
    (Fact.Kind.PROCEDURE, _("Transplantation, radiotherapy, biopsies"), _("Enter what was done, and when.")),
)


# Where each kind is added, behind the record's address.
_ADD = {
    Fact.Kind.EVENT: "add/#done", Fact.Kind.FEATURE: "signs/", Fact.Kind.MEASUREMENT: "add/#results",
    Fact.Kind.TREATMENT: "add/treatment/", Fact.Kind.PROCEDURE: "add/#done",
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """A fact in words: what it is about, what it says, when, and the rest."""

    title: str
    says: str
    when: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One fact as a page shows it."""

    pk: int
    place: str
    said: Said
    who: str
    entered: datetime
    verified: str
    state: str
    why: str
    entered_by: str = ""
    clashes: bool = False
    may_verify: bool = False
    counts: bool = True

    @property
    def label(self) -> str:
        """The fact in a line, for those who hear what a button is about."""
        return f"{self.said.title} {self.said.says} {self.said.when}"

    @property
    def speaker(self) -> str:
        """Who says so, as a sentence."""
        return gettext("Said by %(who)s.") % {"who": self.who}

    @property
    def standing(self) -> str:
        """Whether a clinician verified it, and who."""
        return gettext("verified by %(who)s") % {"who": self.verified} if self.verified else gettext("not verified")


@dataclass(frozen=True, slots=True, repr=False)
class Thing:
    """The facts about one thing; `more` counts those that are not shown."""

    title: str
    about: str
    lines: tuple[Line, ...]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.lines)


@dataclass(frozen=True, slots=True, repr=False)
class Kind:
    """The facts of one kind."""

    kind: str
    title: str
    empty: str
    add: str
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True, repr=False)
class RecordPage:
    """A record as a page shows it."""

    person: Person
    kinds: tuple[Kind, ...]
    drafts: tuple[Draft, ...]
    total: int
    conflicts: int
    unverified: int


def record_page(person: Person, user: Any, *, may_verify: bool) -> RecordPage:
    """The record: of each thing its latest facts. The number of queries does not depend on the number of facts."""
    current = person.facts.filter(state=Fact.State.CURRENT)
    light = current.order_by(F("last_day").desc(nulls_last=True), "-pk")
    things: dict[tuple[str, str], list[int]] = defaultdict(list)
    for pk, kind, about in light.values_list("pk", "kind", "about"):
        things[kind, about].append(pk)
    shown = {pk for (kind, _about), pks in things.items() for pk in pks[: _SHOWN.get(Fact.Kind(kind), _OTHERS_SHOWN)]}
    doubtful = set(suspects(current))
    rows = {row.pk: row for row in with_people(current.filter(pk__in=shown | doubtful))}
    groups = among(rows[pk] for pk in sorted(doubtful))
    clashing = {row.pk for group in groups for row in group}
    lines = {pk: line(rows[pk], user, clashes=pk in clashing, may_verify=may_verify) for pk in shown}
    return RecordPage(
        person=person,
        kinds=tuple(_kind(kind, title, empty, things, lines) for kind, title, empty in _KINDS),
        drafts=tuple(Draft.objects.filter(user=user, person=person).order_by("-saved")),
        total=sum(map(len, things.values())),
        conflicts=len(groups),
        unverified=unverified(person).count(),
    )


def with_people(rows: Any) -> Any:
    """Rows with everybody a line names."""
    return rows.select_related("by", "verified_by", "source")


def unverified(person: Person) -> Any:
    """The facts that no clinician verified, nor entered without taking them from a file."""
    clinicians = Membership.objects.filter(role__in=(Role.CLINICIAN, Role.LEAD)).values("user")
    current = person.facts.filter(state=Fact.State.CURRENT, verified_by=None)
    return current.exclude(source=None, by__in=clinicians)


def line(row: Fact, user: Any, *, clashes: bool = False, may_verify: bool = False) -> Line:
    """One row in words."""
    fact = fact_of(row)
    counts = row.state == Fact.State.CURRENT
    return Line(
        pk=row.pk,
        place=reverse("fact", args=[row.person_id, row.pk]),
        said=describe(fact),
        who=who_says(row, fact),
        entered=row.entered,
        verified=_name(row.verified_by) if row.verified_by else "",
        state=row.get_state_display(),
        why=row.why,
        entered_by=row.by.name if row.by else "",
        clashes=clashes,
        may_verify=may_verify and counts and row.verified_by_id is None and row.by_id != user.pk,
        counts=counts,
    )


def specimen_words(specimen: str | None) -> str:
    """A specimen as a page names it; one that is not known stays as it was written."""
    return str(_MATERIALS.get(specimen or "", specimen or ""))


def who_says(row: Fact, fact: RecordFact) -> str:
    """Who says so, and who entered it."""
    speaker = fact.provenance.said_by
    said = str(_SPEAKERS.get(speaker, speaker)) or gettext("somebody not named")
    if row.source is not None:
        return gettext("%(who)s; imported from %(source)s") % {"who": said, "source": row.source.name}
    if fact.provenance.document:
        return gettext("%(who)s; after %(document)s") % {"who": said, "document": fact.provenance.document}
    return said


def describe(fact: RecordFact) -> Said:
    """A fact in plain words."""
    match fact:
        case Measurement():
            return _result(fact)
        case Feature():
            return _feature(fact)
        case Treatment():
            return _treatment(fact)
        case Procedure():
            return _procedure(fact)
        case Event():
            return _event(fact)


def _result(fact: Measurement) -> Said:
    id = measure_named(fact, knowledge())
    title = measure_name(id) if id else words_of(fact.measure)
    said = words_of(fact.result)
    if fact.value:
        said = " ".join(
            filter(None, (f"{fact.comparator}{written(fact.value.value)}", unit_words(fact.value.unit), said))
        )
    normal = _normal(fact.reference)
    specimen = str(_SPECIMENS.get(fact.specimen, fact.specimen))
    details = (
        specimen or (gettext("serum or plasma: not said") if id == "vegf" else ""),
        normal,
        gettext("marked %s") % ", ".join(fact.flags) if fact.flags else "",
        fact.laboratory,
        fact.assay,
        fact.note,
    )
    return Said(
        title, said or gettext("no value (%s)") % fact.absent, when_words(fact.on), tuple(filter(None, details))
    )


def _normal(reference: ReferenceRange | None) -> str:
    if reference is None:
        return ""
    low, high = _amount(reference.low), _amount(reference.high)
    if low and high:
        same = reference.low.unit == reference.high.unit  # type: ignore[union-attr]  # both are there
        start = written(reference.low.value) if same else low  # type: ignore[union-attr]
        said = gettext("normal %(low)s to %(high)s") % {"low": start, "high": high}
    elif high:
        said = gettext("normal up to %s") % high
    else:
        return gettext("normal from %s") % low if low else gettext("normal range: %s") % reference.text
    # The laboratory's own text is worth its place where it says more than the two numbers.
    return f"{said} ({reference.text})" if any(map(str.isalpha, reference.text)) else said


def _amount(quantity: Quantity | None) -> str:
    return " ".join(filter(None, (written(quantity.value), unit_words(quantity.unit)))) if quantity else ""


def _feature(fact: Feature) -> Said:
    id = finding_of(fact.concept)
    title = gettext(knowledge().findings[id].name) if id else words_of(fact.concept)
    details = (
        gettext("began %s") % when_words(fact.onset) if fact.onset else "",
        gettext("ended %s") % when_words(fact.resolved) if fact.resolved else "",
        words_of(fact.site),
        words_of(fact.severity),
        gettext("known from %s") % BASES.get(fact.basis, fact.basis) if fact.basis else "",
        fact.note,
    )
    says = gettext("looked for, not found") if fact.excluded else gettext("present")
    return Said(title, says, when_words(fact.on), tuple(filter(None, details)))


def _treatment(fact: Treatment) -> Said:
    drugs = [_drug(agent) for agent in fact.agents]
    details = (
        ", ".join(drugs) if fact.regimen else "",
        gettext("%d cycles") % fact.cycles if fact.cycles is not None else "",
        fact.intent,
        fact.note,
    )
    return Said(fact.regimen or " + ".join(drugs), "", _between(fact.start, fact.end), tuple(filter(None, details)))


def _drug(agent: Agent) -> str:
    dose = f"{written(agent.dose.value)} {unit_words(agent.dose.unit)}" if agent.dose else ""
    return " ".join(filter(None, (_named(agent.drug), dose, agent.schedule, agent.route)))


def _procedure(fact: Procedure) -> Said:
    dose = f"{written(fact.dose.value)} {unit_words(fact.dose.unit)}" if fact.dose else ""
    details = (
        words_of(fact.site),
        gettext("%d sessions") % fact.fractions if fact.fractions is not None else "",
        gettext("after %s") % ", ".join(_drug(agent) for agent in fact.conditioning) if fact.conditioning else "",
        fact.note,
    )
    return Said(_named(fact.concept), dose, _between(fact.on, fact.end), tuple(filter(None, details)))


def _named(concept: Concept) -> str:
    """A concept in the reader's language, where its words are a name of the knowledge base."""
    words = words_of(concept)
    return gettext(words) if words else ""


def _event(fact: Event) -> Said:
    kind = str(KINDS["first-contact" if is_first_contact(fact) else fact.kind])
    title = words_of(fact.concept) if fact.kind == "other" and not is_first_contact(fact) else ""
    says = "" if title or is_first_contact(fact) else words_of(fact.concept)
    return Said(
        title or kind[:1].upper() + kind[1:], says, _between(fact.on, fact.end), tuple(filter(None, (fact.note,)))
    )


def _between(start: When | None, end: When | None) -> str:
    first, last = when_words(start), when_words(end)
    if first and last:
        return gettext("%(start)s to %(end)s") % {"start": first, "end": last}
    return first or (gettext("until %s") % last if last else "")


def _name(user: Any) -> str:
    return user.name or gettext("a clinician")


def _kind(
    kind: Fact.Kind, title: Any, empty: Any, things: dict[tuple[str, str], list[int]], lines: dict[int, Line]
) -> Kind:
    found = [
        Thing(lines[pks[0]].said.title, about, tuple(lines[pk] for pk in pks if pk in lines), len(pks))
        for (of, about), pks in things.items()
        if of == kind
    ]
    return Kind(kind, str(title), str(empty), _ADD[kind], tuple(found))


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be entered: its id and its name."""

    id: str
    name: str


def measures(groups: tuple[Group, ...]) -> list[tuple[str, list[Offer]]]:
    """The measures of the guide by their names."""
    return [(gettext(group.title), [Offer(id, measure_name(id)) for id in group.ids]) for group in groups]
