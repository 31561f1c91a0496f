"""A city with two counties and three stations, everything filled in, and somebody of every kind logged in."""

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from assessments.models import Answers, Assessment, Period
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
    period = factories.period(bureau=city, objection_days=paper.WINDOW.days)
    sheets = {name: factories.assessment(period, station) for name, station in stations.items()}
    for each in sheets.values():
        factories.filled(each, {"video.blind_spots": 2})
    photos = {colour: picture(colour).read() for colour in COLOURS}
    return Scene(bureaus, stations, people, period, {name: each.pk for name, each in sheets.items()}, photos)


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
    made.photos = [paper.Photo(each.criterion, each.digest, key=each.pk) for each in stored.evidence.all()]
    return made, known


def logged_in(scene: Scene, name: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=scene.people[name].pk))
    return client


def in_days(days: int):
    """A whole minute, as people choose one."""
    return (timezone.localtime() + timedelta(days=days)).replace(second=0, microsecond=0)
