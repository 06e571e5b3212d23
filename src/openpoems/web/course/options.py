"""Treatment as published, by setting: who reported what of whom; no advice, and no ranking.

Which settings are this person's is said by the document, and only where a finding or a turn of the course decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from openpoems.knowledge.evidence import Cohort, Study
from openpoems.knowledge.figures import phrase
from openpoems.knowledge.model import Citation
from openpoems.knowledge.store import knowledge
from openpoems.knowledge.words import worded
from openpoems.reports.options_page import given
from openpoems.web.course.sources import Cited, Sources

Json = Mapping[str, Any]
_ENDPOINTS = {
    "OS": _("alive"),
    "PFS": _("alive without progression"),
    "EFS": _("alive without event"),
    "RFS": _("alive without relapse"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One published number, with its interval where one was seen; `years` of a figure of survival."""

    what: Any
    figure: str
    interval: str = ""
    years: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """One publication's report: to whom, how many, what was given, what came of it."""

    name: str
    given: str
    population: str
    n: int
    figures: tuple[Figure, ...]
    notes: tuple[str, ...]
    cited: Cited | None


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; `decides` names what makes it this person's, and without it `cannot_tell` says why nothing does."""

    id: str
    name: str
    plain: str
    says: str
    decides: tuple[Any, ...]
    cannot_tell: str
    published: tuple[Published, ...]
    cited: Cited | None


def options(document: Json, sources: Sources) -> list[Setting]:
    """Every setting; none where neither the criteria are met nor the disease was diagnosed."""
    return [_setting(each, sources) for each in document["treatment_settings"] or ()]


def _setting(each: Json, sources: Sources) -> Setting:
    known = worded(knowledge())
    setting = known.settings[each["setting"]]
    studies = (_study(id, known.evidence.studies[id], sources) for id in setting.studies)
    cohorts = (_cohort(id, known.evidence.cohorts[id], sources) for id in setting.cohorts)
    return Setting(
        id=each["setting"],
        name=setting.name,
        plain=setting.plain,
        says=setting.says,
        decides=tuple(map(_word, each["because"])),
        cannot_tell=each["cannot_tell"] or "",
        published=(*studies, *cohorts),
        cited=sources.cite(each["source"]),
    )


def _word(name: str) -> Any:
    turns = {"relapse": _("a relapse that stands"), "progression": _("a progression that stands")}
    return turns.get(name) or worded(knowledge()).findings[name].name


def _study(id: str, study: Study, sources: Sources) -> Published:
    facts = [(each, knowledge().figures[f"{id}.{each.id}"]) for each in study.result]
    plain = [each.says for each, fact in facts if not phrase(fact)]
    return Published(
        name=study.name,
        given=given(study, knowledge()),
        population=", ".join(filter(None, (study.population, study.design))),
        n=study.n,
        figures=tuple(Figure(each.says, phrase(fact)) for each, fact in facts if phrase(fact)),
        notes=tuple(filter(None, (*plain, study.harm, study.note))),
        cited=_cite(study.cite, sources),
    )


def _cohort(id: str, cohort: Cohort, sources: Sources) -> Published:
    told = []
    for each in cohort.outcome:
        fact = knowledge().figures[f"{id}.{each.endpoint.lower()}-{each.years:g}y"]
        told.append(Figure(_ENDPOINTS[each.endpoint], phrase(fact), phrase(fact, "interval"), f"{each.years:g}"))
    return Published(
        name=cohort.name,
        given=cohort.treatment,
        population=", ".join(each for each in (cohort.place, cohort.period) if each != "not seen"),
        n=cohort.n,
        figures=tuple(told),
        notes=(cohort.note,) if cohort.note else (),
        cited=_cite(cohort.cite, sources),
    )


def _cite(cite: Citation, sources: Sources) -> Cited | None:
    return sources.cite({"ref": cite.ref, "where": cite.where, "verified": cite.verified})
