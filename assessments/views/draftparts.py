"""The head of a draft and its sections: each a form."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from personnel.access import requires
from stationstd.keys import takes

from .. import draftoutline, draftpage
from ..forms.drafting import HeadForm, SectionForm
from ..models import Draft
from ..scoring import editing


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(HeadForm, "revision", several=("classes",))
def draft_head(request, pk):
    """Titles, version, classes, what the points must sum to, the parent standard."""
    draft = draftpage.found(request, pk)
    document = draftoutline.document(draft)
    form = HeadForm(document, request.POST if request.method == "POST" else None)

    def edit(changed: dict) -> None:
        values = form.values()
        editing.leave_classes(changed, set(document.get("classes", ())) - set(values["classes"]))
        editing.put(changed, values)

    return _served(request, draft, form, edit, "assessments/drafts/head.html", "draft_head")


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(SectionForm, "revision")
def draft_section_new(request, pk):
    draft = draftpage.found(request, pk)
    form = SectionForm(draftoutline.document(draft), None, request.POST if request.method == "POST" else None)

    def edit(document: dict) -> None:
        editing.add(document, "section", {"code": form.cleaned_data["code"]} | form.values())
        editing.arrange(document)

    return _served(request, draft, form, edit, "assessments/drafts/section.html", "draft")


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(SectionForm, "revision", without=("code",))
def draft_section(request, pk, section):
    draft, row = _section(request, pk, section)
    form = SectionForm(draftoutline.document(draft), section, request.POST if request.method == "POST" else None)

    def edit(document: dict) -> None:
        editing.change(document, "section", section, form.values())
        editing.arrange(document)

    is_empty = not editing.holds(draftoutline.document(draft), section)
    context = {"section": row, "is_empty": is_empty}
    return _served(request, draft, form, edit, "assessments/drafts/section.html", "draft", context)


@requires("edition.edit")
@require_POST
@takes("revision")
def draft_section_remove(request, pk, section):
    """Take an empty section out."""
    draft, row = _section(request, pk, section)
    refusal = draftpage.write(request, draft, lambda document: editing.remove(document, "section", section))
    if refusal is None:
        return redirect("assessments:draft", pk)
    document = draftoutline.document(draft)
    context = {"form": SectionForm(document, section), "section": row, "is_empty": not editing.holds(document, section)}
    return draftpage.show(request, draft, "assessments/drafts/section.html", "draft", context, refusal)


def _section(request, pk, code: str) -> tuple[Draft, dict]:
    """The draft and its section of this code. Raises Http404."""
    draft = draftpage.found(request, pk)
    try:
        return draft, editing.row(draftoutline.document(draft), "section", code)
    except LookupError:
        raise Http404 from None


def _served(request, draft: Draft, form, edit, template: str, tab: str, context=None):
    """Show the form, or write what it says and go to the outline."""
    refusal = None
    if request.method == "POST":
        refusal = draftpage.outdated(request, draft)
        if refusal is None:
            refusal = draftpage.write(request, draft, edit) if form.is_valid() else draftpage.unfit()
        if refusal is None:
            return redirect(reverse("assessments:draft", args=[draft.pk]))
    return draftpage.show(request, draft, template, tab, {"form": form} | (context or {}), refusal)
