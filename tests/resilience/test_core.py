"""The core of the fault harness in the ordinary suite: small loads, the same verdicts (bin/resilience has the rest)."""

import pytest

from . import bulk, ledger, outage, saving
from .bed import bed
from .sizes import CORE


@pytest.fixture(scope="module")
def whole_product():
    """Web on PostgreSQL and Redis of their own; at the end no process is left."""
    with bed(lease=4) as made:
        yield made


def holds(line) -> bool:
    assert line.passed, ledger.brief(line)
    return True


def test_no_acknowledged_save_is_lost_when_everything_is_killed(whole_product):
    """R1."""
    assert holds(saving.r1(whole_product, CORE))


def test_three_submits_at_once_with_a_kill_submit_once(whole_product):
    """R2."""
    assert holds(saving.r2(whole_product, CORE))


def test_a_database_that_is_stopped_or_hangs_is_refused_in_time_and_comes_back(whole_product):
    """R7."""
    assert holds(outage.r7(whole_product, CORE))


def test_twenty_chiefs_who_type_and_hand_in_over_the_due_time(whole_product):
    assert holds(saving.due(whole_product, CORE))


def test_a_sheet_brought_in_or_carried_forward_is_there_whole_and_once_whatever_is_killed(whole_product):
    assert holds(bulk.bulk(whole_product, CORE))


def test_the_log_is_whole_afterwards(whole_product):
    """R12."""
    verdict = whole_product.manage("audit_verify")
    assert verdict.returncode == 0, verdict.stdout
