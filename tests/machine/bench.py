"""One request of one person, judged on paper first, sent to the product, and held against each other."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from assessments.models import Assessment, Objection, Reopening
from personnel.models import User

from . import paper, standing
from .scene import PEOPLE, Scene, logged_in, sheet

# Draws: mostly the right person, round and version, sometimes anybody and anything. An index is one of the right ones.
ANYBODY = st.sampled_from([*[0, 1, 2] * 5, *PEOPLE])
SHEET = st.sampled_from(["one", "one", "one", "two", "three"])
BASED_ON = st.sampled_from([*["now"] * 7, "before", "after", "none"])
SENDING = st.sampled_from([*["new"] * 6, "again", "none"])
_DAMAGE_EVERY = 10  # steps between two readings of the whole log


class Bench(RuleBasedStateMachine):
    """What every rule uses. `count` is the census: {(rule, status, code): how often}."""

    def __init__(self, scene: Scene, count: Counter):
        super().__init__()
        self.scene, self.count = scene, count
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.clients = logged_in(scene)
        self.people = {name: paper.Person(role, place) for name, (role, place) in PEOPLE.items()}
        self.stations = dict.fromkeys(("one", "two"), "east") | {"three": "west"}
        self.sheets, self.known = {}, {}
        for name in scene.sheets:
            self.sheets[name], self.known[name] = sheet(scene, name)
        self.versions: dict[str, int] = {}
        self.frozen: dict = {}
        self.ops: list[int] = []
        self.steps = 0

    def teardown(self):
        try:
            standing.check_log()
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    # What rules say

    def someone(self, who, *roles: str, at: str = "", but: str = "") -> str:
        """`who`, or as an index one of those who may do this here: at a station or above it, and not `but`."""
        if isinstance(who, str):
            return who
        right = [name for name, person in self.people.items() if self._fits(person, roles, at) and name != but]
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

    def asks(self, rule: str, who: str, judged, address: str, *args, **said) -> paper.Answer:
        """Send it, and hold the answer and what it left on record against `judged()`; None stays out of the body."""
        expected = self._judged(judged)
        last = standing.last_event()
        body = {name: _sent(value) for name, value in said.items() if value is not None}
        response = self.clients[who].post(self.address(address, *args), body, headers={"accept": "application/json"})
        code = response.json()["code"] if response.status_code >= 400 else ""
        acts, of_rows = standing.acts_since(last)
        got = paper.Answer(response.status_code, code, tuple(acts))
        self.count[rule, got.status, got.code] += 1
        assert got == expected, (rule, who, address, args, body)
        assert acts or not of_rows, "rows of the record changed without an act"
        self.clients[who].cookies.pop("messages", None)
        return got

    def address(self, name: str, *args) -> str:
        return reverse(name, args=args)

    def _judged(self, judged) -> paper.Answer:
        try:
            return paper.Answer(302, "", judged())
        except paper.Refusal as refusal:
            return refusal.answer

    # What holds after every step

    @invariant()
    def database_and_paper_say_the_same(self):
        standing.check(self.scene, self.sheets, self.frozen)
        self.steps += 1
        self.count["step", 0, ""] += 1
        if self.steps % _DAMAGE_EVERY == 0:
            standing.check_log()

    # Time passes: the database's clock is not moved, so the day that counts is

    def moves(self, name: str, **columns) -> None:
        Assessment.objects.filter(pk=self.scene.sheets[name]).update(**columns)

    def ages(self, name: str) -> None:
        """This person's password was given long ago."""
        User.objects.filter(pk=self.scene.people[name].pk).update(last_login=timezone.now() - timedelta(days=1))

    def enters(self, name: str) -> None:
        self.clients[name].force_login(User.objects.get(pk=self.scene.people[name].pk))

    def newest(self, model: type[Objection] | type[Reopening], name: str) -> int:
        return model.objects.filter(assessment=self.scene.sheets[name]).latest("pk").pk


def _sent(value):
    if isinstance(value, bytes):
        return SimpleUploadedFile("现场.png", value, "image/png")
    return value


def uuid(op: int | None) -> str | None:
    return None if op is None else str(UUID(int=op))


__all__ = ["ANYBODY", "BASED_ON", "SENDING", "SHEET", "Bench", "uuid"]
