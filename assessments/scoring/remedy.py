"""What would win the lost points, in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .standard import Criterion
from .trial import Change, Trial
from .wording import Say


@dataclass(frozen=True)
class Remedy:
    """Speaks about one rule.

    is_part  it is one part of its criterion among several
    now      units that count now: of the rule itself, or of the best of alternatives
    """

    trial: Trial
    criterion: Criterion
    say: Say
    is_part: bool
    now: float

    def text(self) -> str:
        """ "" where nothing is lost, or no change of one metric wins anything."""
        if not self.trial.lost:
            return ""
        wanted = self.trial.rule.wanted(self.trial.row, self.trial.row.kind)
        unanswered = self.trial.unanswered()
        if wanted and set(unanswered) <= set(wanted):
            return self._all_at_once(wanted)
        if unanswered:
            return self.say("fill_in", items=self._names(unanswered))
        lever = self.trial.lever(self.criterion.lever)
        change = self.trial.change(lever) if lever else None
        return self._one_change(change) if change and change.points > self.now else ""

    def _all_at_once(self, wanted: dict[str, float]) -> str:
        changes = {code: np.array([value]) for code, value in wanted.items()}
        key = "complete" if any(wanted.values()) else "avoid"
        points = float(self.trial.points(changes)[0])
        return (
            self.say(key, items=self._names(wanted), wins=self._wins(points, many=False)) if points > self.now else ""
        )

    def _one_change(self, change: Change) -> str:
        say, metric = self.say, self.trial.standard.metrics[change.metric]
        delta = change.new - change.value
        if metric.kind == "yes_no":
            key = "set_yes" if delta > 0 else "set_no"
            return say(key, items=say.name(metric.code), wins=self._wins(change.points, many=False))
        more = "more_bureau" if metric.fixable_by == "bureau" else "more"
        return say(
            ("fewer" if delta < 0 else more) + ("" if self._unit_names_it(metric) else "_of"),
            name=say.name(metric.code),
            value=say.value(metric.code, change.new),
            change=say.value(metric.code, abs(delta)),
            number=say.number(abs(delta)),
            wins=self._wins(change.points, many=abs(delta) != 1),
        )

    def _unit_names_it(self, metric) -> bool:
        """Is "16 officers" enough to say what is meant?"""
        return metric.unit_en.lower() in ((metric.short_en or metric.title_en).lower(), "")

    def _wins(self, points: float, *, many: bool) -> str:
        full = points >= self.trial.ceiling - 1e-6
        gained = self.trial.standard.points(round(points - self.now))
        key = "wins_part" if self.is_part else "wins_full" if full else "wins_some"
        text = self.say(key, points=self.say.points(gained))
        return text.replace("wins", "win", 1) if many and not self.say.chinese else text

    def _names(self, codes) -> str:
        return self.say.listed([self.say.name(code) for code in codes])


def remedy(criterion: Criterion, trials: list[Trial], say: Say) -> str:
    """What would win full points of a criterion, part by part; "" where there is nothing to say."""
    now = [trial.now if np.isfinite(trial.now) else 0.0 for trial in trials]
    if criterion.rule.alternatives:
        now = [max(now)] * len(trials)
    several = len(trials) > 1
    texts = [Remedy(t, criterion, say, several, counts).text() for t, counts in zip(trials, now, strict=True)]
    texts = list(dict.fromkeys(text for text in texts if text))
    return say("or").join(texts) if criterion.rule.alternatives else say.join(texts)
