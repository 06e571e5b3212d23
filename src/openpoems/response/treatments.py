"""What was given, and when: the bars under a chart, and the start from which response is counted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from openpoems.findings.evidence import words
from openpoems.findings.treatments import Meaning, made_of, meaning
from openpoems.knowledge.store import Knowledge
from openpoems.language import gettext, gettext_noop
from openpoems.record.model import Procedure, Treatment
from openpoems.record.time import When
from openpoems.response.view import Days, View

NO_TREATMENT = gettext_noop("no treatment of the disease is recorded")


@dataclass(frozen=True, slots=True, repr=False)
class Bar:
    """One treatment: its name, the drugs and procedures it is made of, its days; `end` is None where none is known.

    `counts` tells whether it treats the disease, and so starts the counting of response; `doubt` what an ambiguous name
    could mean, which never counts. `mentions` are the drugs it names in any way, understood or not;
    `path` is where its fact stands, which tells no two bars apart.
    """

    name: str
    parts: frozenset[str]
    when: When | None
    start: Days | None
    end: Days | None
    counts: bool
    doubt: str = ""
    mentions: frozenset[str] = frozenset()
    path: str = field(default="", compare=False)

    def __repr__(self) -> str:
        return "<Bar>"

    @property
    def called(self) -> str:
        """Its name as a person reads it: one of ours in their language, any other as the record has it."""
        return gettext(self.name)

    @property
    def known(self) -> bool:
        """Whether it is known what was given, of the disease or not."""
        return bool(self.parts)


@dataclass(frozen=True, slots=True, repr=False)
class Start:
    """The days on which a treatment of the disease can have begun, the first one as a rule, or why they are not known.

    `after` is the last day on which a treatment before it can have begun: what was seen by then is not its baseline;
    `never` tells that the record holds no treatment that is, or may be, one of the disease.
    """

    days: Days | None
    why: str = ""
    after: int | None = None
    never: bool = False

    def __repr__(self) -> str:
        return "<Start>"


def bars(view: View) -> tuple[Bar, ...]:
    """Every treatment known on the day of the view, in order of time; those without a date come last."""
    found = {*_drugs(view), *_procedures(view)}
    return tuple(sorted(found, key=_position))


def _position(bar: Bar) -> tuple[bool, Days, str, Days, str]:
    undated = bar.start is None
    return undated, bar.start or (0, 0), bar.name, bar.end or (0, 0), f"{bar.when} {sorted(bar.parts)}"


def first_start(given: Iterable[Bar]) -> Start:
    """When treatment of the disease began first, as far as its dates tell."""
    given = tuple(given)
    counted = [bar for bar in given if bar.counts]
    starts = [bar.start for bar in counted if bar.start]
    if not counted:
        doubts = {"doubts": "; ".join(bar.doubt or _unknown_name(bar) for bar in given if not bar.known)}
        if doubts["doubts"]:
            return Start(None, gettext("no treatment of the disease is known for certain: %(doubts)s") % doubts)
        return Start(None, gettext(NO_TREATMENT), never=True)
    if len(starts) < len(counted):
        return Start(None, gettext("a treatment has no date, so that the first start is not known"))
    first = min(start[0] for start in starts), min(start[1] for start in starts)
    earlier = [bar.doubt for bar in given if bar.doubt and (bar.start is None or bar.start[0] < first[1])]
    if earlier:
        why = gettext("whether a treatment before was one of the disease is not known: %(doubts)s")
        return Start(None, why % {"doubts": "; ".join(earlier)})
    return Start(first)


def _unknown_name(bar: Bar) -> str:
    return gettext("the name %(name)s is not known") % {"name": bar.name or gettext("(none)")}


def _drugs(view: View) -> Iterator[Bar]:
    counted = _counted(view.knowledge)
    for line in filter(view.holds, view.record.treatments):
        known = made_of(line, view.knowledge)
        yield Bar(
            name=_name(line),
            parts=known.parts,
            when=line.start,
            start=view.days(line.start),
            end=view.known_days(line.end),
            counts=not known.parts.isdisjoint(counted),
            doubt=_doubt(known),
            mentions=known.mentions,
            path=line.path,
        )


def _procedures(view: View) -> Iterator[Bar]:
    counted = _counted(view.knowledge)
    for done in filter(view.holds, view.record.procedures):
        known = meaning(done.concept, view.knowledge)
        conditioning = [meaning(agent.drug, view.knowledge) for agent in done.conditioning]
        start = view.days(done.on)
        yield Bar(
            name=_procedure_name(done, known.parts, view),
            parts=known.parts.union(*(each.parts for each in conditioning)),
            when=done.on,
            start=start,
            end=view.known_days(done.end) or start,
            counts=not known.parts.isdisjoint(counted),
            doubt=_doubt(known),
            mentions=known.mentions.union(*(each.mentions for each in conditioning)),
            path=done.path,
        )


def _counted(knowledge: Knowledge) -> frozenset[str]:
    """The drugs and procedures that treat the disease; records file either under either."""
    rules = knowledge.response.treatment
    return frozenset((*rules.agents, *rules.procedures))


def _doubt(known: Meaning) -> str:
    if not known.doubts:
        return ""
    told = {"doubts": gettext(" and ").join(known.doubts)}
    return gettext("%(doubts)s: name the drugs, or the procedure") % told


def _name(line: Treatment) -> str:
    return line.regimen or " + ".join(words(agent.drug) for agent in line.agents)


def _procedure_name(done: Procedure, parts: frozenset[str], view: View) -> str:
    return done.concept.text or next(
        (view.knowledge.procedures[id].name for id in sorted(parts) if id in view.knowledge.procedures),
        words(done.concept),
    )
