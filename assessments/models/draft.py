from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stations.models import Bureau

from ..querysets import DraftQuerySet
from .edition import Edition


class Draft(models.Model):
    """A standard being written. Its text is always readable TOML and may have any problem; `revision` counts changes.

    code, version and titles are those of the text. `edition` is what it was published as; after that it stays as it is.
    """

    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("Bureau"), related_name="drafts")
    based_on = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, verbose_name=_("Copied from"), related_name="drafts"
    )
    edition = models.OneToOneField(
        Edition, models.PROTECT, null=True, blank=True, verbose_name=_("Published as"), related_name="draft"
    )
    code = models.CharField(_("Code"), max_length=60)
    version = models.CharField(_("Version"), max_length=20)
    title = models.CharField(_("Title"), max_length=120)
    title_en = models.CharField(_("English title"), max_length=160, blank=True)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("Changed"), db_default=Now())

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(revision__gte=1), name="draft_revision_from_one"),
        ]

    def __str__(self):
        return f"{self.title} {self.version}"

    @property
    def name(self) -> str:
        """The name that its problems are told under."""
        return f"{self.code}.toml"
