"""Rules of what is said and asked beside the figures: explanations, not-applicable requests and their answers."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from assessments.models import Exemption

from . import asking, paper
from .bench import ANYBODY, BASED_ON, CRITERION, PICK, SENDING, SHEET, Bench, uuid
from .station import FILLING

CHECK = st.sampled_from([*[paper.CONTRADICTION] * 6, "no.such"])
WORD = st.sampled_from([*["借调人员。", "含辅警。"] * 3, ""])


class Explaining(Bench):
    @rule(who=ANYBODY, at=SHEET, check=CHECK, text=WORD, round_=BASED_ON)
    def explains(self, who, at, check, text, round_):
        at = self.where(at, "draft", "returned", fits=lambda sheet: not sheet.is_settled())
        sheet, name = self.sheets[at], self.someone(who, *FILLING, at=at)
        based = self.based_on(round_, sheet.round)
        self.asks(
            "explain",
            name,
            lambda: asking.explain(self.people[name], name, sheet, check, text, based),
            "assessments:explain",
            self.scene.sheets[at],
            check=check,
            text=text,
            round=based,
        )

    @rule(who=ANYBODY, at=SHEET, criterion=CRITERION, reason=WORD, round_=BASED_ON, sending=SENDING)
    def asks_that_it_is_left_out(self, who, at, criterion, reason, round_, sending):
        at = self.where(at, "draft", "returned")
        sheet, name = self.sheets[at], self.someone(who, *FILLING, at=at)
        based, op = self.based_on(round_, sheet.round), self.op(sending)
        got = self.asks(
            "ask exemption",
            name,
            lambda: asking.ask(self.people[name], name, sheet, criterion, reason, based, op),
            "assessments:exemption_ask",
            self.scene.sheets[at],
            criterion=criterion,
            reason=reason,
            round=based,
            op_id=uuid(op),
        )
        if got.acts:
            sheet.exemptions[-1].key = self.newest(Exemption, at)

    @precondition(lambda self: any(sheet.exemptions for sheet in self.sheets.values()))
    @rule(who=ANYBODY, at=SHEET, pick=PICK, round_=BASED_ON)
    def takes_a_request_back(self, who, at, pick, round_):
        at = self.where(at, "draft", "returned", fits=lambda sheet: sheet.exemptions)
        sheet, name = self.sheets[at], self.someone(who, *FILLING, at=at)
        based, found = self.based_on(round_, sheet.round), self._request(sheet, pick)
        self.asks(
            "withdraw exemption",
            name,
            lambda: asking.take_back(self.people[name], sheet, found, based),
            "assessments:exemption_withdraw",
            self.scene.sheets[at],
            exemption=found.key if found else None,
            round=based,
        )

    @precondition(lambda self: any(sheet.exemptions for sheet in self.sheets.values()))
    @rule(who=ANYBODY, at=SHEET, pick=PICK, round_=BASED_ON)
    def grants_a_request(self, who, at, pick, round_):
        at = self.where(at, "submitted", "verifying", fits=paper.Sheet.undecided)
        sheet, name = self.sheets[at], self.someone(who, "reviewer", at=at)
        based, found = self.based_on(round_, sheet.round), self._request(sheet, pick)
        self.asks(
            "approve exemption",
            name,
            lambda: asking.grant(self.people[name], name, sheet, found, based),
            "assessments:exemption_approve",
            self.scene.sheets[at],
            exemption=found.key if found else None,
            round=based,
        )

    @precondition(lambda self: any(sheet.exemptions for sheet in self.sheets.values()))
    @rule(who=ANYBODY, at=SHEET, pick=PICK, why=WORD, round_=BASED_ON)
    def refuses_a_request(self, who, at, pick, why, round_):
        at = self.where(at, "submitted", "verifying", fits=paper.Sheet.undecided)
        sheet, name = self.sheets[at], self.someone(who, "reviewer", at=at)
        based, found = self.based_on(round_, sheet.round), self._request(sheet, pick)
        self.asks(
            "decline exemption",
            name,
            lambda: asking.refuse(self.people[name], name, sheet, found, why, based),
            "assessments:exemption_decline",
            self.scene.sheets[at],
            exemption=found.key if found else None,
            why=why,
            round=based,
        )

    def _request(self, sheet: paper.Sheet, pick: int) -> paper.Exemption | None:
        """Mostly the one that waits."""
        found = sheet.exemptions[-1 - pick % len(sheet.exemptions)] if sheet.exemptions else None
        return (sheet.undecided() if pick else None) or found
