"""People, places and quarters for tests: `from tests import factories`.

Everything is real: rows in PostgreSQL, states reached through the workflow. A name that is not given is
made up and unique. Nothing here knows a password unless a test asks for one.

    period = factories.period()                     # open, one station, the tiny standard
    assessment = factories.assessment(period)
    factories.filled(assessment, {"video.blind_spots": 3})
    factories.published(period)
"""

import hashlib
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from uuid import uuid4

from django.utils import timezone

from assessments import answers, scores, workflow
from assessments.models import Assessment, Edition, Evidence, Layer, Period, State
from assessments.scoring import Standard
from personnel.models import Staffing, User
from personnel.roles import STATION_ROLES, Role
from stations.kinds import ROOMS_OF_ZONE
from stations.models import Bureau, Equipment, FunctionalZone, Funding, Station
from stationstd.settings import BASE_DIR

PASSWORD = "Test-Quarter-2026"
TINY = Path(__file__).parent / "tiny-standard.toml"
SHIPPED = BASE_DIR / "assessments" / "standards" / "core-2026.toml"

_numbers = count(1)


# Places


def bureau(name="九所县公安局", *, above: Bureau | None = None, level="county", **fields) -> Bureau:
    """A bureau below `above`, or a root of its own."""
    code = fields.pop("code", f"B{next(_numbers):04}")
    fields = {"code": code, "name": name, "name_en": "Nine-Station County", "level": level} | fields
    if above is None:
        return Bureau.objects.add_root(fields)
    return Bureau.objects.add_child(Bureau.objects.get(pk=above.pk), fields)


_new_bureau = bureau  # where an argument has the name


def station(name="城关派出所", *, bureau: Bureau | None = None, station_class="county_town", **fields) -> Station:
    """An active station with empty registers; `residents`, `households`, `has_own_premises` may be given."""
    fields = {"code": f"S{next(_numbers):04}", "name_en": "Chengguan"} | fields
    return Station.objects.create(name=name, bureau=bureau or _new_bureau(), station_class_id=station_class, **fields)


def chengguan(bureau: Bureau | None = None) -> Station:
    """城关: 47,970 residents and 7 officers, so 6,852.86 residents an officer."""
    return staffed(station(bureau=bureau, residents=47_970, households=11_935), 7)


def beishe(bureau: Bureau | None = None) -> Station:
    """北社: 36,211 residents and 4 officers, so 9,052.75 residents an officer."""
    place = station("北社派出所", name_en="Beishe", bureau=bureau, station_class="town", residents=36_211)
    return staffed(place, 4)


def staffed(station: Station, officers: int, **persons) -> Station:
    """Enter the staffing register; ages and education put everybody into one band unless given."""
    bands = {"age_under_40": officers, "age_40_49": 0, "age_50_plus": 0}
    bands |= {"edu_college": officers, "edu_secondary": 0, "edu_basic": 0}
    Staffing.objects.update_or_create(station=station, defaults={"officers": officers} | bands | persons)
    return station


def zoned(station: Station, **fittings) -> Station:
    """Enter all four zones with one room of every kind; `fittings` such as has_camera=True go to every room."""
    for kind, rooms in ROOMS_OF_ZONE.items():
        zone = FunctionalZone.objects.create(station=station, kind=kind, boundaries=1, boundaries_controlled=1)
        for room in rooms:
            zone.rooms.create(kind=room, **fittings)
    return station


def equipped(station: Station, **quantities: int) -> Station:
    """Enter equipment, `vehicle=1, kit=7`: that many there, all issued, all required."""
    for kind, n in quantities.items():
        Equipment.objects.create(station=station, kind=kind, quantity=n, issued=n, required=n)
    return station


def funded(station: Station, year=2026, **yuan) -> Station:
    Funding.objects.create(station=station, year=year, **yuan)
    return station


# People


def user(role: str, place: Station | Bureau | None = None, *, password: str | None = None, **fields) -> User:
    """An account of this role at this place (a new one when none is given and the role needs one).

    Use client.force_login; give `password` (for example factories.PASSWORD) only where a test types it.
    """
    role = Role(role)
    fields = {"username": f"{role.value}-{next(_numbers)}", "name": str(role.label), "role": role} | fields
    if role in STATION_ROLES:
        fields["station"] = place or station()
    elif role not in (Role.SECADMIN, Role.AUDITOR):
        fields["bureau"] = place or bureau()
    person = User(**fields)
    person.set_password(password)
    person.save()
    return person


