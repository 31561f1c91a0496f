"""Rules of many figures in one act: carried forward, brought in from the offline sheet."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from . import bulk, paper
from .bench import ANYBODY, BASED_ON, METRIC, SENDING, SHEET, TYPED, Bench, meant, uuid
from .station import FILLING

FIGURES = st.lists(METRIC, max_size=3, unique=True)
LINES = st.lists(st.tuples(METRIC, TYPED, st.booleans(), BASED_ON), max_size=3, unique_by=lambda line: line[0])


class Forwarding(Bench):
    @rule(
        who=ANYBODY,
        at=SHEET,
        more=FIGURES,
        is_shown=st.sampled_from([True, True, True, False]),
        whose=st.sampled_from(["own", "own", "own", "", "another's"]),
        sending=SENDING,
    )
    def carries_forward(self, who, at, more, is_shown, whose, sending):
        """Everything that is on offer, and figures besides; as the page shows it, or something else."""
        at = self.where(at, "draft", "returned", fits=_has_a_blank)
        sheet, name, op = self.sheets[at], self.someone(who, *FILLING, at=at), self.op(sending)
        offered, known = bulk.offers(sheet, self.known[at]), self.known[at]
        shown = dict.fromkeys(more, "1") | {
            m: bulk.text(value if is_shown else 99) for m, (value, _s) in offered.items()
        }
        files = self._files(at, whose)
        self.asks(
            "carry",
            name,
            lambda: bulk.carry(self.people[name], name, sheet, shown, files, known, op),
            "assessments:carry",
            self.scene.sheets[at],
            op_id=uuid(op),
            **{f"carry.{metric}": typed for metric, typed in shown.items()},
            **{f"file.{file.key}": "on" for file in files},
        )
        self.finds_photos(at)

    def _files(self, at: str, whose: str) -> list[paper.Photo]:
        """Photos of last quarter, the station's own or another's."""
        other = next(name for name in self.sheets if name != at)
        return {"own": self.sheets[at].earlier, "": [], "another's": self.sheets[other].earlier[:1]}[whose]

    @rule(who=ANYBODY, at=SHEET, lines=LINES, round_=BASED_ON, sending=SENDING)
    def brings_the_sheet(self, who, at, lines, round_, sending):
        """The offline sheet as its page sends it on, figure by figure; a line of version "none" is not taken."""
        at = self.where(at, "draft", "returned")
        sheet, name = self.sheets[at], self.someone(who, *FILLING, at=at)
        based, op, said, entries = self.based_on(round_, sheet.round), self.op(sending), {}, []
        for metric, typed, is_estimated, version in sorted(lines, key=_on_paper):
            seen = self.based_on(version, sheet.fact("self", metric).times)
            said |= {f"value.{metric}": typed, f"take.{metric}": "" if seen is None else seen}
            said |= {f"estimated.{metric}": "on"} if is_estimated else {}
            if seen is not None or metric not in paper.METRICS:
                state = "estimated" if is_estimated else "answered"
                entries.append(bulk.Entry(metric, meant(metric, typed), state, seen))
        self.asks(
            "offline sheet",
            name,
            lambda: bulk.bring(self.people[name], name, sheet, entries, based, op),
            "assessments:offline_apply",
            self.scene.sheets[at],
            op_id=uuid(op),
            round=based,
            **said,
        )


def _has_a_blank(sheet: paper.Sheet) -> bool:
    return any(sheet.fact("self", metric).state == "missing" for metric in paper.METRICS)


def _on_paper(line: tuple) -> int:
    return [*paper.METRICS, line[0]].index(line[0])
