from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stations.models import Bureau

from ..querysets import PeriodQuerySet, PublicationQuerySet
from .edition import Edition

MOST_OBJECTION_DAYS = 30
MOST_PUBLICITY_DAYS = 30


class Grouping(models.TextChoices):
    """Whose ranks are compared with whose."""

    BUREAU = "bureau", _("Bureau")
    CLASS = "class", _("Class")
    BUREAU_CLASS = "bureau_class", _("Bureau and class")


class Period(models.Model):
    """A quarter (or any span with free dates) of one bureau's stations, pinned to one edition.

    Facts are those of starts_on…ends_on; stations fill from opens_at to due_at. Not opened while opened_at is None.
    A rehearsal (试运行) is worked through like any other, but gives nobody a place and counts nowhere else: not as an
    earlier period of another one, nor in the year, comparisons and what-if.
    """

    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name=_("Bureau"), related_name="periods")
    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name=_("Edition"), related_name="periods")
    name = models.CharField(_("Name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"))
    due_at = models.DateTimeField(_("Self-assessment due"))
    grouping = models.CharField(_("Ranked within"), max_length=20, choices=Grouping, default=Grouping.BUREAU)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("Previous period"), related_name="next"
    )
    year_before = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("Same period a year before"),
        related_name="year_after",
    )
    objection_days = models.PositiveSmallIntegerField(
        _("Days to object"),
        default=3,
        db_default=3,
        validators=[MaxValueValidator(MOST_OBJECTION_DAYS)],
        help_text=_("How long a chief may object once a station's verification is finished. 0: no objections."),
    )
    publicity_days = models.PositiveSmallIntegerField(
        _("Days of publicity"),
        default=5,
        db_default=5,
        validators=[MaxValueValidator(MOST_PUBLICITY_DAYS)],
        help_text=_("How long after publication the results are marked as put up for all to see. 0: not marked."),
    )
    is_rehearsal = models.BooleanField(
        _("Rehearsal"),
        default=False,
        db_default=False,
        help_text=_("Everything works, but nobody gets a rank and the results count nowhere else."),
    )
    opened_at = models.DateTimeField(_("Opened"), null=True, editable=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["bureau", "name"], name="period_name_once_per_bureau"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="period_ends_after_start",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            models.CheckConstraint(condition=Q(grouping__in=Grouping.values), name="period_grouping_known"),
            models.CheckConstraint(
                condition=Q(objection_days__lte=MOST_OBJECTION_DAYS), name="period_objection_days_at_most"
            ),
            models.CheckConstraint(
                condition=Q(publicity_days__lte=MOST_PUBLICITY_DAYS), name="period_publicity_days_at_most"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_earlier(self) -> bool:
        """Whether another period is compared with it. One query."""
        return Period.objects.filter(Q(previous=self.pk) | Q(year_before=self.pk)).exists()


class Publication(models.Model):
    """One bureau's results of one period, frozen: what was compared with, and the digest of all of it.

    A correction makes a new version; the newest one counts, those before it stay as they are.
    norms and bests: what the standard and the group asked for. past and claims: the stations' earlier facts and
    their own claims, as far as a rule looks at them; bases.py says how they are written. judged: what gates, vetoes
    and forced shares did to whom; judging.py says how it is written.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="publications")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="publications")
    version = models.PositiveSmallIntegerField(default=1)
    published_at = models.DateTimeField(db_default=Now())
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    edition_digest = models.CharField(max_length=64)
    norms = models.JSONField(default=dict)
    bests = models.JSONField(default=dict)
    past = models.JSONField(default=dict)
    claims = models.JSONField(default=dict)
    judged = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at"]
        constraints = [
            models.UniqueConstraint(fields=["period", "bureau", "version"], name="publication_once_per_version"),
            models.CheckConstraint(condition=Q(version__gte=1), name="publication_version_from_one"),
        ]
