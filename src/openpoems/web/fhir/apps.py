"""The FHIR interface's place in Django."""

from django.apps import AppConfig


class FhirConfig(AppConfig):
    """Records as FHIR resources."""

    name = "openpoems.web.fhir"
    label = "fhir"
