"""The sources that a page cites: named briefly where they are cited, in full once at the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from openpoems.knowledge.model import Reference
from openpoems.knowledge.store import knowledge
from openpoems.reports.wording import reference

_CHECKED = {"primary": "", "secondary": _("second-hand"), "none": _("recalled")}
_LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation: the id of its source, its short name, the place in it, how far it was checked ("" the source)."""

    ref: str
    name: str
    where: str
    checked: Any


@dataclass(frozen=True, slots=True)
class Source:
    """A source in full, with the address where it can be read, if one is known."""

    ref: str
    says: str
    address: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What was cited so far, in order."""

    cited: dict[str, Reference] = field(default_factory=dict)

    def cite(self, citation: Mapping[str, str] | None) -> Cited | None:
        """A citation of the document, and note its source."""
        if citation is None:
            return None
        source = knowledge().references[citation["ref"]]
        self.cited[citation["ref"]] = source
        return Cited(citation["ref"], _name(source), citation["where"], _CHECKED[citation["verified"]])

    def listed(self) -> list[Source]:
        """Every source that was cited, by its name."""
        ordered = sorted(self.cited.items(), key=lambda each: _name(each[1]).casefold())
        return [Source(ref, reference(source), _address(source)) for ref, source in ordered]


def _name(source: Reference) -> str:
    """`Dispenzieri 2014`, or the beginning of the title where no author is known."""
    if source.authors:
        return " ".join(filter(None, (source.authors.split(" ")[0].rstrip(","), str(source.year or ""))))
    return source.title if len(source.title) <= _LONGEST_TITLE else f"{source.title[:_LONGEST_TITLE].rstrip()} …"


def _address(source: Reference) -> str:
    if source.doi:
        return f"https://doi.org/{source.doi}"
    if source.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
    return source.url
