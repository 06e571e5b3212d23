"""Visits, as far as a record tells of them: days on which somebody was measured or examined."""

from collections.abc import Iterable

from openpoems.record.model import Feature, Measurement, PatientRecord
from openpoems.record.time import days

Days = tuple[int, int]


def visits(record: PatientRecord, last_day: int, together: int) -> tuple[Days, ...]:
    """The first and last day (ordinals) of each visit up to a day, in order.

    Days at most `together` days apart are one visit: blood is taken on one day and a scan made on another. Only
    what is dated to the day counts.
    """
    found: list[Days] = []
    for day in sorted(_days(record, last_day)):
        if found and day - found[-1][1] <= together:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return tuple(found)


def _days(record: PatientRecord, last_day: int) -> set[int]:
    facts: Iterable[Measurement | Feature] = (*record.measurements, *record.features)
    spans = (days(fact.on, record.birth) for fact in facts)
    return {span[0] for span in spans if span and span[0] == span[1] <= last_day}
