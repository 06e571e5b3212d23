"""One person's timeline with everything the assessment says, and the same as a table and as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from openpoems.web.accounts.gate import guard
from openpoems.web.course import table as twin
from openpoems.web.course.body import body
from openpoems.web.course.drawing import drawn
from openpoems.web.course.switches import wished
from openpoems.web.registry.models import Person


@guard("view-record")
@require_safe
def show(request: HttpRequest, person: Person) -> HttpResponse:
    """The timeline, the criteria, the response, the relapse panel."""
    wish = wished(request.GET)

    def draw() -> str:
        return render_to_string("course/body.html", body(person, wish))

    return render(request, "course/page.html", {"person": person, "body": drawn(person, wish, draw)})


@guard("view-record")
@require_safe
def table(request: HttpRequest, person: Person) -> HttpResponse:
    """Everything on the timeline as a table, by kind."""
    return render(request, "course/table.html", {"person": person, **twin.page(person, request.GET)})


@guard("view-record")
@require_safe
def table_csv(request: HttpRequest, person: Person) -> HttpResponse:
    """The table as a file that no spreadsheet runs."""
    name = f"{person.pseudonym}-course.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(twin.as_csv(person, request.GET), content_type="text/csv; charset=utf-8", headers=headers)
