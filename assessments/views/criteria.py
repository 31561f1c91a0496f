"""One criterion of a draft: its form with the rule, the rule tried as it is written, and a figure made on the way."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from personnel.access import requires
from stationstd.keys import takes
from stationstd.refusals import Refused

from .. import draftpage
from ..criterionpage import CriterionPage, document_of
from ..forms.criterion import FIELDS
from ..forms.figures import Figures
from ..forms.metric import NewFigureForm
from ..forms.rule import AS_TEXT, TEXT
from ..models import Draft
from ..scoring import editing

TEMPLATE = "assessments/drafts/criterion.html"
_TAKES = (*FIELDS, *NewFigureForm.names, "revision", "do", "class", "rule.*", "try.*", AS_TEXT, TEXT)
_SEVERAL = ("applies_to",)
_SAVE, _BACK, _ANYWAY, _SHOW, _FIGURE = "save", "back", "anyway", "show", "figure"


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(*_TAKES, several=_SEVERAL)
def draft_criterion(request, pk, criterion):
    """A criterion that is there. POST: saved, or shown again with what was typed."""
    draft = draftpage.found(request, pk)
    return _serve(request, draft, criterion)


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes("id", *_TAKES, several=_SEVERAL, query=("section",))
def draft_criterion_new(request, pk):
    """A criterion that is not there yet."""
    return _serve(request, draftpage.found(request, pk), None)


@requires("edition.edit")
@require_POST
@takes("id", "criterion", *_TAKES, several=_SEVERAL)
def draft_rule_preview(request, pk):
    """The rule's fields, words and example for what was typed. Nothing is written."""
    draft = draftpage.found(request, pk)
    document = document_of(draft)
    row = _row(document, request.POST.get("criterion") or None)
    page = _unfinished(document, row, request)
    return render(request, "assessments/drafts/rule/_rule.html", {"page": page, "rule": page.rule, "draft": draft})


def _serve(request, draft: Draft, criterion: str | None):
    document = document_of(draft)
    row = _row(document, criterion)
    if criterion is not None and row is None:
        raise Http404
    if request.method != "POST":
        page = CriterionPage(document, row, section=request.GET.get("section", ""))
        page.look()
        return _show(request, draft, page)
    draftpage.revision_of(request)
    do = request.POST.get("do", _SAVE)
    if do == _FIGURE:
        return _make_figure(request, draft, criterion)
    if do not in (_SAVE, _BACK, _ANYWAY):
        return _show(request, draft, _unfinished(document, row, request))
    page = CriterionPage(document, row, request.POST)
    page.look()
    refusal = _refused(page, do) or draftpage.write(request, draft, _edit(page, criterion), criterion=_id(page))
    if refusal is not None:
        return _show(request, draft, page, refusal=refusal)
    messages.success(request, _("Saved."))
    if do == _BACK:
        return redirect("assessments:draft", draft.pk)
    return redirect("assessments:draft_criterion", draft.pk, _id(page))


def _row(document: dict, criterion: str | None) -> dict | None:
    try:
        return editing.row(document, "criterion", criterion) if criterion is not None else None
    except LookupError:
        return None


def _id(page: CriterionPage) -> str:
    return page.row["id"] if page.row is not None else page.form.cleaned_data["id"]


def _unfinished(document: dict, row: dict | None, request) -> CriterionPage:
    """The page while somebody writes it, after what a button says."""
    do = request.POST.get("do", _SHOW)
    page = CriterionPage(document, row, request.POST, act="" if do in (_SHOW, _FIGURE) else do)
    page.look()
    return page


def _refused(page: CriterionPage, do: str) -> Refused | None:
    """Why what was typed is not written. What the engine complains about may be saved, a ban never."""
    if not page.is_readable or page.is_refused:
        return draftpage.unfit()
    if page.has_problems and do != _ANYWAY:
        return draftpage.unfit(
            _("Nothing is saved yet. Correct what is marked, or save it as it is: the draft cannot be published so.")
        )
    return None


def _edit(page: CriterionPage, criterion: str | None):
    values = page.values()
    if criterion is None:
        return lambda document: editing.add(document, "criterion", values)
    return lambda document: editing.change(document, "criterion", criterion, values)


def _make_figure(request, draft: Draft, criterion: str | None):
    """A new figure of the bureau's own, and the page again with all that was typed."""
    form, refusal = NewFigureForm(request.POST), draftpage.unfit()
    if form.is_valid():
        code = Figures(document_of(draft)).next_code()
        refusal = draftpage.write(request, draft, lambda document: form.put(document, code), metric=code)
    if refusal is None:
        draft.refresh_from_db()
        words = _("“%(name)s” is in the list of figures now, with the code %(code)s.")
        messages.success(request, words % {"name": form.cleaned_data["figure_title"], "code": code})
        form = NewFigureForm()
    document = document_of(draft)
    page = _unfinished(document, _row(document, criterion), request)
    return _show(request, draft, page, figure=form, refusal=refusal)


def _show(request, draft: Draft, page: CriterionPage, *, figure=None, refusal: Refused | None = None):
    context = {
        "page": page,
        "form": page.form,
        "rule": page.rule,
        "row": page.row,
        "figure": figure or NewFigureForm(),
        "may_save_anyway": page.has_problems and page.is_readable and not page.is_refused,
    }
    return draftpage.show(request, draft, TEMPLATE, "draft", context, refusal)
