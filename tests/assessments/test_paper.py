"""The sheet on paper: blank with boxes, filled with values and reasons, for the station's own people."""

import html

import pytest
from django.urls import reverse

from tests import factories
from tests.assessments.sheets import Counted, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(client):
    """城关: 47,970 residents and 7 officers stand in the register."""
    here = factories.assessment()
    client.force_login(factories.user("clerk", here.station))
    client.cookies["django_language"] = "en"
    return here


def paper(client, assessment, name):
    return client.get(reverse(f"assessments:paper_{name}", args=[assessment.pk]))


def test_the_blank_sheet_has_a_box_for_every_figure_and_says_no_value(client, assessment):
    text = html.unescape(text_of(paper(client, assessment, "blank")))
    metrics = assessment.period.edition.standard.metrics.values()
    assert [metric.title_en for metric in metrics if metric.title_en not in text] == []
    assert text.count('class="paper-box"') == len(metrics)
    assert "47,970" not in text


def test_the_filled_sheet_has_values_reasons_and_a_line_to_sign_on(client, assessment):
    factories.submitted(assessment)
    text = text_of(paper(client, assessment, "filled"))
    assert "47,970 residents" in text or "47,970 people" in text
    assert "2 / 2 points" in text
    assert "1 file attached" in text
    assert "Station chief" in text


def test_a_sheet_takes_few_statements_however_long_it_is(client, assessment):
    with Counted() as counted:
        paper(client, assessment, "filled")
    assert len(counted.own) <= 6, counted.own


def test_another_stations_people_find_no_paper(client, assessment):
    client.force_login(factories.user("chief", factories.station(bureau=assessment.bureau)))
    assert paper(client, assessment, "blank").status_code == 404
