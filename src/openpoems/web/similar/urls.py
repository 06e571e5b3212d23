"""Similar people."""

from django.urls import path

from openpoems.web.similar import views

urlpatterns = [path("people/<pseudonym>/similar/", views.show, name="similar")]
