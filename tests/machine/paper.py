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
NEEDS_EVIDENCE, NO_EVIDENCE = {"zones.service"}, {"zones.video_linked"}
CONTRADICTION = "part-of-staffing.college"  # more officers with a college education than officers


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
NOTHING_THERE = (409, "nothing")


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
class Exemption:
    """A request that a criterion is not applicable."""

    criterion: str
    round: int
    op: int
    reason: str
    outcome: str = ""
    key: int | None = None


class Remark(NamedTuple):
    """A word of explanation of figures that contradict each other, and those figures."""

    text: str
    seen: tuple
    by: str


@dataclass
class Photo:
    """`until` is a day as typed, "" for no end; one that no picture was made of cannot be turned."""

    criterion: str
    digest: str
    is_there: bool = True
    is_picture: bool = True
    caption: str = ""
    until: str = ""
    turns: int = 0
    key: object = None

    @property
    def shown(self) -> tuple:
        return self.digest, self.caption, self.until, self.turns


@dataclass
class Sheet:
    """One station's assessment; `rank_of` is the (bureau, version) that published it, None while nobody has.

    `workers` are those who entered a fact, added a photo, asked for anything or handed in; whose word of explanation
    stands worked on it as well. `before` is what was confirmed last quarter, `earlier` its photos that still hold. The
    photos of a criterion stand in the order in which they are shown.
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
    before: dict[str, tuple] = field(default_factory=dict)
    earlier: list[Photo] = field(default_factory=list)
    remarks: dict[tuple[int, str], Remark] = field(default_factory=dict)
    exemptions: list[Exemption] = field(default_factory=list)
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
        photos = sorted(photo.shown for photo in self.photos_of(criterion))
        facts = [(self.fact("self", m).said, self.fact("verified", m).said) for m in CRITERIA[criterion]]
        return tuple(facts), tuple(photos)

    def present(self) -> list[Photo]:
        return [photo for photo in self.photos if photo.is_there]

    def photos_of(self, criterion: str) -> list[Photo]:
        return [photo for photo in self.present() if photo.criterion == criterion]

    def worked(self, name: str) -> bool:
        """Did this person have a part in what is to be judged?"""
        return name in self.workers or any(remark.by == name for remark in self.remarks.values())

    def applies(self, criterion: str) -> bool:
        """As the bureau sees it: not without its figures, and not where 0 of 0 was due."""
        verified = [self.fact("verified", metric) for metric in CRITERIA[criterion]]
        own = [self.fact("self", metric) for metric in CRITERIA[criterion]]
        seen = [said if said.state != "missing" else mine for said, mine in zip(verified, own, strict=True)]
        nothing_due = len(seen) > 1 and all(fact.value == 0 for fact in seen)
        return not nothing_due and all(fact.state != "na" for fact in seen)

    def digest(self) -> str:
        """SHA-256 of what a chief signs: facts without how often they were written, every photo in its order and as it
        is shown, every word of explanation, and what was asked for and not taken back."""
        said = {m: list(fact.said) for m, fact in sorted(self.facts["self"].items()) if fact.state != "missing"}
        facts = hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()
        in_order = sorted(self.present(), key=lambda photo: photo.criterion)
        photos = [[p.criterion, p.digest, p.caption, p.turns, p.until or None] for p in in_order]
        words = [[check, round_, remark.text] for (round_, check), remark in self.remarks.items()]
        asked = [[e.criterion, e.round, e.reason] for e in self.exemptions if e.outcome != "withdrawn"]
        said = {"evidence": photos, "explanations": sorted(words), "facts": facts, "form": 2, "requests": asked}
        whole = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(whole.encode()).hexdigest()

    def contradicts(self) -> bool:
        """More officers with a college education than officers."""
        college, officers = (self.fact("self", metric).value for metric in CRITERIA["staffing.college"])
        return None not in (college, officers) and college > officers

    def figures(self) -> tuple:
        """What a word of explanation is about."""
        return tuple(self.fact("self", metric).said for metric in CRITERIA["staffing.college"])

    def is_settled(self) -> bool:
        """Nothing contradicts, or the last word of it is about these very figures."""
        last = [remark for _where, remark in sorted(self.remarks.items())][-1:]
        return not self.contradicts() or any(remark.seen == self.figures() for remark in last)

    def back(self) -> set[str]:
        """The criteria that came back by name; none where the whole came back."""
        before = {criterion: word for (round_, criterion), word in self.words.items() if round_ == self.round - 1}
        returned = {criterion for criterion, word in before.items() if word.outcome == "returned"}
        return returned if self.state == "returned" else set()

    def lacks(self) -> bool:
        """Nothing is asked of what did not come back, nor of what the station says it need not have."""
        spared = {each.criterion for each in self.exemptions if each.outcome in ("", "approved")}
        due = (self.back() or set(CRITERIA)) - spared
        asked = {metric for criterion in due for metric in CRITERIA[criterion]} - OPTIONAL
        unanswered = any(self.fact("self", metric).state == "missing" for metric in asked)
        return unanswered or not (NEEDS_EVIDENCE & due) <= {photo.criterion for photo in self.present()}

    def last_words(self) -> dict[str, Word]:
        """The last thing said of each criterion, in whichever round."""
        return {criterion: word for (_round, criterion), word in sorted(self.words.items())}

    def waiting(self) -> Objection | None:
        return next((o for o in self.objections if o.round == self.round and not o.outcome), None)

    def undecided(self) -> Exemption | None:
        return next((e for e in self.exemptions if not e.outcome), None)

    def asked(self) -> Reopening | None:
        return next((r for r in self.reopenings if not r.decision), None)


def past(moment: datetime | None) -> bool:
    return moment is not None and moment <= datetime.now(moment.tzinfo)


WINDOW = timedelta(days=3)
