"""The library's addresses; each stays."""

from django.urls import path

from openpoems.web.library import views

urlpatterns = [
    path("library/", views.library, name="library"),
    path("library/<slug:kind>.csv", views.as_csv, name="library-csv"),
    path("library/<slug:kind>/", views.shelf, name="library-shelf"),
    path("library/<slug:kind>/<str:row>/", views.one, name="library-row"),
]
