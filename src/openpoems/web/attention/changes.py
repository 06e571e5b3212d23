"""A record that changed is looked at again by the worker, once the change is stored."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save

from openpoems.web.registry.models import Fact, Import, Person


def watch() -> None:
    """Listen to what is stored; an import, and its undoing, store their facts without a signal for each."""
    for sender in (Person, Fact, Import):
        post_save.connect(_changed, sender=sender, dispatch_uid=f"attention-{sender._meta.model_name}")


def _changed(sender: Any, **_: Any) -> None:
    from openpoems.web.attention.tasks import look  # noqa: PLC0415 - the tasks need the models

    # The task names nobody: what waits for the worker must not outlive a person who is erased.
    # What was stored stays stored where it cannot be left to the worker now: the nightly look finds it.
    transaction.on_commit(look.enqueue, robust=True)
