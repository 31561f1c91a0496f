"""The former release: which migrations it ended with, and rows as it would have left them, made from a seed.

former-release.txt holds the digest of each of its migrations, as `sha256sum` prints it. With every release the file
is written anew:

    sha256sum {assessments,audit,personnel,stations}/migrations/0*.py > tests/upgrade/former-release.txt
"""

import hashlib
import random
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

ROOT = Path(__file__).resolve().parents[2]
RELEASE = Path(__file__).with_name("former-release.txt")
APPS = ("assessments", "audit", "personnel", "stations")
METRIC = "windows"


def migrations() -> dict[str, str]:
    """Path of each migration of the former release: the SHA-256 it was released with."""
    lines = (line.split() for line in RELEASE.read_text().splitlines())
    return {path: digest for digest, path in lines}


def leaves() -> list[tuple[str, str]]:
    """The last migration of each app."""
    return [(app, max(Path(path).stem for path in migrations() if path.startswith(f"{app}/"))) for app in APPS]


class Rows:
    """Rows of the former release's tables, by its own models; the same seed gives the same rows."""

    def __init__(self, apps, seed: int):
        self.apps, self.random = apps, random.Random(seed)

    def fill(self, stations: int, quarters: int) -> None:
        """A county with so many stations and so many quarters; the last quarter is open and nothing is entered yet."""
        with transaction.atomic():
            self.add("audit.Event", action="period.publish", chain="administration", role="", reason="")
            self.county = self.add("stations.Bureau", path="0001", depth=1, code="C1", name="县", level="county")
            self.reviewer = self.person("reviewer", bureau=self.county)
            self.edition = self.add(
                "assessments.Edition", code="core", version="1", title="标准", text="", digest=self.digest()
            )
            self.stations = [self.station(number) for number in range(stations)]
            for number in range(quarters):
                self.quarter(number, is_last=number == quarters - 1)

    def model(self, label: str):
        return self.apps.get_model(label)

    def add(self, label: str, **values):
        return self.model(label).objects.create(**values)

    def digest(self) -> str:
        return hashlib.sha256(self.random.randbytes(8)).hexdigest()

    def uuid(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def person(self, role: str, **place):
        name = f"{role}{self.random.getrandbits(40)}"
        user = self.add(
            "personnel.User", username=name, name=name, role=role, password="!", date_joined=moment(1), **place
        )
        self.add("personnel.OldPassword", user=user, hash="!")
        return user

    def station(self, number: int):
        kind = self.model("stations.StationClass").objects.order_by("pk").first()
        station = self.add(
            "stations.Station", code=f"S{number}", name=f"第{number}派出所", bureau=self.county, station_class=kind,
            residents=self.random.randrange(90_000),
        )  # fmt: skip
        station.chief = self.person("chief", station=station)
        officers = self.random.randrange(30)
        bands = {"age_under_40": officers, "age_40_49": 0, "age_50_plus": 0, "edu_college": officers}
        bands |= {"edu_secondary": 0, "edu_basic": 0, "updated_at": moment(2)}
        self.add("personnel.Staffing", station=station, officers=officers, **bands)
        self.add("personnel.Training", station=station, held_on=date(2026, 3, 1), topic="培训", days=1, participants=3)
        zone = self.add("stations.FunctionalZone", station=station, kind="service")
        self.add("stations.Room", zone=zone, kind="petition")
        self.add("stations.Equipment", station=station, kind="vehicle", quantity=self.random.randrange(9))
        self.add("stations.Funding", station=station, year=2026, public_funds_yuan=self.random.randrange(10**6))
        return station

    def quarter(self, number: int, *, is_last: bool):
        period = self.add(
            "assessments.Period", name=f"第{number}季度", starts_on=date(2024, 1, 1), ends_on=date(2024, 3, 31),
            due_at=moment(60), opened_at=moment(3), bureau=self.county, edition=self.edition,
        )  # fmt: skip
        publication = None if is_last else self.add(
            "assessments.Publication", period=period, bureau=self.county, published_by=self.reviewer,
            edition_digest=self.edition.digest, digest=self.digest(),
        )  # fmt: skip
        for station in self.stations:
            self.assessment(period, station, publication)

    def assessment(self, period, station, publication):
        state = "published" if publication else "draft"
        made = self.add(
            "assessments.Assessment", period=period, station=station, bureau=self.county, state=state,
            station_class=station.station_class, due_at=moment(60), group="all", reviewer=self.reviewer,
        )  # fmt: skip
        self.facts(made, "self")
        self.evidence(made, station.chief)
        if publication:
            self.handed_in(made, station.chief)
            self.judged(made, publication)

    def facts(self, assessment, layer):
        facts = {METRIC: {"value": self.random.randrange(100), "version": 1}}
        self.add("assessments.Answers", assessment=assessment, layer=layer, dimension="video", facts=facts, version=1)

    def evidence(self, assessment, chief):
        self.add(
            "assessments.Evidence", id=self.uuid(), assessment=assessment, criterion="c1", digest=self.digest(),
            media_type="image/png", name="图.png", size=9, added_by=chief,
        )  # fmt: skip

    def handed_in(self, assessment, chief):
        self.add(
            "assessments.AnswerChange",
            assessment=assessment,
            layer="self",
            metric=METRIC,
            new=1,
            by=chief,
            op_id=self.uuid(),
        )
        self.add("assessments.Submission", assessment=assessment, round=1, by=chief, digest=self.digest())
        outcome = {"criterion": "c1", "outcome": "accepted", "by": self.reviewer}
        self.add("assessments.Review", assessment=assessment, round=1, **outcome)
        about = {"code": "v1", "reason": "因", "day": date(2026, 1, 1), "approver": "甲", "by": self.reviewer}
        self.add("assessments.Veto", assessment=assessment, **about)

    def judged(self, assessment, publication):
        points = self.random.randrange(10_000)
        digests = {"edition_digest": self.edition.digest, "facts_digest": self.digest()}
        for layer in ("verified", "confirmed"):
            self.facts(assessment, layer)
            self.add(
                "assessments.Score", assessment=assessment, layer=layer, points=[points], offered=[10_000], sections={},
                total=points, offered_total=10_000, rate=points, applicable_share=10_000, grade="good", **digests,
            )  # fmt: skip
        self.add("assessments.Vector", assessment=assessment, layer="confirmed", round=1, cells=[points], **digests)
        place = {"rank": 1, "rate": points}
        self.add(
            "assessments.OfficialRank",
            assessment=assessment,
            publication=publication,
            group="all",
            group_size=1,
            **place,
        )
        self.add(
            "assessments.Standing", assessment=assessment, bureau=self.county, period=assessment.period, of=1, **place
        )
        self.report(assessment)

    def report(self, assessment):
        job = self.add("assessments.Job", kind="report", key=self.digest(), state="done", created_by=self.reviewer)
        about = {"kind": "comparative", "digest": self.digest(), "size": 9, "pages": 1}
        period = assessment.period
        made = self.add(
            "assessments.Report", id=self.uuid(), job=job, period=period, requested_by=self.reviewer, **about
        )
        made.assessments.add(assessment)


class LaterRows(Rows):
    """Rows of the tables that came between the former release and the filling of a quarter with words and requests."""

    LEAVES = (
        ("assessments", "0011_provenance_of_evidence"),
        ("audit", "0007_narrow_functions"),
        ("personnel", "0007_active_since_and_language"),
        ("stations", "0003_zone_may_be_absent"),
    )

    def fill(self) -> None:
        """What is asked, objected to and corrected in the quarters that are there."""
        with transaction.atomic():
            self.add("audit.Event", action="objection.decide", chain="administration", role="", reason="")
            people = self.model("personnel.User").objects
            self.reviewer = people.filter(role="reviewer").first()
            for each in self.model("assessments.Assessment").objects.order_by("pk"):
                chief = people.get(role="chief", station=each.station_id)
                self.add_extension(each)
                if each.state == "published":
                    self.add_objection(each, chief)
                    self.add_correction(each)

    def add_extension(self, assessment):
        days = {"old_due_at": moment(50), "due_at": moment(60)}
        said = {"reason": "停电。", "by": self.reviewer, "op_id": self.uuid()}
        self.add("assessments.Extension", assessment=assessment, round=1, **days, **said)

    def add_objection(self, assessment, chief):
        asked = {"round": 1, "criterion": "c1", "ground": "不符。", "by": chief, "op_id": self.uuid(), "at": moment(70)}
        answer = {"outcome": "dismissed", "answer": "维持。", "decided_by": self.reviewer, "decided_at": moment(71)}
        self.add("assessments.Objection", assessment=assessment, **asked, **answer)

    def add_correction(self, assessment):
        rank = self.model("assessments.OfficialRank").objects.get(assessment=assessment)
        asked = {
            "round": 1,
            "reason": "核错了。",
            "by": self.reviewer,
            "publication": rank.publication,
            "at": moment(80),
        }
        self.add("assessments.Reopening", assessment=assessment, **asked)


def moment(day: int) -> datetime:
    """A moment of the year before, `day` days in."""
    return datetime.fromtimestamp(datetime(2025, 1, 1, tzinfo=UTC).timestamp() + day * 86_400, UTC)
