"""The audit's place in Django."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    """Prepares each connection, and puts the triggers in place after migrations."""

    name = "openpoems.web.audit"
    label = "audit"

    def ready(self) -> None:
        """Connect the two signals."""
        from openpoems.web.audit import context, triggers  # noqa: PLC0415 - models are not loaded before this

        connection_created.connect(context.prepare, dispatch_uid="audit.prepare")
        post_migrate.connect(triggers.install, dispatch_uid="audit.triggers")
