"""Several people, several assessments, any order: what the product answers and keeps is what is promised."""

import logging
import os
import secrets
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from . import census, scene
from .ruling import Ruling

_SEARCHES = os.environ.get("HYPOTHESIS_PROFILE") == "search"
_RUNS = 500 if _SEARCHES else 36
# Two examples a seed: the simplest, and one at random. From more Hypothesis makes variants, and those see less.
_SETTINGS = settings(
    max_examples=2,
    stateful_step_count=40,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate] + [Phase.shrink] * _SEARCHES,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)


@pytest.mark.django_db
def test_whatever_people_do_in_whatever_order_is_answered_and_kept_as_promised():
    """R3, R20, R22: no write outside its window, by nobody else, once, whole, and on record."""
    logging.getLogger("django.request").setLevel(logging.ERROR)
    made, count, first = scene.build(), Counter(), _first()
    for number in range(_RUNS):
        run_state_machine_as_test(seed(first + number)(lambda: Ruling(made, count)), settings=_SETTINGS)
    print(census.told(count))
    assert census.never(count) == []


def _first() -> int:
    """The first seed: another one each time that is searched."""
    return secrets.randbelow(2**32) if _SEARCHES else 1
