"""The course's place in Django."""

from django.apps import AppConfig


class CourseConfig(AppConfig):
    """The page of one person's course."""

    name = "openpoems.web.course"
    label = "course"
