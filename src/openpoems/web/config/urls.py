"""Every address of the site; each view declares its right (see `accounts.gate`)."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("openpoems.web.portal.urls")),
    path("", include("openpoems.web.registry.urls")),
    path("", include("openpoems.web.insight.urls")),
    path("", include("openpoems.web.registry.urls_person")),
    path("", include("openpoems.web.registry.imports.urls")),
]
