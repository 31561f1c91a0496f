"""What would win the lost points, in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .standard import Criterion
from .trial import Change, Trial
from .wording import Say


@dataclass(frozen=True)
class Remedy:
    """Speaks about one rule; `is_part` when it is one part of its criterion among several."""

    trial: Trial
    criterion: Criterion
    say: Say
    is_part: bool

    def text(self) -> str:
        """ "" where nothing is lost, or no change of one metric wins anything."""
        if not self.trial.lost:
            return ""
        wanted = self.trial.rule.wanted(self.trial.row, self.trial.row.kind)
        if wanted:
            return self._all_at_once(wanted)
        unanswered = self.trial.unanswered()
        if unanswered:
            return self.say("fill_in", items=self._names(unanswered))
        lever = self.trial.lever(self.criterion.lever)
        change = self.trial.change(lever) if lever else None
        return self._one_change(change) if change else ""

    def _all_at_once(self, wanted: dict[str, float]) -> str:
        changes = {code: np.array([value]) for code, value in wanted.items() if code in self.trial.standard.metrics}
        key = "complete" if any(wanted.values()) else "avoid"
        wins = self._wins(float(self.trial.points(changes)[0]), many=False)
        return self.say(key, items=self._names(wanted), wins=wins)

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
        now = self.trial.now if np.isfinite(self.trial.now) else 0.0
        gained = self.trial.standard.points(round(points - now))
        key = "wins_part" if self.is_part else "wins_full" if full else "wins_some"
        text = self.say(key, points=self.say.points(gained))
        return text.replace("wins", "win", 1) if many and not self.say.chinese else text

    def _names(self, codes) -> str:
        return self.say.listed([self.say.name(code) for code in codes])


def remedy(criterion: Criterion, trials: list[Trial], say: Say) -> str:
    """What would win full points of a criterion, part by part; "" where there is nothing to say."""
    texts = [Remedy(trial, criterion, say, len(trials) > 1).text() for trial in trials]
    return say.join(dict.fromkeys(text for text in texts if text))
