"""What is known of a record on a day, and what its codes and words name. Later facts do not exist here.

Which facts a day holds is told by `openpoems.record.viewpoint`, as in `openpoems.findings`. One without any date
belongs to every view, but has no place in time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import msgspec

from openpoems.findings.measured import measure_named
from openpoems.knowledge.index import plain_words
from openpoems.knowledge.store import Knowledge
from openpoems.record.model import Concept, Fact, Feature, Measurement, PatientRecord
from openpoems.record.time import When
from openpoems.record.viewpoint import Viewpoint
from openpoems.response.grades import grade_of, grades

Days = tuple[int, int]


@dataclass(frozen=True, repr=False)
class Told:
    """A feature with the findings it names and its words, read once."""

    feature: Feature
    findings: frozenset[str]

    @cached_property
    def words(self) -> str:
        """Its words in lower case, ` | ` between them."""
        return " | ".join(words_of(self.feature.concept))

    def __repr__(self) -> str:
        return "<Told>"


@dataclass(frozen=True, repr=False)
class View:
    """A record as it stood on a day, read with the knowledge."""

    record: PatientRecord
    knowledge: Knowledge
    viewpoint: Viewpoint

    def __repr__(self) -> str:
        return "<View>"

    def days(self, when: When | None) -> Days | None:
        """The first and last day of a time, by this person's date of birth."""
        return self.viewpoint.days(when)

    def known_days(self, when: When | None) -> Days | None:
        """The same for a time that was over by the day of the view; None for a later one."""
        found = self.days(when)
        return found if found and found[1] <= self.viewpoint.last_day else None

    def holds(self, fact: Fact) -> bool:
        """Whether the fact was certainly known on the day of the view."""
        return self.viewpoint.known(fact) == "known"

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """The features known on the day, with what they name."""
        return tuple(Told(each, self._findings_of(each)) for each in filter(self.holds, self.record.features))

    @cached_property
    def measurements(self) -> tuple[Measurement, ...]:
        """The results known on the day; the CTC grade of a sign is one of them."""
        return (*filter(self.holds, self.record.measurements), *self._grades())

    def _grades(self) -> Iterator[Measurement]:
        measures = self.knowledge.response.grade
        told = [each for each in self.told if not measures.keys().isdisjoint(each.findings)]
        graded = {id for each in told if grade_of(each.feature) is not None for id in each.findings}
        for each in told:
            for id in graded.intersection(each.findings, measures):
                yield from grades(each.feature, measures[id], over=self.known_days(each.feature.resolved) is not None)

    def measure_of(self, result: Measurement) -> str | None:
        """The measure a result is of, by its codes or words; None where openpoems knows none."""
        return measure_named(result, self.knowledge)

    def _findings_of(self, feature: Feature) -> frozenset[str]:
        """The findings a feature shows, or excludes when it says that it was not found."""
        index = self.knowledge.index
        table = index.excludes if feature.excluded else index.shows
        found = frozenset(id for c in feature.concept.codings for id in table.get(c.id, ()))
        if found:
            return found
        plain = map(plain_words, words_of(feature.concept))
        return frozenset(index.names[word] for word in plain if word in index.names)


def words_of(concept: Concept) -> list[str]:
    """The words of a concept in lower case, without hyphens: its text, its labels and openpoems' own words for it."""
    own = (c.id.removeprefix("OPENPOEMS:") for c in concept.codings if c.id.startswith("OPENPOEMS:"))
    texts = (concept.text, *(c.label for c in concept.codings), *own)
    return [word for text in texts for word in {text.strip().lower(), _spaced(text)} if word]


def content(fact: Fact) -> bytes:
    """A fact as bytes that order facts whatever order they came in; `path` is the last of them. Never shown."""
    return msgspec.json.encode(fact)


def _spaced(text: str) -> str:
    return " ".join(text.lower().replace("-", " ").split())
