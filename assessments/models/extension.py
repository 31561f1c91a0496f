from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .assessment import Assessment


class Extension(models.Model):
    """延期: one station's due time moved forward, with the reason. Only ever inserted (database trigger).

    round is the one the station was filling in; op_id names the sending, which takes effect once.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="extensions")
    round = models.PositiveSmallIntegerField()
    old_due_at = models.DateTimeField()
    due_at = models.DateTimeField(_("New due time"))
    reason = models.TextField(_("Reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    op_id = models.UUIDField()

    class Meta:
        ordering = ["assessment", "at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "op_id"], name="extension_once_per_op"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_needs_reason"),
            models.CheckConstraint(condition=Q(due_at__gt=F("old_due_at")), name="extension_only_forward"),
        ]
