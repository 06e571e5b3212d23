"""Treatment as published, as a page of the documentation: every setting, its studies, its cohorts, their figures."""

from collections.abc import Iterator, Sequence

from openpoems.knowledge.evidence import Cohort, Study
from openpoems.knowledge.figures import phrase
from openpoems.knowledge.options import Setting
from openpoems.knowledge.store import Knowledge
from openpoems.language import gettext
from openpoems.reports.wording import citation

_HEAD = """# Treatment as published

What publications report of the treatment of POEMS syndrome, by the setting they report it in: what was given to
whom, how many they were, what came of it. No guideline is agreed. **Nothing here is advice, and no order is a
ranking**: the people of two publications differ, and most were not treated by lot. (Written by `tools/docs.py` from
`options.toml` and `evidence/`.)
"""


def options_page(knowledge: Knowledge) -> str:
    """The page as Markdown."""
    return "\n".join([_HEAD, *(line for each in knowledge.settings.values() for line in _setting(each, knowledge))])


def _setting(setting: Setting, knowledge: Knowledge) -> Iterator[str]:
    yield f"## {setting.name}\n"
    yield f"{setting.says} ({citation(setting.cite, knowledge.references)})\n"
    decided = [knowledge.findings[each].name for each in setting.marked_by]
    decided += [f"a {turn} that stands" for turn in setting.marked_by_turn]
    marked = f"Marked as a person's own by: {', '.join(decided)}. Otherwise: " if decided else ""
    yield f"{marked or 'Never marked as a person’s own. '}{setting.cannot_tell}\n"
    for id in setting.studies:
        yield from _study(id, knowledge.evidence.studies[id], knowledge)
    for id in setting.cohorts:
        yield from _cohort(id, knowledge.evidence.cohorts[id], knowledge)


def _study(id: str, study: Study, knowledge: Knowledge) -> Iterator[str]:
    yield f"### {study.name}\n"
    of = f"{study.population} (n = {study.n})" if study.population else f"n = {study.n}"
    yield f"Given: {given(study, knowledge)}. To: {of}. Design: {study.design}.\n"
    said = [(each.says, phrase(knowledge.figures[f"{id}.{each.id}"])) for each in study.result]
    yield from _table([(what, figure) for what, figure in said if figure])
    plain = [what for what, figure in said if not figure]
    notes = [*plain, *([f"Harm: {study.harm}"] if study.harm else []), *([study.note] if study.note else [])]
    yield from (f"{each.removesuffix('.')}.\n" for each in notes)
    yield f"Source: {citation(study.cite, knowledge.references)}\n"


def _cohort(id: str, cohort: Cohort, knowledge: Knowledge) -> Iterator[str]:
    yield f"### Followed: {cohort.name}\n"
    yield f"Given: {cohort.treatment}. To: people in {cohort.place}, period: {cohort.period} (n = {cohort.n}).\n"
    rows = []
    for each in cohort.outcome:
        fact = knowledge.figures[f"{id}.{each.endpoint.lower()}-{each.years:g}y"]
        interval = phrase(fact, "interval")
        rows.append((f"{each.endpoint} at {each.years:g} years", phrase(fact) + (f" ({interval})" if interval else "")))
    yield from _table(rows)
    if cohort.note:
        yield f"{cohort.note}\n"
    yield f"Source: {citation(cohort.cite, knowledge.references)}\n"


def given(study: Study, knowledge: Knowledge) -> str:
    """What a study gave: its drugs and procedures, and the dose."""
    names = [gettext(knowledge.agents[each].name) for each in study.agents]
    names += [gettext(knowledge.procedures[each].name) for each in study.procedures]
    return ", ".join(names) + (f" ({study.dose})" if study.dose else "")


def _table(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    if rows:
        yield "| what | figure |\n| --- | --- |"
        yield "\n".join(f"| {what} | {figure} |" for what, figure in rows) + "\n"
