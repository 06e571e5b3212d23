"""The answers' place in Django."""

from django.apps import AppConfig


class AnswersConfig(AppConfig):
    """Answers, their reviews, and what readers say of them."""

    name = "openpoems.web.answers"
    label = "answers"
