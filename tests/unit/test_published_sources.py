"""What the library prints as read in its source: the source can be found, and the day on which it was read is written."""

from datetime import date

import pytest

from openpoems.knowledge.store import knowledge
from openpoems.web.community.centres import experts


def printed():
    """Every row of published figures, with each of its citations."""
    evidence = knowledge().evidence
    for id, study in evidence.studies.items():
        yield f"study {id}", study.cite
    for id, cohort in evidence.cohorts.items():
        yield f"cohort {id}", cohort.cite
        yield from ((f"cohort {id}", outcome.cite) for outcome in cohort.outcome if outcome.cite)
    for id, trial in evidence.trials.items():
        yield f"trial {id}", trial.cite
        yield from ((f"trial {id}", cite) for cite in [trial.who_cite] if cite)
    for id, assay in evidence.assays.items():
        yield f"assay {id}", assay.cite
    for id, series in evidence.series.items():
        yield from ((f"series {id}", each.cite) for each in series.occurrence)
    for each in knowledge().delays:
        yield f"delay {each.says}", each.cite
    for one in experts():
        yield f"centre {one.id}", one.cite


@pytest.mark.parametrize(("row", "cite"), [pytest.param(*each, id=each[0]) for each in printed()])
def test_no_published_figure_lacks_its_source_nor_is_called_read_without_a_day(row, cite):
    reference = knowledge().references[cite.ref]
    assert cite.where
    if cite.verified != "primary":
        return
    assert (
        reference.doi or reference.pmid or reference.pmcid or reference.url or (reference.journal and reference.where)
    )
    assert reference.read is not None
    assert date(2026, 11, 1) <= reference.read <= date.today()  # noqa: DTZ011 - a day of the project's


def test_a_trial_names_a_source_of_its_own_only_for_whom_it_tells_of():
    assert not [id for id, each in knowledge().evidence.trials.items() if each.who_cite and not each.who]
