"""Worlds of the registry that are lived and undone, and what is published in them."""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from openpoems.disclosure import rule, shown
from openpoems.web.community.models import Cell
from openpoems.web.registry.consent import current_document
from openpoems.web.registry.models import Consent

RULES = {"map": "map", "figures": "statistics", "similar": "statistics"}


@contextmanager
def undone():
    """A world of its own: what is written in it is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def published():
    """Everything that is published, by kind, table, cell and part."""
    rows = Cell.objects.values_list("release__kind", "table", "cell", "part", "low", "high", "rounded")
    return {row[:4]: row[4:] for row in rows}


def step_of(said, kind):
    """On which step of its rule a number is told, from 1; 0 where it is hidden."""
    by = rule(RULES[kind])
    return 0 if said is None else 1 + (said[2] - shown(by.floor, by).rounded) // by.step


def agree(people, purposes):
    """Write down at once that these people agree to these purposes."""
    version = current_document().version
    Consent.objects.bulk_create(
        Consent(person=person, purpose=purpose, given=True, document=version, at=timezone.now())
        for person in people
        for purpose in purposes
    )
