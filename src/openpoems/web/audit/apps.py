"""The audit's place in Django."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class AuditConfig(AppConfig):
    """Prepares each connection, and takes the triggers out of the way of migrations and puts them in place after."""

    name = "openpoems.web.audit"
    label = "audit"

    def ready(self) -> None:
        """Connect the signals."""
        from openpoems.web.audit import context, triggers  # noqa: PLC0415 - models are not loaded before this

        connection_created.connect(context.prepare, dispatch_uid="audit.prepare")
        pre_migrate.connect(triggers.make_way, dispatch_uid="audit.make_way")
        post_migrate.connect(triggers.install, dispatch_uid="audit.triggers")
