"""Evidence: one fact of a record that speaks for or against a finding, and the rule by which it does."""

from dataclasses import dataclass
from typing import Literal

from openpoems.knowledge.model import Citation, Cutoff
from openpoems.language import gettext, gettext_noop
from openpoems.logic import Truth
from openpoems.record.model import Concept, Feature, Measurement
from openpoems.record.time import When

Kind = Literal["laboratory", "definition", "stated", "published", "default", "hint"]

# The stronger kind decides where two speak about the same time (docs/explanation/conflicts.md).
_STRENGTH: dict[Kind, int] = {"definition": 3, "laboratory": 3, "stated": 2, "published": 1, "default": 0, "hint": -1}


# What a record says of an examination, and who says so; whatever else stands there is its own word.
_ORIGINS = (
    gettext_noop("clinical"), gettext_noop("imaging"), gettext_noop("pathology"), gettext_noop("laboratory"),
    gettext_noop("neurophysiology"), gettext_noop("patient"), gettext_noop("carer"), gettext_noop("clinician"),
    gettext_noop("abstractor"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Evidence:
    """What one fact says: TRUE shows the finding, FALSE excludes it, UNKNOWN is a hint that is not counted.

    `kind` tells by what right: the *laboratory*'s own range or flag, the very *definition* of the finding, a person's
    *stated* observation, a *published* cut-off, a *default* of this software.
    """

    finding: str
    says: Truth
    kind: Kind
    fact: Feature | Measurement
    days: tuple[int, int] | None
    rule: Cutoff | None = None
    note: str = ""
    label: str = ""

    def __repr__(self) -> str:
        return "<Evidence>"

    @property
    def strength(self) -> tuple[int, bool]:
        """What outweighs what: the kind first, then whether somebody verified it."""
        return _STRENGTH[self.kind], bool(self.fact.provenance.verified_by)

    @property
    def what(self) -> str:
        """What was seen or measured, in the source's own words, else in those of the code."""
        concept = self.fact.concept if isinstance(self.fact, Feature) else self.fact.measure
        return words(concept, self.label)

    @property
    def value(self) -> str:
        """The result as reported, "present" or "excluded"."""
        return _stated(self.fact) if isinstance(self.fact, Feature) else result_text(self.fact)

    @property
    def result(self) -> str:
        """The value where it says more than that the finding is there."""
        return "" if isinstance(self.fact, Feature) and not self.fact.excluded else self.value

    @property
    def when(self) -> When | None:
        """When it was."""
        return when_seen(self.fact)

    @property
    def source(self) -> str:
        """Where it stands: its origin, and the place in the file."""
        return ", ".join(part for part in (self.origin, self.fact.path) if part)

    @property
    def origin(self) -> str:
        """Where it comes from, as a person would say it: document, laboratory or kind of examination, who said so."""
        said = self.fact.provenance
        laboratory = self.fact.laboratory if isinstance(self.fact, Measurement) else gettext(self.fact.basis)
        return ", ".join(part for part in (said.document, laboratory, gettext(said.said_by)) if part)

    @property
    def cite(self) -> Citation | None:
        """The source of the rule, where one was applied."""
        return self.rule.cite if self.rule else None


def when_seen(fact: Feature | Measurement) -> When | None:
    """When a fact was observed; a feature without that date is dated by its onset."""
    return fact.on or (fact.onset if isinstance(fact, Feature) else None)


def words(concept: Concept, known_as: str = "") -> str:
    """A concept in words with its code, `Lymphadenopathy (HP:0002716)`; `known_as` serves where no words were given."""
    coding = concept.codings[0] if concept.codings else None
    label = concept.text or (coding.label if coding else "") or known_as
    code = coding.id.removeprefix("OPENPOEMS:") if coding else ""
    if not label:
        return code
    return f"{label} ({code})" if code and code != label else label


def result_text(result: Measurement) -> str:
    """A result as a person would write it: `<31 pg/mL, plasma (upper limit 96.2 pg/mL)`."""
    parts = []
    if result.value is not None:
        unit = result.value.unit if result.value.unit not in {"1", "{score}", "{ratio}", "{interpretation}"} else ""
        parts.append(f"{result.comparator}{result.value.value:g} {unit}".strip())
    elif result.result is not None:
        parts.append(words(result.result))
    elif result.absent:
        parts.append(gettext("no value"))
    parts += [gettext(result.specimen)] if result.specimen else []
    text = ", ".join(parts) or gettext("no value")
    limits = []
    if result.reference and result.reference.low is not None:
        limits.append(gettext("lower limit %(limit)s") % {"limit": f"{result.reference.low.value:g}"})
    if result.reference and result.reference.high is not None:
        limits.append(gettext("upper limit %(limit)s") % {"limit": f"{result.reference.high.value:g}"})
    limits += [gettext("flag %(flag)s") % {"flag": flag} for flag in result.flags]
    return f"{text} ({', '.join(limits)})" if limits else text


def _stated(feature: Feature) -> str:
    return gettext("excluded") if feature.excluded else gettext("present")
