"""What the registers were: each save with its old and new values, and all of them on a day."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from personnel.views import history as pages
from stations.models import FunctionalZone
from tests import factories
from tests.stations.pages import save, text

HISTORY = reverse("personnel:register_history", args=["CG01"])
AS_OF = reverse("personnel:registers_on", args=["CG01"])
STAFFING = reverse("personnel:staffing", args=["CG01"])


def test_a_save_is_told_with_old_and_new_and_by_whom(as_, chief, station):
    zone = FunctionalZone.objects.create(station=station, kind="office")
    zone.rooms.create(kind="meeting", name="二楼")
    client = as_(chief)
    save(client, STAFFING, {"officers": "7"})
    save(client, STAFFING, {"officers": "8"})
    save(client, reverse("stations:zone", args=["CG01", "office"]), {"boundaries": "2", "rooms-0-has_alarm": "on"})
    page = text(client.get(HISTORY))
    assert "李所长" in page
    assert "<dt>Officers</dt><dd>7 → <strong>8</strong></dd>" in page
    assert "<dt>Meeting room 二楼 · Alarm</dt><dd>No → <strong>Yes</strong></dd>" in page
    alone = text(client.get(HISTORY, {"register": "staffing"}))
    assert "<dt>Officers</dt>" in alone
    assert "Meeting room" not in alone


def test_the_history_has_pages(as_, chief, station, monkeypatch):
    monkeypatch.setattr(pages, "SAVES_A_PAGE", 2)
    for officers in "678":
        save(as_(chief), STAFFING, {"officers": officers})
    first, second = (text(as_(chief).get(HISTORY, {"register": "staffing", "page": n})) for n in (1, 2))
    assert "7 → <strong>8" in first
    assert "— → <strong>6" not in first
    assert "— → <strong>6" in second


def test_the_registers_are_shown_as_they_stood_on_a_day(as_, chief, station, django_assert_max_num_queries):
    factories.staffed(station, 7)
    save(as_(chief), STAFFING, {"officers": "8", "age_under_40": "8", "edu_college": "8"})
    page = reverse("personnel:training_new", args=["CG01"])
    save(as_(chief), page, {"topic": "急救", "held_on": "2026-01-05", "days": "1", "participants": "3"})
    now, before = timezone.localdate(), timezone.localdate() - timedelta(days=1)
    with django_assert_max_num_queries(32):
        today = text(as_(chief).get(AS_OF, {"day": now.isoformat()}))
    yesterday = text(as_(chief).get(AS_OF, {"day": before.isoformat()}))
    assert "<dt>Officers</dt><dd>8</dd>" in today
    assert "<dt>急救</dt><dd>5 January 2026 · Days 1 · Participants 3</dd>" in today
    assert "<dt>Officers</dt><dd>7</dd>" in yesterday
    assert "急救" not in yesterday


def test_a_room_is_one_line_that_says_what_it_has(as_, chief, station):
    zone = FunctionalZone.objects.create(station=station, kind="office")
    zone.rooms.create(kind="office", area_m2="1250.50", has_camera=True, has_alarm=True)
    zone.rooms.create(kind="meeting", name="二楼")
    page = text(as_(chief).get(AS_OF))
    assert "<dt>Officers' office</dt><dd>1,250.5 m² · Video · Alarm</dd>" in page
    assert "<dt>Meeting room 二楼</dt><dd>neither area nor fittings entered</dd>" in page
    save(as_(chief), reverse("stations:zone", args=["CG01", "office"]), {"boundaries": "2", "rooms-0-DELETE": "on"})
    told = text(as_(chief).get(HISTORY))
    assert "<dt>Officers' office</dt><dd>1,250.5 m² · Video · Alarm → <strong>—</strong></dd>" in told


@pytest.mark.parametrize("asked", ["2999-01-01", "x", "", "2026-02-31"])
def test_a_day_that_cannot_be_asked_is_not_found(as_, chief, asked):
    assert as_(chief).get(AS_OF, {"day": asked}).status_code == 404


def test_an_unknown_register_and_a_foreign_station_are_not_found(as_, chief):
    assert as_(chief).get(HISTORY, {"register": "cellar"}).status_code == 404
    stranger = factories.user("chief", factories.station())
    assert as_(stranger).get(HISTORY).status_code == 404
    assert as_(stranger).get(AS_OF).status_code == 404
