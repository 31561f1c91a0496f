"""Sheets of facts for the whole indicator library: all that is asked of a station, full, typical and empty."""

from collections.abc import Iterator

from assessments.scoring import Standard
from tests.scoring import sheets

OFFICERS = sheets.PERFECT["staff.officers"]

# What a station that has everything has; everything else is a yes, a 6 or what its own rule asks for.
PERFECT = {
    **sheets.PERFECT,
    "staff.outdoor": OFFICERS,
    "duty.street_officers": OFFICERS,
    "equip.platform_accounts": OFFICERS,
    "equip.platform_users": OFFICERS,
    "training.class_officers": OFFICERS,
    "training.qualified_basic": OFFICERS,
    "training.qualified_higher": OFFICERS,
    "training.drill_officers": OFFICERS,
    "training.person_days": 10 * (OFFICERS + sheets.PERFECT["staff.auxiliaries"]),
    "community.households_learnt": 12 * 2 * 13,
    "community.visits_households": 12 * 10 * 13,
    "community.visits_units": 12 * 5 * 13,
    "inspect.findings_corrected": 0,
    "patrol.hours": OFFICERS * 400,
    "rooms.area": 3000,
    "rooms.standby_area": 400,
    "rooms.beds": OFFICERS + sheets.PERFECT["staff.auxiliaries"],
}

# Facts that win one indicator all its points but cannot stand on a full sheet: nothing was found there to be put right.
APART = {"inspect.corrected": {"inspect.findings": 2, "inspect.findings_corrected": 2}}

# The periods before, against which the full sheet is better.
BEFORE = {"quality.reviews_and_suits": 6, "service.poll_score": 90}
NOW = {"quality.reviews_and_suits": 0, "service.poll_score": 99}


def full(standard: Standard) -> dict[str, float]:
    """The facts of a station that has everything."""
    facts = {code: _usual(metric) for code, metric in standard.metrics.items()}
    for rule in _leaves(standard):
        facts.update(_asked(rule, facts))
    return {**facts, **PERFECT, **NOW}


def typical(standard: Standard) -> dict[str, float]:
    """Half of what is counted, one fault of each kind, every third yes a no."""
    facts = full(standard)
    for rule in _leaves(standard):
        part = next((getattr(rule, name) for name in ("of", "correct") if hasattr(rule, name)), None)
        part = standard.derived[part].uses[0] if part in standard.derived else part  # of a share, what is counted
        if part in facts and standard.metrics[part].kind != "yes_no":
            facts[part] = facts[part] // 2
        if rule.shape == "deduct":
            facts.update({code: 1 for code in rule.each if code in facts})
    questions = [code for code, metric in standard.metrics.items() if metric.kind == "yes_no"]
    return {**facts, **dict.fromkeys(questions[::3], 0)}


def of_class(standard: Standard, kind: str, facts: dict) -> dict[str, float]:
    """What a station of this class is asked."""
    return {code: value for code, value in facts.items() if standard.metrics[code].applies(kind)}


def _usual(metric) -> float:
    usual = {"yes_no": 1, "date": 20991231, "share": 100}.get(metric.kind, 6)
    return usual if metric.high is None else min(usual, float(metric.high))


def _leaves(standard: Standard) -> Iterator:
    for criterion in standard.criteria:
        for rule, _worth in criterion.rule.leaves(standard.worth(criterion)):
            yield getattr(rule, "inner", rule)


def _asked(rule, facts: dict) -> dict[str, float]:
    """What one rule takes for full points, as far as it says so with numbers over raw facts."""
    if rule.shape == "deduct":
        return {code: 0 for code in rule.each if code in facts}
    if rule.shape == "judged":
        return {code: float(rule.top) for code in rule.judges}
    if getattr(rule, "of", None) not in facts:
        return {}
    if rule.shape == "at_most":
        return {rule.of: 0}
    if rule.shape == "imported":
        return {rule.of: float(rule.high)}
    target = next((getattr(rule, name) for name in ("full_at", "target", "to") if hasattr(rule, name)), None)
    if target is None or target.number is None:
        return {}
    number = float(target.number)
    return {rule.of: number if rule.shape == "linear" else max(facts[rule.of], number)}
