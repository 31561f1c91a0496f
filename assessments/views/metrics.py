"""The figures of a draft: metrics that are asked for and values worked out from them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from personnel.access import requires
from stationstd import refusals
from stationstd.keys import takes

from .. import draftpage
from ..criterionpage import class_names, document_of
from ..forms.figures import Figure, Figures
from ..forms.formulas import words_of
from ..forms.metric import DerivedForm, MetricForm
from ..models import Draft
from ..scoring import editing

_TAB = "draft_metrics"
_TAKES = (*dict.fromkeys((*MetricForm.names, *DerivedForm.names)), "revision", "do")


@requires("edition.edit")
@require_safe
def draft_metrics(request, pk):
    """Every figure with what rests on it. A fixed number of queries."""
    draft = draftpage.found(request, pk)
    figures = Figures(document_of(draft))
    used, needed = figures.used_by(), figures.needed()
    listed = [(each, used[each.code], each.code in needed, _bounds(figures, each)) for each in figures]
    return draftpage.show(request, draft, "assessments/drafts/metrics.html", _TAB, {"listed": listed})


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(*_TAKES, several=("applies_to",))
def draft_metric(request, pk, code):
    """A figure that is there."""
    draft = draftpage.found(request, pk)
    figure = Figures(document_of(draft)).by_code.get(code)
    if figure is None:
        raise Http404
    return _serve(request, draft, figure, is_derived=figure.is_derived)


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes("code", *MetricForm.names, "revision", "do", several=("applies_to",))
def draft_metric_new(request, pk):
    return _serve(request, draftpage.found(request, pk), None, is_derived=False)


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes("code", *DerivedForm.names, "revision", "do")
def draft_derived_new(request, pk):
    return _serve(request, draftpage.found(request, pk), None, is_derived=True)


@requires("edition.edit")
@require_POST
@takes("revision")
def draft_metric_remove(request, pk, code):
    """Take out a figure that nothing rests on, with its norm."""
    draft = draftpage.found(request, pk)
    figure = Figures(document_of(draft)).by_code.get(code)
    if figure is None:
        raise Http404
    refusal = draftpage.write(request, draft, lambda document: _remove(document, code), metric=code)
    if refusal is not None:
        raise refusal
    messages.success(request, _("Removed."))
    return redirect("assessments:draft_metrics", draft.pk)


def _bounds(figures: Figures, figure: Figure) -> str:
    """What a figure may be, or how it is worked out: in words, as it is written while it cannot be read."""
    if not figure.is_derived:
        return figure.bounds
    formula = str(figure.row.get("formula", ""))
    return words_of(figures, formula) or formula


def _remove(document: dict, code: str) -> None:
    if code in Figures(document).needed():
        words = _("“%(name)s” is used: take it out of the rules and formulas first.")
        raise refusals.wrong_state(words % {"name": code})
    for name in ("metric", "derived", "norm"):
        document.get(name, {}).pop(code, None)
        if name in document and not document[name]:
            del document[name]


def _serve(request, draft: Draft, figure: Figure | None, *, is_derived: bool):
    document = document_of(draft)
    code = figure.code if figure else Figures(document).next_code()
    given = {"document": document, "row": figure and figure.row, "code": code, "classes": class_names(document)}
    form = (DerivedForm if is_derived else MetricForm)(request.POST if request.method == "POST" else None, **given)
    refusal = None
    if request.method == "POST":
        draftpage.revision_of(request)
        if request.POST.get("do") != "check":
            refusal = _write(request, draft, form, figure)
            if refusal is None:
                messages.success(request, _("Saved."))
                return redirect("assessments:draft_metrics", draft.pk)
    context = {"form": form, "figure": figure, "is_derived": is_derived, "figures": Figures(document)}
    return draftpage.show(request, draft, "assessments/drafts/metric.html", _TAB, context, refusal)


def _write(request, draft: Draft, form, figure: Figure | None):
    if not form.is_valid():
        return draftpage.unfit()
    code = figure.code if figure else form.cleaned_data["code"]

    def edit(document: dict) -> None:
        if figure is None and code in Figures(document).by_code:
            raise editing.Taken(code)
        form.put(document, code)

    return draftpage.write(request, draft, edit, metric=code)
