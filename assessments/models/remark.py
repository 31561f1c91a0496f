from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .assessment import Assessment


class Remark(models.Model):
    """A station's word of explanation of something that stands out on its sheet, for the reviewer to read.

    code    of a cross-field rule, or of a flag as flagging.Note.code has it
    seen    digest of the figures it was said of: it holds no longer once they change
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="remarks")
    code = models.CharField(max_length=120)
    round = models.PositiveSmallIntegerField()
    text = models.TextField(_("Explanation"))
    seen = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["assessment", "round", "code"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "code", "round"], name="remark_once_per_round"),
            models.CheckConstraint(condition=~Q(text=""), name="remark_says_something"),
        ]
