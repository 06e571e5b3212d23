"""The community's addresses."""

from django.urls import path

from openpoems.web.community.views import members

urlpatterns = [
    path("community/", members.front, name="community"),
    path("community/join/", members.join, name="community-join"),
    path("community/me/", members.me, name="community-me"),
    path("community/me/place/", members.place, name="community-place"),
    path("community/me/leave/", members.leave, name="community-leave"),
    path("community/members/<uuid:other>/", members.show, name="community-member"),
    path("community/map/", members.the_map, name="community-map"),
]
