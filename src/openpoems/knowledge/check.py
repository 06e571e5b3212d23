"""Prove the knowledge: what it names is defined, what it cites exists, its codes and units are real ones.

Loading refuses what has the wrong form; this looks for what has the right form and is still wrong. Whether the worked
examples of the editions come out is proved by `openpoems.criteria.examples`, since that takes the engine.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from importlib.resources.abc import Traversable
from itertools import combinations
from typing import Any, Protocol, TypeAlias

import msgspec

from openpoems.codes import well_formed
from openpoems.errors import KnowledgeError
from openpoems.knowledge.check_answers import RULES_OF_ANSWERS, parts_of_evidence
from openpoems.knowledge.check_published import RULES_OF_PUBLISHED, parts_of_published
from openpoems.knowledge.check_response import RULES_OF_RESPONSE, parts_of_response
from openpoems.knowledge.load import DATA, HpoTerm, load_hpo
from openpoems.knowledge.model import Answered, Citation, Code, CriteriaSet, Cutoff, Finding
from openpoems.knowledge.places import Places
from openpoems.knowledge.store import Knowledge, knowledge
from openpoems.quantities import dimension, ucum

MOST_INVASIVE = 4
OUTCOMES = ("met", "not-met", "undetermined")

Rule: TypeAlias = Callable[[Knowledge, Places], Iterator[str]]


class _HasCodes(Protocol):
    """What a finding, a measure, a drug and a kind of procedure share."""

    @property
    def codes(self) -> tuple[Code, ...]: ...


def check(root: Traversable = DATA) -> list[str]:
    """Every problem of the knowledge in a folder, each a sentence that begins with its file and, where found, its line.

    An empty list is the proof. Knowledge that cannot even be loaded gives that one problem.
    """
    try:
        known = knowledge(root)  # type: ignore[arg-type] # a Traversable is hashable in fact
        terms = load_hpo(root)[1]
    except KnowledgeError as error:
        return [str(error)]
    places = Places(root)
    found = [problem for rule in RULES for problem in rule(known, places)]
    return [*found, *_ontology(known, terms, places)]


def unchecked(known: Knowledge) -> list[str]:
    """What is allowed and worth knowing: the editions whose rule nobody has checked against any source."""
    return [
        f"{key}: the rule is recalled and was not checked against any source ({criteria.cite.where})"
        for key, criteria in known.criteria.items()
        if criteria.cite.verified == "none"
    ]


def proved(known: Knowledge) -> str:
    """What an empty list of problems has proved, in one line."""
    codes = sum(len(each.codes) for table in _coded(known).values() for each in table.values())
    examples = sum(len(criteria.examples) for criteria in known.criteria.values())
    return (
        f"{len(known.criteria)} editions with {examples} worked examples, {len(known.findings)} findings, "
        f"{len(known.measures)} measures, {codes} codes, {len(known.answers)} answers on {len(known.figures)} facts "
        f"and {len(known.references)} references hold together."
    )


def _references(known: Knowledge, places: Places) -> Iterator[str]:
    cited = set()
    for folder, item, cite in _citations(known):
        cited.add(cite.ref)
        if cite.ref not in known.references:
            yield f"{places.find(folder, item, cite.ref, key='ref')}: cites {cite.ref}, which is not in references.toml"
    for ref in known.references.keys() - cited:
        yield f"{places.find('references.toml', ref)}: the reference {ref} is cited nowhere"


def _citations(known: Knowledge) -> Iterator[tuple[str, str, Citation]]:
    """Every citation, with the file or folder and the table it stands in."""
    tables = (("findings/", known.findings), ("tests.toml", known.tests), ("lookalikes.toml", known.look_alikes))
    for folder, table in tables:
        for id, item in table.items():
            yield from ((folder, id, cite) for cite in _within(item))
    yield from (("delay.toml", "", cite) for each in known.delays for cite in _within(each))
    parts_elsewhere = (*parts_of_response(known), *parts_of_evidence(known), *parts_of_published(known))
    yield from ((file, item, cite) for file, item, part in parts_elsewhere for cite in _within(part))
    for criteria in known.criteria.values():
        parts = (criteria.cite, *_own(criteria, known, "notes"), *_own(criteria, known, "caveats"))
        yield from ((_file(criteria), "", cite) for part in parts for cite in _within(part))


def _within(value: object) -> Iterator[Citation]:
    if isinstance(value, Citation):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _within(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _within(each)


def _findings_named(known: Knowledge, places: Places) -> Iterator[str]:
    for folder, item, use, finding in _uses(known):
        if finding not in known.findings:
            yield f"{places.find(folder, item, finding)}: {use} names the finding {finding}, which is not defined"


def _uses(known: Knowledge) -> Iterator[tuple[str, str, str, str]]:
    """Every finding named outside the findings (loading proves those inside): file, table, use, finding."""
    for id, test in known.tests.items():
        yield from (("tests.toml", id, f"the test {id}", f) for f in test.settles)
    for id, each in known.look_alikes.items():
        yield from (("lookalikes.toml", id, f"stated_as of {id}", f) for f in each.stated_as)
        yield from (("lookalikes.toml", id, f"a clue of {id}", clue.finding) for clue in each.clue)
    for criteria in known.criteria.values():
        file = _file(criteria)
        yield from ((file, "", "a group", f) for f in (() if criteria.adopts else criteria.findings))
        yield from ((file, "", "supportive", f) for f in _own(criteria, known, "supportive"))
        yield from ((file, "", "a caveat", caveat.finding) for caveat in _own(criteria, known, "caveats"))
        for example in _own(criteria, known, "examples"):
            yield from ((file, "", "an example", f) for f in (*example.present, *example.excluded))


def _cutoffs(known: Knowledge, places: Places) -> Iterator[str]:
    for id, finding in known.findings.items():
        judged: tuple[Cutoff | Answered, ...] = (*finding.measured, *finding.answered)
        for each in judged:
            place = places.find("findings/", id, each.measure)
            if each.measure not in known.measures:
                yield f"{place}: {id} is judged by the measure {each.measure}, which is not defined"
            elif isinstance(each, Cutoff):
                yield from (f"{place}: the cut-off of {id} {wrong}" for wrong in _wrong_cutoff(each, known))


def _wrong_cutoff(cutoff: Cutoff, known: Knowledge) -> Iterator[str]:
    if cutoff.value is None:
        if cutoff.against != "reference" or cutoff.standing != "laboratory":
            yield "has no value, so it must be against the laboratory's reference range"
        return
    if cutoff.against or cutoff.standing == "laboratory":
        yield "has a value, so it must say by what standing and not be against the reference range"
    if cutoff.cite is None:
        yield "has a value and no source"
    if ucum(cutoff.value.unit) != cutoff.value.unit:
        yield f"is in {cutoff.value.unit!r}, which is no unit of units.toml"
    elif dimension(cutoff.value.unit) != dimension(known.measures[cutoff.measure].unit):
        yield f"is in {cutoff.value.unit}, which cannot be compared with {known.measures[cutoff.measure].unit}"


def _units(known: Knowledge, places: Places) -> Iterator[str]:
    units = [("measures.toml", id, measure.unit) for id, measure in known.measures.items() if measure.unit]
    units += [("findings/", id, each.unit) for id, finding in known.findings.items() for each in finding.frequency]
    units += [("delay.toml", "", each.unit) for each in known.delays]
    for folder, item, unit in units:
        if ucum(unit) != unit:
            yield f"{places.find(folder, item, unit)}: {unit!r} is no unit of units.toml"


def _ranges(known: Knowledge, places: Places) -> Iterator[str]:
    for id, finding in known.findings.items():
        for each in finding.frequency:
            if not 0 <= each.low <= each.high <= 100 or each.unit != "%":  # noqa: PLR2004 - percentages
                place = places.find("findings/", id, each.population)
                yield f"{place}: a frequency of {id} is no range of percentages, low to high"
    for id, test in known.tests.items():
        if not 1 <= test.invasiveness <= MOST_INVASIVE:
            yield f"{places.find('tests.toml', id)}: the invasiveness of {id} is not from 1 to {MOST_INVASIVE}"


def _codes(known: Knowledge, places: Places) -> Iterator[str]:
    for folder, table in _coded(known).items():
        for id, item in table.items():
            for code, count in Counter(code.id for code in item.codes).items():
                if not well_formed(code):
                    yield f"{places.find(folder, id, code)}: {code} of {id} is of no known system, or malformed"
                if count > 1:
                    yield f"{places.find(folder, id, code)}: {code} stands {count} times under {id}"
        yield from _shared(folder, table, known, places)


def _shared(folder: str, table: Mapping[str, _HasCodes], known: Knowledge, places: Places) -> Iterator[str]:
    """A code that means exactly two things means neither, but where the one is a part of the other."""
    meant: dict[str, list[str]] = {}
    for id, item in table.items():
        for code in {code.id for code in item.codes if code.match == "exact"}:
            meant.setdefault(code, []).append(id)
    for code, ids in meant.items():
        for one, other in combinations(ids, 2):
            if other not in _parts(one, known) and one not in _parts(other, known):
                yield f"{places.find(folder, other, code)}: {code} is exact for {one} and {other}: it can be only one"


def _parts(id: str, known: Knowledge) -> set[str]:
    """The findings a finding is composed of or implied by, at any depth."""
    finding = known.findings.get(id)
    direct = (*finding.any_of, *finding.implied_by) if finding else ()
    return set(direct).union(*(_parts(part, known) for part in direct))


def _settled(known: Knowledge, places: Places) -> Iterator[str]:
    settled = {finding for test in known.tests.values() for finding in test.settles}
    for finding, key in _counted(known).items():
        for part in _leaves(finding, known) if finding not in settled else ():
            if part not in settled:
                place = places.find(_file(known.criteria[key]), "", finding)
                of = "" if part == finding else f"{part} of "
                yield f"{place}: {key} counts {finding}; no test of tests.toml settles {of}it"


def _leaves(id: str, known: Knowledge) -> Iterator[str]:
    """The findings that must all be excluded to exclude a finding: itself, where it is not composed of others."""
    finding = known.findings.get(id)
    parts = finding.any_of if finding else ()
    if not parts:
        yield id
    for part in parts:
        yield from _leaves(part, known)


def _counted(known: Knowledge) -> dict[str, str]:
    """The findings that editions with a rule of their own count, each with one such edition."""
    own = [criteria for criteria in known.criteria.values() if not criteria.adopts]
    return {finding: criteria.key for criteria in own for finding in criteria.findings}


def _examples(known: Knowledge, places: Places) -> Iterator[str]:
    for criteria in known.criteria.values():
        file, levels = _file(criteria), {level.name for level in criteria.levels}
        for outcome in () if criteria.adopts else OUTCOMES:
            if all(example.expect != outcome for example in criteria.examples):
                yield f"{file}: {criteria.key} has no worked example that comes out {outcome}"
        for example in _own(criteria, known, "examples"):
            place = places.find(file, "", example.says)
            wanted = levels if example.expect == "met" else {None}
            if example.level not in wanted:
                yield f"{place}: an example names {_level_words(example.level, criteria)}"
            if both := set(example.present) & set(example.excluded):
                yield f"{place}: an example states {', '.join(sorted(both))} as present and as excluded"


def _level_words(level: str | None, criteria: CriteriaSet) -> str:
    return f"the level {level}, which {criteria.key} then does not have" if level else "no level, and is met"


def _ontology(known: Knowledge, terms: dict[str, HpoTerm], places: Places) -> Iterator[str]:
    """The HPO codes of the findings against the part of the ontology that is shipped."""
    for id, finding in known.findings.items():
        for code in (code for code in finding.codes if code.id.startswith("HP:")):
            if wrong := _wrong_term(code, terms.get(code.id)):
                yield f"{places.find('findings/', id, code.id)}: {wrong}"
        yield from _exceptions(id, finding, terms, places)


def _wrong_term(code: Code, term: HpoTerm | None) -> str:
    if term is None or code.id not in term.under or code.id not in term.over:
        return f"{code.id} is not in hpo.tsv; run tools/hpo_closure.py"
    return "" if term.label == code.label else f"{code.id} is labelled {code.label!r}, in the ontology {term.label!r}"


def _exceptions(id: str, finding: Finding, terms: dict[str, HpoTerm], places: Places) -> Iterator[str]:
    own = {code.id for code in finding.codes}
    for code in set(finding.no_descendants_of) - own:
        place = places.find("findings/", id, code)
        yield f"{place}: {id} has {code} in no_descendants_of, which is none of its codes"
    for code in finding.not_excluded_by:
        if code not in terms or not own & set(terms[code].over):
            place = places.find("findings/", id, code)
            yield f"{place}: {id} has {code} in not_excluded_by, which lies above none of its codes"


def _coded(known: Knowledge) -> dict[str, Mapping[str, _HasCodes]]:
    return {
        "findings/": known.findings,
        "measures.toml": known.measures,
        "agents.toml": known.agents,
        "procedures.toml": known.procedures,
    }


def _own(criteria: CriteriaSet, known: Knowledge, part: str) -> tuple[Any, ...]:
    """A part of an edition, or nothing where it is that of the edition it adopts, and proved there."""
    adopted = known.criteria.get(criteria.adopts)
    own: tuple[Any, ...] = getattr(criteria, part)
    return () if adopted and own == getattr(adopted, part) else own


def _file(criteria: CriteriaSet) -> str:
    return f"criteria/{criteria.id}-{criteria.edition}.toml"


RULES: tuple[Rule, ...] = (
    _references,
    _findings_named,
    _cutoffs,
    _units,
    _ranges,
    _codes,
    _settled,
    _examples,
    *RULES_OF_RESPONSE,
    *RULES_OF_ANSWERS,
    *RULES_OF_PUBLISHED,
)
