"""The interface's place in Django."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What programs do for accounts."""

    name = "openpoems.web.api"
    label = "api"
