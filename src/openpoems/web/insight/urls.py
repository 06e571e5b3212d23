"""What a record answers."""

from django.urls import path

from openpoems.web.insight import views

urlpatterns = [
    path("people/<pseudonym>/answers/", views.show, name="answers"),
    path("people/<pseudonym>/report/", views.report, name="report"),
    path("people/<pseudonym>/letter.pdf", views.letter, name="letter"),
    path("people/<pseudonym>/letter/links/", views.links, name="letter-links"),
    path("people/<pseudonym>/letter/links/<int:number>/close/", views.revoke, name="letter-link-close"),
    path("letter/<token>/", views.by_link, name="letter-by-link"),
]
