"""The page of one dimension: what it shows, to whom, and that it stays cheap."""

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment():
    return factories.assessment(factories.period(edition=factories.edition()))


@pytest.fixture
def chief(assessment):
    return factories.user("chief", assessment.station)


def page(assessment, dimension="staffing"):
    return reverse("assessments:fill", args=[assessment.pk, dimension])


def test_a_chief_sees_the_registers_figures_and_why_chengguan_earns_nothing(client, chief, assessment):
    client.force_login(chief)
    text = client.get(page(assessment)).content.decode()
    assert "47970" in text
    assert "6,852.86" in text
    assert "需民警 16 人" in text
