"""All knowledge in one frozen value, indexed by code for reading records."""

from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.resources.abc import Traversable

from msgspec import structs

from openpoems.errors import KnowledgeError, UnknownCriteria
from openpoems.knowledge import load, load_evidence
from openpoems.knowledge.answers import Answer
from openpoems.knowledge.drawing import told_throughout
from openpoems.knowledge.evidence import Evidence, Fact
from openpoems.knowledge.figures import all_figures
from openpoems.knowledge.index import CodeIndex, build_index
from openpoems.knowledge.model import (
    Agent,
    CriteriaSet,
    DiagnosticTest,
    Finding,
    LookAlike,
    Measure,
    ProcedureKind,
    PublishedDelay,
    Reference,
    Regimen,
)
from openpoems.knowledge.options import Setting
from openpoems.knowledge.prognosis import PrognosticModel
from openpoems.knowledge.response import Confounder, ResponseKnowledge


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of POEMS.

    `order` lists the findings so that each comes after those that bear on it, which `parts` names; `figures` are all
    published facts and figures, by the names that answers draw them by.
    """

    findings: dict[str, Finding]
    order: tuple[str, ...]
    parts: dict[str, tuple[str, ...]]
    measures: dict[str, Measure]
    agents: dict[str, Agent]
    procedures: dict[str, ProcedureKind]
    regimens: dict[str, Regimen]
    criteria: dict[str, CriteriaSet]
    tests: dict[str, DiagnosticTest]
    look_alikes: dict[str, LookAlike]
    delays: tuple[PublishedDelay, ...]
    references: dict[str, Reference]
    response: ResponseKnowledge
    confounders: dict[str, Confounder]
    evidence: Evidence
    figures: dict[str, Fact]
    answers: dict[str, Answer]
    prognosis: dict[str, PrognosticModel]
    settings: dict[str, Setting]
    hpo_release: str
    index: CodeIndex

    def edition(self, key: str) -> CriteriaSet:
        """The edition `id@edition`. Raises `UnknownCriteria`, which lists what there is."""
        if key not in self.criteria:
            raise UnknownCriteria(f"there is no edition {key!r}; there are: {', '.join(self.criteria)}")
        return self.criteria[key]

    def __hash__(self) -> int:
        return id(self)


@cache
def knowledge(root: Traversable = load.DATA) -> Knowledge:
    """Load the knowledge that ships with the package (or the folder given). Raises `KnowledgeError`."""
    findings = load.load_findings(root)
    measures = load.load_measures(root)
    release, terms = load.load_hpo(root)
    criteria, delays = _sorted(load.load_criteria(root)), load.load_delays(root)
    evidence, prognosis = load_evidence.load_evidence(root), load.load_prognosis(root)
    figures = all_figures(evidence, findings, delays, criteria, prognosis)
    return Knowledge(
        findings=findings,
        order=_order(findings),
        parts=_parts(findings),
        measures=measures,
        agents=load.load_agents(root),
        procedures=load.load_procedures(root),
        regimens=load.load_regimens(root),
        criteria=criteria,
        tests=load.load_tests(root),
        look_alikes={id: told_throughout(each, figures) for id, each in load.load_look_alikes(root).items()},
        delays=delays,
        references=load.load_references(root),
        response=_response(root, figures),
        confounders=load.load_confounders(root),
        evidence=evidence,
        figures=figures,
        answers=load_evidence.load_answers(root),
        prognosis=prognosis,
        settings=load.load_settings(root),
        hpo_release=release,
        index=build_index(findings, measures, terms),
    )


def _response(root: Traversable, figures: dict[str, Fact]) -> ResponseKnowledge:
    read = load.load_response(root)
    return structs.replace(
        read, normal=told_throughout(read.normal, figures), order=told_throughout(read.order, figures)
    )


def _sorted(criteria: dict[str, CriteriaSet]) -> dict[str, CriteriaSet]:
    """As a reader wants them: those in use before those superseded, each from the newest to the oldest."""

    def key(item: CriteriaSet) -> tuple[bool, int, str]:
        return item.status != "current", -int(item.edition), item.id

    return {each.key: each for each in sorted(criteria.values(), key=key)}


def _order(findings: dict[str, Finding]) -> tuple[str, ...]:
    graph = _parts(findings)
    for id, parts in graph.items():
        if undefined := sorted(set(parts) - findings.keys()):
            raise KnowledgeError(f"the finding {id} is composed of {', '.join(undefined)}, which is not defined")
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise KnowledgeError(
            f"findings are composed of each other in a circle: {' -> '.join(error.args[1])}"
        ) from error


def _parts(findings: dict[str, Finding]) -> dict[str, tuple[str, ...]]:
    return {
        id: (*f.any_of, *f.implied_by, *(each for r in f.remark for each in (*r.when_present, *r.when_excluded)))
        for id, f in findings.items()
    }
