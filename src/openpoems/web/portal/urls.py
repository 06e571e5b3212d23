"""The front pages."""

from django.urls import path

from openpoems.web.portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
]
