"""The two counties of tests/access, with everything in them that people write: one of every kind of text.

Beside the quarter of tests/access, which runs, each county has one that is published (`objects["near old"]`) and one in
which a sheet went back and forth (`objects["near autumn"]`), in the same shape.
"""

from datetime import date, timedelta
from uuid import uuid4

from django.db.models.functions import Now

from assessments import workflow
from assessments.models import Assessment, Edition, Exemption, Extension, Job, Objection, Period, Remark, Report
from personnel.models import Training
from personnel.roles import Role
from stations.models import Station
from tests import factories
from tests.access.scene import Scene, build, draft_of
from tests.assessments import judged

# Quarters are told apart by their days; the one of tests/access is the third of 2026.
_SPRING = {"starts_on": date(2026, 4, 1), "ends_on": date(2026, 6, 30)}
_AUTUMN = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31)}


def told(edition: Edition | None = None) -> Scene:
    """The scene of tests/access in which every text that the product stores stands at least once.

    `edition` is that of the published quarter.
    """
    scene = build()
    for place in ("near", "far"):
        county = Period.objects.get(pk=scene.objects[place]["period"]["pk"]).bureau
        old = factories.period(bureau=county, edition=edition, **_SPRING)
        factories.published(old)
        _reopened(old)
        _registers(Station.objects.in_bureau(county))
        autumn = factories.period(bureau=county, edition=judged.edition(), **_AUTUMN)
        sheet = _judged(autumn)
        _failed_report(old, factories.anybody(Role.REVIEWER, county))
        scene.objects[f"{place} old"] = scene.objects[place] | _of(old, factories.assessment(old))
        scene.objects[f"{place} old"]["draft"] = draft_of(old, factories.anybody(Role.SYSADMIN, county))
        scene.objects[f"{place} autumn"] = scene.objects[place] | _of(autumn, sheet)
    for role in (Role.LEADER, Role.SYSADMIN):
        _failed_report(Period.objects.get(pk=scene.objects["near old"]["period"]["pk"]), scene.people[role])
    return scene


def _reopened(period: Period) -> None:
    """A correction that was declined, and another one that waits."""
    by, colleague = (factories.user(Role.REVIEWER, period.bureau) for _ in range(2))
    for sheet, is_declined in zip(Assessment.objects.filter(period=period), (True, False), strict=True):
        asked = workflow.request_reopening(sheet.pk, reason="录入有误。", round_=sheet.round, by=by)
        if is_declined:
            workflow.decline_reopening(sheet.pk, reopening=asked.pk, why="无误。", by=colleague)


def _of(period: Period, assessment: Assessment) -> dict[str, dict]:
    return {
        "period": {"pk": period.pk, "period": period.pk},
        "assessment": {"pk": assessment.pk, "dimension": "zones", "criterion": "zones.video_linked"},
        "edition": {"pk": period.edition_id, "other": period.edition_id},
    }


def _registers(stations) -> None:
    for station in stations:
        factories.zoned(station, name="备用间")
        Training.objects.create(station=station, held_on=date(2026, 9, 2), topic="案件办理", days=1, participants=5)


def _judged(period: Period) -> Assessment:
    """The first station's sheet: sent back, handed in again, changed by the reviewer, vetoed twice, once for good."""
    sheet = factories.assessment(period)
    reviewer = factories.anybody(Role.REVIEWER, period.bureau)
    criterion = period.edition.standard.criteria[0]
    sheet = factories.returned(sheet, reason="请补正。", items={criterion.id: "看不清。"}, by=reviewer)
    factories.evidence(sheet, criterion.id, caption="正门")
    sheet = factories.submitted(sheet)
    metric = next(code for code, each in period.edition.standard.metrics.items() if not each.register)
    factories.changed(sheet, metric, 3, reason="现场核查。", by=reviewer)
    _extended_and_objected(sheet, criterion.id, reviewer)
    for code, is_withdrawn in (("leak", True), ("discipline", False)):
        veto = _veto(sheet, code, reviewer)
        if is_withdrawn:
            workflow.withdraw(sheet.pk, veto.pk, reason="复核。", round_=sheet.round, by=reviewer)
    return sheet


def _extended_and_objected(sheet: Assessment, criterion: str, reviewer) -> None:
    """As the rows stand after an extension and an objection that was answered."""
    Extension.objects.create(
        assessment=sheet,
        round=sheet.round,
        old_due_at=sheet.due_at,
        due_at=sheet.due_at + timedelta(days=1),
        reason="停电。",
        by=reviewer,
        op_id=uuid4(),
    )
    chief = factories.anybody(Role.CHIEF, sheet.station)
    Remark.objects.create(assessment=sheet, code="x", round=sheet.round, text="属实。", seen="", by=chief)
    Exemption.objects.create(
        assessment=sheet,
        criterion=criterion,
        round=sheet.round,
        reason="不承担此项任务。",
        by=factories.anybody(Role.CHIEF, sheet.station),
        op_id=uuid4(),
        outcome=Exemption.Outcome.DECLINED,
        decided_by=reviewer,
        decided_at=Now(),
        decided_why="此项适用。",
    )
    Objection.objects.create(
        assessment=sheet,
        round=sheet.round,
        criterion=criterion,
        ground="已整改。",
        by=factories.anybody(Role.CHIEF, sheet.station),
        op_id=uuid4(),
        outcome=Objection.Outcome.DISMISSED,
        answer="维持。",
        decided_by=reviewer,
        decided_at=Now(),
    )


def _veto(sheet: Assessment, code: str, reviewer):
    said = {"reason": "事故。", "day": date(2026, 9, 1), "approver": "局长", "evidence": "卷宗一"}
    return workflow.impose(sheet.pk, code, round_=sheet.round, by=reviewer, **said)


def _failed_report(period: Period, by) -> None:
    """Why it failed stands beside it."""
    job = Job.objects.create(kind="report", key=str(uuid4()), state=Job.State.FAILED, error="失败", created_by=by)
    report = Report.objects.create(kind="comparative", period=period, job=job, requested_by=by)
    report.assessments.set(Assessment.objects.filter(period=period))
