"""Text to number: what a person may type, and the words for what they may not."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from assessments import answers
from assessments.scoring import Standard
from tests import factories

METRICS = Standard.read(factories.SHIPPED).metrics
COUNT = METRICS["station.residents"]
YUAN = METRICS["funds.public_yuan"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("47970", 47970),
        ("47,970", 47970),
        (" 47 970 ", 47970),
        ("４７９７０", 47970),
        ("４７，９７０", 47970),
        ("0", 0),
        ("7.0", 7),
        ("", None),
        ("   ", None),
        (None, None),
    ],
)
def test_a_count_is_read_as_people_write_it(typed, number):
    assert answers.clean(COUNT, typed) == number


def test_money_may_have_a_fraction():
    assert answers.clean(YUAN, "2800.50") == 2800.5


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abc", "number"),
        ("7人", "number"),
        ("NaN", "number"),
        ("Infinity", "number"),
        ("-Infinity", "number"),
        ("1e400", "long"),
        ("1" + "0" * 400, "long"),
        ("10^400", "number"),
        ("1_000", "number"),
        ("٧", "number"),
        ("-1", "low"),
        ("−1", "low"),
        ("2000001", "high"),
        ("6.5", "whole"),
        ("1e-400", "decimals"),
        ("=1+1", "number"),
        ("10²", "number"),
        ("①", "number"),
    ],
)
def test_what_is_no_such_count_is_refused(typed, code):
    with pytest.raises(ValidationError) as refused:
        answers.clean(COUNT, typed)
    assert refused.value.code == code


def test_a_share_over_100_percent_is_refused():
    share = Standard.loads(SHARE).metrics["cases.share"]
    assert answers.clean(share, "100%") == 100
    with pytest.raises(ValidationError, match="100"), translation.override("en"):
        answers.clean(share, "100.01")


def test_the_words_name_the_bound_and_the_unit():
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        answers.clean(COUNT, "2000001")
    assert refused.value.messages == ["Must not be above 2,000,000 residents."]


def test_a_number_that_is_kept_is_the_number_that_was_typed():
    assert Decimal(str(answers.clean(YUAN, "0.1"))) == Decimal("0.1")


SHARE = """
code = "share"
version = "1"
title = "份额"
title_en = "Share"
in_force = 2024-01-01
points = 1
classes = ["town"]
[[section]]
code = "one"
title = "一"
title_en = "One"
[metric."cases.share"]
title = "比例"
title_en = "Share"
kind = "share"
[[criterion]]
id = "cases.share"
section = "one"
title = "比例"
title_en = "Share"
points = 1
source = "试用"
rule.ratio = { of = "cases.share", to = 100 }
"""
