"""Rules of the station's people."""

import hashlib

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from assessments.models import Evidence, Objection

from . import paper, station
from .bench import ANYBODY, BASED_ON, SENDING, SHEET, Bench, uuid
from .scene import COLOURS

METRIC = st.sampled_from([*paper.METRICS * 4, "no.such"])
CRITERION = st.sampled_from([*list(paper.CRITERIA) * 4, "no.such"])
COLOUR = st.sampled_from(COLOURS)
TYPED = st.sampled_from([*["1", "0", "3"] * 4, "", "", "many", "-1"])
PICK = st.integers(0, 5)
_YES_NO = ("zones.service", "video.linked")
FILLING = station.FILLING


def meant(metric: str, typed: str):
    """The number that a text means: None for a blank, the text itself where this metric cannot have it."""
    if typed == "":
        return None
    fits = typed.isdecimal() and (metric not in _YES_NO or typed in "01")
    return int(typed) if fits else typed


class Filling(Bench):
    @rule(
        who=ANYBODY,
        at=SHEET,
        metric=METRIC,
        typed=TYPED,
        is_estimated=st.booleans(),
        version=BASED_ON,
        sending=SENDING,
    )
    def saves(self, who, at, metric, typed, is_estimated, version, sending):
        at = self.where(at, "draft", "returned")
        sheet, name = self.sheets[at], self.someone(who, *FILLING, at=at)
        based, op = self.based_on(version, sheet.fact("self", metric).times), self.op(sending)
        value, state = meant(metric, typed), "estimated" if is_estimated else "answered"
        self.asks(
            "save",
            name,
            lambda: station.save(self.people[name], name, sheet, metric, value, state, based, op),
            "assessments:save",
            self.scene.sheets[at],
            metric=metric,
            value=typed,
            estimated="on" if is_estimated else None,
            version=based,
            op_id=uuid(op),
        )

    @rule(who=ANYBODY, at=SHEET, metric=METRIC, version=BASED_ON, sending=SENDING)
    def takes_from_the_register(self, who, at, metric, version, sending):
        at = self.where(at, "draft", "returned")
        sheet, name = self.sheets[at], self.someone(who, *FILLING, at=at)
        based, op = self.based_on(version, sheet.fact("self", metric).times), self.op(sending)
        self.asks(
            "take",
            name,
            lambda: station.take(self.people[name], name, sheet, metric, self.known[at], based, op),
            "assessments:take",
            self.scene.sheets[at],
            metric=metric,
            version=based,
            op_id=uuid(op),
        )

    @rule(who=ANYBODY, at=SHEET, criterion=CRITERION, colour=COLOUR)
    def adds_a_photo(self, who, at, criterion, colour):
        at = self.where(at, "draft", "returned")
        sheet, name, photo = self.sheets[at], self.someone(who, *FILLING, at=at), self.scene.photos[colour]
        digest = hashlib.sha256(photo).hexdigest()
        got = self.asks(
            "add photo",
            name,
            lambda: station.add_photo(self.people[name], name, sheet, criterion, digest),
            "assessments:evidence_add",
            self.scene.sheets[at],
            criterion,
            files=photo,
        )
        if got.acts:
            present = Evidence.objects.present().filter(assessment=self.scene.sheets[at])
            sheet.photos[-1].key = present.get(criterion=criterion, digest=digest).pk

    @rule(who=ANYBODY, at=SHEET, pick=PICK)
    def removes_a_photo(self, who, at, pick):
        at = self.where(at, "draft", "returned")
        sheet, name = self.sheets[at], self.someone(who, *FILLING, at=at)
        photo = sheet.photos[-1 - pick % len(sheet.photos)]
        self.asks(
            "remove photo",
            name,
            lambda: station.remove_photo(self.people[name], sheet, photo),
            "assessments:evidence_remove",
            photo.key,
        )

    @rule(who=ANYBODY, at=SHEET, round_=BASED_ON)
    def submits(self, who, at, round_):
        at = self.where(at, "draft", "returned")
        sheet, name = self.sheets[at], self.someone(who, "chief", at=at)
        based = self.based_on(round_, sheet.round)
        self.asks(
            "submit",
            name,
            lambda: station.submit(self.people[name], name, sheet, based),
            "assessments:submit",
            self.scene.sheets[at],
            round=based,
            declared="on",
        )

    @rule(
        who=ANYBODY,
        at=SHEET,
        criterion=CRITERION,
        ground=st.sampled_from(["不符。"] * 9 + [""]),
        round_=BASED_ON,
        sending=SENDING,
    )
    def objects(self, who, at, criterion, ground, round_, sending):
        at = self.where(at, "verified")
        sheet, name = self.sheets[at], self.someone(who, "chief", at=at)
        based, op = self.based_on(round_, sheet.round), self.op(sending)
        got = self.asks(
            "object",
            name,
            lambda: station.object_to(self.people[name], sheet, criterion, ground, based, op),
            "assessments:objection_file",
            self.scene.sheets[at],
            criterion=criterion,
            ground=ground,
            round=based,
            op_id=uuid(op),
        )
        if got.acts:
            sheet.objections[-1].key = self.newest(Objection, at)

    @precondition(lambda self: any(sheet.objections for sheet in self.sheets.values()))
    @rule(who=ANYBODY, at=SHEET, pick=PICK, round_=BASED_ON)
    def withdraws_an_objection(self, who, at, pick, round_):
        at = self.where(at, "verified")
        sheet, name = self.sheets[at], self.someone(who, "chief", at=at)
        based = self.based_on(round_, sheet.round)
        found = sheet.objections[-1 - pick % len(sheet.objections)] if sheet.objections else None
        self.asks(
            "withdraw objection",
            name,
            lambda: station.withdraw(self.people[name], sheet, found, based),
            "assessments:objection_withdraw",
            self.scene.sheets[at],
            objection=found.key if found else None,
            round=based,
        )

    @rule(who=ANYBODY, at=SHEET, round_=BASED_ON)
    def is_content(self, who, at, round_):
        at = self.where(at, "verified")
        sheet, name = self.sheets[at], self.someone(who, "chief", at=at)
        based = self.based_on(round_, sheet.round)
        self.asks(
            "no objection",
            name,
            lambda: station.be_content(self.people[name], sheet, based),
            "assessments:objection_none",
            self.scene.sheets[at],
            round=based,
        )
