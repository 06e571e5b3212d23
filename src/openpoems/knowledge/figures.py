"""Every published figure by its name, whatever file it stands in, and how it is said.

`{fact}` a fact of `evidence/facts-*.toml` · `{cohort.os-5y}`, `{cohort.n}` · `{study.result}`, `{study.n}` ·
`{assay.limit}` · `{trial.n}` · `{delay.source}` · `{often.finding}` · `{series.finding}` ·
`{cutoff.finding.specimen}` · `{model.factor}`, `{model.n}` · `{edition.id-edition}`
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from openpoems.knowledge.evidence import Assay, Cohort, Evidence, Fact, Series, Study, Trial
from openpoems.knowledge.model import Citation, CriteriaSet, Finding, Form, PublishedDelay
from openpoems.knowledge.prognosis import PrognosticModel
from openpoems.quantities import Quantity

Said = Iterator[tuple[str, Fact]]
# Between thousands: a comma there is a decimal sign to half of the readers.
_GAP = "\N{NARROW NO-BREAK SPACE}"


def all_figures(
    evidence: Evidence,
    findings: Mapping[str, Finding],
    delays: tuple[PublishedDelay, ...],
    criteria: Mapping[str, CriteriaSet],
    prognosis: Mapping[str, PrognosticModel],
) -> dict[str, Fact]:
    """Every fact and figure by its name."""
    groups = (
        *(_of_cohort(id, each) for id, each in evidence.cohorts.items()),
        *(_of_study(id, each) for id, each in evidence.studies.items()),
        *(_of_model(id, each) for id, each in prognosis.items()),
        *(_of_series(id, each, findings) for id, each in evidence.series.items()),
        *(_of_finding(id, each) for id, each in findings.items()),
    )
    alone = {f"{id}.limit": _of_assay(each) for id, each in evidence.assays.items()}
    alone |= {f"{id}.n": _of_trial(each) for id, each in evidence.trials.items()}
    alone |= {f"delay.{each.cite.ref}": _of_delay(each) for each in delays}
    alone |= {f"edition.{e.id}-{e.edition}": Fact(says=e.name, cite=e.cite) for e in criteria.values()}
    return dict(evidence.facts) | alone | dict(chain.from_iterable(groups))


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
                after=Quantity(each.years, "a"),
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
                after=each.after,
                cite=study.cite,
            ),
        )


def _of_model(id: str, model: PrognosticModel) -> Said:
    yield f"{id}.n", _count(f"{model.name}: people", model.n, model.cite)
    for factor in model.factor:
        ratio = factor.hazard_ratio
        says = f"{model.name}: {factor.name}, hazard ratio for {model.predicts}"
        yield (
            f"{id}.{factor.id}",
            Fact(
                says=says,
                value=ratio.value,
                low=ratio.low,
                high=ratio.high,
                unit="1",
                n=model.n,
                population=model.population,
                cite=factor.cite,
            ),
        )


def _of_series(id: str, series: Series, findings: Mapping[str, Finding]) -> Said:
    for each in series.occurrence:
        name = findings[each.finding].name if each.finding in findings else each.finding
        says = f"{series.name}: {name}"
        yield f"{id}.{each.finding}", Fact(says=says, value=each.percent, unit="%", n=series.n, cite=each.cite)


def _of_assay(assay: Assay) -> Fact:
    says = f"{assay.laboratory}: upper limit of VEGF in {assay.specimen}"
    return Fact(says=says, value=assay.limit, unit=assay.unit, cite=assay.cite)


def _of_trial(trial: Trial) -> Fact:
    says = f"{trial.number}: {'planned' if trial.planned else 'taking part'}"
    return Fact(says=says, value=trial.n, unit="1", cite=trial.cite)


def _of_delay(delay: PublishedDelay) -> Fact:
    return _ranged(delay.says, delay.low, delay.high, delay.unit, delay.cite)


def _of_finding(id: str, finding: Finding) -> Said:
    for number, often in enumerate(finding.frequency):
        name = f"often.{id}" if number == 0 else f"often.{id}.{often.cite.ref}"
        yield name, _ranged(f"{finding.name}: how often", often.low, often.high, often.unit, often.cite, often.n)
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


def _ranged(says: str, low: float, high: float, unit: str, cite: Citation, n: int | None = None) -> Fact:
    if low == high:
        return Fact(says=says, value=low, unit=unit, n=n, cite=cite)
    return Fact(says=says, low=low, high=high, unit=unit, n=n, cite=cite)


class Voice(Form, frozen=True, kw_only=True):
    """How figures are said in a language: amounts by their unit, two ends of a range, what cannot be told."""

    units: dict[str, str]
    one: dict[str, str]
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
    one={"mo": "{} month", "a": "{} year", "wk": "{} week", "d": "{} day"},
    between="{} to {}",
    too_few="too few to say",
    gone="(a figure that is no longer held)",
)


def phrase(fact: Fact, part: str = "", voice: Voice = ENGLISH) -> str:
    """A figure in words: `58 %`, `12 to 16 months`; or the part of it that is named."""
    if part == "n":
        return _number(fact.n or 0)
    if part == "value":
        return _number(fact.value) if fact.value is not None else ""
    if part == "after":
        return _amount(fact.after.value, fact.after.unit, voice) if fact.after else ""
    if fact.value is not None and part != "interval":
        return _amount(fact.value, fact.unit, voice)
    if fact.low is None or fact.high is None:
        return ""
    digits = _digits(fact.unit)
    ends = voice.between.format(_number(fact.low, digits), _number(fact.high, digits))
    return _said_in(fact.unit, voice.units).replace("{}", ends, 1)


def _amount(value: float, unit: str, voice: Voice) -> str:
    units = voice.units | voice.one if value == 1 else voice.units
    return _said_in(unit, units).replace("{}", _number(value, _digits(unit)), 1)


def _said_in(unit: str, units: Mapping[str, str]) -> str:
    return units.get(unit, f"{{}} {unit}")


def _digits(unit: str) -> int:
    return 3 if unit == "%" else 10  # a percentage of a few hundred people has no more


def _number(value: float, digits: int = 10) -> str:
    grouped = "," if value >= 10_000 else ""  # noqa: PLR2004 - a gap helps the eye
    return f"{value:{grouped}.{digits}g}".replace(",", _GAP).replace("-", "−")
