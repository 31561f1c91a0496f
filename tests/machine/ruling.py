"""Rules of the administrators, of time, and of those who look; and the next right step, so that runs come far."""

from datetime import timedelta

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from . import bureau, paper, people, station
from .attaching import Attaching
from .bench import ANYBODY, BASED_ON, SHEET
from .explaining import Explaining
from .filling import Filling
from .forwarding import Forwarding
from .scene import BUREAUS, PEOPLE, STATIONS
from .verifying import Verifying

NAME = st.sampled_from(list(PEOPLE))
PLACES = {"chief": list(STATIONS), "clerk": list(STATIONS), "reviewer": list(BUREAUS), "leader": ["east"]}

NOT_HERE = {"one": "zones.video_linked", "two": "staffing.strength", "three": "staffing.load"}


class Ruling(Filling, Attaching, Explaining, Forwarding, Verifying):
    @rule(
        who=ANYBODY, whom=NAME, role=st.sampled_from([*PLACES, None, None]), place=st.integers(0, 2), keep=st.booleans()
    )
    def changes_an_account(self, who, whom, role, place, keep):
        """Another role or place, or, without one, the account is closed or opened."""
        name, person = self.someone(who, "secadmin"), self.people[whom]
        self.client(whom)
        role, where, is_active = self._future(person, role, place, keep)
        fitting = {"station": self.scene.stations.get(where), "bureau": self.scene.bureaus.get(where)}
        self.asks(
            "account",
            name,
            lambda: people.change_account(self.people[name], person, role, where, is_active),
            "personnel:account_edit",
            self.scene.people[whom].pk,
            name=self.scene.people[whom].name,
            role=role,
            **{column: thing.pk for column, thing in fitting.items() if thing},
            is_active="on" if is_active else None,
            reason="调动。",
        )

    def _future(self, person, role, place: int, keep: bool) -> tuple[str, str, bool]:
        if role is None or person.role not in PLACES:
            return person.role, person.place, keep
        return role, PLACES[role][place % len(PLACES[role])], person.is_active

    @rule(whom=NAME)
    def logs_in(self, whom):
        person = self.people[whom]
        if person.is_active:
            self.enters(whom)
            person.is_in = person.is_fresh = True

    @rule(whom=NAME)
    def password_was_given_long_ago(self, whom):
        self.ages(whom)
        self.people[whom].is_fresh = False

    @rule(who=ANYBODY, station=st.sampled_from(list(STATIONS)), to=st.sampled_from(["east", "west"]))
    def moves_a_station(self, who, station, to):
        name, row = self.someone(who, "sysadmin"), self.scene.stations[station]
        self.asks(
            "move station",
            name,
            lambda: people.move_station(self.people[name], self.stations, station, to),
            "stations:station_edit",
            row.code,
            name=row.name,
            name_en=row.name_en,
            bureau=self.scene.bureaus[to].pk,
            station_class=row.station_class_id,
            is_active="on",
        )

    @rule(at=SHEET)
    def due_time_passes(self, at):
        at = self.where(at, "draft", "returned")
        self.sheets[at].due = timezone.now() - timedelta(seconds=1)
        self.moves(at, due_at=self.sheets[at].due)

    @rule(at=SHEET)
    def days_to_object_pass(self, at):
        at = self.where(at, "verified")
        if self.sheets[at].until:
            self.sheets[at].until = timezone.now() - timedelta(seconds=1)
            self.moves(at, objection_until=self.sheets[at].until)

    @initialize(
        steps=st.lists(
            st.tuples(st.sampled_from(list(STATIONS)), st.sampled_from([0, 2, 4, 5, 7, 9]), st.booleans()), max_size=3
        )
    )
    def begins(self, steps):
        for at, n, minds in steps:
            for _step in range(n):
                self.goes_on(at, minds=minds)

    @rule(at=SHEET, minds=st.booleans())
    def goes_on(self, at, who=0, based="now", minds=False):
        """What this assessment waits for, done by whoever may; who minds asks, returns and objects first."""
        at = self.where(at, "draft", "returned", "submitted", "verifying")
        sheet = self.sheets[at]
        if sheet.state in ("draft", "returned"):
            self._hands_in(at, who, based, minds)
        elif sheet.state in ("submitted", "verifying"):
            self._verifies(at, who, based, minds)
        elif sheet.state == "verified":
            self._settles(at, who, based, minds)
        elif sheet.state == "confirmed":
            self._publishes(at, who, sheet.rank_of[0] if sheet.rank_of else sheet.bureau)
        elif sheet.asked():
            self.approves_a_correction(who, at, 1)
        else:
            self.asks_for_a_correction(who, at, "核错了。", based)

    @rule(at=SHEET, deed=st.integers(0, 6))
    def touches_what_did_not_come_back(self, at, deed):
        """Handed in and returned in part first, where it can be."""
        at = self.where(at, "returned", "submitted", "draft", fits=paper.Sheet.back)
        for _step in range(6):
            if not self.sheets[at].back():
                self.goes_on(at, minds=True)
        deeds = (
            lambda: self.saves(0, at, "staff.officers", "3", False, "now", "new"),
            lambda: self.brings_the_sheet(0, at, [("video.linked", "0", False, "now")], "now", "new"),
            lambda: self.adds_a_photo(0, at, "staffing.load", "red", ""),
            lambda: self.uses_photos_again(0, at, "zones.video_linked"),
            lambda: self.asks_that_it_is_left_out(0, at, "staffing.college", "无此设施。", "now", "new"),
            lambda: self.takes_a_request_back(0, at, 1, "now"),
            lambda: self._asks_and_thinks_better_of_it(at, "zones.blind_spots"),
        )
        deeds[deed]()

    def _asks_and_thinks_better_of_it(self, at: str, criterion: str) -> None:
        self.asks_that_it_is_left_out(0, at, criterion, "无此设施。", "now", "new")
        if self.sheets[at].exemptions:
            self.takes_a_request_back(0, at, 0, "now")

    @rule(at=SHEET, who=NAME, based=BASED_ON, minds=st.booleans())
    def slips(self, at, who, based, minds):
        """The right step by anybody, on any ground."""
        at = self.where(at, "verified", "draft", "submitted")
        self.goes_on(at, who, based, minds)

    def _hands_in(self, at: str, who, based: str, minds: bool) -> None:
        sheet = self.sheets[at]
        if sheet.due <= timezone.now():
            self.extends(0, at, 9, "停电。", "now", "new")
        unanswered = [metric for metric, fact in sheet.facts["self"].items() if fact.state == "missing"]
        blank = next((m for m in unanswered if not station.is_kept(sheet, station.using(m))), None)
        if blank and minds:
            self.carries_forward(who, at, [], True, "own", "new")
        elif blank:
            self.saves(who, at, blank, "1", False, based, "new")
        elif not any(photo.criterion == "zones.service" for photo in sheet.present()):
            self.adds_a_photo(who, at, "zones.service", "navy", "")
        elif minds and not sheet.exemptions:
            self.asks_that_it_is_left_out(who, at, NOT_HERE[at], "无此设施。", based, "new")
        elif minds and sheet.state == "draft" and not sheet.contradicts():
            self.saves(who, at, "staff.officers", "3", False, based, "new")
        elif not sheet.is_settled() and self.steps % 4:
            self.explains(who, at, paper.CONTRADICTION, "借调人员。", based)
        elif minds and not sheet.photos_of("zones.service")[-1].caption:
            self.describes_a_photo(who, at, 0, {"caption": "大门。"})
        else:
            self.submits(who, at, based)

    def _verifies(self, at: str, who, based: str, minds: bool) -> None:
        sheet = self.sheets[at]
        left = [c for c in paper.CRITERIA if (sheet.round, c) not in sheet.words]
        waiting = sheet.undecided()
        if minds and sheet.round == 1:
            self.returns(who, at, ["zones.blind_spots", "zones.service"], "请补正。", 9, based)
        elif waiting and waiting.criterion == "staffing.strength":
            self.refuses_a_request(who, at, 1, "仍须计分。", based)
        elif waiting:
            self.grants_a_request(who, at, 1, based)
        elif left:
            self.accepts(who, at, left, based)
        else:
            self.finishes(who, at, based)

    def _settles(self, at: str, who, based: str, minds: bool) -> None:
        sheet = self.sheets[at]
        waiting = sheet.waiting()
        if waiting:
            self.decides_an_objection(who, at, waiting.criterion, 0, "dismissed", "维持。", "", "self", None, based)
        elif minds and all(each.round != sheet.round for each in sheet.objections):
            self.objects(who, at, "zones.blind_spots", "不符。", based, "new")
        elif not sheet.is_content and sheet.until > timezone.now():
            self.is_content(who, at, based)
        else:
            self.confirms(who, at, based)

    def _publishes(self, at: str, who, place: str) -> None:
        """Who is waited for goes on first."""
        mine = bureau.covered(list(self.sheets.values()), self.versions, place)
        waited_for = [sheet.station for sheet in mine if sheet.state not in ("confirmed", "published")]
        if waited_for:
            self.goes_on(waited_for[0])
        else:
            self.publishes(who, at, place, "yes")
