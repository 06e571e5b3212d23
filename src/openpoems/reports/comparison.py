"""A comparison with authors' diagnoses as Markdown: counts per edition, every disagreement, what was not reported."""

from collections.abc import Iterator

from openpoems.criteria.compare import FINALS, Comparison
from openpoems.criteria.explain import Status

STATUSES: tuple[Status, ...] = ("met", "undetermined", "not-met")


def comparison(result: Comparison, *, headline: str) -> str:
    """The report; `headline` is the edition whose undetermined people are listed one by one."""
    parts = (_counts(result), _disagreements(result), _undecided(result, headline))
    return "\n\n".join("\n".join(lines) for lines in map(list, parts)) + "\n"


def _counts(result: Comparison) -> Iterator[str]:
    finals = [f for f in FINALS if any(each.final == f for each in result.outcomes)]
    people = {each.patient for each in result.outcomes}
    yield f"{len(people)} records. Each cell: met / undetermined / not met."
    yield ""
    numbers = {f: len({e.patient for e in result.outcomes if e.final == f}) for f in finals}
    yield "| edition | " + " | ".join(f"authors: {f} (n = {numbers[f]})" for f in finals) + " |"
    yield "| --- |" + " --- |" * len(finals)
    for edition in result.editions:
        counts = result.counts(edition)
        cells = (" / ".join(str(counts[f, status]) for status in STATUSES) for f in finals)
        yield f"| {edition} | " + " | ".join(cells) + " |"


def _disagreements(result: Comparison) -> Iterator[str]:
    found = list(result.disagreements())
    yield "## Every disagreement"
    yield ""
    if not found:
        yield "None: no edition decided otherwise than the authors."
        return
    yield "The edition decided, and decided otherwise than the authors."
    yield ""
    yield "| record | authors | edition | conclusion | reason |"
    yield "| --- | --- | --- | --- | --- |"
    for each in sorted(found, key=lambda o: (o.patient, o.edition)):
        conclusion = each.status + (f" ({each.level})" if each.level else "")
        yield f"| {each.patient} | {each.final} | {each.edition} | {conclusion} | {each.reason} |"


def _undecided(result: Comparison, headline: str) -> Iterator[str]:
    waiting = list(result.undecided(headline))
    yield f"## POEMS to the authors, undetermined by {headline}"
    yield ""
    if not waiting:
        yield "None."
        return
    yield "The record does not report what the edition needs; the reason names it."
    yield ""
    yield "| record | reason |"
    yield "| --- | --- |"
    for each in sorted(waiting, key=lambda o: o.patient):
        yield f"| {each.patient} | {each.reason} |"
