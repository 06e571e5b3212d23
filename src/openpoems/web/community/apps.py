"""The community's place in Django."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """The community."""

    name = "openpoems.web.community"
    label = "community"

    def ready(self) -> None:
        """Who withdraws, leaves or is erased counts nowhere from that moment on."""
        from openpoems.web.community import withdrawals  # noqa: PLC0415 - needs the models

        withdrawals.watch()
