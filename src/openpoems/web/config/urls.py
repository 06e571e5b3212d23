"""Every address of the site; each view declares its right (see `accounts.gate`)."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("openpoems.web.portal.urls")),
    path("", include("openpoems.web.registry.urls")),
    path("", include("openpoems.web.insight.urls")),
    path("", include("openpoems.web.clinic.urls")),
    path("", include("openpoems.web.attention.urls")),
    path("", include("openpoems.web.similar.urls")),
    path("", include("openpoems.web.registry.urls_person")),
    path("", include("openpoems.web.registry.imports.urls")),
    path("", include("openpoems.web.api.urls")),
    path("", include("openpoems.web.fhir.urls")),
    path("", include("openpoems.web.glossary.urls")),
    path("", include("openpoems.web.community.urls")),
    path("", include("openpoems.web.course.urls")),
    path("", include("openpoems.web.answers.urls")),
    path("", include("openpoems.web.library.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("openpoems.web.demo.urls")))
