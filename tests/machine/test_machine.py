"""Several people, several assessments, any order: what the product answers and keeps is what is promised."""

import logging
import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from . import census, scene
from .ruling import Ruling

_SEARCHES = os.environ.get("HYPOTHESIS_PROFILE") == "search"
_SETTINGS = settings(
    max_examples=400 if _SEARCHES else int(os.environ.get("N", "40")),
    stateful_step_count=40,
    derandomize=not _SEARCHES,
    database=None,
    deadline=None,
    phases=[Phase.generate] + [Phase.shrink] * _SEARCHES,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)


@pytest.mark.django_db
def test_whatever_people_do_in_whatever_order_is_answered_and_kept_as_promised():
    logging.getLogger("django.request").setLevel(logging.ERROR)
    made, count = scene.build(), Counter()
    run_state_machine_as_test(lambda: Ruling(made, count), settings=_SETTINGS)
    print(census.told(count))
    assert _SEARCHES or census.never(count) == []
