"""`{% term "VEGF" %}`: a word with its explanation at hand, without a script.

The explanation opens by pointer, Enter or Space, and closes by Escape, by a press beside it, or by the same button.
`{% term axis.name "the clone" %}` shows other words for the term. A word that is no term is shown as it is.
"""

from typing import Any

from django import template
from django.utils.translation import get_language, gettext

from openpoems.web.glossary.terms import term_id, terms

register = template.Library()


@register.inclusion_tag("glossary/term.html", takes_context=True)
def term(context: template.Context, word: str, shown: str = "") -> dict[str, Any]:
    """The word as a button that opens its explanation, or alone where the glossary has none."""
    found = term_id(str(word))
    if found is None:
        return {"shown": shown or word}
    it = terms()[found]
    says, full = gettext(it.says), gettext(it.full) if it.full else ""
    return {
        "shown": shown or gettext(str(word)),
        "id": found,
        "it": it,
        "says": says,
        "full": full,
        # The content of the glossary is English until somebody has translated it.
        "foreign": says == it.says and get_language() != "en",
        "place": _place(context),
    }


def _place(context: template.Context) -> str:
    """An id of its own for each term of a page: an included template shares the request, not the context.

    A part that is put together by itself names its `term_space`.
    """
    page: Any = getattr(context, "request", None) or context.render_context
    page.terms_shown = getattr(page, "terms_shown", 0) + 1
    return f"{context.get('term_space', '')}{page.terms_shown}"
