"""What was accepted or changed in an earlier round still holds while nothing it was said of has changed."""

from collections import defaultdict

from .. import answers, digests
from ..models import Assessment, Evidence, Layer, Review


def seen(assessment: Assessment) -> dict[str, str]:
    """{criterion: digest of its facts, the station's own and the verified ones, and of its evidence with what is said
    of it}. Three queries."""
    own = answers.own_cells(assessment, Layer.SELF)
    verified = answers.own_cells(assessment, Layer.VERIFIED)
    files: dict[str, list[list]] = defaultdict(list)
    present = Evidence.objects.present().filter(assessment=assessment).order_by("digest")
    for criterion, *said, until in present.values_list("criterion", "digest", "caption", "turns", "valid_until"):
        files[criterion].append([*said, until and until.isoformat()])
    return {
        criterion.id: digests.of_json(
            [_said(own, criterion.metrics), _said(verified, criterion.metrics), files[criterion.id]]
        )
        for criterion in assessment.period.edition.standard.criteria
    }


def _said(cells: dict[str, answers.Cell], metrics) -> list:
    """What stands there, however often it was written."""
    known = {metric: cells.get(metric, answers.Cell()) for metric in sorted(metrics)}
    return [[metric, cell.value, cell.state] for metric, cell in known.items()]


def carry(assessment: Assessment) -> list[str]:
    """Let the reviews of earlier rounds that still hold stand in the present round; the criteria they are about.

    Called with the assessment locked, as it is handed in again. The last word on a criterion counts: one that was
    returned, or whose facts or evidence have changed, has to be looked at anew.
    """
    earlier = Review.objects.filter(assessment=assessment, round__lt=assessment.round).order_by("round")
    last = {review.criterion: review for review in earlier}
    if not last:
        return []
    now = seen(assessment)
    holding = [each for each in last.values() if _holds(each, now)]
    Review.objects.bulk_create(_again(each, assessment.round) for each in holding)
    return sorted(each.criterion for each in holding)


def _holds(review: Review, now: dict[str, str]) -> bool:
    return review.outcome != Review.Outcome.RETURNED and bool(review.seen) and review.seen == now.get(review.criterion)


def _again(review: Review, round_: int) -> Review:
    """The same word, by the same person and of the same time, in another round."""
    return Review(
        assessment_id=review.assessment_id,
        round=round_,
        criterion=review.criterion,
        outcome=review.outcome,
        reason=review.reason,
        by_id=review.by_id,
        at=review.at,
        seen=review.seen,
        carried_from=review.carried_from or review.round,
    )
