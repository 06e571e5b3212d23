"""The site's own place in Django: its commands and system checks."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """How the site is put together."""

    name = "openpoems.web.config"
    label = "site_config"

    def ready(self) -> None:
        """Register the checks."""
        from openpoems.web.config import checks  # noqa: F401, PLC0415 - importing registers them
