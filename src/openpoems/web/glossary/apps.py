"""The glossary's place in Django."""

from django.apps import AppConfig


class GlossaryConfig(AppConfig):
    """Terms at hand on every page."""

    name = "openpoems.web.glossary"
    label = "glossary"
