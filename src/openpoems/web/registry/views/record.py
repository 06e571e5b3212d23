"""A record as it stands, and what it says of the person as such."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from openpoems.web.accounts.gate import guard
from openpoems.web.registry import people, presenters
from openpoems.web.registry.actions.drafts import forget
from openpoems.web.registry.actions.people import describe
from openpoems.web.registry.around import around
from openpoems.web.registry.forms.person import PersonForm
from openpoems.web.registry.models import Fact, Person
from openpoems.web.registry.views.page import asking, begun, form_page, keeps, say


@guard("view-record")
def show(request: HttpRequest, person: Person) -> HttpResponse:
    """Every fact that counts, by kind."""
    may_verify = people.may(request.user, "verify-record", person)
    page = presenters.record_page(person, request.user, may_verify=may_verify)
    shown = {"person": person, "page": page, "around": around(request.user, person)}
    return render(request, "registry/record.html", shown)


@guard("view-record")
def thing(request: HttpRequest, person: Person, kind: str) -> HttpResponse:
    """Everything that counts about one thing, the latest first."""
    about = request.GET.get("about", "")
    current = person.facts.filter(state=Fact.State.CURRENT, kind=kind, about=about)
    rows = presenters.with_people(current).order_by("-last_day", "-pk")
    may_verify = people.may(request.user, "verify-record", person)
    lines = [presenters.line(row, request.user, may_verify=may_verify) for row in rows]
    if not lines:
        raise Http404
    return render(request, "registry/thing.html", {"person": person, "lines": lines, "title": lines[0].said.title})


@guard("write-record")
def about(request: HttpRequest, person: Person) -> HttpResponse:
    """Sex, year of birth, status, last seen."""
    if keeps(request):
        return begun(request, person, "about")
    if request.method == "POST":
        form = PersonForm(request.POST, person=person, asking=asking(request, person))
        if form.is_valid():
            describe(by=request.user, person=person, **form.cleaned_data)
            forget(by=request.user, person=person, form="about")
            say(request, gettext("Saved."))
            return redirect("record", person.pseudonym)
        return form_page(request, person, form, key="about", title=gettext("About the person"))
    return form_page(
        request,
        person,
        lambda initial: PersonForm(person=person, asking=asking(request, person), initial=initial),
        key="about",
        title=gettext("About the person"),
    )
