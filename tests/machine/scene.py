"""A city with two counties and three stations, everything filled in, and somebody of every kind logged in."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from assessments import answers, workflow
from assessments.evidence import accept
from assessments.models import Answers, Assessment, Evidence, Layer, Period
from personnel.models import User
from personnel.roles import Role
from stations.models import Bureau, Station
from tests import factories
from tests.access.scene import picture

from . import paper

BUREAUS = ("city", "east", "west")
STATIONS = {"one": "east", "two": "east", "three": "west"}
PEOPLE = {
    "chief_one": (Role.CHIEF, "one"),
    "clerk_one": (Role.CLERK, "one"),
    "chief_two": (Role.CHIEF, "two"),
    "clerk_two": (Role.CLERK, "two"),
    "chief_three": (Role.CHIEF, "three"),
    "anna": (Role.REVIEWER, "east"),
    "bert": (Role.REVIEWER, "east"),
    "carl": (Role.REVIEWER, "city"),
    "leader": (Role.LEADER, "east"),
    "sysadmin": (Role.SYSADMIN, "city"),
    "secadmin": (Role.SECADMIN, ""),
}
COLOURS = ("navy", "teal", "red")
OLD_PHOTOS = (
    ("zones.service", "teal", None),
    ("zones.service", "red", date(2026, 9, 1)),
    ("zones.video_linked", "navy", date(2099, 1, 1)),
    ("zones.video_linked", "teal", None),
)


@dataclass
class Scene:
    """The rows; `photos` are {colour: bytes of a picture}."""

    bureaus: dict[str, Bureau]
    stations: dict[str, Station]
    people: dict[str, User]
    period: Period
    sheets: dict[str, int]
    photos: dict[str, bytes]

    def place(self, name: str):
        return self.stations.get(name) or self.bureaus.get(name)


def build() -> Scene:
    city = factories.bureau("演示市公安局", level="city")
    bureaus = {"city": city} | {name: factories.bureau(f"{name}县公安局", above=city) for name in ("east", "west")}
    stations = {name: _station(bureaus[bureau]) for name, bureau in STATIONS.items()}
    places = stations | bureaus
    people = {
        name: factories.user(role, places.get(place), username=name.replace("_", "-"))
        for name, (role, place) in PEOPLE.items()
    }
    before = _quarter_before(city)
    days = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31)}
    fields = days | {"previous": before, "edition": before.edition, "objection_days": paper.WINDOW.days}
    period = factories.period(bureau=city, **fields)
    sheets = {name: factories.assessment(period, station) for name, station in stations.items()}
    for each in sheets.values():
        factories.filled(each, {"video.blind_spots": 2})
    photos = {colour: picture(colour).read() for colour in COLOURS}
    return Scene(bureaus, stations, people, period, {name: each.pk for name, each in sheets.items()}, photos)


def _quarter_before(city: Bureau) -> Period:
    """Published: four blind spots everywhere, and photos of which one does not hold any more."""
    period = factories.period(bureau=city)
    for each in period.assessments.with_places():
        chief = factories.anybody(Role.CHIEF, each.station)
        for criterion, colour, until in OLD_PHOTOS:
            added = workflow.add_evidence(each.pk, criterion, accept(picture(colour)), caption="上季。", by=chief)
            workflow.change_evidence(added.pk, {"valid_until": until, "turns": 1}, by=chief)
        factories.filled(each, {"video.blind_spots": 4})
    factories.published(period)
    return period


def _station(bureau: Bureau) -> Station:
    return factories.staffed(factories.station(bureau=bureau, residents=30_000, households=9_000), 7)


def sheet(scene: Scene, name: str) -> tuple[paper.Sheet, dict]:
    """What stands at the beginning, and what the station's registers say, {metric: value}."""
    stored = Assessment.objects.get(pk=scene.sheets[name])
    made = paper.Sheet(station=name, bureau=STATIONS[name], due=stored.due_at)
    known = {}
    for facts in Answers.objects.filter(assessment=stored).values_list("facts", flat=True):
        for metric, cell in facts.items():
            made.facts["self"][metric] = paper.Fact(cell["v"], cell["s"], cell["n"])
            if cell["from"] == "register":
                known[metric] = cell["v"]
    made.unwritten = len(known)
    made.workers = {f"chief_{name}"}
    made.history["self"] = sum(fact.times for fact in made.facts["self"].values()) - made.unwritten
    made.photos = [_photo(each, key=each.pk) for each in stored.evidence.all()]
    before = Assessment.objects.get(period=stored.period.previous_id, station=stored.station_id)
    confirmed = answers.cells(before, Layer.CONFIRMED).items()
    made.before = {metric: (cell.value, cell.state) for metric, cell in confirmed}
    made.earlier = [
        _photo(each, key=each.pk) for each in before.evidence.all() if not each.is_expired(timezone.localdate())
    ]
    return made, known


def _photo(stored: Evidence, **more) -> paper.Photo:
    until = stored.valid_until.isoformat() if stored.valid_until else ""
    said = {"is_picture": stored.is_picture, "caption": stored.caption, "until": until, "turns": stored.turns}
    return paper.Photo(stored.criterion, stored.digest, **said, **more)


def logged_in(scene: Scene, name: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=scene.people[name].pk))
    return client


def in_days(days: int):
    """A whole minute, as people choose one."""
    return (timezone.localtime() + timedelta(days=days)).replace(second=0, microsecond=0)
