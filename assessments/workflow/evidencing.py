"""The station's acts on evidence: add a file to a criterion, use an earlier one again, change how it is shown and what
is said of it, take it away. Open and locked as for a fact."""

from typing import NamedTuple
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Sum
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from stationstd import refusals
from stationstd.refusals import Refused

from .. import reusing, scrubbing, sealed, unlocking
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
        place=_last_place(assessment, criterion),
        added_by=by,
        added_at=clock,
    )
    event(assessment, "evidence.add", by, evidence=str(added.pk), criterion=criterion, digest=digest, name=file.name)
    return added


@transaction.atomic
def remove_evidence(pk, *, by) -> Evidence:
    """Take evidence away; the row and the file stay as a trace. Http404 for what is gone already or not one's own."""
    found, assessment, clock = _locked(pk, by)
    _there(assessment).filter(pk=pk).update(removed_by=by, removed_at=clock)
    event(assessment, "evidence.remove", by, evidence=str(pk), criterion=found.criterion, digest=found.digest)
    return found


@transaction.atomic
def change_evidence(pk, said: dict, *, by, shown: dict | None = None) -> Evidence:
    """Set what is said of one file and how it is shown; each word is absolute, so that saying it twice is once.

    said   any of caption (text), valid_until (date or None), turns (0…3, pictures only) and place (1 for the first)
    shown  what stood there when it was said, of any of these words: refused (409) where it is another one by now
    Http404 for what is gone or not one's own; the sealed file itself never changes.
    """
    found, assessment, _clock = _locked(pk, by)
    before = {name: getattr(found, name) for name in said if name != "place"}
    if said.get("turns") and not found.is_picture:
        raise refusals.invalid(_("Only a picture can be turned."))
    for name, was in (shown or {}).items():
        if name in before and before[name] not in (was, said[name]):
            raise _overtaken(found, name, said[name])
    for name in before:
        setattr(found, name, said[name])
    changed = {name: [_text(was), _text(said[name])] for name, was in before.items() if was != said[name]}
    if changed:
        found.save(update_fields=changed.keys())
    if "place" in said and (moved := _moved(assessment, found, said["place"])):
        changed["place"] = moved
    if changed:
        event(assessment, "evidence.change", by, evidence=str(pk), criterion=found.criterion, changed=changed)
    return found


def _overtaken(file: Evidence, name: str, typed) -> Refused:
    """Two people say something else of one file: both words are told, neither is lost."""
    words = {"name": file.name, "theirs": _text(getattr(file, name)) or "–", "mine": _text(typed) or "–"}
    told = _(
        "“%(name)s”: somebody else has put “%(theirs)s” there meanwhile; you typed “%(mine)s”. "
        "Type it again to keep yours."
    )
    return Refused(409, "stale", told % words, current=_text(getattr(file, name)))


def _locked(pk, by) -> tuple:
    """Evidence that this user may change now, read anew behind the lock; its assessment; the database's clock."""
    found = Evidence.objects.removable_by(by).filter(pk=pk).first()
    if found is None:
        raise Http404
    assessment = lock(found.assessment_id, by, "evidence.add")
    require_open(assessment, clock := now())
    _require_unlocked(assessment, found.criterion)
    again = _there(assessment).filter(pk=pk).first()
    if again is None:
        raise Http404
    return again, assessment, clock


def _text(value) -> str:
    return "" if value is None else str(value)


def _moved(assessment: Assessment, file: Evidence, place: int) -> list[int] | None:
    """Put a file at a place, 1 for the first, counted among those of its criterion; its old and new place, or None."""
    rows = list(_there(assessment).filter(criterion=file.criterion))
    was = next(at for at, row in enumerate(rows) if row.pk == file.pk)
    to = min(max(place - 1, 0), len(rows) - 1)
    rows.insert(to, rows.pop(was))
    for at, row in enumerate(rows):
        if row.place != at:
            _there(assessment).filter(pk=row.pk).update(place=at)
    return None if to == was else [was + 1, to + 1]