def anybody(role: str, place=None) -> User:
    """The account of this role at this place, made when there is none yet."""
    found = User.objects.filter(role=role, station=place) if role in STATION_ROLES else None
    if found is None:
        found = User.objects.filter(role=role, bureau__path__in=_above(place))
    return found.order_by("pk").first() or user(role, place)


def _above(bureau: Bureau) -> list[str]:
    return [bureau.path[:end] for end in range(bureau.steplen, len(bureau.path) + 1, bureau.steplen)]


# Quarters


def edition(path: Path = SHIPPED) -> Edition:
    """The edition of this standard's file, stored once; the shipped one by default."""
    return edition_of(path.read_text("utf-8"))


def edition_of(text: str) -> Edition:
    """The edition of this text, stored once."""
    standard = _standard(text)
    return Edition.objects.get_or_create(
        digest=standard.digest,
        defaults={
            "code": standard.code,
            "version": standard.version,
            "title": standard.title,
            "title_en": standard.title_en,
            "text": standard.text,
        },
    )[0]


_standard = cache(Standard.loads)  # most tests take one of the same few texts


def tiny_edition() -> Edition:
    """Six criteria, ten points (tests/tiny-standard.toml)."""
    return edition(TINY)


def period(*, bureau: Bureau | None = None, edition: Edition | None = None, open=True, **fields) -> Period:
    """The third quarter of 2026, due in a week, open unless told; a bureau without stations gets 城关 and 北社.

    Nobody may object unless objection_days says so: what is verified can be confirmed at once.
    """
    place = bureau or _new_bureau()
    if not Station.objects.in_bureau(place).exists():
        chengguan(place), beishe(place)
    fields = {
        "name": f"2026年第三季度 {next(_numbers)}",
        "name_en": "2026 Q3",
        "starts_on": date(2026, 7, 1),
        "ends_on": date(2026, 9, 30),
        "due_at": timezone.now() + timedelta(days=7),
        "objection_days": 0,
    } | fields
    made = Period.objects.create(bureau=place, edition=edition or tiny_edition(), **fields)
    if open:
        workflow.open_period(made, by=anybody(Role.SYSADMIN, place))
        made.refresh_from_db()
    return made


_new_period = period


def assessment(period: Period | None = None, station: Station | None = None) -> Assessment:
    """One assessment of an open period: that of `station`, else the first."""
    found = Assessment.objects.filter(period=period or _new_period()).with_places().order_by("station__pk")
    return found.get(station=station) if station else found.first()


def due(assessment: Assessment, at: datetime | None = None) -> Assessment:
    """Move the due time; into the past by default."""
    assessment.due_at = at or timezone.now() - timedelta(seconds=1)
    assessment.save(update_fields=["due_at"])
    return assessment


def answered(assessment: Assessment, facts: dict[str, float | None], *, by: User | None = None) -> Assessment:
    """Type these facts (None clears one) into the self layer, one by one, as a person would."""
    by = by or anybody(Role.CHIEF, assessment.station)
    stands = answers.own_cells(assessment, Layer.SELF)
    for metric, value in facts.items():
        version = stands[metric].version if metric in stands else 0
        workflow.save(
            assessment.pk, metric, value, state="answered", version=version, op_id=uuid4(), by=by, origin="typed"
        )
    return _again(assessment)


def evidence(assessment: Assessment, criterion: str, *, by: User | None = None, **fields) -> Evidence:
    """A row of evidence whose file nobody will open."""
    content = f"{assessment.pk} {criterion} {next(_numbers)}".encode()
    fields = {"media_type": "image/jpeg", "name": "现场照片.jpg", "size": len(content)} | fields
    return Evidence.objects.create(
        assessment=assessment,
        criterion=criterion,
        digest=hashlib.sha256(content).hexdigest(),
        added_by=by or anybody(Role.CHIEF, assessment.station),
        **fields,
    )


