"""The pages of a centre's REDCap mappings."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from openpoems.errors import OpenpoemsError, UnreadableInput
from openpoems.interchange.decoding import text_of
from openpoems.interchange.redcap import read_dictionary
from openpoems.web.accounts.gate import guard
from openpoems.web.accounts.models import Centre
from openpoems.web.registry.imports import mappings
from openpoems.web.registry.imports.limits import takes_turn
from openpoems.web.registry.imports.mapping_forms import DictionaryForm, asked
from openpoems.web.registry.models import FieldMapping

# Each field sends seven parts, and a request may send a thousand.
FIELDS_ON_A_PAGE = 50


@guard("add-person")
def list_all(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The mappings of a centre, and the form for another."""
    form = DictionaryForm(request.POST, request.FILES) if request.method == "POST" else DictionaryForm()
    if request.method == "POST" and form.is_valid():
        if not takes_turn(request.user):
            return render(request, "imports/429.html", status=429)
        try:
            fields = read_dictionary(text_of(form.cleaned_data["file"].read(), 2 * 1024**2))
            made = mappings.begin(by=request.user, centre=centre, name=form.cleaned_data["name"], fields=fields)
        except OpenpoemsError as error:
            form.add_error(None, str(error))
        else:
            return redirect("centre-mapping", centre.slug, made.pk)
    context = {"centre": centre, "form": form, "mappings": centre.mappings.all()}
    return render(request, "imports/mappings.html", context, status=400 if form.errors else 200)


@guard("add-person")
def edit(request: HttpRequest, centre: Centre, number: int) -> HttpResponse:
    """Some fields of a project, with what was decided or is suggested for each."""
    mapping = get_object_or_404(FieldMapping, pk=number, centre=centre)
    entries = mappings.proposed(mapping)
    page = Paginator(mappings.fields_of(mapping), FIELDS_ON_A_PAGE).get_page(request.GET.get("page", "1"))
    data = request.POST if request.method == "POST" else None
    rows = [asked(field, entries[field.name][0], decided=entries[field.name][1], data=data) for field in page]
    problem, valid = "", [row.form.is_valid() for row in rows]
    if request.method == "POST" and all(valid):
        try:
            said = {row.field.name: row.form.entry() for row in rows}
            mappings.decide(
                by=request.user, mapping=mapping, entries=said, missing=request.POST.get("missing", "")[:200]
            )
        except UnreadableInput as error:
            problem = str(error)
        else:
            messages.success(request, _("Saved. These fields are read from now on as you said."))
            return redirect(f"{request.path}?page={min(page.number + 1, page.paginator.num_pages)}")
    context = {"centre": centre, "mapping": mapping, "rows": rows, "page": page, "problem": problem}
    return render(request, "imports/mapping.html", context, status=400 if data else 200)
