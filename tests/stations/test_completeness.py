"""How much of the registers is filled in."""

import pytest

from stations import completeness
from stations.models import FunctionalZone, Station
from tests import factories

pytestmark = pytest.mark.django_db


def parts(station, year=2026):
    station = Station.objects.with_registers().get(pk=station.pk)
    return {part.register: part for part in completeness.parts(station, year)}


def test_an_empty_station_has_nothing_and_lacks_everything():
    found = parts(factories.station())
    assert {part.filled for part in found.values()} == {0}
    assert completeness.percent(list(found.values())) == 0
    assert not any(part.is_complete for part in found.values())


def test_a_zero_and_a_no_are_answers():
    found = parts(factories.station(residents=0, households=0, has_own_premises=False))
    assert found["profile"].is_complete


def test_a_zone_said_to_be_absent_is_an_answer():
    station = factories.station()
    FunctionalZone.objects.create(station=station, kind="living", is_present=False)
    found = parts(station)
    assert found["zone living"].is_complete
    assert not found["zone office"].is_complete


def test_money_counts_for_its_own_year_only():
    station = factories.funded(factories.station(), 2025, public_funds_yuan=1)
    assert parts(station, 2026)["funding 2026"].filled == 0
    assert parts(station, 2025)["funding 2025"].filled == 1


def test_no_number_of_trainings_is_too_few():
    training = parts(factories.station())["training"]
    assert training.total is None
    assert not training.is_complete


def test_a_hundred_percent_means_everything():
    nearly = [completeness.Part("x", "x", "x", "/", 999, 1000)]
    assert completeness.percent(nearly) == 99
