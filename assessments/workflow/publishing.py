"""Confirm single results, then publish a bureau's results of a period: ranks, bests, norms and digest frozen.

What is published already is published again only after a reopening (reopening.py), as a new version beside the old.
"""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from audit.events import record
from stations.models import Bureau
from stationstd import refusals

from .. import digests, ranking, scores, standings
from ..models import (
    Answers,
    Assessment,
    Grouping,
    Layer,
    OfficialRank,
    PastScore,
    Period,
    Publication,
    Reopening,
    Score,
    State,
)
from . import objecting
from .locking import event, lock, now, require_round

UNFINISHED = (State.SUBMITTED, State.VERIFYING, State.VERIFIED)


@transaction.atomic
def confirm(pk: int, *, round_: int | None, by) -> Assessment:
    """审定: the verified facts become the confirmed ones. Refused (409) while an objection is possible or waits."""
    assessment = lock(pk, by, "assessment.confirm")
    require_round(assessment, round_)
    if assessment.state != State.VERIFIED:
        raise refusals.wrong_state()
    objecting.require_settled(assessment)
    assessment.state = State.CONFIRMED
    assessment.save(update_fields=["state"])
    if not assessment.is_being_corrected:  # else the published score counts until the bureau publishes anew
        scores.record([assessment], Layer.CONFIRMED)
    event(assessment, "assessment.confirm", by)
    return assessment


class Scope(NamedTuple):
    """What the act of publishing covers: `former` is the version it replaces, None for the first of a bureau."""

    assessments: list[Assessment]
    former: Publication | None

    @property
    def is_new(self) -> bool:
        """Whether there is anything that is not published as it stands."""
        return any(a.state != State.PUBLISHED for a in self.assessments)


def scope(period: Period, bureau: Bureau, *, locked: bool = False) -> Scope:
    """What this bureau would publish: its own publication anew, else all below it that nobody has published.

    `locked`: the assessments stay locked until the transaction ends. Two queries.
    """
    former = Publication.objects.newest().filter(period=period, bureau=bureau).first()
    members = ranking.members(period, bureau)
    found = members.filter(official_rank__publication=former) if former else members.filter(official_rank=None)
    return Scope(list(found.select_for_update(of=("self",)) if locked else found), former)


@transaction.atomic
def publish(period_pk: int, *, bureau: Bureau, by) -> Publication:
    """Freeze and publish one bureau's results of a period; after a reopening, anew and as a whole.

    Refused (409) while a submitted assessment is not confirmed, while a station may still submit, and where nothing
    has changed since.
    """
    period = _locked_period(period_pk, bureau, by)
    assessments, former = found = scope(period, bureau, locked=True)
    if not found.is_new:
        raise _nothing(period, bureau)
    _require_ready(assessments, now())
    reopenings = list(Reopening.objects.under_way().filter(publication=former)) if former else []
    publication = freeze(period, assessments, bureau=bureau, by=by, former=former, reopenings=reopenings)
    record(
        "period.publish",
        f"period:{period.pk}",
        by=by,
        reason="\n".join(each.reason for each in reopenings),
        bureau=bureau.code,
        digest=publication.digest,
        assessments=len(assessments),
        version=publication.version,
    )
    return publication


def freeze(
    period: Period, assessments: list[Assessment], *, bureau: Bureau, by, former=None, reopenings=(), **dated
) -> Publication:
    """Rank these assessments and store what comes out; the caller judged role and state and holds the lock.

    `former` is the version that this one replaces because of `reopenings`. `dated` (published_at) is for results that
    were published before they came into this database.
    """
    result = ranking.compute(period, assessments)
    if former:
        _put_by(former, assessments, reopenings)
    publication = Publication.objects.create(
        period=period,
        bureau=bureau,
        version=former.version + 1 if former else 1,
        published_by=by,
        edition_digest=result.standard.digest,
        norms=result.norms,
        bests=result.bests,
        **result.beside,
        judged=result.judged,
        digest=digests.of_json(result.frozen()),
        **dated,
    )
    if result.confirmed:
        scores.store(result.confirmed, Layer.CONFIRMED, result.evaluation)
    OfficialRank.objects.bulk_create(result.ranks(publication), batch_size=2000)
    _make_official(publication, assessments)
    Reopening.objects.filter(pk__in=[each.pk for each in reopenings]).update(led_to=publication)
    standings.store_complete(period, bureau, anew=former is not None)
    return publication


def _make_official(publication: Publication, assessments: list[Assessment]) -> None:
    place = OfficialRank.objects.filter(publication=publication, assessment=OuterRef("pk")).values("pk")
    mine = Assessment.objects.filter(pk__in=[a.pk for a in assessments])
    mine.update(state=State.PUBLISHED, official_rank=Subquery(place))


def _put_by(former: Publication, assessments: list[Assessment], reopenings) -> None:
    """Keep the scores of the former version, and let the corrected facts count instead of those published.

    Until the new version makes them official again, its assessments are confirmed ones: nothing of a published
    assessment can be written (migration published_stays).
    """
    then = {each.assessment_id: each.round for each in reopenings}
    rounds = {a.pk: then.get(a.pk, a.round) for a in assessments}
    kept = Score.objects.layer(Layer.CONFIRMED).filter(assessment__in=rounds)
    PastScore.objects.bulk_create(
        (
            PastScore(
                publication=former,
                assessment_id=score.assessment_id,
                round=rounds[score.assessment_id],
                **{name: getattr(score, name) for name in PastScore.FIGURES},
            )
            for score in kept
        ),
        batch_size=500,
    )
    Assessment.objects.filter(pk__in=rounds).update(state=State.CONFIRMED)
    Answers.objects.filter(assessment__in=then, layer=Layer.CONFIRMED).delete()


def _locked_period(pk: int, bureau: Bureau, by) -> Period:
    if not by.may("period.publish"):
        raise PermissionDenied
    period = (
        Period.objects.opened()
        .visible_to(by)
        .select_related("edition", "bureau", "previous")
        .select_for_update(of=("self",))
        .filter(pk=pk)
        .first()
    )
    if period is None or not bureau.path.startswith(by.bureau.path):
        raise Http404
    if period.grouping == Grouping.CLASS and bureau.pk != period.bureau_id:
        raise refusals.wrong_state(_("Groups cross bureaus in this period: only the bureau above all can publish."))
    return period


def _nothing(period: Period, bureau: Bureau) -> refusals.Refused:
    if ranking.members(period, bureau).exists():
        return refusals.wrong_state(_("These results have been published already."))
    return refusals.wrong_state(_("There is nothing to publish for this bureau."))


def _require_ready(assessments: list[Assessment], clock) -> None:
    waiting = unready(assessments, clock)
    if waiting:
        raise refusals.incomplete(
            _("Some assessments are not confirmed yet, or their stations may still submit."),
            assessments=[a.pk for a in waiting],
        )


def unready(assessments: list[Assessment], clock) -> list[Assessment]:
    """Those that publication waits for."""
    return [a for a in assessments if a.state in UNFINISHED or (a.is_open and a.due_at > clock)]
