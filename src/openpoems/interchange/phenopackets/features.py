"""Signs and diseases: `phenotypicFeatures` and `diseases`, to features and back."""

from typing import Any

from openpoems.interchange.phenopackets.shape import Block, Report, block, flag, items, tell_nameless, text
from openpoems.interchange.phenopackets.terms import concept, reference, remark, remarks, term
from openpoems.interchange.phenopackets.times import element, when
from openpoems.record import Feature, Provenance

_FEATURE = frozenset(
    [
        "type",
        "excluded",
        "negated",
        "severity",
        "modifiers",
        "onset",
        "resolution",
        "evidence",
        "description",
    ]
)
_DISEASE = frozenset(
    [
        "term",
        "excluded",
        "onset",
        "resolution",
        "diseaseStage",
        "clinicalTnmFinding",
        "primarySite",
        "laterality",
    ]
)
_EVIDENCE = frozenset({"reference"})
_NOBODY = Provenance()


def read_feature(value: object, path: str, report: Report) -> Feature | None:
    """Read a phenotypic feature; None, with an error, where it does not say what was looked for."""
    found = block(value, _FEATURE, path, report)
    what = concept(found, "type", path, report)
    excluded = _excluded(found, path, report)
    if what is None or excluded is None:
        tell_nameless(value, "type", path, report)
        return None
    described = text(found, "description", path, report)
    notes = [described] if described else []
    if "modifiers" in found:
        notes.append(_labelled("modifier", remarks(found, "modifiers", path, report)))
    return Feature(
        concept=what,
        excluded=excluded,
        onset=when(found, "onset", path, report, notes),
        resolved=when(found, "resolution", path, report, notes),
        severity=concept(found, "severity", path, report),
        provenance=_provenance(found, path, report) if "evidence" in found else _NOBODY,
        note="; ".join(filter(None, notes)),
        path=path,
    )


def read_disease(value: object, path: str, report: Report) -> Feature | None:
    """Read a disease; None, with an error, where it has no term."""
    found = block(value, _DISEASE, path, report)
    what = concept(found, "term", path, report)
    excluded = flag(found, "excluded", path, report)
    if what is None or excluded is None:
        tell_nameless(value, "term", path, report)
        return None
    notes = [
        _labelled("stage", remarks(found, "diseaseStage", path, report)),
        _labelled("TNM", remarks(found, "clinicalTnmFinding", path, report)),
    ]
    if "laterality" in found:
        side = remark(found["laterality"], f"{path}.laterality", report)
        notes.append(_labelled("laterality", side))
    return Feature(
        concept=what,
        excluded=excluded,
        category="disease",
        onset=when(found, "onset", path, report, notes),
        resolved=when(found, "resolution", path, report, notes),
        site=concept(found, "primarySite", path, report),
        note="; ".join(filter(None, notes)),
        path=path,
    )


def write_feature(feature: Feature) -> dict[str, Any]:
    """Write a sign or symptom as a phenotypic feature."""
    written = {
        "type": term(feature.concept),
        "excluded": feature.excluded,
        "severity": term(feature.severity) if feature.severity else None,
        "onset": element(feature.onset),
        "resolution": element(feature.resolved),
        "description": feature.note,
    }
    if feature.provenance.document:
        written["evidence"] = [{"reference": {"description": feature.provenance.document}}]
    return {name: value for name, value in written.items() if value}


def write_disease(feature: Feature) -> dict[str, Any]:
    """Write a disease."""
    written = {
        "term": term(feature.concept),
        "excluded": feature.excluded,
        "onset": element(feature.onset),
        "resolution": element(feature.resolved),
        "primarySite": term(feature.site) if feature.site else None,
    }
    return {name: value for name, value in written.items() if value}


def _excluded(found: Block, path: str, report: Report) -> bool | None:
    # Version 1 of the schema said `negated`; not to read it would turn an exclusion into a finding.
    if "negated" not in found:
        return flag(found, "excluded", path, report)
    report.warning(f"{path}.negated", "this is version 1 of the schema; it was read as `excluded`")
    negated, excluded = (flag(found, name, path, report) for name in ("negated", "excluded"))
    return None if negated is None or excluded is None else negated or excluded


def _provenance(found: Block, path: str, report: Report) -> Provenance:
    documents = []
    for place, each in items(found, "evidence", path, report):
        evidence = block(each, _EVIDENCE, place, report)
        if "reference" in evidence:
            documents.append(reference(evidence["reference"], f"{place}.reference", report))
    return Provenance(document="; ".join(filter(None, documents)))


def _labelled(label: str, said: str) -> str:
    return f"{label}: {said}" if said else ""
