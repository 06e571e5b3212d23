"""The pages of a record, and those of a centre."""

from django.urls import path

from openpoems.web.registry.views import record

urlpatterns = [
    path("people/<pseudonym>/", record.show, name="record"),
]
