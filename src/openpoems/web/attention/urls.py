"""Who needs attention."""

from django.urls import path

from openpoems.web.attention import views

urlpatterns = [
    path("centres/<slug:slug>/attention/", views.show, name="centre-attention"),
    path("centres/<slug:slug>/attention/again/", views.again, name="centre-attention-again"),
]
