"""Tables of a draft as grids: norms by class; grades, gates, vetoes, the year and so on; cross-checks."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from personnel.access import requires
from stations.models import StationClass
from stationstd import refusals
from stationstd.i18n import local
from stationstd.keys import takes

from .. import drafting, draftoutline, draftpage
from ..forms import grids
from ..forms.grids import Grids
from ..models import Draft
from ..scoring import checks, library
from ..scoring.sound import sound

_LOOK = "look"


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes("revision", "do", "norm.*")
def draft_norms(request, pk):
    """What each class is held against, a row a figure; published norms to be taken over."""
    return _serve(request, pk, grids.NORMS, "draft_norms")


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes("revision", "do", *(f"{sheet.table}.*" for sheet in grids.CONDITIONS))
def draft_conditions(request, pk):
    """Grades, what caps them, and what the history sets off."""
    return _serve(request, pk, grids.CONDITIONS, "draft_conditions")


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes("revision", "do", "check.*")
def draft_checks(request, pk):
    """Figures that must fit one another."""
    return _serve(request, pk, grids.CHECKS, "draft_checks")


@requires("edition.edit")
@require_POST
@takes("revision", "published")
def draft_norm_take(request, pk):
    """Write a published norm into the draft, for the classes it names and the draft has."""
    draft = draftpage.found(request, pk)
    norm = library.shipped().published.get(request.POST.get("published", ""))
    if norm is None:
        raise refusals.invalid(_("There is no such published norm."))
    refusal = draftpage.write(request, draft, lambda document: _take(document, norm), published=norm.code)
    if refusal:
        return _page(request, draft, grids.NORMS, "draft_norms", None, refusal)
    messages.success(request, _("Taken over: %(title)s.") % {"title": local(norm, "title")})
    return redirect("assessments:draft_norms", pk)


def _take(document: dict, norm: library.Published) -> None:
    if norm.metric not in {*document.get("metric", {}), *document.get("derived", {})}:
        raise LookupError(norm.metric)
    known = {*document.get("classes", ()), "default"}
    values = {kind: value for kind, value in norm.values.items() if kind in known}
    document.setdefault("norm", {}).setdefault(norm.metric, {}).update(values)


def _serve(request, pk, sheets: tuple, name: str):
    draft = draftpage.found(request, pk)
    if request.method != "POST":
        return _page(request, draft, sheets, name)
    typed = _grids(draft, sheets, request.POST)
    if draftpage.revision_of(request) != draft.revision:
        return _page(request, draft, sheets, name, typed, draftpage.quicker(draft))
    if request.POST.get("do") == _LOOK:
        return _look(request, draft, sheets, name, typed)
    if typed.errors:
        return _page(request, draft, sheets, name, typed, draftpage.unfit())
    refusal = draftpage.write(request, draft, typed.apply)
    if refusal:
        return _page(request, draft, sheets, name, typed, refusal)
    messages.success(request, _("Saved."))
    return redirect(f"assessments:{name}", pk)


def _look(request, draft: Draft, sheets: tuple, name: str, typed: Grids):
    """The page with the problems that the draft would have with what was typed. Nothing is written."""
    refusal = draftpage.unfit() if typed.errors else None
    try:
        draft.text = drafting.editing_of(draft.text, typed.apply)
    except drafting.EditError as error:
        refusal = draftpage.unfit(str(error))
    return _page(request, draft, sheets, name, typed, refusal)


def _grids(draft: Draft, sheets: tuple, data=None) -> Grids:
    classes = {kind.code: local(kind, "name") for kind in StationClass.objects.all()}
    return Grids(sheets, draftoutline.document(draft), classes, data)


def _page(request, draft: Draft, sheets: tuple, name: str, typed: Grids | None = None, refusal=None):
    shown = typed or _grids(draft, sheets)
    shown.tell(drafting.problems(draft))
    context = {
        "grids": shown.grids,
        "address": name,
        "offers": _published(shown) if sheets is grids.NORMS else [],
        "figures": () if sheets is grids.NORMS else shown.figures,
        "generic": _generic(draft) if sheets is grids.CHECKS else [],
    }
    return draftpage.show(request, draft, "assessments/drafts/grids.html", name, context, refusal)


def _generic(draft: Draft) -> list[str]:
    """What a draft without checks of its own is held against all the same; [] while it cannot be read."""
    document = draftoutline.document(draft)
    standard = None if document.get("check") else sound(document)
    return [local(check, "title") for check in checks.of(standard)] if standard else []


def _published(shown: Grids) -> list[tuple]:
    """(norm, values in words) that somebody published for figures of the draft."""
    known = {*shown.document.get("metric", {}), *shown.document.get("derived", {})}
    names = shown.classes | {"default": _("all classes")}
    found = (each for each in library.shipped().published.values() if each.metric in known)
    return [
        (
            each,
            [(names[kind], value) for kind, value in each.values.items() if kind in names],
            shown.called(each.metric),
        )
        for each in found
    ]