def _last_place(assessment: Assessment, criterion: str) -> int:
    last = _there(assessment).filter(criterion=criterion).aggregate(last=Max("place"))["last"]
    return 0 if last is None else last + 1


class Reused(NamedTuple):
    """What was taken up again, and the names of files that are not whole any more and were left."""

    added: list[Evidence]
    damaged: list[str]


@transaction.atomic
def reuse_evidence(pk: int, criterion: str, *, by) -> Reused:
    """Attach what the station had at this criterion in the period before, as far as reusing.offers() allows: the same
    sealed files under new rows that say where they come from.

    Refused (409) when nothing is on offer, (413) when the assessment's limits would be passed.
    """
    assessment = lock(pk, by, "evidence.add")
    require_open(assessment, clock := now())
    _require_unlocked(assessment, criterion)
    offered = reusing.offers(assessment, list(_there(assessment))).get(criterion, [])
    if not offered:
        raise Refused(409, "nothing", _("There is no evidence of last period here that can be used again."))
    return attach_again(assessment, offered, by=by, at=clock)


def attach_again(assessment: Assessment, files: list[Evidence], *, by, at, op_id: UUID | None = None) -> Reused:
    """Attach these files of an earlier period as new rows; the caller holds the lock and has judged that it may.

    With an op_id the new rows are those of that act (pk_of), whenever it is done. Refused (413) past the limits.
    """
    scrubbing.naming()
    whole = [file for file in files if _is_whole(file, by)]
    _require_room(assessment, sum(file.size for file in whole), files=len(whole))
    added = [_again(assessment, file, by=by, at=at, pk=pk_of(op_id, file)) for file in whole]
    return Reused(added, [file.name for file in files if file not in whole])


def pk_of(op_id: UUID | None, file: Evidence) -> UUID:
    """The key of the row that the act `op_id` makes of this file; a new one where no act is named."""
    return uuid5(op_id, str(file.pk)) if op_id else uuid4()


def _is_whole(file: Evidence, by) -> bool:
    broken = [d for d in (file.digest, file.shown_digest) if d and not sealed.evidence.is_whole(d)]
    for digest in broken:
        scrubbing.alarm(file, digest, by=by)
    return not broken


_KEPT = (
    "criterion digest shown_digest media_type name caption size fingerprint taken_at scan turns valid_until"
).split()


def _again(assessment: Assessment, file: Evidence, *, by, at, pk: UUID) -> Evidence:
    again = Evidence.objects.create(
        pk=pk,
        assessment=assessment,
        place=_last_place(assessment, file.criterion),
        carried_from_id=file.carried_from_id or file.pk,
        added_by=by,
        added_at=at,
        **{name: getattr(file, name) for name in _KEPT},
    )
    event(
        assessment,
        "evidence.reuse",
        by,
        evidence=str(again.pk),
        criterion=file.criterion,
        digest=file.digest,
        name=file.name,
        of=str(file.pk),
    )
    return again


def _require_unlocked(assessment: Assessment, criterion: str) -> None:
    if unlocking.is_criterion_locked(criterion, unlocking.returned(assessment)):
        raise unlocking.locked()


def _there(assessment: Assessment):
    return Evidence.objects.present().filter(assessment=assessment)


def _require_room(assessment: Assessment, size: int, *, files: int = 1) -> None:
    held = _there(assessment).aggregate(files=Count("pk"), total=Sum("size", default=0))
    if files and held["files"] + files > settings.EVIDENCE_FILES_PER_ASSESSMENT:
        raise refusals.too_large(
            _("There are %(count)s files already, which is the limit. Remove one first.") % {"count": held["files"]}
        )
    if held["total"] + size > settings.EVIDENCE_BYTES_PER_ASSESSMENT:
        raise refusals.too_large(
            _("All files together may have %(limit)s MB. Remove or shrink some.")
            % {"limit": settings.EVIDENCE_BYTES_PER_ASSESSMENT // 1024**2}
        )
