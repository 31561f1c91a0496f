"""The main page of a draft: sections and criteria in paper order, their points, and what is wrong."""

from collections.abc import Callable

from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from personnel.access import requires
from stations.models import StationClass
from stationstd.keys import takes, unclear
from stationstd.refusals import Refused

from .. import draftoutline, draftpage
from ..forms.outlining import Typed
from ..layered import language
from ..models import Draft
from ..scoring import editing

_STEPS = {"up": -1, "down": 1}
_ACTS = ("up", "down", "move", "section_up", "section_down")


@requires("edition.edit")
@require_safe
def draft(request, pk):
    """The whole draft as an outline."""
    return _page(request, draftpage.found(request, pk))


@requires("edition.edit")
@require_POST
@takes("revision", "fit", *Typed.keys)
def draft_points(request, pk):
    """Write the points that were typed; `fit`: then bring all, in proportion, to what the head declares."""
    return _saved(request, pk, lambda typed: (typed.fit if "fit" in request.POST else None, ""))


@requires("edition.edit")
@require_POST
@takes("revision", *_ACTS, *Typed.keys)
def draft_move(request, pk):
    """Move a criterion or a section; points that were typed are written too."""
    return _saved(request, pk, lambda typed: _move(typed, request.POST))


@requires("edition.edit")
@require_POST
@takes("revision", "remove", *Typed.keys)
def draft_remove(request, pk):
    """Take a criterion out; points that were typed are written too."""
    id = request.POST.get("remove", "")
    return _saved(request, pk, lambda typed: (lambda document: editing.remove(document, "criterion", id), ""))


def _saved(request, pk, chosen: Callable[[Typed], tuple]):
    """Do what `chosen` gives, an edit or None and where to look afterwards; or show the page as it was typed."""
    draft = draftpage.found(request, pk)
    typed = Typed(draftoutline.document(draft), request.POST)
    if refusal := draftpage.outdated(request, draft):
        return _page(request, draft, typed, refusal)
    typed.require_known()
    act, place = chosen(typed)
    if typed.errors:
        return _page(request, draft, typed, draftpage.unfit())

    def edit(document: dict) -> None:
        typed.apply(document)
        if act:
            act(document)
            editing.arrange(document)

    if act or typed.points:
        if refusal := draftpage.write(request, draft, edit):
            return _page(request, draft, typed, refusal)
    return redirect(reverse("assessments:draft", args=[pk]) + place)


def _move(typed: Typed, said) -> tuple:
    """The edit that one of the buttons asks for. Refused (400) unless it was exactly one."""
    asked = [key for key in _ACTS if key in said]
    if len(asked) != 1:
        raise unclear()
    key, name = asked[0], said[asked[0]]
    if key == "move":
        section = typed.into(name)
        return lambda document: _put(document, name, section), f"#c-{name}"
    kind, steps = ("section" if key.startswith("section") else "criterion"), _STEPS[key.removeprefix("section_")]
    place = f"#s-{name}" if kind == "section" else f"#c-{name}"
    return lambda document: editing.move_by(document, kind, name, steps), place


def _put(document: dict, id: str, section: str) -> None:
    editing.row(document, "section", section)
    editing.change(document, "criterion", id, {"section": section})
    editing.move(document, "criterion", id, None)


def _page(request, draft: Draft, typed: Typed | None = None, refusal: Refused | None = None):
    found = draftoutline.of(draft, language())
    values, errors = (typed.values, typed.errors) if typed else ({}, {})
    parts = [(part, [(row, values.get(row.id), errors.get(row.id)) for row in part.rows]) for part in found.parts]
    context = {
        "outline": found,
        "parts": parts,
        "scales": typed is None or typed.scales,
        "classes": {each.code: each for each in StationClass.objects.all()},
    }
    return draftpage.show(request, draft, "assessments/drafts/draft.html", "draft", context, refusal)
