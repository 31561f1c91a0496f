"""A criterion is written in a real browser: the words and the example follow what is typed, a ban is told at once."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from assessments import drafting
from assessments.models import Draft
from assessments.scoring.reading import toml
from personnel.roles import Role
from tests import factories
from tests.browser.looking import assert_accessible, assert_fits, ready, shot, sign_in


@pytest.fixture
def draft(transactional_db):
    admin = factories.user(Role.SYSADMIN, username="admin", password=factories.PASSWORD)
    return drafting.copy(factories.edition(), code="county", version="1", by=admin)


def test_a_rule_shows_what_it_says_and_gives_while_it_is_written(page, live_server, draft, faults):
    sign_in(page, live_server, "admin", factories.PASSWORD)
    page.goto(f"{live_server.url}/editions/drafts/{draft.pk}/criteria/staffing.load/")
    ready(page)
    assert_accessible(page)
    assert_fits(page)
    shot(page, "criterion", full_page=True)

    page.select_option("[name='rule.shape']", "steps")
    page.fill("[name='rule.table.0.bound']", "3000")
    page.fill("[name='rule.table.0.points']", "5")
    page.fill("[name='rule.otherwise']", "1")
    page.select_option("[name='rule.bounds']", "at_most")
    expect(page.locator("#rule-words")).to_contain_text("≤ 3,000")
    page.get_by_role("button", name="增加一行").first.click()
    expect(page.locator("[name='rule.table.1.bound']")).to_be_focused()
    page.keyboard.type("9000")
    page.fill("[name='rule.table.1.points']", "x")
    expect(page.locator("[id='error-rule.table.1.points']")).to_contain_text("“x”不是数字")
    page.fill("[name='rule.table.1.points']", "2.5")
    expect(page.locator("#rule-words")).to_contain_text("≤ 9,000")
    page.fill("[name='try.staff.residents_per_officer']", "8500")
    expect(page.locator(".rule-try .rule-points")).to_have_text("2.5 分")
    expect(page.locator("[name='try.staff.residents_per_officer']")).to_be_focused()
    shot(page, "criterion-steps", full_page=True)

    page.fill("[name=title]", "行政拘留数")
    faults.forgive("422")
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.locator("#id_title_error")).to_contain_text("第七条")
    expect(page.locator("[name='rule.table.1.points']")).to_have_value("2.5")
    shot(page, "criterion-refused", full_page=True)
    page.fill("[name=title]", "警务负荷")
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    row = next(each for each in toml(Draft.objects.get().text)["criterion"] if each["id"] == "staffing.load")
    assert row["rule"]["steps"]["table"] == [[3000, 5], [9000, Decimal("2.5")]]

    page.click(".language button")
    ready(page)
    page.goto(f"{live_server.url}/editions/drafts/{draft.pk}/criteria/service.windows/")
    ready(page)
    shot(page, "criterion-en", full_page=True)
    page.goto(f"{live_server.url}/editions/drafts/{draft.pk}/metrics/")
    ready(page)
    assert_fits(page)
    shot(page, "metrics-en")
