"""The addresses of the answers, for readers, programs, editors and reviewers."""

from django.urls import path

from openpoems.web.answers.views import desk, machines, reading, reviewing

urlpatterns = [
    path("answers/", reading.questions, name="questions"),
    path("answers/feed.xml", machines.feed, name="answers-feed"),
    path("answers/remarks/<str:token>/", reading.one_remark, name="remark"),
    path("answers/<slug:name>/", reading.question, name="question"),
    path("answers/<slug:name>/history/", reading.history, name="question-history"),
    path("answers/<slug:name>/remark/", reading.remark, name="question-remark"),
    path("search/", reading.find, name="search"),
    path("sitemap.xml", machines.site_map, name="sitemap"),
    path("robots.txt", machines.robots, name="robots"),
    path("desk/", desk.show, name="desk"),
    path("desk/new/", desk.new, name="desk-new"),
    path("desk/answers/<str:name>/", desk.one, name="desk-answer"),
    path("desk/answers/<str:name>/edit/", desk.edit, name="desk-edit"),
    path("desk/answers/<str:name>/step/", desk.step, name="desk-step"),
    path("desk/answers/<str:name>/review/", reviewing.review_answer, name="desk-review"),
    path("desk/answers/<str:name>/translate/<str:language>/", desk.translation, name="desk-translate"),
    path("desk/translations/<int:number>/", reviewing.one_translation, name="desk-translation"),
    path("desk/remarks/<int:number>/reply/", desk.reply_to, name="desk-reply"),
    path("desk/me/", reviewing.me, name="desk-me"),
    path("site/reviewers/", reviewing.reviewers, name="site-reviewers"),
    path("site/reviewers/<int:number>/", reviewing.decide, name="site-reviewer"),
]
