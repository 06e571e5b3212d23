"""The pages of imports."""

from django.urls import path

from openpoems.web.registry.imports import mapping_views, views

urlpatterns = [
    path("people/<pseudonym>/imports/", views.of_person, name="person-imports"),
    path("people/<pseudonym>/imports/<int:number>/", views.person_import, name="person-import"),
    path("centres/<slug>/imports/", views.of_centre, name="centre-imports"),
    path("centres/<slug>/imports/<int:number>/", views.centre_import, name="centre-import"),
    path("centres/<slug>/mappings/", mapping_views.list_all, name="centre-mappings"),
    path("centres/<slug>/mappings/<int:number>/", mapping_views.edit, name="centre-mapping"),
]
