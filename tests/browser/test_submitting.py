"""Check and submit in a real browser: figures that do not fit want a word, then the declaration, then the receipt."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from assessments import jobs
from assessments.models import Job, State
from assessments.reports import making
from tests import factories
from tests.browser.looking import assert_accessible, assert_fits, ready, shot, sign_in


def test_a_warning_wants_a_word_before_the_chief_submits_and_has_the_receipt(page, live_server, transactional_db):
    assessment = factories.filled(factories.assessment(factories.period()), {"staff.officers": 7})
    factories.user("chief", assessment.station, username="chief", password=factories.PASSWORD)
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    sign_in(page, live_server, "chief", factories.PASSWORD)
    it_is_said_while_it_is_typed(page, live_server, assessment)
    page.goto(live_server.url + reverse("assessments:check", args=[assessment.pk]))
    expect(page.get_by_role("button", name="Submit")).to_be_disabled()
    assert_accessible(ready(page))
    assert_fits(page)
    page.get_by_label("Why the figures are right").first.fill("Two officers of another station are counted here.")
    page.get_by_role("button", name="Save the explanation").first.click()
    expect(page.locator("#conflicts").locator("..").locator("..")).to_contain_text("explained")
    shot(page, "submit-check")
    page.get_by_role("checkbox", name="I declare").check()
    page.get_by_role("button", name="Submit").click()
    expect(page).to_have_url(re.compile("/receipt/"))
    assessment.refresh_from_db()
    assert assessment.state == State.SUBMITTED
    the_receipt_comes_by_itself(page)


def it_is_said_while_it_is_typed(page, live_server, assessment):
    page.goto(live_server.url + reverse("assessments:fill", args=[assessment.pk, "staffing"]))
    field = page.locator("[id='f-staff.college']")
    field.fill("9")
    field.press("Tab")
    said = page.locator("[id='cross-staffing.college']")
    expect(said).to_contain_text("usually not more than")
    expect(page.locator("[id='state-staff.college']")).to_contain_text("Saved")
    shot(page, "submit-warning")


def the_receipt_comes_by_itself(page):
    expect(page.locator("#receipt-pdf")).to_contain_text("is being made")
    assert_accessible(ready(page))
    making.make(jobs.claim(Job.objects.get(kind="report").pk))
    link = page.get_by_role("link", name="Download the receipt (PDF)")
    expect(link).to_be_visible()
    shot(page, "submit-receipt")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".pdf")
