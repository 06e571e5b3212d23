"""The clinic's place in Django."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """A centre's pages."""

    name = "openpoems.web.clinic"
    label = "clinic"

    def ready(self) -> None:
        """Prepared exports are thrown away when somebody in them withdraws or is erased."""
        from openpoems.web.clinic import withdrawals  # noqa: PLC0415 - needs the models

        withdrawals.watch()
