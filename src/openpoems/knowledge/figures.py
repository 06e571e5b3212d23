"""Every published figure by its name, whatever file it stands in, and how it is said.

`{fact}` a fact of `evidence/facts-*.toml` · `{cohort.os-5y}`, `{cohort.n}` · `{study.result}`, `{study.n}` ·
`{assay.limit}` · `{trial.n}` · `{delay.source}` · `{often.finding}` · `{cutoff.finding.specimen}` ·
`{edition.id-edition}`
"""

from collections.abc import Iterator, Mapping

from openpoems.knowledge.evidence import Assay, Cohort, Evidence, Fact, Study, Trial
from openpoems.knowledge.model import Citation, CriteriaSet, Finding, Form, PublishedDelay

Said = Iterator[tuple[str, Fact]]
# Between thousands: a comma there is a decimal sign to half of the readers.
_GAP = "\N{NARROW NO-BREAK SPACE}"


def all_figures(
    evidence: Evidence,
    findings: Mapping[str, Finding],
    delays: tuple[PublishedDelay, ...],
    criteria: Mapping[str, CriteriaSet],
) -> dict[str, Fact]:
    """Every fact and figure by its name."""
    found = dict(evidence.facts)
    for id, cohort in evidence.cohorts.items():
        found.update(_of_cohort(id, cohort))
    for id, study in evidence.studies.items():
        found.update(_of_study(id, study))
    for id, assay in evidence.assays.items():
        found[f"{id}.limit"] = _of_assay(assay)
    for id, trial in evidence.trials.items():
        found[f"{id}.n"] = _of_trial(trial)
    for delay in delays:
        found[f"delay.{delay.cite.ref}"] = _ranged(delay.says, delay.low, delay.high, delay.unit, delay.cite)
    for id, finding in findings.items():
        found.update(_of_finding(id, finding))
    for edition in criteria.values():
        found[f"edition.{edition.id}-{edition.edition}"] = Fact(says=edition.name, cite=edition.cite)
    return found


def _of_cohort(id: str, cohort: Cohort) -> Said:
    yield f"{id}.n", _count(f"{cohort.name}: people followed", cohort.n, cohort.cite)
    for each in cohort.outcome:
        yield (
            f"{id}.{each.endpoint.lower()}-{each.years:g}y",
            Fact(
                says=f"{cohort.name}: {each.endpoint} after {each.years:g} years",
                value=each.percent,
                low=each.low,
                high=each.high,
                unit="%",
                n=cohort.n,
                population=cohort.name,
                cite=each.cite or cohort.cite,
            ),
        )


def _of_study(id: str, study: Study) -> Said:
    yield f"{id}.n", _count(f"{study.name}: people treated", study.n, study.cite)
    for each in study.result:
        yield (
            f"{id}.{each.id}",
            Fact(
                says=f"{study.name}: {each.says}",
                value=each.value,
                low=each.low,
                high=each.high,
                unit=each.unit,
                n=study.n,
                population=study.name,
                cite=study.cite,
            ),
        )


def _of_assay(assay: Assay) -> Fact:
    says = f"{assay.laboratory}: upper limit of VEGF in {assay.specimen}"
    return Fact(says=says, value=assay.limit, unit=assay.unit, cite=assay.cite)


def _of_trial(trial: Trial) -> Fact:
    says = f"{trial.number}: {'planned' if trial.planned else 'taking part'}"
    return Fact(says=says, value=trial.n, unit="1", cite=trial.cite)


def _of_finding(id: str, finding: Finding) -> Said:
    for number, often in enumerate(finding.frequency):
        name = f"often.{id}" if number == 0 else f"often.{id}.{often.cite.ref}"
        yield name, _ranged(f"{finding.name}: how often", often.low, often.high, often.unit, often.cite)
    for cutoff in finding.measured:
        if cutoff.value is not None and cutoff.cite is not None:
            says = f"{finding.name}: cut-off in {cutoff.specimen or cutoff.measure}"
            amount = cutoff.value
            yield (
                f"cutoff.{id}.{cutoff.specimen or cutoff.measure}",
                Fact(says=says, value=amount.value, unit=amount.unit, cite=cutoff.cite),
            )


def _count(says: str, n: int, cite: Citation) -> Fact:
    return Fact(says=says, value=n, unit="1", cite=cite)


def _ranged(says: str, low: float, high: float, unit: str, cite: Citation) -> Fact:
    if low == high:
        return Fact(says=says, value=low, unit=unit, cite=cite)
    return Fact(says=says, low=low, high=high, unit=unit, cite=cite)


class Voice(Form, frozen=True, kw_only=True):
    """How figures are said in a language: amounts by their unit, two ends of a range, what cannot be told."""

    units: dict[str, str]
    between: str
    too_few: str
    gone: str


# The site puts its other languages in.
ENGLISH = Voice(
    units={
        "1": "{}",
        "%": "{} %",
        "mo": "{} months",
        "a": "{} years",
        "wk": "{} weeks",
        "d": "{} days",
        "mg": "{} mg",
        "10*-5": "{} in 100,000 people",
        "mm": "{} mm",
    },
    between="{} to {}",
    too_few="too few to say",
    gone="(a figure that is no longer held)",
)


def phrase(fact: Fact, part: str = "", voice: Voice = ENGLISH) -> str:
    """A figure in words: `58 %`, `12 to 16 months`; with `n` how many people, with `interval` its 95 % interval."""
    if part == "n":
        return _number(fact.n or 0)
    digits = 3 if fact.unit == "%" else 10  # a percentage of a few hundred people has no more
    said = voice.units.get(fact.unit, f"{{}} {fact.unit}")
    if fact.value is not None and part != "interval":
        return said.replace("{}", _number(fact.value, digits), 1)
    if fact.low is None or fact.high is None:
        return ""
    ends = voice.between.format(_number(fact.low, digits), _number(fact.high, digits))
    return said.replace("{}", ends, 1)


def _number(value: float, digits: int = 10) -> str:
    grouped = "," if value >= 10_000 else ""  # noqa: PLR2004 - a gap helps the eye
    return f"{value:{grouped}.{digits}g}".replace(",", _GAP).replace("-", "−")
