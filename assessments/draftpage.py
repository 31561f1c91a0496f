"""What every page of a draft shares: finding it, writing it, and the frame round it (drafts/_frame.html).

draft = draftpage.found(request, pk)
refusal = draftpage.write(request, draft, lambda document: editing.change(document, …))
return redirect(…) if refusal is None else draftpage.show(request, draft, template, "draft", context, refusal)
"""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationstd import refusals
from stationstd.refusals import Refused

from . import drafting
from .drafting import Edit, EditError, Problem
from .forms.saving import read_whole
from .models import Draft

# The tabs of every page of a draft: name of the address and label.
TABS = (
    ("draft", gettext_lazy("Outline")),
    ("draft_library", gettext_lazy("Library")),
    ("draft_metrics", gettext_lazy("Figures")),
    ("draft_norms", gettext_lazy("Norms")),
    ("draft_conditions", gettext_lazy("Grades and vetoes")),
    ("draft_checks", gettext_lazy("Cross-checks")),
    ("draft_head", gettext_lazy("Head")),
    ("draft_files", gettext_lazy("Files")),
    ("draft_difference", gettext_lazy("What is different")),
    ("draft_publish", gettext_lazy("Publish")),
)
# Where a problem is mended, by the first word of its place: name of the address, and whether the name of the thing
# follows in it. What is not here stands in the head of the text.
PLACES = {
    "criterion": ("draft_criterion", True),
    "metric": ("draft_metric", True),
    "derived": ("draft_metric", True),
    "section": ("draft_section", True),
    "": ("draft", False),
    "criteria": ("draft", False),
    "points": ("draft", False),
    "norm": ("draft_norms", False),
    "check": ("draft_checks", False),
    **dict.fromkeys(("grade", "gate", "veto", "year", "trigger", "coefficient"), ("draft_conditions", False)),
}
_HEAD = ("draft_head", False)


@dataclass(frozen=True)
class Listed:
    """A problem as the panel lists it. `address` is "" where nothing on our pages has this name."""

    problem: Problem
    address: str


def found(request, pk: int) -> Draft:
    """The draft where this user may edit it. Raises Http404."""
    draft = Draft.objects.editable_by(request.user).select_related("based_on", "changed_by").filter(pk=pk).first()
    if draft is None:
        raise Http404
    return draft


def revision_of(request) -> int:
    """The revision that the page was made from. Refused (428) where the request does not say."""
    revision = read_whole(request.POST.get("revision"))
    if revision is None:
        raise refusals.precondition_required()
    return revision


def outdated(request, draft: Draft) -> Refused | None:
    """409 where somebody changed the draft after the page was made; None where the page shows what stands there."""
    return None if revision_of(request) == draft.revision else quicker(draft)


def write(request, draft: Draft, edit: Edit, **told) -> Refused | None:
    """Change the draft against the revision that was posted; None when it is done.

    What can be mended on the page comes back as its refusal: somebody was quicker (409; `draft` is then what stands
    there now), or the edit cannot be made (422). Everything else is raised.
    """
    try:
        drafting.change(draft.pk, revision_of(request), edit, by=request.user, **told)
    except EditError as error:
        return unfit(str(error))
    except Refused as refusal:
        if refusal.code != "stale":
            raise
        draft.refresh_from_db()
        return quicker(draft)
    return None


def unfit(message: str = "") -> Refused:
    """422: what was typed cannot be taken as it is."""
    return Refused(422, "invalid", message or _("Nothing is saved yet: correct the marked fields."))


def quicker(draft: Draft) -> Refused:
    """409, with who changed the draft and when."""
    words = _(
        "%(name)s changed this draft at %(when)s, after you opened it. Nothing of yours is written yet: what you typed "
        "still stands here. Look at it and save again."
    )
    when = date_format(timezone.localtime(draft.changed_at), "DATETIME_FORMAT")
    refusal = refusals.stale(revision=draft.revision)
    refusal.message = words % {"name": draft.changed_by.name, "when": when}
    return refusal


def show(request, draft: Draft, template: str, tab: str, context=None, refusal: Refused | None = None):
    """A page of the draft inside the frame, under this tab; with a refusal, that too and its status.

    A draft that is published is no longer edited: its readers are sent to the edition, writers with a word why.
    """
    if draft.edition_id is not None:
        if request.method == "POST":
            messages.error(request, drafting.published_words())
        return redirect("assessments:edition", draft.edition_id)
    answer = render(
        request,
        template,
        framed(draft, tab) | (context or {}) | {"refusal": refusal},
        status=refusal.status if refusal else 200,
    )
    return refusal.marked(answer) if refusal else answer


def framed(draft: Draft, tab: str) -> dict:
    """What the frame shows. No query."""
    problems = [Listed(each, _place(draft, each)) for each in drafting.problems(draft)]
    return {
        "draft": draft,
        "tab": tab,
        "tabs": [(name, label, address) for name, label in TABS if (address := address_of(name, draft.pk))],
        "problems": problems,
        "refused_count": sum(each.problem.is_refused for each in problems),
    }


def address_of(name: str, *arguments) -> str:
    """The address of a page of this app; "" where an argument cannot stand in one."""
    try:
        return reverse(f"assessments:{name}", args=arguments)
    except NoReverseMatch:
        return ""


def _place(draft: Draft, problem: Problem) -> str:
    kind, _space, rest = problem.place.partition(" ")
    name, is_named = PLACES.get(kind, _HEAD)
    thing = problem.criterion or rest.split(":")[0].split(" ")[0]
    return address_of(name, draft.pk, thing) if is_named else address_of(name, draft.pk)
