"""Two people save the same page at the same moment: one wins, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from audit.models import Event
from stations import registers
from stations.forms.profile import ProfileForm
from stations.models import Station
from tests import factories


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_exactly_one_is_written():
    station = factories.station()
    people = [factories.user("chief", station), factories.user("clerk", station)]
    seen = ProfileForm(station).fingerprint
    together = Barrier(len(people))

    def save(person, residents):
        try:
            page = ProfileForm(Station.objects.get(pk=station.pk), {"residents": residents, "based_on": seen})
            assert page.is_valid()
            together.wait()
            registers.save(page, by=person)
            return "written"
        except registers.Stale:
            return "stale"
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        outcomes = list(pool.map(save, people, ["100", "200"]))

    assert sorted(outcomes) == ["stale", "written"]
    event = Event.objects.get(action="register.save")
    station.refresh_from_db()
    assert event.detail["changed"]["residents"] == [None, station.residents]
