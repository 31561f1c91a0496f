"""The language in which this app asks for things: each method narrows or annotates."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now


def _in_jurisdiction(user, station: str, bureau: str) -> Q:
    """Own station for chief and clerk, the bureau's subtree for its staff, nothing for the others."""
    if user.station_id:
        return Q(**{station: user.station_id})
    if user.bureau_id:
        return Q(**{f"{bureau}__path__startswith": user.bureau.path})
    return Q(pk__in=[])


class Clocked:
    def with_clock(self):
        """Each with `clock`, what the database's clock showed when it was read."""
        return self.annotate(clock=Now())


class DraftQuerySet(models.QuerySet):
    def editable_by(self, user):
        """Drafts of the user's bureau and of those below it."""
        return self.filter(bureau__path__startswith=user.bureau.path) if user.may("edition.edit") else self.none()

    def unpublished(self):
        return self.filter(edition__isnull=True)


class PeriodQuerySet(Clocked, models.QuerySet):
    def opened(self):
        return self.filter(opened_at__isnull=False)

    def visible_to(self, user):
        """Periods whose bureau is above, at or below the user's own place, since they cover it or lie in it."""
        place = user.station.bureau if user.station_id else user.bureau
        if place is None:
            return self.none()
        above = [place.path[:end] for end in range(place.steplen, len(place.path) + 1, place.steplen)]
        covering = Q(bureau__path__in=above)
        return self.filter(covering if user.station_id else covering | Q(bureau__path__startswith=place.path))

    def counted(self):
        """All but rehearsals."""
        return self.filter(is_rehearsal=False)

    def published_for(self, user):
        """Periods of which this user may see published ranks; the newest first."""
        place = user.station.bureau if user.station_id else user.bureau
        if place is None or not user.may("ranking.view"):
            return self.none()
        above = [place.path[:end] for end in range(place.steplen, len(place.path) + 1, place.steplen)]
        covering = Q(publications__bureau__path__in=above)
        below = Q(publications__bureau__path__startswith=place.path)
        return self.counted().filter(covering if user.station_id else covering | below).distinct()

    def manageable_by(self, user):
        return self.filter(bureau__path__startswith=user.bureau.path) if user.may("period.manage") else self.none()


class PublicationQuerySet(Clocked, models.QuerySet):
    def newest(self):
        """The versions that count."""
        later = self.model.objects.filter(
            period=OuterRef("period"), bureau=OuterRef("bureau"), version__gt=OuterRef("version")
        )
        return self.filter(~Exists(later))

    def of(self, assessments):
        """Those whose results of these assessments count."""
        return self.filter(pk__in=assessments.order_by().values("official_rank__publication"))


class AssessmentQuerySet(Clocked, models.QuerySet):
    def with_places(self):
        """With what a page about it names. The edition's text, which is long, is read when it is compiled."""
        found = self.select_related("station", "bureau", "station_class", "period__edition", "period__bureau")
        return found.defer("period__edition__text")

    def for_period(self, period):
        return self.filter(period=period)

    def visible_to(self, user):
        """Assessments whose facts this user may see, whatever their state."""
        return self.filter(_in_jurisdiction(user, "station", "bureau")) if user.may("assessment.view") else self.none()

    def editable_by(self, user):
        """Assessments this user may fill as far as role and station go; state and deadline are judged in the write."""
        return self.visible_to(user).filter(station=user.station_id) if user.may("assessment.fill") else self.none()

    def verifiable_by(self, user):
        return self.visible_to(user) if user.may("assessment.verify") else self.none()

    def comparable_by(self, user):
        """Assessments this user may put side by side: facts in sight for bureau staff, published ones for sysadmins.

        Those of a rehearsal are compared with nobody.
        """
        if not user.may("comparison.view"):
            return self.none()
        scope = self.filter(_in_jurisdiction(user, "station", "bureau"))
        return scope.filter(official_rank__isnull=False, period__is_rehearsal=False)

    def reportable_by(self, user):
        return self.comparable_by(user) if user.may("report.request") else self.none()


class EvidenceQuerySet(models.QuerySet):
    def present(self):
        return self.filter(removed_at__isnull=True)

    def with_origin(self):
        """With the period that a file used again was first handed in for."""
        return self.select_related("carried_from__assessment__period")

    def visible_to(self, user):
        """Evidence of the own station; for the bureau, once the station has submitted for the first time."""
        if not user.may("evidence.view"):
            return self.none()
        found = self.present().filter(_in_jurisdiction(user, "assessment__station", "assessment__bureau"))
        return found if user.station_id else found.exclude(assessment__state="draft")

    def removable_by(self, user):
        return self.visible_to(user) if user.may("evidence.add") else self.none()


class ObjectionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(outcome="")

    def visible_to(self, user):
        """Objections of the own station; for bureau staff, those of the subtree's stations."""
        if not user.may("assessment.view"):
            return self.none()
        return self.filter(_in_jurisdiction(user, "assessment__station", "assessment__bureau"))

    def decidable_by(self, user):
        """Those this user may answer as far as role and place go; who reviewed the criterion is judged in the act."""
        return self.visible_to(user) if user.may("objection.decide") else self.none()

    def with_places(self):
        return self.select_related(
            "assessment__station", "assessment__bureau", "assessment__period__edition", "by", "decided_by"
        ).defer("assessment__period__edition__text")


class ReopeningQuerySet(models.QuerySet):
    def undecided(self):
        return self.filter(decision="")

    def under_way(self):
        """Approved, and not published anew yet."""
        return self.filter(decision="approved", led_to=None)

    def visible_to(self, user):
        """Reopenings of the own station; for bureau staff, those of the subtree's stations."""
        if not user.may("assessment.view"):
            return self.none()
        return self.filter(_in_jurisdiction(user, "assessment__station", "assessment__bureau"))

    def with_people(self):
        return self.select_related("by", "decided_by", "publication", "led_to__published_by")


class ScoreQuerySet(models.QuerySet):
    def for_period(self, period):
        return self.filter(assessment__period=period)

    def layer(self, layer):
        return self.filter(layer=layer)

    def visible_to(self, user):
        return self.filter(_in_jurisdiction(user, "assessment__station", "assessment__bureau"))


class RankedQuerySet(Clocked, models.QuerySet):
    """Places of assessments among others."""

    def visible_to(self, user):
        """Those of the own bureau's stations for a station, of the subtree's for bureau staff."""
        if not user.may("ranking.view"):
            return self.none()
        if user.station_id:
            return self.filter(assessment__bureau=user.station.bureau_id)
        return self.filter(assessment__bureau__path__startswith=user.bureau.path)


class OfficialRankQuerySet(RankedQuerySet):
    """What is asked for by period or by reader are the ranks that count, not those of versions before."""

    def current(self):
        return self.filter(assessment__official_rank=F("pk"))

    def for_period(self, period):
        return self.filter(publication__period=period).current()

    def visible_to(self, user):
        return super().visible_to(user).current()

    def visible_in_any_version(self, user):
        return super().visible_to(user)

    def with_places(self):
        return self.select_related(
            "assessment__station", "assessment__bureau", "assessment__station_class", "publication"
        )


class StandingQuerySet(RankedQuerySet):
    def for_period(self, period):
        return self.filter(period=period)

    def final(self):
        return self.filter(is_final=True)

    def with_places(self):
        return self.select_related(
            "assessment__station",
            "assessment__bureau",
            "assessment__station_class",
            "assessment__official_rank__publication",
        )


class JobQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(state__in=["queued", "running"])

    def ended(self):
        return self.exclude(state__in=["queued", "running"])

    def alive(self):
        """Running, with a worker that has been heard of within its lease."""
        return self.filter(state="running", lease_until__gte=Now())

    def forsaken(self):
        """Running, as far as anybody knows, but not heard of for longer than the lease."""
        return self.filter(state="running", lease_until__lt=Now())

    def waiting(self):
        """What a worker may take."""
        return self.filter(Q(state="queued") | Q(state="running", lease_until__lt=Now()))


class ReportQuerySet(models.QuerySet):
    def in_force(self):
        """Reports whose file lies here and may be had."""
        return self.exclude(digest="").filter(expires_at__gt=Now())

    def with_expiry(self):
        """Each with `is_expired`, by the database's clock."""
        return self.annotate(is_expired=Q(expires_at__isnull=False, expires_at__lte=Now()))

    def visible_to(self, user):
        """Reports of the report centre that this user asked for and may still see every station of."""
        if not user.may("report.request"):
            return self.none()
        outside = self.model.assessments.through.objects.exclude(
            assessment__bureau__path__startswith=user.bureau.path
        ).values("report_id")
        return self.filter(requested_by=user).exclude(pk__in=outside).exclude(kind="receipt")
