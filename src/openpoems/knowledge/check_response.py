"""Prove what is known of the course: what rules of response, alarms and confounders name exists and fits together."""

from collections.abc import Callable, Container, Iterator

import msgspec

from openpoems.knowledge.index import name_words
from openpoems.knowledge.places import Places
from openpoems.knowledge.response import AlarmRule, Bound, Change, Confounder, ResponseRule
from openpoems.knowledge.store import Knowledge
from openpoems.quantities import Quantity, dimension, ucum

RULES_FILE = "response.toml"
CONFOUNDERS_FILE = "confounders.toml"
REGIMENS_FILE = "regimens.toml"


def parts_of_response(known: Knowledge) -> Iterator[tuple[str, str, msgspec.Struct]]:
    """Every part that may cite something, with its file and table."""
    response = known.response
    yield RULES_FILE, "treatment", response.treatment
    yield RULES_FILE, "confirmation", response.confirmation
    yield from ((RULES_FILE, "rule", rule) for rule in response.rule.values())
    yield from ((RULES_FILE, "alarm", alarm) for alarm in response.alarm.values())
    yield from ((RULES_FILE, "normal", each) for each in response.normal)
    yield from ((RULES_FILE, "order", each) for each in response.order)
    yield from ((CONFOUNDERS_FILE, id, each) for id, each in known.confounders.items())


def _named(known: Knowledge, places: Places) -> Iterator[str]:
    tables: dict[str, Container[str]] = {
        "measure": known.measures,
        "finding": known.findings,
        "drug": known.agents,
        "procedure": known.procedures,
    }
    for file, item, user, kind, name in _names(known):
        if name and name not in tables[kind]:
            place = places.find(file, item, name)
            yield f"{place}: {user} names the {kind} {name}, which is not defined"


_Name = tuple[str, str, str, str, str]


def _names(known: Knowledge) -> Iterator[_Name]:
    """Every name used: file, table, user, kind, name."""
    given = known.response.treatment
    yield from ((RULES_FILE, "treatment", "treatment", "drug", name) for name in given.agents)
    yield from ((RULES_FILE, "treatment", "treatment", "procedure", name) for name in given.procedures)
    for id, regimen in known.regimens.items():
        yield from ((REGIMENS_FILE, id, f"the regimen {id}", "drug", name) for name in regimen.agents)
        yield from ((REGIMENS_FILE, id, f"the regimen {id}", "procedure", name) for name in regimen.procedures)
    for id, rule in known.response.rule.items():
        yield from ((RULES_FILE, "rule", f"the rule {id}", kind, name) for kind, name in _in_rule(rule))
    for id, alarm in known.response.alarm.items():
        yield RULES_FILE, "alarm", f"the alarm {id}", "measure", alarm.measure
    for finding, measure in known.response.grade.items():
        yield RULES_FILE, "grade", "a grade", "finding", finding
        yield RULES_FILE, "grade", "a grade", "measure", measure
    for each in known.response.normal:
        yield RULES_FILE, "normal", "a sentence beside a normal value", "measure", each.measure
    for id, confounder in known.confounders.items():
        yield from ((CONFOUNDERS_FILE, id, id, kind, name) for kind, name in _in_confounder(confounder))


def _in_rule(rule: ResponseRule) -> Iterator[tuple[str, str]]:
    yield "measure", rule.measure
    yield "finding", rule.finding
    for category in rule.category:
        yield from (("finding", name) for name in category.excluded)
        yield from (("measure", name) for name in (*category.negative, *category.positive))
    yield from (("finding", each.finding) for each in rule.progression)
    yield from (("procedure", name) for name in (rule.worsening.after if rule.worsening else ()))


def _in_confounder(each: Confounder) -> Iterator[tuple[str, str]]:
    yield from (("measure", name) for name in (*each.measures, *each.measured_above))
    yield from (("finding", name) for name in each.findings)
    yield from (("drug", name) for name in each.agents)


def _regimens(known: Knowledge, places: Places) -> Iterator[str]:
    """A short name stands for something or is in doubt, and means one thing only."""
    meant: dict[str, str] = {}
    for id, each in known.regimens.items():
        place = places.find(REGIMENS_FILE, id)
        if bool(each.doubt) == bool(each.agents or each.procedures):
            yield f"{place}: the regimen {id} must have either a doubt, or drugs and procedures"
        for word in (*(" ".join(name_words(word)).lower() for word in each.words), *each.exact):
            if meant.setdefault(word, id) != id:
                yield f"{place}: the regimens {meant[word]} and {id} share the name {word}"


