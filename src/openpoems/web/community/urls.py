"""The community's addresses."""

from django.urls import path

from openpoems.web.community.views import answering, figures, involved, meeting, members, moderating, reading, writing

urlpatterns = [
    path("community/", members.front, name="community"),
    path("community/join/", members.join, name="community-join"),
    path("community/me/", members.me, name="community-me"),
    path("community/me/place/", members.place, name="community-place"),
    path("community/me/leave/", members.leave, name="community-leave"),
    path("community/members/<uuid:other>/", members.show, name="community-member"),
    path("community/map/", members.the_map, name="community-map"),
    path("community/stories/", reading.stories, name="community-stories"),
    path("community/stories/feed.xml", reading.feed, name="community-feed"),
    path("community/stories/mine/", writing.mine, name="community-my-stories"),
    path("community/stories/<uuid:number>/", reading.story, name="community-story"),
    path("community/stories/<uuid:number>/report/", reading.report, name="community-report"),
    path("community/stories/<uuid:number>/way/", writing.way, name="community-my-story"),
    path("community/stories/<uuid:number>/send/", writing.send, name="community-send"),
    path("community/stories/<uuid:number>/write/<slug:step>/", writing.write, name="community-write"),
    path("community/stories/<uuid:number>/keep/<slug:step>/", writing.keep, name="community-keep"),
    path("community/stories/<uuid:number>/<slug:deed>/", writing.act, name="community-my-story-act"),
    path("community/members/<uuid:other>/block/", reading.block, name="community-block"),
    path("community/like-me/", meeting.like_me, name="community-like-me"),
    path("community/like-me/wishes/<uuid:wish>/", meeting.answer, name="community-wish"),
    path("community/like-me/meetings/<int:number>/", meeting.meeting, name="community-meeting"),
    path("community/get-involved/", involved.show, name="get-involved"),
    path("community/figures/", figures.show, name="community-figures"),
    path("community/outcomes/", figures.outcomes, name="community-outcomes"),
    path("community/outcomes/tell/", figures.tell, name="community-outcome-new"),
    path("community/outcomes/<int:number>/", figures.tell, name="community-outcome"),
    path("people/<pseudonym>/make-it-count/", answering.mine, name="make-it-count"),
    path("people/<pseudonym>/make-it-count/<slug:name>/<int:number>/", answering.page, name="make-it-count-page"),
    path("people/<pseudonym>/make-it-count/<slug:name>/<int:number>/keep/", answering.keep, name="make-it-count-keep"),
    path("community/moderation/", moderating.desk, name="community-desk"),
    path("community/moderation/alerts/<int:number>/seen/", moderating.seen, name="community-alert-seen"),
    path("community/moderation/<uuid:number>/", moderating.look, name="community-moderate"),
    path("community/moderation/<uuid:number>/<slug:deed>/", moderating.act, name="community-moderate-act"),
]
