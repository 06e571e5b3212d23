"""The glossary's address."""

from django.urls import path

from openpoems.web.glossary import views

urlpatterns = [path("glossary/", views.show, name="glossary")]
