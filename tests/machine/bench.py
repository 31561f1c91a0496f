"""One request of one person, judged on paper first, sent to the product, and held against each other."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from assessments.models import Assessment, Evidence, Exemption, Objection, Reopening
from personnel.models import User

from . import paper, standing
from .scene import PEOPLE, Scene, logged_in, sheet

# Draws: mostly the right person, round and version, sometimes anybody and anything. An index is one of the right ones.
ANYBODY = st.sampled_from([*[0, 1, 2] * 9, *PEOPLE])
SHEET = st.sampled_from([*["fitting"] * 8, "one", "two", "three"])
BASED_ON = st.sampled_from([*["now"] * 10, "before", "after", "none"])
SENDING = st.sampled_from([*["new"] * 9, "again", "none"])
METRIC = st.sampled_from([*paper.METRICS * 4, "no.such"])
CRITERION = st.sampled_from([*list(paper.CRITERIA) * 4, "no.such"])
TYPED = st.sampled_from([*["1", "0", "3"] * 4, "", "", "many", "-1"])
PICK = st.integers(0, 5)
_YES_NO = ("zones.service", "video.linked")
_LOG_EVERY = 10  # steps between two readings of the whole log


class Bench(RuleBasedStateMachine):
    """What every rule uses. `count` is the census: {(rule, status, code): how often}."""

    def __init__(self, scene: Scene, count: Counter):
        super().__init__()
        self.scene, self.count = scene, count
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.clients: dict[str, Client] = {}
        self.people = {name: paper.Person(role, place) for name, (role, place) in PEOPLE.items()}
        self.stations = dict.fromkeys(("one", "two"), "east") | {"three": "west"}
        self.sheets, self.known = {}, {}
        for name in scene.sheets:
            self.sheets[name], self.known[name] = sheet(scene, name)
        self.versions: dict[str, int] = {}
        self.frozen: dict = {}
        self.ops: list[int] = []
        self.stands = ""  # a digest of all rows; "" where they were changed by no request
        self.steps = 0

    def teardown(self):
        try:
            standing.check_log()
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    # What rules say

    def where(self, at: str, *states: str, fits=bool) -> str:
        """`at`, or where it is "fitting" a sheet in one of these states, if there is any: best one that `fits`."""
        if at != "fitting":
            return at
        found = [name for name, sheet in self.sheets.items() if sheet.state in states]
        return next((name for name in found if fits(self.sheets[name])), next(iter(found), "one"))

    def someone(self, who, *roles: str, at: str = "", but: str = "") -> str:
        """`who`, or as an index one of those who may do this here: at a station or above it, not `but`."""
        if isinstance(who, str):
            return who
        right = [name for name, person in self.people.items() if self._fits(person, roles, at) and name != but]
        if at and "reviewer" in roles:
            right = [name for name in right if not self.sheets[at].worked(name)]
        return right[who % len(right)] if right else next(n for n, (role, _p) in PEOPLE.items() if role in roles)

    def _fits(self, person: paper.Person, roles, at: str) -> bool:
        if person.role not in roles or not (person.is_in and person.is_fresh):
            return False
        places = {at, *(b for b, below in paper.BELOW.items() if self.sheets[at].bureau in below)} if at else set()
        return not at or person.place in places

    def based_on(self, said: str, now: int) -> int | None:
        return {"now": now, "before": max(now - 1, 0), "after": now + 1, "none": None}[said]

    def op(self, said: str) -> int | None:
        if said == "none":
            return None
        if said == "new" or not self.ops:
            self.ops.append(len(self.ops) + 1)
            return self.ops[-1]
        return self.ops[-1]

    # What is sent

    def client(self, name: str) -> Client:
        """The browser of this person, who logged in before anything else happened."""
        if name not in self.clients:
            self.clients[name] = logged_in(self.scene, name)
            self.stands = ""
        return self.clients[name]

    def asks(self, rule: str, who: str, judged, address: str, *args, **said) -> paper.Answer:
        """Send it, and hold the answer and what it left on record against `judged()`; None stays out of the body."""
        client, history, expected = self.client(who), self._written(), self._judged(judged)
        before, last = self.stands or standing.rows(), standing.last_event()
        body = {name: _sent(value) for name, value in said.items() if value is not None}
        response = client.post(self.address(address, *args), body, headers={"accept": "application/json"})
        code = response.json()["code"] if response.status_code >= 400 else ""
        acts, of_rows = standing.acts_since(last)
        got = paper.Answer(response.status_code, code, tuple(acts))
        self.count[rule, got.status, got.code] += 1
        assert got == expected, (rule, who, address, args, body)
        assert acts or not of_rows, "rows of the record changed without an act"
        client.cookies.pop("messages", None)
        self.stands = standing.rows()
        assert (self.stands != before) == bool(acts or self._written() > history), "what is refused changes nothing"
        self._check(is_changed=self.stands != before)
        return got

    def _written(self) -> int:
        return sum(sheet.history.total() for sheet in self.sheets.values())

    def address(self, name: str, *args) -> str:
        return reverse(name, args=args)

    def _judged(self, judged) -> paper.Answer:
        try:
            return paper.Answer(302, "", judged())
        except paper.Refusal as refusal:
            return refusal.answer

    def _check(self, *, is_changed: bool) -> None:
        """What holds after every step; where no row has changed it still holds."""
        if is_changed:
            standing.check(self.scene, self.sheets, self.frozen)
        self.steps += 1
        if self.steps % _LOG_EVERY == 0:
            standing.check_log()

    # Time passes: the database's clock is not moved, so the day that counts is

    def moves(self, name: str, **columns) -> None:
        Assessment.objects.filter(pk=self.scene.sheets[name]).update(**columns)
        self.stands = ""

    def ages(self, name: str) -> None:
        """This person's password was given long ago."""
        self.client(name)
        User.objects.filter(pk=self.scene.people[name].pk).update(last_login=timezone.now() - timedelta(days=1))
        self.stands = ""

    def enters(self, name: str) -> None:
        self.client(name).force_login(User.objects.get(pk=self.scene.people[name].pk))
        self.stands = ""

    def newest(self, model: type[Exemption] | type[Objection] | type[Reopening], name: str) -> int:
        return model.objects.filter(assessment=self.scene.sheets[name]).latest("pk").pk

    def finds_photos(self, name: str) -> None:
        """The numbers of the photos that were added just now."""
        for photo in self.sheets[name].present():
            if photo.key is None:
                present = Evidence.objects.present().filter(assessment=self.scene.sheets[name])
                photo.key = present.get(criterion=photo.criterion, digest=photo.digest).pk


def _sent(value):
    if isinstance(value, bytes):
        return SimpleUploadedFile("现场.png", value, "image/png")
    return value


def meant(metric: str, typed: str):
    """The number that a text means: None for a blank, the text itself where this metric cannot have it."""
    if typed == "":
        return None
    fits = typed.isdecimal() and (metric not in _YES_NO or typed in "01")
    return int(typed) if fits else typed


def uuid(op: int | None) -> str | None:
    return None if op is None else str(UUID(int=op))
