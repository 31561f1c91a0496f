"""The rules of an assessment in plain words: what each request is answered, and what stands afterwards.

Written from what the product promises, not from its code: nothing of the product is imported here. A deed is judged
first and done last; a refusal leaves everything as it was.
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

BELOW = {"city": ("city", "east", "west"), "east": ("east",), "west": ("west",)}
# The tiny standard: which figures a criterion looks at, and what a station need not answer.
CRITERIA = {
    "zones.service": ("zones.service",),
    "zones.video_linked": ("video.linked",),
    "zones.blind_spots": ("video.blind_spots",),
    "staffing.load": ("station.residents", "staff.officers"),
    "staffing.strength": ("staff.officers",),
    "staffing.college": ("staff.college", "staff.officers"),
}
METRICS = tuple(dict.fromkeys(metric for used in CRITERIA.values() for metric in used))
OPTIONAL = {"staff.college"}
NEEDS_EVIDENCE = {"zones.service"}


class Answer(NamedTuple):
    """What a request gets: the status, the code for programs ("" where there is none), the acts it leaves on record."""

    status: int
    code: str = ""
    acts: tuple[str, ...] = ()


class Refusal(Exception):
    """Not done, with this answer."""

    def __init__(self, status: int, code: str):
        super().__init__(status, code)
        self.answer = Answer(status, code)


STALE, WRONG_STATE, INCOMPLETE = (409, "stale"), (409, "state"), (409, "incomplete")
LATE, INVALID, NOT_THERE = (409, "deadline"), (400, "invalid"), (404, "not_found")
LOCKED = (409, "locked")
UNBASED, MAY_NOT, AGAIN = (428, "precondition"), (403, "forbidden"), (403, "reauth")
OTHER_PERSON, OWN_WORK, STRANGER = (403, "person"), (403, "conflict"), (401, "login")


def refuse_if(condition, refusal: tuple[int, str]) -> None:
    if condition:
        raise Refusal(*refusal)


@dataclass
class Person:
    """`place` is a station's or a bureau's name, "" for nobody's."""

    role: str
    place: str
    is_active: bool = True
    is_in: bool = True
    is_fresh: bool = True


class Fact(NamedTuple):
    """What stands, as "answered", "estimated", "na" or "missing"; how often it was written."""

    value: float | None = None
    state: str = "missing"
    times: int = 0

    @property
    def said(self):
        return self.value, self.state


class Word(NamedTuple):
    """What a reviewer said of a criterion, and what stood there then."""

    outcome: str
    by: str
    seen: tuple


@dataclass
class Objection:
    criterion: str
    round: int
    op: int
    outcome: str = ""
    said: tuple = ()
    key: int | None = None


@dataclass
class Reopening:
    by: str
    decision: str = ""
    key: int | None = None


@dataclass
class Photo:
    criterion: str
    digest: str
    is_there: bool = True
    key: object = None


@dataclass
class Sheet:
    """One station's assessment; `rank_of` is the (bureau, version) that published it, None while nobody has.

    `workers` are those who entered a fact, added a photo or handed in.
    """

    station: str
    bureau: str
    due: datetime
    state: str = "draft"
    round: int = 1
    facts: dict[str, dict[str, Fact]] = field(default_factory=lambda: {"self": {}, "verified": {}})
    unwritten: int = 0
    history: Counter = field(default_factory=Counter)
    ops: set = field(default_factory=set)
    workers: set[str] = field(default_factory=set)
    photos: list[Photo] = field(default_factory=list)
    words: dict[tuple[int, str], Word] = field(default_factory=dict)
    handed_in: dict[int, str] = field(default_factory=dict)
    until: datetime | None = None
    is_content: bool = False
    objections: list[Objection] = field(default_factory=list)
    objection_ops: set = field(default_factory=set)
    extensions: set = field(default_factory=set)
    reopenings: list[Reopening] = field(default_factory=list)
    rank_of: tuple[str, int] | None = None
    had_result: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in ("draft", "returned")

    @property
    def is_corrected(self) -> bool:
        return self.rank_of is not None and self.state != "published"

    def fact(self, layer: str, metric: str) -> Fact:
        return self.facts[layer].get(metric, Fact())

    def write(self, layer: str, metric: str, value, state: str) -> None:
        self.facts[layer][metric] = Fact(value, state, self.fact(layer, metric).times + 1)
        self.history[layer] += 1

    def seen(self, criterion: str) -> tuple:
        """Everything that a word on this criterion is about."""
        photos = sorted(photo.digest for photo in self.present() if photo.criterion == criterion)
        facts = [(self.fact("self", m).said, self.fact("verified", m).said) for m in CRITERIA[criterion]]
        return tuple(facts), tuple(photos)

    def present(self) -> list[Photo]:
        return [photo for photo in self.photos if photo.is_there]

    def digest(self) -> str:
        """SHA-256 of what a chief signs: facts without how often they were written, and every photo's digest."""
        said = {m: list(fact.said) for m, fact in sorted(self.facts["self"].items()) if fact.state != "missing"}
        facts = hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()
        photos = sorted([photo.criterion, photo.digest] for photo in self.present())
        whole = json.dumps({"evidence": photos, "facts": facts}, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(whole.encode()).hexdigest()

    def contradicts(self) -> bool:
        """More officers with a college education than officers: nobody here says a word of it."""
        college, officers = (self.fact("self", metric).value for metric in ("staff.college", "staff.officers"))
        return None not in (college, officers) and college > officers

    def lacks(self) -> bool:
        unanswered = any(self.fact("self", m).state == "missing" for m in METRICS if m not in OPTIONAL)
        return unanswered or not NEEDS_EVIDENCE <= {photo.criterion for photo in self.present()}

    def last_words(self) -> dict[str, Word]:
        """The last thing said of each criterion, in whichever round."""
        return {criterion: word for (_round, criterion), word in sorted(self.words.items())}

    def waiting(self) -> Objection | None:
        return next((o for o in self.objections if o.round == self.round and not o.outcome), None)

    def asked(self) -> Reopening | None:
        return next((r for r in self.reopenings if not r.decision), None)


def past(moment: datetime | None) -> bool:
    return moment is not None and moment <= datetime.now(moment.tzinfo)


WINDOW = timedelta(days=3)
