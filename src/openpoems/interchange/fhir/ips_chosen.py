"""What of a record stands in a patient summary: what is there now, what is over, and the latest of each result."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from openpoems.criteria.assess import DiagnosisAssessment
from openpoems.findings.measured import measure_named
from openpoems.knowledge.store import Knowledge
from openpoems.record.model import Event, Feature, Measurement, PatientRecord
from openpoems.record.viewpoint import Viewpoint


@dataclass(frozen=True, slots=True, repr=False)
class Chosen:
    """The record as it was known on the day, without what was excluded and without results that later ones follow.

    `over` are the features of it that have ended.
    """

    record: PatientRecord
    over: frozenset[int]

    def __repr__(self) -> str:
        return "<Chosen>"


def chosen(assessment: DiagnosisAssessment, knowledge: Knowledge) -> Chosen:
    """Choose from the record of an assessment, as of its day."""
    whole = assessment.record
    view = Viewpoint.of(whole, assessment.as_of, assessment.today)
    known = {name: tuple(f for f in getattr(whole, name) if view.known(f) == "known") for name in _FACTS}
    there, over = _features(known["features"], view)
    features = (*_diagnoses(known["events"], there), *there, *over)
    record = replace(
        whole,
        features=features,
        measurements=_latest_results(known["measurements"], knowledge, view),
        treatments=known["treatments"],
        procedures=known["procedures"],
        events=tuple(event for event in known["events"] if event.kind == "death"),
        last_seen=None,
        references=(),
    )
    return Chosen(record, frozenset(range(len(features) - len(over), len(features))))


_FACTS = ("features", "measurements", "treatments", "procedures", "events")


def _diagnoses(events: tuple[Event, ...], features: tuple[Feature, ...]) -> Iterator[Feature]:
    """Diagnoses that were made, as diseases, where no feature says the same."""
    named = {feature.concept for feature in features}
    for event in events:
        if event.kind == "diagnosis" and event.concept is not None and event.concept not in named:
            named.add(event.concept)
            yield Feature(event.concept, category="disease", on=event.on, provenance=event.provenance)


def _features(features: tuple[Feature, ...], view: Viewpoint) -> tuple[tuple[Feature, ...], tuple[Feature, ...]]:
    """Each thing that was found, as it was told last: what is there, and what ended or was not found again.

    Where two statements stand on one day, the later of the record counts as the last.
    """
    last: dict[object, Feature] = {}
    seen: dict[object, Feature] = {}
    for feature in sorted(features, key=lambda each: view.days(each.on or each.onset) or (0, 0)):
        key = (feature.concept.codings or feature.concept.text, feature.site)
        last[key] = feature
        if not feature.excluded:
            seen[key] = feature
    over = [key for key in seen if last[key].excluded or last[key].resolved is not None]
    return tuple(seen[key] for key in seen if key not in over), tuple(seen[key] for key in over)


def _latest_results(results: tuple[Measurement, ...], knowledge: Knowledge, view: Viewpoint) -> tuple[Measurement, ...]:
    """The last of each measure in each specimen, laboratory and assay: never one in another's place."""
    latest: dict[object, Measurement] = {}
    for result in sorted(results, key=lambda each: view.days(each.on) or (0, 0)):
        if result.value is not None or result.result is not None:
            measure = measure_named(result, knowledge) or result.measure
            latest[measure, result.specimen, result.laboratory, result.assay] = result
    return tuple(sorted(latest.values(), key=lambda each: measure_named(each, knowledge) != "vegf"))
