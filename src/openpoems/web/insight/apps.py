"""The insight's place in Django."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Assessments of records, and what is made of them."""

    name = "openpoems.web.insight"
    label = "insight"
