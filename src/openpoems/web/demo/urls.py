"""The demo's own page; a real site does not have it."""

from django.urls import path

from openpoems.web.demo import views

urlpatterns = [path("", views.show, name="demo")]
