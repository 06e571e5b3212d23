"""A centre's pages."""

from django.urls import path

from openpoems.web.clinic.views import exports, followup, people, quality, reminders

urlpatterns = [
    path("people/<pseudonym>/reminders/", reminders.show, name="reminders"),
    path("centres/<slug:slug>/people/", people.show, name="centre-people"),
    path("centres/<slug:slug>/people/add/", people.add, name="centre-add-person"),
    path("centres/<slug:slug>/quality/", quality.show, name="centre-quality"),
    path("centres/<slug:slug>/follow-up/", followup.show, name="centre-follow-up"),
    path("centres/<slug:slug>/exports/", exports.show, name="centre-exports"),
    path("centres/<slug:slug>/exports/<int:number>/", exports.take, name="centre-export"),
]
