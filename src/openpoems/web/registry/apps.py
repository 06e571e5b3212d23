"""The registry's place in Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """People and their records."""

    name = "openpoems.web.registry"
    label = "registry"
