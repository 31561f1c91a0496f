from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from stations.models import Bureau

from ..querysets import OfficialRankQuerySet, ScoreQuerySet, StandingQuerySet
from .answers import Layer
from .assessment import Assessment
from .period import Period, Publication


class Scored(models.Model):
    """What the facts of one layer of one assessment scored, as the engine computed it.

    points and offered are in units of 10^-decimals in the edition's order, NULL where the criterion does not apply.
    rate is in hundredths of a percent, NULL where nothing is on offer.
    sections is {section: [earned, offered]} in the same units.
    is_rankable: something is on offer, and enough of the edition applies for the station to take a place.
    """

    edition_digest = models.CharField(max_length=64)
    facts_digest = models.CharField(max_length=64)
    points = ArrayField(models.IntegerField(null=True))
    offered = ArrayField(models.IntegerField(null=True))
    sections = models.JSONField()
    total = models.BigIntegerField()
    offered_total = models.BigIntegerField()
    rate = models.IntegerField(null=True)
    applicable_share = models.IntegerField(help_text="Hundredths of a percent of the edition's points.")
    grade = models.CharField(max_length=20, blank=True)
    is_rankable = models.BooleanField(default=True)
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class Score(Scored):
    """The score of one layer of one assessment; written by scores.py alone.

    That of the confirmed layer of an assessment with an official rank is the published one: only a publication
    writes it, so that it stays as it is while the assessment is being corrected.
    """

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores")
    layer = models.CharField(max_length=10, choices=Layer)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "layer"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "layer"], name="score_once_per_layer"),
            models.CheckConstraint(condition=Q(layer__in=Layer.values), name="score_layer_known"),
            models.CheckConstraint(condition=Q(offered_total__gte=0), name="score_offered_not_negative"),
            models.CheckConstraint(
                condition=Q(rate__isnull=False) | Q(offered_total=0), name="score_rate_where_offered"
            ),
        ]


class PastScore(Scored):
    """The confirmed score of one assessment in a publication that a later version has replaced. Only ever inserted.

    round  the assessment's round in which its facts were confirmed: that of the vector they are frozen in
    """

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="past_scores")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="past_scores")
    round = models.PositiveSmallIntegerField()

    FIGURES = tuple(field.name for field in Scored._meta.local_fields)

    class Meta:
        ordering = ["publication", "assessment"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "assessment"], name="past_score_once_per_publication")
        ]


class RunScore(models.Model):
    """What a run over a whole period scored an assessment that is not published: figures to look at, nobody's record.

    The columns are those of Score, without what was on offer item by item. The database neither records its changes
    nor checks the foreign key, which a nation's 43,000 rows at a time would wait for.
    """

    pk = models.CompositePrimaryKey("assessment_id", "layer")
    assessment = models.ForeignKey(
        Assessment, models.DO_NOTHING, related_name="run_scores", db_constraint=False, db_index=False
    )
    layer = models.CharField(max_length=10, choices=Layer)
    edition_digest = models.CharField(max_length=64)
    facts_digest = models.CharField(max_length=64)
    points = ArrayField(models.IntegerField(null=True))
    sections = models.JSONField()
    total = models.BigIntegerField()
    offered_total = models.BigIntegerField()
    rate = models.IntegerField(null=True)
    applicable_share = models.IntegerField(help_text="Hundredths of a percent of the edition's points.")
    grade = models.CharField(max_length=20, blank=True)
    is_rankable = models.BooleanField()
    rank = models.PositiveIntegerField(null=True, help_text="The place it would take in its group; None for none.")
    group_size = models.PositiveIntegerField(default=0)
    change = models.IntegerField(null=True, help_text="Places gained since the previous period; None without one.")
    computed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["assessment_id", "layer"]
        constraints = [models.CheckConstraint(condition=Q(layer__in=Layer.values), name="run_score_layer_known")]


class OfficialRank(models.Model):
    """A station's place in its group as published; never recomputed. rank is None where it is listed unranked.

    Each version of a publication has its own; the one that counts is Assessment.official_rank.
    """

    class Unranked(models.TextChoices):
        NOT_SUBMITTED = "not_submitted"
        TOO_LITTLE = "too_little"
        REHEARSAL = "rehearsal"

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="ranks")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="ranks")
    group = models.CharField(max_length=60)
    rank = models.PositiveIntegerField(null=True)
    group_size = models.PositiveIntegerField()
    rate = models.IntegerField(null=True)
    change = models.IntegerField(null=True, help_text="Places gained since the previous period; None without one.")
    rate_change = models.IntegerField(null=True)
    unranked = models.CharField(max_length=20, blank=True, choices=Unranked)

    objects = OfficialRankQuerySet.as_manager()

    class Meta:
        ordering = ["publication", "group", F("rank").asc(nulls_last=True), "assessment_id"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "assessment"], name="rank_once_per_publication"),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(rank__gte=1, rank__lte=F("group_size")),
                name="rank_within_group",
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True, unranked__gt="") | Q(rank__isnull=False, unranked=""),
                name="rank_or_reason",
            ),
        ]
        indexes = [models.Index(fields=["publication", "group", "rank"])]


class Standing(models.Model):
    """A station's place among all stations below a bureau: county, city, province, nation. Groups have OfficialRank.

    Worked out from stored scores in one run and read as it stands. Once everything below the bureau is published
    it is final and written again only with a new version of a publication; before that nobody is shown it.
    The primary key is the order of a page, and the only index; foreign keys are not checked by the database. More
    indexes and checks took two thirds of the time of a national run.
    """

    pk = models.CompositePrimaryKey("period_id", "bureau_id", "rank", "assessment_id")
    period = models.ForeignKey(Period, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    bureau = models.ForeignKey(Bureau, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    assessment = models.ForeignKey(
        Assessment, models.DO_NOTHING, related_name="standings", db_constraint=False, db_index=False
    )
    rank = models.PositiveIntegerField()
    of = models.PositiveIntegerField(help_text="How many stations have a place there.")
    rate = models.IntegerField(help_text="Hundredths of a percent.")
    change = models.IntegerField(null=True, help_text="Places gained since the previous period; None without one.")
    is_final = models.BooleanField(default=False)

    objects = StandingQuerySet.as_manager()

    class Meta:
        ordering = ["period_id", "bureau_id", "rank", "assessment_id"]
        constraints = [
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=F("of")), name="standing_within_bureau"),
        ]

    # What a page shows beside a place is that of the published rank. All below the bureau are one group.

    @property
    def group(self) -> str:
        return ""

    @property
    def rate_change(self) -> int | None:
        return self.assessment.official_rank.rate_change

    @property
    def publication(self) -> Publication:
        return self.assessment.official_rank.publication

    @property
    def unranked(self) -> str:
        """Who has no place has no row here."""
        return ""
