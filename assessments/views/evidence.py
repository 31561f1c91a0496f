"""Evidence: add, use again, describe, turn, put in order, look at, download, remove.

Files are served only here, after the permission check."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from audit.events import record
from personnel.access import requires
from stationstd import refusals
from stationstd.keys import takes
from stationstd.negotiation import wants_fragment
from stationstd.refusals import Refused

from .. import reusing, scanning, scrubbing, sealed, turning, workflow
from ..evidence import accept
from ..forms.evidence import EvidenceForm
from ..models import Assessment, Evidence
from ..sheet import Sheet

DAMAGED = gettext_lazy("“%(name)s” was not taken: the file is not the one that was handed in. This has been recorded.")
_CAPTION = Evidence._meta.get_field("caption").max_length
# Nothing in a served file may run, load or be framed, whatever a browser takes it for.
_SANDBOX = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
# A browser's own viewer of PDF does not start in a sandbox. What holds scripts or files was refused when it came.
_VIEWER = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@require_POST
@requires("evidence.add")
@takes("caption", files=["files"])
def evidence_add(request, pk, criterion):
    """Add one or several files to a criterion; those that are refused are named, the others stand."""
    assessment = get_object_or_404(Assessment.objects.editable_by(request.user).with_places(), pk=pk)
    refused = _added(request, assessment, criterion)
    if not wants_fragment(request):
        if refused:
            raise refused[0]
        item = assessment.period.edition.standard.criterion(criterion)
        return redirect(_back(assessment, item))
    return _block(request, assessment, criterion, refused)


def _added(request, assessment: Assessment, criterion: str) -> list[Refused]:
    """What was refused of the files in this request; the rest has been added."""
    caption = request.POST.get("caption", "").strip()[:_CAPTION]
    files = request.FILES.getlist("files")
    if not files:
        return [refusals.invalid(_("Choose a photo or a PDF first."))]
    refused = []
    for upload in files:
        try:
            workflow.add_evidence(assessment.pk, criterion, accept(upload), caption=caption, by=request.user)
        except Refused as refusal:
            refused.append(refusal)
    return refused


def _block(request, assessment: Assessment, criterion: str, refused: list[Refused]):
    """The criterion's evidence as it stands now, with what was refused; the status is that of the first refusal."""
    try:
        item = assessment.period.edition.standard.criterion(criterion)
    except KeyError as error:
        raise refusals.invalid(_("This standard has no such criterion.")) from error
    sheet = Sheet.of(assessment)
    context = {
        "assessment": assessment,
        "criterion": item,
        "files": [file for file in sheet.files if file.criterion == criterion],
        "may_add": assessment.is_open,
        "reusable": reusing.offers(assessment, sheet.files).get(criterion, []) if assessment.is_open else [],
        "files_left": sheet.files_left,
        "sheet": sheet,
        "problems": [refusal.message for refusal in refused],
    }
    status = refused[0].status if refused else 200
    return render(request, "assessments/parts/_evidence_changed.html", context, status=status)


def _back(assessment: Assessment, criterion) -> str:
    return reverse("assessments:fill", args=[assessment.pk, criterion.dimension]) + f"#c-{criterion.id}"


@require_POST
@requires("evidence.add")
@takes(EvidenceForm)
def evidence_change(request, pk):
    """Caption, validity, quarter turns or place of one file: what is sent is set, the rest stays. A word that somebody
    else has changed meanwhile is left, and shown beside what was typed."""
    found = get_object_or_404(Evidence.objects.removable_by(request.user), pk=pk)
    form = EvidenceForm(request.POST)
    said = form.said()
    try:
        changed = workflow.change_evidence(pk, said, shown=form.shown, by=request.user)
    except Refused as refusal:
        if refusal.code != "stale" or not wants_fragment(request):
            raise
        return _changed(request, found, [refusal])
    return _changed(request, changed)


@require_POST
@requires("evidence.add")
@takes()
def evidence_remove(request, pk):
    """Take one file away."""
    return _changed(request, workflow.remove_evidence(pk, by=request.user))


@require_POST
@requires("evidence.add")
@takes()
def evidence_reuse(request, pk, criterion):
    """Attach again what was attached to this criterion in the period before and still holds."""
    assessment = get_object_or_404(Assessment.objects.editable_by(request.user).with_places(), pk=pk)
    reused = workflow.reuse_evidence(pk, criterion, by=request.user)
    refused = [Refused(409, "integrity", DAMAGED % {"name": name}) for name in reused.damaged]
    if wants_fragment(request):
        return _block(request, assessment, criterion, refused)
    if refused:
        raise refused[0]
    return redirect(_back(assessment, assessment.period.edition.standard.criterion(criterion)))


def _changed(request, evidence: Evidence, refused: list[Refused] = ()):
    """The answer to a change of one file: its criterion as it stands now, with what was refused."""
    assessment = get_object_or_404(
        Assessment.objects.editable_by(request.user).with_places(), pk=evidence.assessment_id
    )
    if not wants_fragment(request):
        return redirect(_back(assessment, assessment.period.edition.standard.criterion(evidence.criterion)))
    return _block(request, assessment, evidence.criterion, list(refused))


@require_GET
@requires("evidence.view")
def evidence_file(request, pk):
    """The original, byte for byte, to keep; each download is an event."""
    found = _visible(request, pk)
    return _original(request, found, as_attachment=True)


@require_GET
@requires("evidence.view")
def evidence_page(request, pk):
    """A PDF in the browser's own viewer, in a window of its own; an event like a download. 404 for a picture."""
    return _original(request, _visible(request, pk, shown_digest=""), as_attachment=False)


def _original(request, found: Evidence, *, as_attachment: bool) -> HttpResponse:
    if not request.user.station_id and scanning.is_withheld(found):
        raise Refused(409, "unscanned", scanning.why_withheld(found))
    content = _unsealed(found, found.digest, request.user)
    place, about = f"assessment:{found.assessment_id}", {"evidence": str(found.pk), "digest": found.digest}
    record("evidence.download", place, by=request.user, **about)
    disposition = content_disposition_header(as_attachment=as_attachment, filename=found.name)
    return _served(content, found.media_type, disposition, _SANDBOX if as_attachment else _VIEWER)


@require_GET
@requires("evidence.view")
def evidence_shown(request, pk):
    """The picture made from the original's pixels, turned as the station turned it. 404 for a PDF."""
    return _picture(request, pk)


@require_GET
@requires("evidence.view")
def evidence_small(request, pk):
    """The same picture as small as a page shows it."""
    return _picture(request, pk, turning.SMALL)


def _picture(request, pk, side: int | None = None) -> HttpResponse:
    found = _visible(request, pk, shown_digest__gt="")
    shown = _unsealed(found, found.shown_digest, request.user)
    return _served(turning.turned(shown, found.turns, side), "image/jpeg", "inline")


def _visible(request, pk, **filters) -> Evidence:
    return get_object_or_404(Evidence.objects.visible_to(request.user).filter(**filters), pk=pk)


def _unsealed(found: Evidence, digest: str, user) -> bytes:
    """The file's bytes. Refused (409), with an event, when they are not the ones that were handed in."""
    try:
        return sealed.evidence.unseal(digest)
    except sealed.Damaged as error:
        scrubbing.alarm(found, digest, by=user)
        raise Refused(
            409,
            "integrity",
            _("This file is not the one that was handed in. It is not shown; this has been recorded."),
        ) from error


def _served(content: bytes, media_type: str, disposition: str, policy: str = _SANDBOX) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": disposition,
            "Content-Security-Policy": policy,
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
