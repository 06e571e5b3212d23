"""Prove what is known of prognosis and of treatment as published: names exist, figures are possible ones."""

from collections.abc import Callable, Container, Iterator

import msgspec

from openpoems.knowledge.places import Places
from openpoems.knowledge.prognosis import Interval, PrognosticFactor
from openpoems.knowledge.store import Knowledge
from openpoems.quantities import dimension, ucum

PROGNOSIS_FILE = "prognosis.toml"
OPTIONS_FILE = "options.toml"


def parts_of_published(known: Knowledge) -> Iterator[tuple[str, str, msgspec.Struct]]:
    """Every part that cites something, with its file and table."""
    yield from ((PROGNOSIS_FILE, id, each) for id, each in known.prognosis.items())
    yield from ((OPTIONS_FILE, id, each) for id, each in known.settings.items())


def _findings(known: Knowledge, places: Places) -> Iterator[str]:
    for id, model in known.prognosis.items():
        for factor in model.factor:
            if factor.finding and factor.finding not in known.findings:
                place = places.find(PROGNOSIS_FILE, id, factor.finding)
                yield f"{place}: the factor {factor.id} names the finding {factor.finding}, which is not defined"


def _settings(known: Knowledge, places: Places) -> Iterator[str]:
    tables: dict[str, Container[str]] = {
        "finding": known.findings,
        "study": known.evidence.studies,
        "cohort": known.evidence.cohorts,
    }
    for id, setting in known.settings.items():
        named = {"finding": setting.marked_by, "study": setting.studies, "cohort": setting.cohorts}
        for kind, names in named.items():
            for name in names:
                if name not in tables[kind]:
                    place = places.find(OPTIONS_FILE, id, name)
                    yield f"{place}: the setting {id} names the {kind} {name}, which is not defined"


def _factors(known: Knowledge, places: Places) -> Iterator[str]:
    for id, model in known.prognosis.items():
        if len({factor.id for factor in model.factor}) < len(model.factor):
            yield f"{places.find(PROGNOSIS_FILE, id)}: {id} has two factors of one id"
        wrong = [_wrong_interval(model.concordance, most=1), *(_wrong_factor(each) for each in model.factor)]
        yield from (f"{places.find(PROGNOSIS_FILE, id)}: {id} {each}" for each in wrong if each)


def _wrong_factor(factor: PrognosticFactor) -> str:
    if bool(factor.finding) == (factor.older_than is not None):
        return f"has a factor {factor.id} that must name either a finding or an age"
    if factor.older_than and (
        ucum(factor.older_than.unit) != factor.older_than.unit or dimension(factor.older_than.unit) != dimension("a")
    ):
        return f"has a factor {factor.id} whose age is in {factor.older_than.unit!r}, which is no time"
    if not 0 <= factor.p <= 1:
        return f"has a factor {factor.id} with an impossible p"
    return _wrong_interval(factor.hazard_ratio)


def _wrong_interval(each: Interval, most: float = float("inf")) -> str:
    if not 0 < each.low <= each.value <= each.high <= most:
        return f"has an estimate {each.value:g} outside its interval, {each.low:g} to {each.high:g}"
    return ""


RULES_OF_PUBLISHED: tuple[Callable[[Knowledge, Places], Iterator[str]], ...] = (_findings, _settings, _factors)
