"""Prognosis as text: each factor with what is known of it, and the sum of those that are there."""

import textwrap
from collections.abc import Iterator, Sequence

from openpoems.criteria.explain import ITEM_STATUS
from openpoems.findings.evidence import Evidence
from openpoems.language import gettext
from openpoems.reports.prognosis_words import count_words, no_survival, predictor_words
from openpoems.reports.wording import CHECKED, MARK
from openpoems.risk.prognosis import FactorState, PrognosisAssessment

WIDTH = 110


def prognosis_section(made: Sequence[PrognosisAssessment]) -> Iterator[str]:
    """The lines of the section `Prognosis`; none where there is no model for the person."""
    if not made:
        return
    yield gettext("Prognosis by published factors")
    for each in made:
        published = each.published
        checked = CHECKED[published.cite.verified]
        yield from _wrapped(f"{published.name} (n = {published.n}), {published.predicts}; {checked}", "  ")
        for state in each.factors:
            yield from _wrapped(_factor(state), "    ")
        yield from _wrapped(f"{count_words(each)}; {predictor_words(each)}. {no_survival()}", "  ")


def _factor(state: FactorState) -> str:
    status, ratio = ITEM_STATUS[state.truth], state.factor.hazard_ratio
    known = [*map(_fact, state.evidence[:1]), *([state.says] if state.says else [])]
    told = {
        "mark": MARK[status], "name": state.factor.name, "said": "; ".join(known) or gettext("not in the record"),
        "ratio": f"{ratio.value:g}", "low": f"{ratio.low:g}", "high": f"{ratio.high:g}",
    }  # fmt: skip
    return gettext("%(mark)s %(name)s (hazard ratio %(ratio)s, %(low)s to %(high)s): %(said)s") % told


def _fact(evidence: Evidence) -> str:
    when = f", {evidence.when}" if evidence.when else ""
    value = f" {evidence.result}" if evidence.result else ""
    return f"{evidence.what}{value}{when}"


def _wrapped(line: str, indent: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")
