"""The place of attention in Django."""

from django.apps import AppConfig


class AttentionConfig(AppConfig):
    """Who of a centre's people needs attention."""

    name = "openpoems.web.attention"
    label = "attention"

    def ready(self) -> None:
        """A record is looked at again after each change of it."""
        from openpoems.web.attention import changes  # noqa: PLC0415 - needs the models

        changes.watch()
