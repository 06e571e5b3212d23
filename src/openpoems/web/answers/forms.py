"""The forms of editors and reviewers."""

from typing import Any

import msgspec
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from openpoems.knowledge.answers import Answer
from openpoems.knowledge.check_answers import problems
from openpoems.knowledge.store import knowledge
from openpoems.web.answers.markup import Unwritten, parsed
from openpoems.web.answers.topics import TOPIC_TITLES

_LONGEST = 40_000


def _lines(label: Any, rows: int, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=area, help_text=help_text, required=required, max_length=_LONGEST)


class AnswerForm(forms.Form):
    """One answer in plain lines; `answer` holds it once the form is valid."""

    answer: Answer | None = None
    rank = 100

    question = forms.CharField(label=_("Question"), max_length=200)
    also = _lines(_("Other ways to ask it"), 3, _("One a line; they help the search."), required=False)
    topic = forms.ChoiceField(label=_("Topic"), choices=list(TOPIC_TITLES.items()))
    short = _lines(
        _("Short answer"),
        4,
        _("At most 60 words. Draw a figure by its fact’s name, such as {vegf-late}; other facts go into brackets."),
    )
    sections = _lines(
        _("Full answer"),
        16,
        _("A heading begins with ##. Each line is one claim and ends with its facts in brackets, such as [by-extent]."),
    )
    unknown = _lines(_("What we do not know"), 3, _("One a line, each with its facts."))
    ask = _lines(_("What to ask your team"), 3, _("One a line."))
    related = _lines(_("Related answers"), 2, _("Their addresses, one a line."), required=False)
    note = forms.CharField(label=_("What did you change?"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """Every sentence is founded, or the form says which is not."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.answer = parsed(self.whole(cleaned), on=timezone.localdate(), rank=self.rank)
            msgspec.convert(msgspec.to_builtins(self.answer), Answer)
        except (Unwritten, msgspec.ValidationError) as problem:
            raise forms.ValidationError(str(problem)) from None
        if found := [sentence for _place, sentence in problems(str(_("This answer")), self.answer, knowledge())]:
            raise forms.ValidationError(found)
        return cleaned

    def whole(self, told: dict[str, Any]) -> dict[str, Any]:
        """Every field of an answer."""
        return told


class TranslationForm(AnswerForm):
    """An answer in another language: its topic and what it leads to are those of the `original`."""

    def __init__(self, *args: Any, original: Answer, **named: Any) -> None:
        super().__init__(*args, **named)
        self.original, self.rank = original, original.rank
        for fixed in ("topic", "related", "note"):
            del self.fields[fixed]

    def whole(self, told: dict[str, Any]) -> dict[str, Any]:
        """Every field of the translation."""
        return told | {"topic": self.original.topic, "related": "\n".join(self.original.related)}


class NewAnswerForm(AnswerForm):
    """A new answer, which needs an address."""

    name = forms.SlugField(label=_("Address"), max_length=80, help_text=_("Small letters and hyphens; it stays."))
    field_order = ("name", "question")


class ProfessionForm(forms.Form):
    """Who a reviewer is."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    profession = forms.CharField(label=_("Your profession"), max_length=120)
    organisation = forms.CharField(label=_("Where you work"), max_length=160)
    proof = forms.CharField(
        label=_("Where can an administrator see that?"),
        max_length=400,
        help_text=_("A page of your hospital, or your number in a public register."),
    )
