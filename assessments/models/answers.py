from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .assessment import Assessment


class Layer(models.TextChoices):
    """self 自评 → verified 核查 → confirmed 审定; a layer is the one before it, overlaid with its own facts."""

    SELF = "self", _("Self-assessed")
    VERIFIED = "verified", _("Verified")
    CONFIRMED = "confirmed", _("Confirmed")


class Answers(models.Model):
    """The facts of one assessment, layer and dimension: {metric: cell}; assessments/answers.py says what a cell is.

    A row of the verified layer holds only the facts that layer changed. The confirmed layer is the verified one; it
    has rows, with all facts as they were published, only while a published assessment is being corrected.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="answers")
    layer = models.CharField(max_length=10, choices=Layer)
    dimension = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["assessment", "layer", "dimension"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "layer", "dimension"], name="answers_once_per_dimension"),
            models.CheckConstraint(condition=Q(layer__in=Layer.values), name="answers_layer_known"),
        ]


class AnswerChange(models.Model):
    """One change of one fact, old and new, with who and why. Only ever inserted (database trigger)."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="changes")
    layer = models.CharField(max_length=10, choices=Layer)
    metric = models.CharField(max_length=60)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())
    reason = models.TextField(blank=True)
    op_id = models.UUIDField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "op_id", "metric"], name="answer_change_once_per_op")
        ]
        indexes = [models.Index(fields=["assessment", "metric", "id"])]
