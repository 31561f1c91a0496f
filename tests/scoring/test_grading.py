"""Grades: bounds, prerequisites, vetoes, forced shares."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from assessments.scoring.grading import Veto, capped, forced, graded, veto
from tests.scoring.small import criterion, scored, standard

GRADES = "".join(
    f'\n[[grade]]\ncode = "{code}"\ntitle = "{code}"\ntitle_en = "{code}"\nfrom = {low}\n'
    for code, low in (("first", 95), ("second", 85), ("third", 70), ("fourth", "60.5"))
)
EDITION = standard(
    criterion("yes_no = { of = 'q.x' }", 60, "a"),
    criterion("deduct = { each = { 'm.a' = 1 }, floor = -10 }", 40, "b", "other"),
    criterion("bonus = { each = { 'm.b' = 1 }, cap = 5 }", 0, "c", "other"),
    sections=("work", "other"),
    more=GRADES,
)
ALL = np.ones(4, dtype=bool)


def test_a_bound_belongs_to_its_grade():
    rates = np.array([95_00, 94_99, 85_00, 60_50, 60_49, 99_00])
    has = np.array([True] * 5 + [False])
    assert graded(rates, has, EDITION.grades).tolist() == [0, 1, 1, 3, 4, 4]


def test_the_engine_and_the_vector_give_the_same_grade():
    for rate in range(0, 101_00, 7):
        place = int(graded(np.array([rate]), ALL[:1], EDITION.grades)[0])
        assert EDITION.grade_of(rate) == (EDITION.grades[place] if place < 4 else None)


def test_a_missed_prerequisite_caps_and_never_lifts():
    failed = np.array([[False, False], [True, False], [True, True], [True, False]])
    assert capped(np.array([0, 0, 0, 3]), failed, [1, 2]).tolist() == [0, 1, 2, 3]
    assert capped(np.array([0, 2]), np.empty((2, 0), dtype=bool), []).tolist() == [0, 2]


def decided(effect: str, target: str = "", row: int = 0, **other) -> Veto:
    given = {"reason": "泄密", "day": date(2026, 9, 1), "approver": "局长"} | other
    return Veto(row, effect, target, **given)


FACTS = ({"q_x": 1, "m_a": 4, "m_b": 2}, {"q_x": 1, "m_a": 45, "m_b": 2})


@pytest.mark.parametrize(
    ("effect", "target", "points"),
    [
        ("item", "a", [0, 36_00, 2_00]),
        ("section", "other", [60_00, 0, 0]),
        ("total", "", [0, 0, 0]),
        ("bonus", "", [60_00, 36_00, 0]),
        ("grade", "third", [60_00, 36_00, 2_00]),
    ],
)
def test_a_veto_takes_away_what_it_names(effect, target, points):
    scores = scored(EDITION, *FACTS)[1]
    vetoed = veto(scores, [decided(effect, target)])
    assert vetoed.scores.points[0].tolist() == points
    assert vetoed.scores.total[0] == sum(points)
    assert vetoed.scores.points[1].tolist() == scores.points[1].tolist()
    assert vetoed.caps.tolist() == [2 if effect == "grade" else 0, 0]
    assert scores.points[0].tolist() == [60_00, 36_00, 2_00]  # what was scored is not touched


def test_a_veto_does_not_forgive_a_deduction():
    scores = scored(EDITION, *FACTS)[1]
    assert scores.points[1].tolist() == [60_00, -5_00, 2_00]
    assert veto(scores, [decided("total", row=1)]).scores.points[1].tolist() == [0, -5_00, 0]


def test_a_veto_may_take_awards_only():
    vetoed = veto(scored(EDITION, *FACTS)[1], [decided("award", row=1)])
    assert vetoed.no_award.tolist() == [False, True]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (decided("everything"), "unknown effect"),
        (decided("item", "z"), "unknown criterion 'z'"),
        (decided("section", "z"), "unknown section 'z'"),
        (decided("grade", "z"), "unknown grade 'z'"),
        (decided("total", reason=" "), "needs a reason"),
        (decided("total", approver=""), "somebody who approved"),
    ],
)
def test_a_veto_without_its_reasons_is_refused(wrong, what):
    with pytest.raises(ValueError, match=what):
        veto(scored(EDITION, *FACTS)[1], [wrong])


def shared_out(rates, shares, grades=None, groups=None, ranked=None):
    n = len(rates)
    grades = np.zeros(n, dtype=int) if grades is None else np.array(grades)
    groups = np.zeros(n) if groups is None else np.array(groups)
    ranked = np.ones(n, dtype=bool) if ranked is None else np.array(ranked)
    return forced(grades, np.array(rates), groups, ranked, [None if s is None else Decimal(s) for s in shares]).tolist()


def test_shares_are_filled_from_the_top():
    rates = [100 - i for i in range(20)]
    assert shared_out(rates, ["0.25", "0.75", "0.95", None]) == [0] * 5 + [1] * 10 + [2] * 4 + [3]


def test_a_part_of_a_station_is_none():
    assert shared_out([9, 8, 7, 6, 5, 4, 3, 2, 1], ["0.25", None]) == [0, 0, 1, 1, 1, 1, 1, 1, 1]


def test_who_shares_a_place_moves_together():
    assert shared_out([9, 8, 8, 7], ["0.5", None]) == [0, 1, 1, 1]


def test_shares_do_not_lift_and_count_the_ranked_of_each_group():
    assert shared_out(
        [9, 8, 7, 6, 99], ["0.5", None], [3, 0, 0, 0, 0], ["A", "A", "B", "B", "B"], [True, True, True, True, False]
    ) == [3, 1, 0, 1, 0]
