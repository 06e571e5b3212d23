"""The facts of a record as resources: made once for each revision of the record, and kept.

What is not of the facts (who the person is, consent, the assessment) is told live (see `live`).
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Prefetch

from openpoems import __version__
from openpoems.findings.measured import measure_named
from openpoems.interchange.fhir.ips import category_of_measure
from openpoems.interchange.fhir.meanings import OWN, TERMS
from openpoems.interchange.fhir.writer import entries
from openpoems.knowledge.store import knowledge
from openpoems.record.model import PatientRecord
from openpoems.web.api.gate import gone
from openpoems.web.fhir.models import Rendered
from openpoems.web.fhir.naming import Kept
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.store import record_from

Resource = dict[str, Any]
_FIELDS = ("revision", "version", "resources")
_VERSION_SIGNS = 12


@dataclass(frozen=True, slots=True, repr=False)
class Whole:
    """A record as resources: its Patient (without who it is), and by type those of its facts, read only when asked for.

    `gone` are the ids of what no longer counts.
    """

    kinds: dict[str, msgspec.Raw]
    gone: frozenset[str]

    @property
    def patient(self) -> Resource:
        """The Patient."""
        return self.of("Patient")[0]

    def of(self, kind: str) -> list[Resource]:
        """The resources of one type, in the order of the record."""
        raw = self.kinds.get(kind)
        found: list[Resource] = [] if raw is None else msgspec.json.decode(raw)
        return found

    def facts(self) -> list[Resource]:
        """Every resource but the Patient."""
        return [each for kind in self.kinds if kind != "Patient" for each in self.of(kind)]

    def __repr__(self) -> str:
        return "<Whole>"


def rendered(people: Sequence[Person]) -> dict[str, Whole]:
    """The records of these people as resources; what is missing or old is made anew, whatever their number, at once.

    Raises `Refusal` where one of them was erased meanwhile.
    """
    kept = {row.person_id: row for row in Rendered.objects.filter(person__in=people)}
    stale = [person for person in people if not _is_fresh(kept.get(person.pk), person)]
    kept |= {row.person_id: row for row in _refresh(stale)}
    if any(person.pk not in kept for person in people):
        raise gone()
    return {person.pk: _open(kept[person.pk]) for person in people}


def _is_fresh(row: Rendered | None, person: Person) -> bool:
    return row is not None and row.revision == person.revision and row.version == __version__


def _open(row: Rendered) -> Whole:
    told = msgspec.json.decode(zlib.decompress(row.resources), type=dict[str, msgspec.Raw])
    return Whole(msgspec.json.decode(told["kinds"], type=dict[str, msgspec.Raw]), _gone(told["gone"]))


def _gone(raw: msgspec.Raw) -> frozenset[str]:
    return frozenset(msgspec.json.decode(raw, type=list[str]))


def _refresh(people: Iterable[Person]) -> list[Rendered]:
    pseudonyms = [person.pk for person in people]
    if not pseudonyms:
        return []
    rows = Prefetch("facts", Fact.objects.order_by("first_day", "pk"), to_attr="every")
    made = [_render(person) for person in Person.objects.filter(pk__in=pseudonyms).prefetch_related(rows)]
    with transaction.atomic():
        # Held, so that nobody is erased between: what is made of a record does not outlive it.
        there = Person.objects.select_for_update(no_key=True).filter(pk__in=pseudonyms).order_by("pk")
        still = set(there.values_list("pk", flat=True))
        made = [each for each in made if each.person_id in still]
        Rendered.objects.bulk_create(made, update_conflicts=True, unique_fields=["person"], update_fields=_FIELDS)
    return made


def _render(person: Person) -> Rendered:
    every: list[Fact] = person.every  # type: ignore[attr-defined]  # prefetched
    counting = [row for row in every if row.state == Fact.State.CURRENT]
    naming = Kept(person.pk, _roots(every))
    record = record_from(person, counting)
    changed = {naming.of_row(row.pk): row for row in counting}
    made = [_updated(each["resource"], changed) for each in entries(record, naming)]
    _say_categories(made, record, naming)
    gone = {naming.of_row(row.pk) for row in every} - changed.keys()
    kinds: dict[str, list[Resource]] = {}
    for each in made:
        kinds.setdefault(each["resourceType"], []).append(versioned(each))
    packed = zlib.compress(msgspec.json.encode({"kinds": kinds, "gone": sorted(gone)}))
    return Rendered(person=person, revision=person.revision, version=__version__, resources=packed)


def _roots(every: Iterable[Fact]) -> dict[int, int]:
    """For each row the first of the rows that stood in its place."""
    roots: dict[int, int] = {}
    for row in sorted(every, key=lambda each: each.pk):
        before = row.replaces_id
        roots[row.pk] = roots.get(before, before) if before else row.pk
    return roots


def _updated(resource: Resource, changed: dict[str, Fact]) -> Resource:
    """The resource with when it was last updated; a drug of a line with the line's."""
    pseudonym, _, rest = resource["id"].partition(".")
    row = changed.get(f"{pseudonym}.{rest.partition('.')[0]}")
    if row is None:
        return resource
    last: datetime = max(row.entered, row.verified or row.entered)
    meta: Resource = {"lastUpdated": last.isoformat(timespec="milliseconds")}
    if row.about in _names():
        meta["tag"] = [{"system": f"{OWN}codes", "code": row.about}]
    return {**resource, "meta": meta}


@cache
def _names() -> frozenset[str]:
    """The names of findings and measures, by which facts are found whatever code their source gave them."""
    return frozenset((*knowledge().findings, *knowledge().measures))


def _say_categories(made: list[Resource], record: PatientRecord, naming: Kept) -> None:
    """Say of each result what kind of observation it is, as people search for it."""
    by_id = {naming.id("", fact): fact for fact in record.measurements}
    for resource in made:
        result = by_id.get(resource["id"])
        if resource["resourceType"] == "Observation" and result is not None:
            code = category_of_measure(measure_named(result, knowledge()))
            resource["category"] = [{"coding": [{"system": f"{TERMS}/observation-category", "code": code}]}]


def versioned(resource: Resource) -> Resource:
    """The resource with a version that changes whenever anything of it does."""
    digest = hashlib.sha256(msgspec.json.encode(resource)).hexdigest()[:_VERSION_SIGNS]
    meta = {"versionId": digest, **resource.get("meta", {})}
    return {"resourceType": resource["resourceType"], "id": resource["id"], "meta": meta} | {
        key: value for key, value in resource.items() if key not in ("resourceType", "id", "meta")
    }
