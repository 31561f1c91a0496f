"""Points are shared out in proportion, in round numbers, and come to the whole exactly."""

from decimal import Decimal

import pytest

from assessments.scoring.apportion import apportioned


def shared(points: str, goal: str, decimals: int = 2) -> list[str]:
    found = apportioned([Decimal(each) for each in points.split()], Decimal(goal), decimals)
    return [f"{each.normalize():f}" for each in found]


@pytest.mark.parametrize(
    ("points", "goal", "expected"),
    [
        ("5 3 2", "100", "50 30 20"),
        ("4 4 4", "10", "3.5 3.5 3"),
        ("3 2 0 1", "100", "50 33.5 0 16.5"),
        ("100 1 1", "10", "9.8 0.1 0.1"),
        ("1 1", "0.01", "0.01 0"),
        ("0 0", "10", "0 0"),
        ("1 2", "3.33", "1.11 2.22"),
    ],
)
def test_points_come_to_the_whole_in_the_roundest_numbers_there_are(points, goal, expected):
    assert shared(points, goal) == expected.split()


def test_a_standard_without_decimals_gets_whole_points():
    assert shared("1 1 1", "100", 0) == ["34", "33", "33"]
