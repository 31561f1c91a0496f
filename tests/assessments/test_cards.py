"""The page of a dimension comes from skeletons; it is, byte for byte, what its templates and crispy render."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from assessments.models import Exemption
from stationstd import skeletons
from tests import factories
from tests.assessments.sheets import page, text_of

pytestmark = pytest.mark.django_db
_CHANGING = re.compile(r'name="(?:csrfmiddlewaretoken|op_id)" value="[^"]*"|"X-CSRFToken": "[^"]*"|csrf[^"]*"[^"]*"')


@pytest.fixture
def sheets(client):
    """This quarter's sheet of 城关, half filled, and of 北社, empty, with a quarter before both."""
    edition = factories.edition()
    before = factories.period(edition=edition, name="上季")
    for station in before.bureau.stations.all():
        factories.filled(factories.assessment(before, station), {"video.blind_spots": 13})
    factories.published(before)
    period = factories.period(
        bureau=before.bureau,
        edition=edition,
        previous=before,
        name="本季",
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 12, 31),
    )
    return [factories.assessment(period, station) for station in before.bureau.stations.order_by("pk")]


def shown(client, assessment, dimension, language) -> str:
    client.cookies["django_language"] = language
    return _CHANGING.sub("", text_of(client.get(page(assessment, dimension))))


def test_every_page_is_what_its_templates_render(client, sheets):
    half, empty = sheets
    factories.answered(half, {"zones.service": 1, "rooms.functional": 12, "rooms.with_alarm": None})
    criterion = half.period.edition.standard.criteria[0]
    factories.evidence(half, criterion.id, caption="<b>门前</b>")
    chief = factories.user("chief", half.station)
    Exemption.objects.create(
        assessment=half,
        criterion=half.period.edition.standard.criteria[1].id,
        reason="<i>",
        by=chief,
        round=1,
        op_id=uuid4(),
    )
    skeletons._kept.clear()
    dimensions = [section.code for section in half.period.edition.standard.dimensions]
    for assessment in (empty, half):  # the second is filled into what the first left
        client.force_login(factories.user("chief", assessment.station))
        for language in ("zh-hans", "en"):
            for dimension in dimensions:
                filled = shown(client, assessment, dimension, language)
                with skeletons.rendered_afresh():
                    assert filled == shown(client, assessment, dimension, language)


def test_a_returned_and_a_closed_sheet_are_what_their_templates_render(client, sheets):
    sheet, other = sheets
    standard = sheet.period.edition.standard
    sheet = factories.returned(sheet, items={standard.criteria[0].id: "<u>重拍</u>"})
    factories.due(other, timezone.now() - timedelta(days=1))
    for assessment in (sheet, other):
        client.force_login(factories.user("chief", assessment.station))
        filled = shown(client, assessment, standard.dimensions[0].code, "zh-hans")
        with skeletons.rendered_afresh():
            assert filled == shown(client, assessment, standard.dimensions[0].code, "zh-hans")
