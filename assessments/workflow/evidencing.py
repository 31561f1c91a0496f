"""The station's acts on evidence: add a file to a criterion, take one away. Open and locked as for a fact."""

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from stationstd import refusals

from .. import scrubbing, sealed, unlocking
from ..evidence import Accepted
from ..models import Assessment, Evidence
from .locking import event, lock, now, require_open


@transaction.atomic
def add_evidence(pk: int, criterion: str, file: Accepted, *, caption: str = "", by) -> Evidence:
    """Seal an accepted file as evidence of a criterion. The same file sent again is the same evidence.

    Refused (413) when the assessment's number of files or bytes would pass its limit.
    """
    assessment = lock(pk, by, "evidence.add")
    if criterion not in {c.id for c in assessment.period.edition.standard.criteria}:
        raise refusals.invalid(_("This standard has no such criterion."))
    require_open(assessment, clock := now())
    _require_unlocked(assessment, criterion)
    scrubbing.naming()
    digest = sealed.evidence.seal(file.original)
    already = _there(assessment).filter(criterion=criterion, digest=digest).first()
    if already is not None:
        return already
    _require_room(assessment, len(file.original))
    added = Evidence.objects.create(
        assessment=assessment,
        criterion=criterion,
        digest=digest,
        shown_digest=sealed.evidence.seal(file.shown) if file.shown else "",
        media_type=file.media_type,
        name=file.name,
        caption=caption,
        size=len(file.original),
        fingerprint=file.fingerprint,
        taken_at=file.taken_at,
        scan=file.scan,
        added_by=by,
        added_at=clock,
    )
    event(assessment, "evidence.add", by, evidence=str(added.pk), criterion=criterion, digest=digest, name=file.name)
    return added


@transaction.atomic
def remove_evidence(pk, *, by) -> Evidence:
    """Take evidence away; the row and the file stay as a trace. Http404 for what is gone already or not one's own."""
    found = Evidence.objects.removable_by(by).filter(pk=pk).first()
    if found is None:
        raise Http404
    assessment = lock(found.assessment_id, by, "evidence.add")
    require_open(assessment, clock := now())
    _require_unlocked(assessment, found.criterion)
    if not _there(assessment).filter(pk=pk).update(removed_by=by, removed_at=clock):
        raise Http404
    event(assessment, "evidence.remove", by, evidence=str(pk), criterion=found.criterion, digest=found.digest)
    return found


def _require_unlocked(assessment: Assessment, criterion: str) -> None:
    if unlocking.is_criterion_locked(criterion, unlocking.returned(assessment)):
        raise unlocking.locked()


def _there(assessment: Assessment):
    return Evidence.objects.present().filter(assessment=assessment)


def _require_room(assessment: Assessment, size: int) -> None:
    held = _there(assessment).aggregate(files=Count("pk"), total=Sum("size", default=0))
    if held["files"] >= settings.EVIDENCE_FILES_PER_ASSESSMENT:
        raise refusals.too_large(
            _("There are %(count)s files already, which is the limit. Remove one first.") % {"count": held["files"]}
        )
    if held["total"] + size > settings.EVIDENCE_BYTES_PER_ASSESSMENT:
        raise refusals.too_large(
            _("All files together may have %(limit)s MB. Remove or shrink some.")
            % {"limit": settings.EVIDENCE_BYTES_PER_ASSESSMENT // 1024**2}
        )
