"""The part of the page that a record alone decides: put together once for each change of it (see `drawing`)."""

from collections.abc import Mapping
from typing import Any

from openpoems.reports.timeline import Wish
from openpoems.web.course.criteria import criteria
from openpoems.web.course.options import options
from openpoems.web.course.picture import picture
from openpoems.web.course.prognosis import prognosis
from openpoems.web.course.relapse import PLOT_HEIGHT, PLOT_TOP, relapse
from openpoems.web.course.response import response
from openpoems.web.course.sources import Sources
from openpoems.web.course.switches import switches
from openpoems.web.course.table import rows_of
from openpoems.web.course.words import Words, words_of_facts
from openpoems.web.insight.assessments import assessed, document_of
from openpoems.web.registry.models import Person
from openpoems.web.registry.store import record_from


def body(person: Person, wish: Wish) -> dict[str, Any]:
    """What the template shows; the number of queries does not depend on the number of facts."""
    document, rows, sources = document_of(assessed(person)), rows_of(person), Sources()
    record = record_from(person, rows)
    words = words_of_facts(rows, record)
    drawn = picture(person, record, words, document, wish)
    return {
        "person": person,
        "term_space": "body-",
        "as_of": document["as_of"],
        "facts": len(rows),
        "picture": drawn,
        "switches": switches(wish, drawn.more),
        "criteria": criteria(document, words, sources),
        "response": response(document, sources),
        "relapse": relapse(document, sources),
        "prognosis": prognosis(document, sources),
        "options": options(document, sources),
        "plot": {"top": PLOT_TOP, "bottom": PLOT_TOP + PLOT_HEIGHT},
        "unread": [_issue(each, words) for each in document["issues"] if each["severity"] != "information"],
        "sources": sources.listed(),
    }


def _issue(each: dict[str, str], words: Mapping[str, Words]) -> dict[str, Any]:
    """Something to look at, with its entry where it is about one: it may be about the person as such."""
    return {"message": each["message"], "fact": words[each["path"]].pk if each["path"] in words else None}
