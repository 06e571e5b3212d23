"""The addresses of `/fhir/`, and the page that takes the letter away in its form."""

from django.urls import path

from openpoems.web.fhir import pages, views

urlpatterns = [
    path("people/<pseudonym>/letter.json", pages.letter, name="letter-fhir"),
    path("fhir/metadata", views.metadata, name="fhir-metadata"),
    path("fhir/Patient/<pseudonym>", views.patient, name="fhir-patient"),
    path("fhir/Patient/<pseudonym>/$everything", views.everything, name="fhir-everything"),
    path("fhir/Patient/<pseudonym>/$summary", views.patient_summary, name="fhir-summary"),
    path("fhir/<kind>/_search", views.by_form, name="fhir-search-by-form"),
    path("fhir/<kind>/<id>", views.read, name="fhir-read"),
    path("fhir/<kind>", views.kind, name="fhir-search"),
    path("fhir/", views.base, name="fhir-base"),
    path("fhir", views.base, name="fhir-base-bare"),
]
