from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stations.models import Bureau, Station, StationClass

from ..querysets import AssessmentQuerySet
from .period import Period


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    VERIFYING = "verifying", _("Verifying")
    VERIFIED = "verified", _("Verified")
    CONFIRMED = "confirmed", _("Confirmed")
    PUBLISHED = "published", _("Published")


# States in which the station may still change its own facts.
OPEN_STATES = (State.DRAFT, State.RETURNED)
# States in which the bureau may change facts.
VERIFIABLE_STATES = (State.SUBMITTED, State.VERIFYING)


class Assessment(models.Model):
    """One station's work in one period. Bureau, class and group are those of the day the period opened.

    objection_until  until when the chief may object to what was verified; None where there is no such window
    no_objection_at  when the chief declared that nothing more will be objected to; None where that was not said
    official_rank    the published place that counts: that of the newest version; None while nothing is published
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="assessments")
    station = models.ForeignKey(Station, models.PROTECT, related_name="assessments")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="assessments")
    station_class = models.ForeignKey(StationClass, models.PROTECT)
    group = models.CharField(_("Group"), max_length=60)
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.DRAFT)
    round = models.PositiveSmallIntegerField(_("Round"), default=1)
    due_at = models.DateTimeField(_("Due"))
    submitted_at = models.DateTimeField(_("Submitted"), null=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    objection_until = models.DateTimeField(_("Objections until"), null=True)
    no_objection_at = models.DateTimeField(_("No objection"), null=True)
    official_rank = models.OneToOneField(
        "assessments.OfficialRank", models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["period", "station__code"]
        constraints = [
            models.UniqueConstraint(fields=["period", "station"], name="assessment_once_per_period"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="assessment_state_known"),
            models.CheckConstraint(condition=Q(round__gte=1), name="assessment_round_from_one"),
        ]
        indexes = [models.Index(fields=["period", "state"]), models.Index(fields=["period", "group"])]

    @property
    def is_open(self) -> bool:
        """Whether the station may change facts as far as the state goes; the deadline is the database's to judge."""
        return self.state in OPEN_STATES

    @property
    def is_verifiable(self) -> bool:
        return self.state in VERIFIABLE_STATES

    @property
    def is_being_corrected(self) -> bool:
        """Whether this is published and reopened: what was published stays official until the bureau publishes anew."""
        return self.official_rank_id is not None and self.state != State.PUBLISHED


class Submission(models.Model):
    """What a chief handed in, once a round: the digest over all that the sheet said at that moment.

    digest_form  what the digest covers, see digests.py
    """

    NEWEST_FORM = 2

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="submissions")
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    digest_form = models.PositiveSmallIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ["assessment", "round"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "round"], name="submission_once_per_round"),
            models.CheckConstraint(condition=Q(digest_form__in=[1, 2]), name="submission_digest_form_known"),
        ]


class Review(models.Model):
    """What the reviewer said of one criterion in one round; a change of fact stands in the verified answers.

    seen          digest of the facts and the evidence it was said of (workflow/carrying.py)
    carried_from  the earlier round it was said in and still holds from; None where it was said in this one
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        CHANGED = "changed", _("Changed")
        RETURNED = "returned", _("Returned")

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="reviews")
    round = models.PositiveSmallIntegerField()
    criterion = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField(_("Reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    seen = models.CharField(max_length=64, blank=True, default="", db_default="")
    carried_from = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["assessment", "round", "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "round", "criterion"], name="review_once_per_round"),
            models.CheckConstraint(
                condition=Q(outcome__in=["accepted", "changed", "returned"]), name="review_outcome_known"
            ),
            models.CheckConstraint(condition=Q(outcome="accepted") | ~Q(reason=""), name="review_needs_reason"),
            models.CheckConstraint(
                condition=Q(carried_from=None) | Q(carried_from__lt=F("round")), name="review_carried_from_before"
            ),
        ]


class Returning(models.Model):
    """An assessment sent back to its station: the general reason and the new due time; item reasons are Reviews."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="returnings")
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(_("Reason"))
    due_at = models.DateTimeField(_("New due time"))

    class Meta:
        ordering = ["assessment", "round"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "round"], name="returning_once_per_round"),
            models.CheckConstraint(condition=~Q(reason=""), name="returning_needs_reason"),
            models.CheckConstraint(condition=Q(due_at__gt=F("at")), name="returning_due_in_future"),
        ]
