"""Tissue: `biosamples`, to what pathology says, to results, and to the procedure that obtained
the sample.

Diagnosis, grade, stage and markers of a sample are features on the basis of pathology, at the
sampled tissue, on the day it was taken.
"""

from dataclasses import replace
from typing import NamedTuple

from openpoems.interchange.phenopackets.actions import read_procedure
from openpoems.interchange.phenopackets.features import read_feature
from openpoems.interchange.phenopackets.measurements import read_measurements
from openpoems.interchange.phenopackets.shape import Block, Report, block, items, text
from openpoems.interchange.phenopackets.terms import concept, concept_of
from openpoems.interchange.phenopackets.times import when
from openpoems.interchange.values import specimen_of
from openpoems.record import Concept, Feature, Measurement, Procedure, When

_SINGLE = ("histologicalDiagnosis", "tumorProgression", "tumorGrade", "pathologicalStage")
_LISTS = ("pathologicalTnmFinding", "diagnosticMarkers")
_BIOSAMPLE = frozenset(
    {
        *_SINGLE,
        *_LISTS,
        "id",
        "individualId",
        "description",
        "sampledTissue",
        "sampleType",
        "phenotypicFeatures",
        "measurements",
        "timeOfCollection",
        "procedure",
    }
)


class Sample(NamedTuple):
    """What one biosample holds."""

    features: tuple[Feature, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    procedures: tuple[Procedure, ...] = ()


def read_biosample(value: object, path: str, report: Report, person: str) -> Sample:
    """Read a biosample; one that is said to be of another person is an error, and not used."""
    found = block(value, _BIOSAMPLE, path, report)
    text(found, "id", path, report)
    whose = text(found, "individualId", path, report)
    if whose and person and whose != person:
        message = "the sample is of another person than the subject, and was not used"
        report.error(f"{path}.individualId", message)
        return Sample()
    notes = [text(found, "description", path, report)]
    tissue = concept(found, "sampledTissue", path, report)
    taken = when(found, "timeOfCollection", path, report, notes)
    note = "; ".join(filter(None, notes))
    statements = [
        replace(feature, basis="pathology", site=tissue, on=taken, note=_joined(feature.note, note))
        for feature in _statements(found, path, report)
    ]
    specimen = _specimen(found, tissue, path, report)
    results = [
        replace(result, on=result.on or taken, note=_joined(result.note, note))
        for place, each in items(found, "measurements", path, report)
        for result in read_measurements(each, place, report, specimen)
    ]
    done = _procedures(found, path, report, taken, tissue)
    if not (statements or results or done):
        report.information(path, "the sample says nothing that openpoems uses")
    return Sample(tuple(statements), tuple(results), done)


def _statements(found: Block, path: str, report: Report) -> list[Feature]:
    terms = [(name, concept(found, name, path, report)) for name in _SINGLE if name in found]
    for name in _LISTS:
        for place, each in items(found, name, path, report):
            terms.append((place.removeprefix(f"{path}."), concept_of(each, place, report)))
    features = [
        Feature(
            said,
            category="disease" if name == "histologicalDiagnosis" else "phenotype",
            path=f"{path}.{name}",
        )
        for name, said in terms
        if said is not None
    ]
    for place, each in items(found, "phenotypicFeatures", path, report):
        feature = read_feature(each, place, report)
        if feature is not None:
            features.append(feature)
    return features


def _specimen(found: Block, tissue: Concept | None, path: str, report: Report) -> str:
    for said in (concept(found, "sampleType", path, report), tissue):
        for coding in said.codings if said else ():
            if specimen := specimen_of(coding.id) or specimen_of(coding.label):
                return specimen
        if said and said.text and (specimen := specimen_of(said.text)):
            return specimen
    return ""


def _procedures(
    found: Block, path: str, report: Report, taken: When | None, tissue: Concept | None
) -> tuple[Procedure, ...]:
    if "procedure" not in found:
        return ()
    done = read_procedure(found["procedure"], f"{path}.procedure", report)
    if done is None:
        return ()
    return (replace(done, on=done.on or taken, site=done.site or tissue),)


def _joined(*notes: str) -> str:
    return "; ".join(filter(None, notes))
