"""The drafts of standards: listed, begun, copied from an edition, published, discarded."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from personnel.access import requires
from stationstd import refusals
from stationstd.confirming import confirmed
from stationstd.i18n import local
from stationstd.keys import takes
from stationstd.refusals import Refused

from .. import drafting, draftoutline, draftpage
from ..forms.drafting import GRADES, HeadForm, NameForm
from ..layered import language
from ..models import Draft, Edition
from ..scoring import StandardError, tomltext
from ..scoring.editing import put


@requires("edition.edit")
@require_safe
def drafts(request):
    """Every draft of the jurisdiction that is not published, the latest changed first. A fixed number of queries."""
    return render(request, "assessments/drafts/drafts.html", {"drafts": listed(request.user)})


def listed(user) -> list[tuple[Draft, int]]:
    """(draft, how many problems refuse it) of every draft that this user may edit. A fixed number of queries."""
    found = list(Draft.objects.editable_by(user).unpublished().select_related("based_on", "changed_by", "bureau"))
    return list(zip(found, drafting.refusals_of(found), strict=True))


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(NameForm)
def draft_copy(request, pk):
    """Begin a draft with the text of an edition, under another version."""
    edition = get_object_or_404(Edition, pk=pk)
    form = NameForm.of_copy(edition, request.POST if request.method == "POST" else None)
    heading = _("Copy “%(title)s” %(version)s") % {"title": local(edition, "title"), "version": edition.version}
    return _begun(request, form, heading, lambda: drafting.copy(edition, by=request.user, **form.cleaned_data))


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes(HeadForm, several=("classes",))
def draft_new(request):
    """Begin a draft with a head and five grades, and nothing else."""
    form = HeadForm({}, request.POST if request.method == "POST" else None)
    return _begun(request, form, _("New standard"), lambda: drafting.begin(_first_text(form), by=request.user))


def _begun(request, form, heading: str, begin):
    """Show the form, or begin and go to the draft. 422: something is wrong."""
    refusal = None
    if request.method == "POST":
        refusal = draftpage.unfit()
        if form.is_valid():
            return redirect("assessments:draft", begin().pk)
    context = {"form": form, "heading": heading, "refusal": refusal}
    answer = render(request, "assessments/drafts/new.html", context, status=refusal.status if refusal else 200)
    return refusal.marked(answer) if refusal else answer


def _first_text(form: HeadForm) -> str:
    head: dict = {}
    put(head, form.values())
    keys = ("code", "title", "title_en", "from")
    return tomltext.document(head | {"grade": [dict(zip(keys, grade, strict=True)) for grade in GRADES]})


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes("revision")
def draft_discard(request, pk):
    """Ask, then throw the draft away."""
    draft = draftpage.found(request, pk)
    refusal = None
    if request.method == "POST":
        refusal = _tried(request, draft, lambda revision: drafting.discard(pk, revision, by=request.user))
        if refusal is None:
            messages.success(request, _("The draft “%(title)s” is discarded.") % {"title": local(draft, "title")})
            return redirect("assessments:editions")
    return draftpage.show(request, draft, "assessments/drafts/discard.html", "", {}, refusal)


@requires("edition.edit")
@require_http_methods(["GET", "HEAD", "POST"])
@takes("revision")
@confirmed
def draft_publish(request, pk):
    """Show what publishing means and what stands against it; then make an edition of the draft."""
    draft = draftpage.found(request, pk)
    refusal = None
    if request.method == "POST":
        refusal = _tried(request, draft, lambda revision: drafting.publish(pk, revision, by=request.user))
        if refusal is None:
            edition = Draft.objects.get(pk=pk).edition
            words = _("“%(title)s” %(version)s is published. The next period may use it.")
            messages.success(request, words % {"title": local(edition, "title"), "version": edition.version})
            return redirect("assessments:edition", edition.pk)
    context = {
        "outline": draftoutline.of(draft, language()),
        "digest": drafting.digest_of(draft),
        "parent": draftoutline.document(draft).get("parent"),
    }
    return draftpage.show(request, draft, "assessments/drafts/publish.html", "draft_publish", context, refusal)


def _tried(request, draft: Draft, act) -> Refused | None:
    """Do an act against the revision that was posted; what keeps it from being done, None when it is done."""
    try:
        act(draftpage.revision_of(request))
    except StandardError as error:
        words = _("It cannot be published with these problems. Nothing was changed.")
        return refusals.wrong_state(
            words if any(each.is_refused for each in drafting.problems(draft)) else "\n".join(error.problems)
        )
    except Refused as refusal:
        if refusal.code == "stale":
            draft.refresh_from_db()
            return draftpage.quicker(draft)
        if refusal.code != "state" or draft.edition_id is not None:
            raise
        return refusal
    return None
