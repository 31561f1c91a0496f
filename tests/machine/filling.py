"""Rules of the station's people."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from assessments.models import Objection

from . import station
from .bench import ANYBODY, BASED_ON, CRITERION, METRIC, PICK, SENDING, SHEET, TYPED, Bench, meant, uuid
from .station import FILLING


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

    @rule(who=ANYBODY, at=SHEET)
    def asks_for_the_receipt(self, who, at):
        at = self.where(at, "submitted", "returned")
        sheet, name = self.sheets[at], self.someone(who, *FILLING, "reviewer", "leader", at=at)
        self.asks(
            "receipt",
            name,
            lambda: station.receipt(self.people[name], sheet),
            "assessments:receipt_make",
            self.scene.sheets[at],
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
