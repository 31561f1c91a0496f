import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stations.models import StationClass

from ..querysets import ReportQuerySet
from .assessment import Assessment, Submission
from .edition import Edition
from .job import Job
from .period import Period


class Report(models.Model):
    """A document somebody asked for. The file lies under its digest until `expires_at`; both are empty before that.

    A comparative report is about a period and some of its assessments, rules are about an edition, all of it or what
    one class of stations is asked, a receipt is about what one station handed in.
    """

    class Kind(models.TextChoices):
        COMPARATIVE = "comparative", _("Comparative report")
        RULES = "rules", _("Scoring rules")
        RECEIPT = "receipt", _("Receipt")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    period = models.ForeignKey(Period, models.PROTECT, null=True, related_name="reports")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="reports")
    station_class = models.ForeignKey(StationClass, models.PROTECT, null=True, related_name="+")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="receipts")
    assessments = models.ManyToManyField(Assessment, related_name="+")
    language = models.CharField(_("Language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    job = models.OneToOneField(Job, models.PROTECT, related_name="report")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(null=True)
    pages = models.PositiveIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["comparative", "rules", "receipt"]), name="report_kind_known"),
            models.CheckConstraint(
                condition=Q(
                    kind="comparative",
                    period__isnull=False,
                    edition__isnull=True,
                    station_class__isnull=True,
                    submission__isnull=True,
                )
                | Q(kind="rules", period__isnull=True, edition__isnull=False, submission__isnull=True)
                | Q(
                    kind="receipt",
                    period__isnull=True,
                    edition__isnull=True,
                    station_class__isnull=True,
                    submission__isnull=False,
                ),
                name="report_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(digest="") | Q(size__gt=0, pages__gt=0, expires_at__isnull=False),
                name="report_file_has_size",
            ),
        ]
