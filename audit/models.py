"""Events that nobody can change: who did what to which thing, when, from where, and why."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One act. Rows are only inserted: a database trigger refuses UPDATE, DELETE and TRUNCATE.

    `chain` names the thing the event belongs to ("assessment:12", "account:7", "administration").
    """

    at = models.DateTimeField(_("Time"), db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    address = models.GenericIPAddressField(null=True)
    action = models.CharField(_("Action"), max_length=60)
    chain = models.CharField(_("Subject"), max_length=80)
    reason = models.TextField(_("Reason"), blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["chain", "id"]), models.Index(fields=["at"])]
