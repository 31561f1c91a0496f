"""Two counties below one city: 九所县 is near; everything of 松桃 is out of the reach of its people."""

import io
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from assessments import drafting, workflow
from assessments.evidence import Accepted, accept
from assessments.models import Job, Objection, Report
from personnel.models import Training, User
from personnel.roles import Role
from stations.models import Bureau
from tests import factories

LETTERS = dict(zip("CKRLSAU", Role, strict=True))
PLACES = ("near", "far")
MISSING = 99_999_999
CRITERION = "zones.video_linked"


@dataclass
class Scene:
    """`people[role]` belongs to the near county; `objects[place][kind]` are the URL arguments of one thing."""

    people: dict[str, User] = field(default_factory=dict)
    objects: dict[str, dict[str, dict]] = field(default_factory=dict)


def build() -> Scene:
    scene = Scene()
    city = factories.bureau("演示市公安局", level="city")
    for place in PLACES:
        county = factories.bureau("九所县公安局" if place == "near" else "松桃公安局", above=city)
        scene.objects[place] = _things(county, scene.people if place == "near" else {})
    return scene


def _things(county: Bureau, people: dict[str, User]) -> dict[str, dict]:
    station, other = factories.chengguan(county), factories.beishe(county)
    for role in (Role.CHIEF, Role.CLERK):
        people[role] = factories.user(role, station)
    for role in (Role.REVIEWER, Role.LEADER, Role.SYSADMIN):
        people[role] = factories.user(role, county)
    for role in (Role.SECADMIN, Role.AUDITOR):
        people[role] = factories.user(role)
    period = factories.period(bureau=county)
    assessment = factories.assessment(period, station)
    handed_in = factories.filled(factories.assessment(period, other))
    photo = _photo(handed_in, factories.anybody(Role.CHIEF, other))
    factories.submitted(handed_in)
    training = Training.objects.create(
        station=station, held_on=date(2026, 8, 5), topic="法律学习", days=1, participants=7
    )
    return {
        "station": {"code": station.code, "kind": "service", "book": "staffing"},
        "bureau": {"code": county.code},
        "account": {"pk": people[Role.CLERK].pk},
        "training": {"code": station.code, "pk": training.pk},
        "assessment": {"pk": assessment.pk, "dimension": "zones", "criterion": CRITERION},
        "evidence": {"pk": _photo(assessment, people[Role.CHIEF]).pk},
        "handed in": {"pk": photo.pk},
        "objection": {"pk": handed_in.pk, "criterion": _objection(handed_in).criterion},
        "period": {"pk": period.pk, "period": period.pk},
        "edition": {"pk": period.edition_id, "other": period.edition_id},
        "draft": draft_of(period, factories.anybody(Role.SYSADMIN, county)),
        **{f"report {role}": {"pk": _report(period, assessment, people[role]).pk} for role in _REPORTING},
    }


def draft_of(period, by) -> dict:
    """A copy of the period's edition that is being changed, with one thing of every kind in it."""
    draft = drafting.copy(period.edition, code=f"draft-{period.pk}", version="1", by=by)
    standard = period.edition.standard
    first = {"criterion": standard.criteria[0].id, "section": standard.sections[0].code}
    return {"pk": draft.pk, "code": next(iter(standard.metrics)), **first}


def _photo(assessment, by):
    return workflow.add_evidence(assessment.pk, CRITERION, _accepted(), caption="", by=by)


@cache
def _accepted() -> Accepted:
    """The same photo everywhere, opened once: every opening is a process of its own."""
    return accept(picture())


def picture(colour="navy") -> SimpleUploadedFile:
    """A small photo as it is uploaded."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(content, "PNG")
    return SimpleUploadedFile("现场.png", content.getvalue(), "image/png")


def _objection(assessment) -> Objection:
    chief = factories.anybody(Role.CHIEF, assessment.station)
    said = {"criterion": CRITERION, "ground": "现场有视频接入记录。", "by": chief, "op_id": uuid4()}
    return Objection.objects.create(assessment=assessment, round=assessment.round, **said)


_REPORTING = (Role.REVIEWER, Role.LEADER, Role.SYSADMIN)


def _report(period, assessment, by) -> Report:
    job = Job.objects.create(kind="comparative", key=str(uuid4()), created_by=by)
    report = Report.objects.create(kind="comparative", period=period, job=job, requested_by=by)
    report.assessments.add(assessment)
    return report
