"""Rules of the bureau's people."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from assessments.models import Reopening

from . import bureau, paper
from .bench import ANYBODY, BASED_ON, CRITERION, METRIC, PICK, SENDING, SHEET, TYPED, Bench, meant, uuid
from .scene import BUREAUS, in_days

SOME = st.one_of(
    st.just(list(paper.CRITERIA)), st.just(list(paper.CRITERIA)), st.lists(CRITERION, max_size=3, unique=True)
)
REASON = st.sampled_from(["现场核查。"] * 9 + [""])
DAYS = st.sampled_from([8, 9, 10, 11, 12, 1, -1])


class Verifying(Bench):
    @rule(
        who=ANYBODY,
        at=SHEET,
        metric=METRIC,
        typed=TYPED,
        state=st.sampled_from(["answered", "answered", "na", "self"]),
        reason=REASON,
        version=BASED_ON,
        round_=BASED_ON,
        sending=SENDING,
    )
    def changes(self, who, at, metric, typed, state, reason, version, round_, sending):
        at = self.where(at, "submitted", "verifying")
        sheet, name = self.sheets[at], self.someone(who, "reviewer", at=at)
        based, op = self.based_on(version, sheet.fact("verified", metric).times), self.op(sending)
        value, whose, asked_in = meant(metric, typed), self.people[name], self.based_on(round_, sheet.round)
        self.asks(
            "change",
            name,
            lambda: bureau.change(whose, name, sheet, metric, value, state, reason, based, asked_in, op),
            "assessments:verify_change",
            self.scene.sheets[at],
            metric=metric,
            value=typed,
            state=state,
            reason=reason,
            version=based,
            round=asked_in,
            op_id=uuid(op),
        )

    @rule(who=ANYBODY, at=SHEET, criteria=SOME, round_=BASED_ON)
    def accepts(self, who, at, criteria, round_):
        at = self.where(at, "submitted", "verifying")
        sheet, name = self.sheets[at], self.someone(who, "reviewer", at=at)
        based = self.based_on(round_, sheet.round)
        self.asks(
            "accept",
            name,
            lambda: bureau.accept(self.people[name], name, sheet, criteria, based),
            "assessments:verify_accept",
            self.scene.sheets[at],
            criterion=criteria,
            round=based,
        )

    @rule(
        who=ANYBODY,
        at=SHEET,
        items=st.lists(CRITERION, max_size=2, unique=True),
        reason=REASON,
        days=DAYS,
        round_=BASED_ON,
    )
    def returns(self, who, at, items, reason, days, round_):
        at = self.where(at, "submitted", "verifying")
        sheet, name, due = self.sheets[at], self.someone(who, "reviewer", at=at), in_days(days)
        based = self.based_on(round_, sheet.round)
        self.asks(
            "return",
            name,
            lambda: bureau.send_back(self.people[name], name, sheet, reason, items, due, based),
            "assessments:send_back",
            self.scene.sheets[at],
            reason=reason,
            due_at=_typed(due),
            round=based,
            **{f"item.{criterion}": "请补正。" for criterion in items},
        )

    @rule(who=ANYBODY, at=SHEET, round_=BASED_ON)
    def finishes(self, who, at, round_):
        at = self.where(at, "submitted", "verifying")
        sheet, name = self.sheets[at], self.someone(who, "reviewer", at=at)
        based = self.based_on(round_, sheet.round)
        self.asks(
            "finish",
            name,
            lambda: bureau.finish(self.people[name], name, sheet, based),
            "assessments:finish_verifying",
            self.scene.sheets[at],
            round=based,
        )

    @rule(who=ANYBODY, at=SHEET, days=DAYS, reason=REASON, round_=BASED_ON, sending=SENDING)
    def extends(self, who, at, days, reason, round_, sending):
        at = self.where(at, "draft", "returned")
        sheet, name, due = self.sheets[at], self.someone(who, "reviewer", at=at), in_days(days)
        based, op = self.based_on(round_, sheet.round), self.op(sending)
        self.asks(
            "extend",
            name,
            lambda: bureau.extend(self.people[name], name, sheet, due, reason, based, op),
            "assessments:extend",
            self.scene.sheets[at],
            due_at=_typed(due),
            reason=reason,
            round=based,
            op_id=uuid(op),
        )

    @precondition(lambda self: any(sheet.objections for sheet in self.sheets.values()))
    @rule(
        who=ANYBODY,
        at=SHEET,
        criterion=CRITERION,
        pick=PICK,
        outcome=st.sampled_from([*["upheld"] * 6, *["dismissed"] * 3, "maybe"]),
        answer=REASON,
        typed=TYPED,
        says=st.sampled_from(["answered", "answered", "na", "self", "verified"]),
        seen=st.sampled_from(["right", "right", "right", "other", None]),
        round_=BASED_ON,
    )
    def decides_an_objection(self, who, at, criterion, pick, outcome, answer, typed, says, seen, round_):
        """The facts of the criterion are said in one way; first the effect is looked at, which writes nothing."""
        at = self.where(at, "verified")
        sheet = self.sheets[at]
        if sheet.objections and pick:
            criterion = sheet.objections[-1 - pick % len(sheet.objections)].criterion
        by = sheet.words.get((sheet.round, criterion))
        name = self.someone(who, "reviewer", at=at, but=by.by if by and pick % 4 else "")
        based = self.based_on(round_, sheet.round)
        used = paper.CRITERIA.get(criterion, ())
        wanted = {metric: self._said(sheet, metric, typed, says) for metric in used}
        is_readable = outcome != "upheld" or all(wanted.values())
        said = {"outcome": outcome, "answer": answer, "round": based}
        said |= {f"state.{m}": says for m in used} | {f"value.{m}": typed for m in used}
        word = {
            "right": lambda: self._effect(name, at, criterion, said),
            "other": lambda: "1:2:3:4",
            None: lambda: None,
        }
        told = word[seen]()
        self.asks(
            "decide",
            name,
            lambda: bureau.decide(
                self.people[name],
                name,
                sheet,
                criterion,
                outcome if is_readable else "unreadable",
                answer,
                wanted,
                seen,
                based,
            ),
            "assessments:objection",
            self.scene.sheets[at],
            criterion,
            **said,
            seen=told,
            step="decide",
        )

    def _said(self, sheet: paper.Sheet, metric: str, typed: str, says: str) -> tuple | None:
        """The fact as the form says it; None where that is none."""
        verified, own = sheet.fact("verified", metric), sheet.fact("self", metric)
        if says == "answered":
            value = meant(metric, typed)
            return None if value is None or isinstance(value, str) else (value, "answered")
        shown = verified if verified.state != "missing" else own
        return {"na": (None, "na"), "self": own.said, "verified": shown.said}[says]

    def _effect(self, name: str, at: str, criterion: str, said: dict) -> str:
        """What the page shows as the effect of this answer; a word of its own where it shows none."""
        body = {key: value for key, value in said.items() if value is not None}
        response = self.client(name).post(self.address("assessments:objection", self.scene.sheets[at], criterion), body)
        assert response.status_code < 500
        effect = response.context and response.context.get("effect")
        return effect.seen if effect else "0"

    @rule(who=ANYBODY, at=SHEET, round_=BASED_ON)
    def confirms(self, who, at, round_):
        at = self.where(at, "verified")
        sheet, name = self.sheets[at], self.someone(who, "reviewer", at=at)
        based = self.based_on(round_, sheet.round)
        self.asks(
            "confirm",
            name,
            lambda: bureau.confirm(self.people[name], name, sheet, based),
            "assessments:confirm",
            self.scene.sheets[at],
            round=based,
        )

    @rule(
        who=ANYBODY,
        at=SHEET,
        place=st.sampled_from(["east", "east", *BUREAUS]),
        sure=st.sampled_from([*["yes"] * 5, None]),
    )
    def publishes(self, who, at, place, sure):
        at = self.where(at, "confirmed")
        name, sheets = self.someone(who, "reviewer", at=at), list(self.sheets.values())
        self.asks(
            "publish",
            name,
            lambda: bureau.publish(self.people[name], sheets, self.versions, place, sure is not None),
            "assessments:publish",
            self.scene.period.pk,
            bureau=self.scene.bureaus[place].code,
            sure=sure,
        )

    @rule(who=ANYBODY, at=SHEET, reason=REASON, round_=BASED_ON)
    def asks_for_a_correction(self, who, at, reason, round_):
        at = self.where(at, "published")
        sheet, name = self.sheets[at], self.someone(who, "reviewer", at=at)
        based = self.based_on(round_, sheet.round)
        got = self.asks(
            "ask correction",
            name,
            lambda: bureau.ask_reopening(self.people[name], name, sheet, reason, based),
            "assessments:reopening_request",
            self.scene.sheets[at],
            reason=reason,
            round=based,
        )
        if got.acts:
            sheet.reopenings[-1].key = self.newest(Reopening, at)

    @precondition(lambda self: any(sheet.reopenings for sheet in self.sheets.values()))
    @rule(who=ANYBODY, at=SHEET, pick=PICK)
    def approves_a_correction(self, who, at, pick):
        at = self.where(at, "published")
        sheet, name, asked = self._asked(who, at, pick)
        self.asks(
            "approve correction",
            name,
            lambda: bureau.approve(self.people[name], name, sheet, asked),
            "assessments:reopening_approve",
            self.scene.sheets[at],
            reopening=asked.key if asked else None,
        )

    @precondition(lambda self: any(sheet.reopenings for sheet in self.sheets.values()))
    @rule(who=ANYBODY, at=SHEET, pick=PICK, why=REASON)
    def declines_a_correction(self, who, at, pick, why):
        at = self.where(at, "published")
        sheet, name, asked = self._asked(who, at, pick)
        self.asks(
            "decline correction",
            name,
            lambda: bureau.decline(self.people[name], name, sheet, asked, why),
            "assessments:reopening_decline",
            self.scene.sheets[at],
            reopening=asked.key if asked else None,
            why=why,
        )

    def _asked(self, who, at: str, pick: int) -> tuple:
        """Mostly the request that waits, decided by another person than the one who asked."""
        sheet = self.sheets[at]
        found = sheet.reopenings[-1 - pick % len(sheet.reopenings)] if sheet.reopenings else None
        asked = sheet.asked() or found
        return sheet, self.someone(who, "reviewer", at=at, but=asked.by if asked and pick else ""), asked


def _typed(due) -> str:
    return due.strftime("%Y-%m-%dT%H:%M")
