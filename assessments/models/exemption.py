from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .assessment import Assessment


class Exemption(models.Model):
    """不适用申请: a station asks that a criterion is not applicable to it. Withdrawn or decided, never deleted.

    round is the one it was asked in; op_id names the sending, which takes effect once. Until it is decided the
    criterion counts as it stands. decided_why is needed to decline only.
    """

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="exemptions")
    criterion = models.CharField(max_length=60)
    round = models.PositiveSmallIntegerField()
    reason = models.TextField(_("Reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    op_id = models.UUIDField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_why = models.TextField(_("Reason"), blank=True)

    class Meta:
        ordering = ["assessment", "at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion"], condition=Q(outcome=""), name="exemption_one_at_a_time"
            ),
            models.UniqueConstraint(fields=["assessment", "op_id"], name="exemption_once_per_op"),
            models.CheckConstraint(condition=~Q(reason=""), name="exemption_needs_reason"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_by=None, decided_at=None, decided_why="")
                | Q(
                    outcome__in=["approved", "declined", "withdrawn"],
                    decided_by__isnull=False,
                    decided_at__gte=F("at"),
                ),
                name="exemption_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="declined") | ~Q(decided_why=""), name="exemption_declined_with_reason"
            ),
        ]

    @property
    def is_undecided(self) -> bool:
        return self.outcome == ""
