"""The year out of its periods, and what a history sets off."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from assessments.scoring.rollup import last, mean, running, times, top, total, weighted

YEAR = np.array([[90_00, 80_00, 70_01], [80_00, 0, 70_02], [70_00, 60_00, -50_05], [60_01, 50_00, 0]])
THERE = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1], [1, 1, 1]], dtype=bool)


@pytest.mark.parametrize(
    ("missing", "year", "has"),
    [
        ("none", [75_00, 0, 22_50], [1, 0, 1]),
        ("zero", [75_00, 47_50, 22_50], [1, 1, 1]),
        ("skip", [75_00, 63_33, 22_50], [1, 1, 1]),
    ],
)
def test_a_year_is_the_mean_of_its_periods(missing, year, has):
    found, there = mean(YEAR, THERE, missing=missing)
    assert (found.tolist(), there.tolist()) == (year, [bool(each) for each in has])


def test_a_year_may_be_a_sum():
    found, there = total(YEAR, THERE, missing="zero")
    assert (found.tolist(), there.all()) == ([300_01, 190_00, 89_98], True)


def test_weights_are_exact_decimals_rounded_half_up_once():
    chance = np.random.default_rng(3)
    results, weights = chance.integers(-100_00, 120_00, (4, 200)), [Decimal(w) for w in ("0.1", "0.2", "0.3", "0.4")]
    found, _ = weighted(results, np.ones((4, 200), dtype=bool), weights, missing="none")
    exact = [sum(Decimal(int(x)) * w for x, w in zip(column, weights, strict=True)) for column in results.T]
    assert found.tolist() == [int(each.quantize(Decimal(1), ROUND_HALF_UP)) for each in exact]


def test_a_weight_of_0_means_0():
    found, there = weighted(YEAR[:2], THERE[:2], [Decimal(0), Decimal(3)], missing="skip")
    assert (found.tolist(), there.tolist()) == ([80_00, 0, 70_02], [True, False, True])


@pytest.mark.parametrize("weights", [[], ["1"], ["1", "-1"], ["0", "0"]])
def test_weights_that_make_no_mean_are_refused(weights):
    with pytest.raises(ValueError, match="one weight for each period"):
        weighted(YEAR[:2], THERE[:2], [Decimal(w) for w in weights], missing="zero")


def test_what_a_blank_does_is_always_said():
    with pytest.raises(ValueError, match="missing: one of none, zero, skip"):
        mean(YEAR, THERE, missing="")


def test_the_last_place_is_that_of_each_group():
    places = np.array([1, 2, 3, 3, 0, 1, 2, 1, 1])
    groups = np.array(["A", "A", "A", "A", "A", "B", "B", "C", "C"])
    assert last(places, groups).tolist() == [False, False, True, True, False, False, True, False, False]
    assert last(np.array([], dtype=int), np.array([])).tolist() == []


def test_top_three_leaves_out_the_unranked():
    assert top(np.array([0, 1, 3, 4])).tolist() == [False, True, True, False]


def test_six_times_in_a_year_need_not_be_in_a_row():
    flags = np.array([[m % 2 == 0, m < 6, m < 5] for m in range(12)])
    assert times(flags, 6).tolist() == [True, True, False]


def test_two_years_running_are_the_latest_two():
    flags = np.array([[1, 1, 0], [0, 1, 1], [1, 1, 0]])
    assert running(flags, 2).tolist() == [False, True, False]
    assert running(flags, 4).tolist() == [False, False, False]
