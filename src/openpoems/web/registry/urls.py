"""The pages of a record, and those of a centre."""

from django.urls import path

from openpoems.web.registry.views import drafts, entry, judging, record, signs

urlpatterns = [
    path("people/<pseudonym>/", record.show, name="record"),
    path("people/<pseudonym>/all/<slug:kind>/", record.thing, name="record-thing"),
    path("people/<pseudonym>/about/", record.about, name="record-about"),
    path("people/<pseudonym>/add/", entry.choose, name="record-add"),
    path("people/<pseudonym>/add/<slug:kind>/", entry.add, name="record-add-kind"),
    path("people/<pseudonym>/add/<slug:kind>/<slug:of>/", entry.add, name="record-add-of"),
    path("people/<pseudonym>/signs/", signs.signs, name="record-signs"),
    path("people/<pseudonym>/facts/<int:pk>/", judging.fact, name="fact"),
    path("people/<pseudonym>/facts/<int:pk>/correct/", entry.correct, name="fact-correct"),
    path("people/<pseudonym>/facts/<int:pk>/take-back/", judging.take_back, name="fact-take-back"),
    path("people/<pseudonym>/facts/<int:pk>/verify/", judging.verify, name="fact-verify"),
    path("people/<pseudonym>/review/", judging.review, name="record-review"),
    path("people/<pseudonym>/prefer/", judging.prefer, name="record-prefer"),
    path("people/<pseudonym>/drafts/keep/<path:form>/", drafts.keep, name="draft-keep"),
    path("people/<pseudonym>/drafts/throw-away/<path:form>/", drafts.throw_away, name="draft-throw-away"),
]
