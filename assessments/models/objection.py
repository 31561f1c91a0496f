from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from ..querysets import ObjectionQuerySet
from .assessment import Assessment


class Objection(models.Model):
    """异议: what a chief says against one verified criterion, and what another reviewer than the first made of it.

    outcome is "" while it waits. answer, decided_by and decided_at belong to the outcome; for one that was withdrawn
    they say who withdrew it and when. points_before and points_after are those of the criterion in units of
    10^-decimals, where it was upheld. op_id names the sending, which takes effect once.
    """

    class Outcome(models.TextChoices):
        OPEN = "", _("Waiting for an answer")
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Dismissed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="objections")
    round = models.PositiveSmallIntegerField()
    criterion = models.CharField(max_length=60)
    ground = models.TextField(_("Ground"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    op_id = models.UUIDField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default=Outcome.OPEN)
    answer = models.TextField(_("Answer"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    points_before = models.IntegerField(null=True)
    points_after = models.IntegerField(null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "round", "at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "op_id"], name="objection_once_per_op"),
            models.UniqueConstraint(
                fields=["assessment", "round", "criterion"],
                condition=~Q(outcome="withdrawn"),
                name="objection_once_per_criterion",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "upheld", "dismissed", "withdrawn"]), name="objection_outcome_known"
            ),
            models.CheckConstraint(condition=~Q(ground=""), name="objection_needs_ground"),
            models.CheckConstraint(
                condition=Q(outcome="", answer="", decided_by=None, decided_at=None)
                | ~Q(outcome="") & Q(decided_by__isnull=False, decided_at__gte=F("at")),
                name="objection_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "withdrawn"]) | ~Q(answer=""), name="objection_decision_needs_answer"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.outcome == self.Outcome.OPEN

    @property
    def is_upheld(self) -> bool:
        return self.outcome == self.Outcome.UPHELD

    @property
    def change(self) -> int | None:
        """Points won for the criterion, negative for points lost; None where it was not upheld."""
        return None if self.points_after is None else self.points_after - self.points_before