def _shapes(known: Knowledge, places: Places) -> Iterator[str]:
    for id, rule in known.response.rule.items():
        yield from (f"{places.find(RULES_FILE, 'rule', rule.name)}: the rule {id} {wrong}" for wrong in _wrong(rule))
    for id, alarm in known.response.alarm.items():
        if wrong := _wrong_alarm(alarm):
            yield f"{places.find(RULES_FILE, 'alarm', alarm.name)}: the alarm {id} {wrong}"
    for id, each in known.confounders.items():
        if wrong := _wrong_confounder(each):
            yield f"{places.find(CONFOUNDERS_FILE, id)}: {id} {wrong}"


def _wrong(rule: ResponseRule) -> Iterator[str]:
    names = {category.name for category in rule.category}
    if names != set(rule.order) or len(set(rule.order)) != len(rule.order):
        yield "must rank each of its categories once in order"
    if rule.complete and rule.complete != rule.order[0]:
        yield "has a complete category that is not the best one"
    if not rule.measure and not rule.finding:
        yield "speaks of no measure and of no finding"
    for number, category in enumerate(rule.category):
        if category.otherwise and number != len(rule.category) - 1:
            yield f"has a category {category.name} with otherwise that is not the last one"
        if (category.was or category.now) and not rule.finding:
            yield f"has a category {category.name} about a finding it does not name"
        if not _conditions(category):
            yield f"has a category {category.name} without any condition"


def _directions(known: Knowledge, places: Places) -> Iterator[str]:
    """Every category points somewhere, and nothing else does."""
    response = known.response
    used = {category.name for rule in response.rule.values() for category in rule.category}
    place = places.find(RULES_FILE, "direction")
    for name in sorted(used ^ response.direction.keys()):
        wrong = "is a category that has no direction" if name in used else "has a direction and is no category"
        yield f"{place}: {name} {wrong}"


def _conditions(category: msgspec.Struct) -> bool:
    described = {"name", "says", "cite", "baseline"}
    return any(getattr(category, name) for name in category.__struct_fields__ if name not in described)


def _wrong_alarm(alarm: AlarmRule) -> str:
    if alarm.rise_percent is None and not alarm.after_normal:
        return "asks neither for a rise nor for a normal value before"
    if alarm.times not in {1, 2} or (alarm.times == 1) != (alarm.days_apart == 0):
        return "must ask for one value, or for two with days between them"
    return ""


def _wrong_confounder(each: Confounder) -> str:
    sources = (each.agents, each.findings, each.words, each.sample_words, each.measured_above)
    if not any(sources):
        return "can be seen by nothing: name drugs, findings, words or measures"
    if (each.window == "sample") != bool(each.sample_words):
        return "has the window sample, which is for words in the note of a sample and for nothing else"
    if each.days_before < 0 or each.days_after < 0 or (each.window in {"sample", "lasting"} and each.days_after):
        return "has a window that its days contradict"
    return ""


def _amounts(known: Knowledge, places: Places) -> Iterator[str]:
    for id, rule in known.response.rule.items():
        unit = known.measures[rule.measure].unit if rule.measure in known.measures else ""
        for amount in _quantities(rule):
            place = places.find(RULES_FILE, "rule", amount.unit)
            if ucum(amount.unit) != amount.unit:
                yield f"{place}: the rule {id} is in {amount.unit!r}, which is no unit of units.toml"
            elif dimension(amount.unit) != dimension(unit):
                yield f"{place}: the rule {id} is in {amount.unit}, which cannot be compared with {unit or 'no unit'}"


def _quantities(value: object) -> Iterator[Quantity]:
    if isinstance(value, Bound):
        yield value.value
    elif isinstance(value, Change):
        yield from [value.amount] if value.amount else []
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _quantities(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _quantities(each)


RULES_OF_RESPONSE: tuple[Callable[[Knowledge, Places], Iterator[str]], ...] = (
    _named,
    _regimens,
    _shapes,
    _directions,
    _amounts,
)
