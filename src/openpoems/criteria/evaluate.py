"""Evaluate a criterion for one person. This is the reference engine: every other one is compared with it."""

from collections.abc import Mapping
from typing import assert_never

from openpoems.knowledge.model import AtLeast, Criterion, Has, Not
from openpoems.logic import Truth, at_least


def evaluate(criterion: Criterion, findings: Mapping[str, Truth]) -> Truth:
    """Tell whether the criterion holds; a finding that is not in the mapping is unknown.

    >>> evaluate(AtLeast(1, (Has("ascites"), Has("papilloedema"))), {"ascites": Truth.FALSE})
    <Truth.UNKNOWN: 1>
    """
    match criterion:
        case Has(finding):
            return findings.get(finding, Truth.UNKNOWN)
        case Not(of):
            return ~evaluate(of, findings)
        case AtLeast(count, of):
            return at_least(count, (evaluate(each, findings) for each in of))
        case _:
            assert_never(criterion)
