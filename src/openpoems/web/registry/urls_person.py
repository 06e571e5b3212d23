"""The pages about a person as such: who it is, who opened the record, erasing it."""

from django.urls import path

from openpoems.web.registry.views import accesses, identity

urlpatterns = [
    path("people/<pseudonym>/identity/", identity.show, name="identity"),
    path("people/<pseudonym>/identity/change/", identity.change, name="identity-change"),
    path("people/<pseudonym>/accesses/", accesses.show, name="accesses"),
]
