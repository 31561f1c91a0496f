"""The page of one dimension: what it shows, to whom, and that it works without scripts."""

import re
from datetime import date

import pytest

from assessments import answers
from tests import factories
from tests.assessments.sheets import Counted, page, text_of

pytestmark = pytest.mark.django_db
OFFICERS = "staff.officers"


@pytest.fixture
def assessment():
    """城关, its register filled: 47,970 residents, 7 officers."""
    return factories.assessment(factories.period(edition=factories.edition()))


def fields_of(text: str) -> dict[str, str]:
    """What a browser without scripts would send back unchanged: hidden and text inputs, checked radios."""
    found = {}
    for tag in re.findall(r"<input[^>]*form=\"sheet\"[^>]*>", text):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if said.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        found[said["name"]] = said.get("value", "on" if said.get("type") == "checkbox" else "")
    return found


def test_each_figure_stands_there_with_its_register_and_where_it_comes_from(client, chief, assessment):
    text = text_of(client.get(page(assessment)))
    assert 'value="47970"' in text
    assert "from the register" in text
    assert "47,970 residents" in text


def test_chengguan_reads_why_it_earns_nothing_in_chinese(client, chief, assessment):
    client.cookies["django_language"] = "zh-hans"
    text = text_of(client.get(page(assessment)))
    assert "民警 7 人，辖区人口 47,970 人，每警 6,852.86 人" in text.replace(",辖", "，辖").replace(",每", "，每")
    assert "增配 9 名民警可得满分" in text


def test_the_value_of_last_quarter_is_shown_beside_the_field(client, assessment):
    first = factories.assessment(factories.period(edition=factories.edition(), name="上季"))
    factories.filled(first, {"video.blind_spots": 13})
    factories.published(first.period)
    second = factories.period(
        bureau=first.period.bureau,
        edition=first.period.edition,
        previous=first.period,
        name="本季",
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 12, 31),
    )
    client.force_login(factories.user("chief", first.station))
    text = text_of(client.get(page(factories.assessment(second, first.station), "surveillance")))
    assert re.search(r"<b class=\"num\">13 ", text)


def test_each_figure_is_asked_once_on_its_page(client, chief, assessment):
    for section in assessment.period.edition.standard.dimensions:
        text = text_of(client.get(page(assessment, section.code)))
        for metric in assessment.period.edition.standard.metrics_of(section.code):
            assert text.count(f'data-figure="{metric.code}"') == 1, metric.code


def test_a_scenic_station_is_not_asked_for_residents(client):
    bureau = factories.bureau()
    scenic = factories.staffed(factories.station(bureau=bureau, station_class="scenic"), 5)
    assessment = factories.assessment(factories.period(bureau=bureau, edition=factories.edition()), scenic)
    client.force_login(factories.user("chief", scenic))
    client.cookies["django_language"] = "en"
    text = text_of(client.get(page(assessment)))
    assert 'data-figure="station.residents"' not in text
    assert "not applicable to this class of station" in text


def test_a_dimension_that_does_not_exist_is_not_found(client, chief, assessment):
    assert client.get(page(assessment, "weather")).status_code == 404


def test_after_submitting_the_page_is_read_only_and_says_why(client, chief, assessment):
    factories.submitted(assessment, by=chief)
    text = text_of(client.get(page(assessment)))
    assert "has been submitted" in text
    assert not re.search(r"<input[^>]*form=\"sheet\"", text)
    assert "fill.js" not in text


def test_after_the_due_time_the_page_is_read_only_and_says_why(client, chief, assessment):
    factories.due(assessment)
    text = text_of(client.get(page(assessment)))
    assert "The due time has passed" in text
    assert not re.search(r"<input[^>]*form=\"sheet\"", text)


def test_a_returned_criterion_carries_the_reviewers_words(client, chief, assessment):
    assessment = factories.submitted(assessment, by=chief)
    factories.returned(assessment, reason="Please correct.", items={"staffing.load": "Count the officers again."})
    text = text_of(client.get(page(assessment)))
    assert "Count the officers again." in text
    assert 'form="sheet"' in text


def test_what_a_reviewer_wrote_is_text_and_never_markup(client, chief, assessment):
    assessment = factories.submitted(assessment, by=chief)
    factories.returned(assessment, items={"staffing.load": "<script>alert(1)</script>"})
    text = text_of(client.get(page(assessment)))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_without_scripts_the_whole_page_is_saved_at_once(client, chief, assessment):
    said = fields_of(text_of(client.get(page(assessment)))) | {OFFICERS: "8", "staff.auxiliaries": "4"}
    response = client.post(page(assessment), said)
    assert response.status_code == 302
    cells = answers.cells(assessment)
    assert (cells[OFFICERS].value, cells["staff.auxiliaries"].value) == (8, 4)
    assert cells["station.residents"].version == 1


def test_without_scripts_a_wrong_number_keeps_every_typed_value(client, chief, assessment):
    said = fields_of(text_of(client.get(page(assessment)))) | {OFFICERS: "eight", "staff.auxiliaries": "4"}
    response = client.post(page(assessment), said)
    assert response.status_code == 400
    assert 'value="eight"' in text_of(response)
    assert "is not a number" in text_of(response)
    assert 'value="4"' in text_of(response)


def test_without_scripts_somebody_elses_value_is_shown_and_not_overwritten(client, chief, assessment):
    said = fields_of(text_of(client.get(page(assessment)))) | {OFFICERS: "8"}
    factories.answered(assessment, {OFFICERS: 9}, by=factories.user("clerk", assessment.station))
    response = client.post(page(assessment), said)
    assert response.status_code == 409
    assert "Now: 9 officers." in text_of(response)
    assert answers.cells(assessment)[OFFICERS].value == 9
    again = fields_of(text_of(response))
    assert client.post(page(assessment), again).status_code == 302
    assert answers.cells(assessment)[OFFICERS].value == 8


def test_without_scripts_a_field_of_another_page_is_refused(client, chief, assessment):
    said = fields_of(text_of(client.get(page(assessment)))) | {"verified_score": "100"}
    assert client.post(page(assessment), said).status_code == 400


@pytest.mark.parametrize("role", ["reviewer", "leader", "sysadmin", "secadmin", "auditor"])
def test_only_the_stations_people_may_open_the_page(client, assessment, role):
    place = None if role in ("secadmin", "auditor") else assessment.bureau
    client.force_login(factories.user(role, place))
    assert client.get(page(assessment)).status_code == 403


def test_opening_a_page_takes_at_most_twelve_statements(client, chief, assessment):
    client.get(page(assessment, "zones"))
    with Counted() as counted:
        client.get(page(assessment, "zones"))
    assert len(counted.own) <= 12, counted.own
