"""The day from which a record is looked at, and which of its facts were certainly known on it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from openpoems.record.model import Fact, Feature, PatientRecord, Treatment
from openpoems.record.time import PartialDate, When, days

Known = Literal["known", "later", "perhaps-later", "nowhere"]


@dataclass(frozen=True, slots=True, repr=False)
class Viewpoint:
    """One person's calendar up to a day; `looking_back` when that day is past.

    A fact counts when its last possible day is not after the day of the view; one without any date belongs to every
    view. One dated by an age, without a date of birth, is *nowhere* on the calendar: it counts in the view of what is
    known now, and in none that looks back.
    """

    birth: PartialDate | None
    last_day: int
    looking_back: bool

    @classmethod
    def of(cls, record: PatientRecord, as_of: date, today: date | None) -> "Viewpoint":
        """The view of a record on the day `as_of`; without `today` that day is today."""
        return cls(record.birth, as_of.toordinal(), today is not None and as_of < today)

    def days(self, when: When | None) -> tuple[int, int] | None:
        """The first and last day of a time, by this person's date of birth."""
        return days(when, self.birth)

    def known(self, fact: Fact) -> Known:
        """Whether a fact was certainly known on the day of the view, and if not, why."""
        when = known_when(fact)
        found = days(when, self.birth)
        if found is None:
            return "nowhere" if when is not None and self.looking_back else "known"
        if found[1] <= self.last_day:
            return "known"
        return "perhaps-later" if found[0] <= self.last_day else "later"

    def __repr__(self) -> str:
        return "<Viewpoint>"


def known_when(fact: Fact) -> When | None:
    """When a fact came to be known: when it was observed or done, else recorded, else when it began."""
    if isinstance(fact, Treatment):
        return fact.start or fact.provenance.recorded
    return fact.on or fact.provenance.recorded or (fact.onset if isinstance(fact, Feature) else None)
