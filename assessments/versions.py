"""Published results that were corrected: every version with what it said, and why the next one was needed."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from .models import Assessment, Layer, OfficialRank, PastScore, Period, Publication, Reopening, Score
from .scoring import Criterion


class Changed(NamedTuple):
    """Points of one criterion in units of 10^-decimals; None where it did not apply."""

    criterion: Criterion
    before: int | None
    after: int | None


class Version(NamedTuple):
    """What one version says of an assessment.

    total    points in units, None without a result
    changed  the criteria whose points differ from those of the version before
    reasons  the corrections of this assessment that led to the version; none where another station was corrected
    """

    place: OfficialRank
    total: int | None
    changed: list[Changed]
    reasons: list[Reopening]


def of(assessment: Assessment) -> list[Version]:
    """All versions of one assessment, the newest first; none while there is one only. Up to four queries."""
    found = OfficialRank.objects.filter(assessment=assessment).select_related("publication__published_by")
    places = list(found.order_by("publication__version"))
    if len(places) < 2:
        return []
    reasons = defaultdict(list)
    for reopening in Reopening.objects.filter(assessment=assessment, led_to__isnull=False).with_people():
        reasons[reopening.led_to_id].append(reopening)
    scores = {score.publication_id: score for score in PastScore.objects.filter(assessment=assessment)}
    now = Score.objects.layer(Layer.CONFIRMED).filter(assessment=assessment).first()
    if now is not None:
        scores[places[-1].publication_id] = now
    versions, before = [], None
    for place in places:
        score = scores.get(place.publication_id)
        changed = _changed(assessment, before, score) if before and score else []
        versions.append(Version(place, score.total if score else None, changed, reasons[place.publication_id]))
        before = score
    return versions[::-1]


def _changed(assessment: Assessment, before, after) -> list[Changed]:
    criteria = assessment.period.edition.standard.criteria
    rows = zip(criteria, before.points, after.points, strict=True)
    return [Changed(*row) for row in rows if row[1] != row[2]]


class Lineage(NamedTuple):
    """The versions of one bureau's results, the oldest first; `why` are the corrections behind each."""

    versions: list[Publication]
    why: dict[int, list[Reopening]]


def lineages(period: Period, user) -> list[Lineage]:
    """Those with more than one version of which this user may see places, in the order of the tree. Three queries."""
    seen = OfficialRank.objects.visible_in_any_version(user).filter(publication__period=period)
    found = Publication.objects.filter(pk__in=seen.order_by().values("publication"))
    by_bureau: dict[int, list[Publication]] = defaultdict(list)
    listed = (
        found.select_related("bureau", "published_by").with_clock().defer("norms", "bests", "past", "claims", "judged")
    )
    for publication in listed.order_by("bureau__path", "version"):
        by_bureau[publication.bureau_id].append(publication)
    why: dict[int, list[Reopening]] = defaultdict(list)
    for reopening in _behind(period, user):
        why[reopening.led_to_id].append(reopening)
    return [Lineage(each, {p.pk: why[p.pk] for p in each}) for each in by_bureau.values() if len(each) > 1]


def _behind(period: Period, user) -> Iterable[Reopening]:
    """The corrections in this user's sight that led to a new version."""
    found = Reopening.objects.visible_to(user).filter(led_to__period=period)
    return found.with_people().select_related("assessment__station").order_by("assessment__station__code")


class Line(NamedTuple):
    """One station: its place in each version of its lineage, None where it has none."""

    assessment: Assessment
    places: list[OfficialRank | None]

    @property
    def moved(self) -> bool:
        said = {(place.rank, place.rate) if place else None for place in self.places}
        return len(said) > 1


def lines(lineage: Lineage, user, page) -> list[Line]:
    """The places of the assessments of one page (paginated assessments), in each version. One query."""
    found = OfficialRank.objects.visible_in_any_version(user)
    rows = found.filter(assessment__in=list(page), publication__in=lineage.versions)
    places = {(row.assessment_id, row.publication_id): row for row in rows}
    return [Line(a, [places.get((a.pk, p.pk)) for p in lineage.versions]) for a in page]
