from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ..querysets import ReopeningQuerySet
from .assessment import Assessment
from .period import Publication


class Reopening(models.Model):
    """复核更正: a published assessment that is to be corrected. One reviewer asks, another one decides.

    publication  the version whose result is corrected
    round        the assessment's round that was published; an approved reopening begins the next one
    led_to       the version with the corrected result; None until the bureau publishes anew
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="reopenings")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="reopenings")
    round = models.PositiveSmallIntegerField()
    reason = models.TextField(_("Reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_why = models.TextField(_("Reason"), blank=True)
    led_to = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="corrections")

    objects = ReopeningQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"],
                condition=Q(led_to=None) & ~Q(decision="declined"),
                name="reopening_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", "approved", "declined"]), name="reopening_decision_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="reopening_needs_reason"),
            models.CheckConstraint(
                condition=Q(decision="", decided_by=None, decided_at=None, decided_why="")
                | Q(decision__in=["approved", "declined"], decided_by__isnull=False, decided_at__gte=F("at")),
                name="reopening_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("by")), name="reopening_decided_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(decision="declined") | ~Q(decided_why=""), name="reopening_declined_with_reason"
            ),
            models.CheckConstraint(condition=Q(led_to=None) | Q(decision="approved"), name="reopening_led_to_version"),
        ]

    @property
    def is_undecided(self) -> bool:
        return self.decision == ""

    @property
    def is_under_way(self) -> bool:
        """Approved, and not published anew yet."""
        return self.decision == self.Decision.APPROVED and self.led_to_id is None
