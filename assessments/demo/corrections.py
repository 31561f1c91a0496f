"""Results that turn out wrong after publication: one corrected and published anew, one that somebody asked about."""

from uuid import uuid4

from .. import answers, workflow
from ..models import Assessment, Layer, Period
from .history import Cast

COUNTY = "ST"
REASON = "复核发现核查记录有误：派出所补充的原始台账证明，自评数据属实。"
ASKED = "派出所反映核查时漏看一份台账，申请复核。"


def correct(cast: Cast, period: Period) -> None:
    """The city's reviewer approves what the county's asked for; the county corrects the fact and publishes anew."""
    county = next(bureau for bureau in cast.counties if bureau.code == COUNTY)
    by, other = cast.reviewers[county.pk], cast.reviewers[cast.city.pk]
    first, second = _changed_ones(period, county)[:2]
    asked = workflow.request_reopening(first.pk, reason=REASON, round_=first.round, by=by)
    workflow.approve_reopening(first.pk, reopening=asked.pk, by=other)
    round_ = first.round + 1
    _take_back_one_change(first, round_, by)
    workflow.finish(first.pk, round_=round_, by=by)
    workflow.declare_no_objection(first.pk, round_=round_, by=cast.chiefs[first.station_id])
    workflow.confirm(first.pk, round_=round_, by=by)
    workflow.publish(period.pk, bureau=county, by=by)
    workflow.request_reopening(second.pk, reason=ASKED, round_=second.round, by=by)


def _changed_ones(period: Period, county) -> list[Assessment]:
    """Assessments of which the reviewer changed a fact, in the order of the stations."""
    found = Assessment.objects.for_period(period).filter(bureau=county, answers__layer=Layer.VERIFIED)
    return list(found.with_places().distinct().order_by("station__code"))


def _take_back_one_change(assessment: Assessment, round_: int, by) -> None:
    """What the station itself had said counts again."""
    metric, cell = min(answers.own_cells(assessment, Layer.VERIFIED).items())
    said = {"state": "answered", "reason": REASON, "version": cell.version, "op_id": uuid4(), "by": by}
    workflow.change(assessment.pk, metric, answers.cells(assessment)[metric].value, round_=round_, **said)
