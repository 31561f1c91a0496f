"""A chief proves a criterion: evidence used again, pasted, turned, described, put in order, sent after an outage."""

import base64
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments import workflow
from assessments.evidence import accept
from assessments.models import Evidence
from tests import factories
from tests.assessments import files
from tests.browser.looking import assert_accessible, assert_fits, ready, shot, sign_in

CRITERION = "video.seamless"

_PASTE = """([selector, text]) => {
  const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "image.png", { type: "image/png" }));
  const at = document.querySelector(selector);
  at.focus();
  at.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def assessment(transactional_db):
    """The fourth quarter of 城关, whose third left one document behind."""
    before = factories.assessment(factories.period(edition=factories.edition()))
    chief = factories.user("chief", before.station)
    licence = accept(files.upload(files.jpeg((300, 200), colour="olive"), "点位图.jpg"))
    workflow.add_evidence(before.pk, CRITERION, licence, caption="监控点位图", by=chief)
    dates = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31), "name": "2026年第四季度"}
    last = before.period
    period = factories.period(bureau=last.bureau, edition=last.edition, previous=last, **dates)
    return factories.assessment(period, before.station)


@pytest.fixture
def sheet(page, live_server, assessment):
    name = f"chief-{assessment.pk}"
    factories.user("chief", assessment.station, username=name, password=factories.PASSWORD)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    sign_in(page, live_server, name, factories.PASSWORD)
    page.goto(live_server.url + reverse("assessments:fill", args=[assessment.pk, "surveillance"]))
    return ready(page)


def names(assessment) -> list[str]:
    return list(Evidence.objects.present().filter(assessment=assessment).values_list("name", flat=True))


def test_evidence_is_used_again_pasted_turned_described_and_ordered(sheet, assessment, faults):
    faults.forgive(r"ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest)")  # the connection is cut on purpose
    block = sheet.locator(f"[id='evidence-{CRITERION}']")
    rows = block.locator(".evidence-file")
    block.get_by_role("button", name="Use last period’s evidence").click()
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Used again from 2026 Q3")

    pasted = base64.b64encode(files.png((120, 60))).decode()
    sheet.evaluate(_PASTE, [f"[id='c-{CRITERION}'] input.num", pasted])
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("Pasted picture.png")

    picture = rows.nth(1).get_by_role("img")
    expect(picture).to_have_js_property("naturalWidth", 120)
    turn = rows.nth(1).get_by_role("button", name="Turn by 90°")
    turn.press("Enter")
    expect(picture).to_have_js_property("naturalWidth", 60)
    expect(turn).to_be_focused()

    rows.nth(1).get_by_role("button", name="Move up").press("Enter")
    expect(rows.first).to_contain_text("Pasted picture.png")
    rows.first.locator("summary").click()
    rows.first.get_by_label("Caption", exact=True).fill("窗口")
    rows.first.get_by_label("Valid until").fill("2030-12-31")
    rows.first.get_by_role("button", name="Save").click()
    expect(rows.first.locator(".evidence-caption")).to_have_text("窗口")
    expect(rows.first).to_contain_text("Valid until")

    # Refused with words before anything is sent; what cannot be sent waits and is sent later.
    sent = []
    sheet.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    big = {"name": "大图.jpg", "mimeType": "image/jpeg", "buffer": bytes(11 * 1024**2)}
    block.locator(".evidence-more").evaluate("more => { more.open = true; }")
    sheet.set_input_files(f"[id='files-{CRITERION}']", [big])
    expect(block.get_by_role("alert")).to_contain_text("11.0 MB, at most 10 MB")
    assert sent == []
    sheet.context.set_offline(True)
    plan = {"name": "平面图.jpg", "mimeType": "image/jpeg", "buffer": files.jpeg()}
    sheet.set_input_files(f"[id='files-{CRITERION}']", [plan])
    waiting = sheet.locator(f"[id='c-{CRITERION}'] .evidence-sending li")
    expect(waiting).to_contain_text("it is sent when the network is back")
    sheet.context.set_offline(False)
    expect(rows).to_have_count(3)
    expect(waiting).to_have_count(0)
    assert names(assessment) == ["Pasted picture.png", "点位图.jpg", "平面图.jpg"]

    sheet.evaluate("scrollTo(0, 0)")  # what lies half behind the bar at the foot is too small to hit
    assert_fits(sheet)
    assert_accessible(sheet)
    shot(sheet, "evidence", full_page=True)
