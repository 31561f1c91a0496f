import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ..querysets import EvidenceQuerySet
from .assessment import Assessment


class Evidence(models.Model):
    """A photo, scan or PDF for one criterion; the file lies under its digest, removed rows stay as a trace.

    fingerprint  64 bits, alike for alike pictures (decoder.py); None for a PDF or a picture without contrast
    taken_at     when the camera says the picture was taken; None where it does not say. For the bureau's eyes only
    scan         what the bureau's scanner said of it (scanning.py)
    place        where it stands among the files of its criterion; equal ones in the order they came
    turns        quarter turns clockwise when it is shown; the sealed original stays as it came
    valid_until  the last day on which the document holds; None where it does not end
    carried_from the evidence of an earlier period that this one takes up again, the first of them; None for a new file
    """

    class Scan(models.TextChoices):
        NONE = "", _("No scanner")
        WAITING = "waiting", _("Not scanned yet")
        CLEAN = "clean", _("Nothing found")
        FOUND = "found", _("Something found")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="evidence")
    criterion = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    shown_digest = models.CharField(max_length=64, blank=True, help_text="The re-encoded picture; empty for a PDF.")
    media_type = models.CharField(max_length=40)
    name = models.CharField(_("File name"), max_length=200)
    caption = models.CharField(_("Caption"), max_length=200, blank=True)
    size = models.PositiveIntegerField()
    fingerprint = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    scan = models.CharField(max_length=10, choices=Scan, blank=True, default=Scan.NONE, db_default=Scan.NONE)
    place = models.PositiveSmallIntegerField(default=0, db_default=0)
    turns = models.PositiveSmallIntegerField(default=0, db_default=0)
    valid_until = models.DateField(_("Valid until"), null=True)
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "criterion", "place", "added_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(media_type__in=["image/jpeg", "image/png", "application/pdf"]),
                name="evidence_type_allowed",
            ),
            models.CheckConstraint(condition=Q(scan__in=["", "waiting", "clean", "found"]), name="evidence_scan_known"),
            models.CheckConstraint(condition=Q(turns__lte=3), name="evidence_turned_by_quarters"),
            models.CheckConstraint(
                condition=Q(turns=0) | ~Q(shown_digest=""), name="evidence_only_pictures_are_turned"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_not_empty"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="evidence_digest_is_sha256"),
            models.UniqueConstraint(
                fields=["assessment", "criterion", "digest"],
                condition=Q(removed_at__isnull=True),
                name="evidence_once_per_criterion",
            ),
        ]

    @property
    def is_picture(self) -> bool:
        return bool(self.shown_digest)

    @property
    def next_turns(self) -> int:
        """`turns` after one more quarter."""
        return (self.turns + 1) % 4

    def is_expired(self, day) -> bool:
        """Whether the document no longer holds on this day."""
        return self.valid_until is not None and self.valid_until < day
