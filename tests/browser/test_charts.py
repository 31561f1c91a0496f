"""Charts in a real browser: drawn as vectors, within the content policy, with words for those who cannot see them."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import assert_accessible, assert_fits, ready, shot

KINDS = ("radar", "bars", "trend", "heat")


@pytest.fixture
def charts(page, live_server, settings):
    settings.ROOT_URLCONF = "tests.browser.drawn"
    page.goto(f"{live_server.url}/drawn/")
    return ready(page)


def test_every_kind_is_drawn_as_vectors(charts):
    for kind in KINDS:
        expect(charts.locator(f"#{kind} svg")).to_have_count(1)
        assert charts.locator(f"#{kind} svg path").count() > 3, kind
    shot(charts, "charts", full_page=True)


def test_the_words_of_a_chart_stay_for_readers_who_do_not_see_it(charts):
    expect(charts.locator("#radar p")).to_have_class("visually-hidden")
    expect(charts.locator("#radar .chart-canvas")).to_have_attribute("aria-hidden", "true")
    assert_accessible(charts)


def test_a_chart_follows_the_width_of_the_page(charts):
    charts.set_viewport_size({"width": 390, "height": 844})
    expect(charts.locator("#bars svg")).to_have_attribute("width", "358")
    assert_fits(charts)


def test_pointing_at_a_figure_shows_it_within_the_policy(charts):
    charts.locator("#trend").scroll_into_view_if_needed()
    charts.hover("#trend", position={"x": 300, "y": 150})
    expect(charts.locator("#trend svg")).to_contain_text("功能分区")