def filled(assessment: Assessment, facts: dict | None = None, *, by: User | None = None) -> Assessment:
    """Answer these facts, then whatever is still required, plainly, and add required evidence."""
    answered(assessment, facts or {}, by=by)
    metrics = assessment.period.edition.standard.metrics
    missing = scores.missing(assessment)
    rest = {m["code"]: _plain(metrics[m["code"]]) for m in missing if m["kind"] == "fact"}
    answered(assessment, rest, by=by)
    for item in missing:
        if item["kind"] == "evidence":
            evidence(assessment, item["code"], by=by)
    return _again(assessment)


def _plain(metric) -> float:
    """Yes, 100 %, one of what a register holds, and none of what is only typed (windows, blind spots)."""
    if metric.kind == "share":
        return float(metric.high)
    return int(metric.kind == "yes_no" or metric.register)


def submitted(assessment: Assessment, facts: dict | None = None, *, by: User | None = None) -> Assessment:
    """Filled and handed in by the chief."""
    by = by or anybody(Role.CHIEF, assessment.station)
    filled(assessment, facts, by=by)
    workflow.submit(assessment.pk, round_=assessment.round, by=by)
    return _again(assessment)


def returned(assessment: Assessment, *, reason="请补正。", items: dict[str, str] | None = None, by=None, due_at=None):
    """Sent back; submitted first when it is still open."""
    assessment = _at_least(assessment, submitted, State.DRAFT)
    by = by or anybody(Role.REVIEWER, assessment.bureau)
    due_at = due_at or timezone.now() + timedelta(days=3)
    workflow.send_back(assessment.pk, reason=reason, items=items or {}, due_at=due_at, round_=assessment.round, by=by)
    return _again(assessment)


def changed(
    assessment: Assessment, metric: str, value, *, reason="现场核查。", state="answered", by=None
) -> Assessment:
    """A fact changed by the reviewer."""
    assessment = _at_least(assessment, submitted, State.DRAFT, State.RETURNED)
    cell = answers.own_cells(assessment, Layer.VERIFIED).get(metric)
    workflow.change(
        assessment.pk,
        metric,
        value,
        state=state,
        reason=reason,
        version=cell.version if cell else 0,
        round_=_again(assessment).round,
        op_id=uuid4(),
        by=by or anybody(Role.REVIEWER, assessment.bureau),
    )
    return _again(assessment)


def verified(assessment: Assessment, *, by: User | None = None) -> Assessment:
    """Every criterion accepted and verification closed; submitted first when it is still open."""
    assessment = _at_least(assessment, submitted, State.DRAFT, State.RETURNED)
    by = by or anybody(Role.REVIEWER, assessment.bureau)
    criteria = [criterion.id for criterion in assessment.period.edition.standard.criteria]
    workflow.accept(assessment.pk, criteria, round_=assessment.round, by=by)
    workflow.finish(assessment.pk, round_=assessment.round, by=by)
    return _again(assessment)


def confirmed(assessment: Assessment, *, by: User | None = None) -> Assessment:
    """Confirmed; brought there from wherever it stands. Where the chief could object, there is no objection."""
    assessment = _at_least(assessment, verified, State.DRAFT, State.RETURNED, State.SUBMITTED, State.VERIFYING)
    if assessment.objection_until and not assessment.no_objection_at:
        chief = anybody(Role.CHIEF, assessment.station)
        workflow.declare_no_objection(assessment.pk, round_=assessment.round, by=chief)
    workflow.confirm(assessment.pk, round_=assessment.round, by=by or anybody(Role.REVIEWER, assessment.bureau))
    return _again(assessment)


def published(period: Period, *, bureau: Bureau | None = None, by: User | None = None):
    """The publication of a period in which every assessment is confirmed first."""
    place = bureau or period.bureau
    for each in Assessment.objects.for_period(period).with_places().filter(bureau__path__startswith=place.path):
        if each.state not in (State.CONFIRMED, State.PUBLISHED):
            confirmed(each, by=by)
    return workflow.publish(period.pk, bureau=place, by=by or anybody(Role.REVIEWER, place))


def published_quarter() -> Period:
    """The third quarter of 2026 of 城关 and 北社, published."""
    made = period()
    published(made)
    return made


def _at_least(assessment: Assessment, step, *states) -> Assessment:
    """`step` taken first when the assessment is still in one of `states`."""
    return step(assessment) if assessment.state in states else assessment


def _again(assessment: Assessment) -> Assessment:
    return Assessment.objects.with_places().get(pk=assessment.pk)
