"""What the topics are called."""

from django.utils.translation import gettext_lazy

TOPIC_TITLES = {
    "understand": gettext_lazy("Understanding POEMS"),
    "diagnosis": gettext_lazy("Finding out"),
    "vegf": gettext_lazy("VEGF"),
    "treatment": gettext_lazy("Treatment"),
    "course": gettext_lazy("How it goes on"),
    "body": gettext_lazy("Body and everyday life"),
    "together": gettext_lazy("Your part, and your data"),
}
