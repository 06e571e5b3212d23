"""The form of treatment as published: the settings in which it was reported, in `options.toml`.

The order says nothing, and nothing is advice: a setting names who reported it, and the evidence holds whom they
treated, how many these were, and what came of it.
"""

from typing import Literal

from openpoems.knowledge.model import Citation, Form


class Setting(Form, frozen=True, kw_only=True):
    """A situation in which treatment was published, in the words of its source: the `studies` and `cohorts` of it.

    `marked_by` are the findings of which one present makes the setting this person's, `marked_by_turn` that a relapse
    or progression does. Nothing unmarks it: what a record cannot tell stays not known, and `cannot_tell` says why.
    """

    name: str
    plain: str
    says: str
    cannot_tell: str
    cite: Citation
    studies: tuple[str, ...] = ()
    cohorts: tuple[str, ...] = ()
    marked_by: tuple[str, ...] = ()
    marked_by_turn: tuple[Literal["relapse", "progression"], ...] = ()
