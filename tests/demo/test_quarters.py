"""The demo's quarters follow the calendar."""

from datetime import date
from itertools import pairwise

import pytest

from assessments.demo.quarters import quarters


@pytest.mark.parametrize(
    ("today", "last_published"),
    [
        (date(2026, 11, 21), "2026 Q3"),
        (date(2026, 10, 23), "2026 Q2"),  # the third quarter is published 22 days after its end
        (date(2026, 10, 24), "2026 Q3"),
        (date(2027, 1, 5), "2026 Q3"),
        (date(2027, 2, 1), "2026 Q4"),
    ],
)
def test_eight_quarters_are_published_by_their_day_and_one_is_open(today, last_published):
    span = quarters(today)

    assert len(span) == 9
    assert span[-2].name_en == last_published
    assert span[-2].at(22).date() < today <= span[-1].at(23).date()


def test_a_quarter_is_named_in_both_languages():
    span = quarters(date(2026, 11, 21))

    assert [span[0].name_en, span[-1].name_en] == ["2024 Q4", "2026 Q4"]
    assert [span[0].name, span[-1].name] == ["2024年第四季度", "2026年第四季度"]


def test_quarters_follow_each_other_without_a_gap():
    span = quarters(date(2026, 11, 21))

    assert all((after.starts_on - before.ends_on).days == 1 for before, after in pairwise(span))
