"""The ten-minute guide: its steps work as it says, and its pictures are of them; bin/make-guide takes them anew."""

import os

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from assessments import scores
from assessments.demo import pictures
from assessments.models import Evidence, State
from personnel.roles import Role
from stationstd.guide import STEPS, folder
from tests import factories
from tests.browser.looking import ROOT, assert_accessible, assert_fits, ready, sign_in
from tests.browser.people import StationPerson, written

TAKEN = ROOT / "static" / "img" / "guide"
SIZE = {"width": 900, "height": 600}
MOST = 60 * 1024  # bytes of one picture
LANGUAGES = ["zh-hans", "en"] if os.environ.get("GUIDE_PICTURES") else ["zh-hans"]
RESIDENTS, HOUSEHOLDS = "station.residents", "station.households"
BLIND_SPOTS, SEAMLESS = "video.blind_spots", "video.seamless"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.picture)
def test_every_step_has_a_small_picture_in_both_languages(step, language):
    path = finders.find(f"img/guide/{language}/{step.picture}.png")
    assert path, f"bin/make-guide: no picture of {step.picture}"
    with Image.open(path) as picture:
        assert picture.size == tuple(SIZE.values())
    assert os.path.getsize(path) <= MOST


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_everybody_can_read_it(client, role):
    client.force_login(factories.user(role))
    client.cookies["django_language"] = "en"
    text = client.get(reverse("guide")).content.decode()
    for step in STEPS:
        assert f"/img/guide/en/{step.picture}." in text
        assert f'alt="{step.alt}"'.replace("'", "&#x27;") in text


@pytest.fixture
def assessment(transactional_db):
    """城关, everything answered and proved but one figure and one photo; one figure is not the register's."""
    bureau = factories.bureau("九所县公安局", name_en="Nine-Station County Bureau")
    factories.equipped(factories.chengguan(bureau), vehicle=1)
    period = factories.period(bureau=bureau, edition=factories.edition(), name="2026年第三季度", objection_days=3)
    assessment = factories.answered(factories.assessment(period), {"video.linked": 1, RESIDENTS: 48_200})
    for missing in scores.missing(assessment):
        if missing["code"] in (BLIND_SPOTS, SEAMLESS):
            continue
        if missing["kind"] == "evidence":
            factories.evidence(assessment, missing["code"])
        else:
            factories.answered(assessment, {missing["code"]: 1})
    return assessment


class Guided(StationPerson):
    """A chief who goes by the guide, in one language; each step can be photographed."""

    language = "zh-hans"

    def shows(self, picture: str, at=None):
        """Takes the picture of a step, with this at its top, where pictures are wanted."""
        ready(self.page)
        self.page.evaluate("scrollTo(0, 0)")
        if at is not None:
            at.evaluate("here => scrollTo(0, here.getBoundingClientRect().top + scrollY - 80)")
        if not os.environ.get("GUIDE_PICTURES"):
            return
        path = TAKEN / folder(self.language) / f"{picture}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, animations="disabled", caret="hide")
        with Image.open(path) as taken:
            small = taken.convert("RGB").quantize(128, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        small.save(path, optimize=True)


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_steps_of_the_guide_lead_from_the_login_to_an_objection(language, page, live_server, assessment, tmp_path):
    chief = Guided(page, live_server)
    chief.language = language
    page.set_viewport_size(SIZE)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    factories.user(
        Role.CHIEF,
        assessment.station,
        username="chengguan",
        password=factories.PASSWORD,
        name="李建国",
        language=language,
    )
    _logs_in(chief)
    _reads_the_guide(chief)
    _fills_in(chief, assessment)
    _adds_a_photo(chief, assessment, _photo(assessment, tmp_path))
    _checks_and_submits(chief, assessment)
    _corrects_what_came_back(chief, assessment)
    _objects(chief, assessment)


def _logs_in(chief):
    chief.page.goto(f"{chief.server.url}/login/")
    chief.page.fill("[name=username]", "chengguan")
    chief.shows("login")
    sign_in(chief.page, chief.server, "chengguan", factories.PASSWORD)
    chief.shows("home")


def _reads_the_guide(chief):
    chief.page.locator(f"main a[href='{reverse('guide')}']").click()
    chief.page.wait_for_url("**/guide/")
    ready(chief.page)
    assert chief.page.locator(".guide-step img").count() == len(STEPS)
    assert_fits(chief.page)
    assert_accessible(chief.page)


def _fills_in(chief, assessment):
    """Marks a figure as an estimate, goes on with Enter, takes the register's figure over."""
    chief.opens(reverse("assessments:fill", args=[assessment.pk, "staffing"]))
    residents, households = (chief.page.locator(f"[id='row-{metric}']") for metric in (RESIDENTS, HOUSEHOLDS))
    chief.field(HOUSEHOLDS).fill("12000")
    households.locator("[type=checkbox]").check()
    chief.field(HOUSEHOLDS).press("Enter")
    expect(households.locator(".figure-saved")).to_be_visible()
    expect(chief.field(HOUSEHOLDS)).not_to_be_focused()
    chief.shows("fill", residents)
    residents.locator("[data-take]").click()
    expect(chief.field(RESIDENTS)).to_have_value("47970")
    expect(residents.locator(".figure-saved")).to_be_visible()


def _adds_a_photo(chief, assessment, photo):
    chief.opens(reverse("assessments:fill", args=[assessment.pk, _dimension(assessment)]))
    chief.types(BLIND_SPOTS, "0")
    expect(chief.page.locator(f"[id='state-{BLIND_SPOTS}'] .figure-saved")).to_be_visible()
    chief.uploads(SEAMLESS, photo)
    picture = chief.evidence(SEAMLESS).get_by_role("img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert Evidence.objects.filter(assessment=assessment, criterion=SEAMLESS).count() == 1
    chief.shows("evidence", chief.evidence(SEAMLESS))


def _photo(assessment, folder):
    drawing = pictures.drawn(assessment.period.edition.standard.criterion(SEAMLESS))
    return written(folder / "监控点位图.jpg", drawing)


def _dimension(assessment) -> str:
    return assessment.period.edition.standard.criterion(SEAMLESS).dimension


def _checks_and_submits(chief, assessment):
    chief.opens(reverse("assessments:check", args=[assessment.pk]))
    chief.page.check("[name=declared]")
    chief.shows("check")
    _agrees(chief, ".submit-form [type=submit]")
    assessment.refresh_from_db()
    assert assessment.state == State.SUBMITTED
    chief.opens(reverse("assessments:receipt", args=[assessment.pk]))
    chief.shows("submitted")


def _agrees(chief, button: str):
    """Presses it, says yes where it asks, gives the password where that is asked."""
    before = chief.page.url
    chief.page.once("dialog", lambda dialog: dialog.accept())
    chief.page.click(button)
    chief.page.wait_for_function(
        "before => location.href !== before || document.getElementById('confirm_password')", arg=before
    )
    if chief.page.locator("#confirm_password").count():
        chief.page.fill("#confirm_password", factories.PASSWORD)
        chief.page.click("main form [type=submit]")
        chief.page.wait_for_selector("#confirm_password", state="detached")
    ready(chief.page)


def _corrects_what_came_back(chief, assessment):
    """Only what came back is open."""
    reasons = {"监控盲区与现场不符。": "The blind spots are not what was found."}
    why = next(iter(reasons)) if chief.language != "en" else next(iter(reasons.values()))
    factories.returned(assessment, reason=why, items={SEAMLESS: why})
    chief.opens(reverse("assessments:home"))
    expect(chief.page.locator(".returned")).to_contain_text(why)
    chief.shows("returned", chief.page.locator("main h1"))
    chief.page.locator(".returned li a").click()
    chief.page.wait_for_url("**/fill/**")
    ready(chief.page)
    chief.types(BLIND_SPOTS, "2")
    expect(chief.page.locator(f"[id='state-{BLIND_SPOTS}'] .figure-saved")).to_be_visible()
    chief.opens(reverse("assessments:check", args=[assessment.pk]))
    chief.page.check("[name=declared]")
    _agrees(chief, ".submit-form [type=submit]")


def _objects(chief, assessment):
    """The verified sheet can be objected to, with a ground."""
    assessment.refresh_from_db()
    factories.verified(assessment)
    ground = "Seen on the spot: one only." if chief.language == "en" else "现场只有一处，附照片。"
    chief.opens(f"{reverse('assessments:objections', args=[assessment.pk])}?criterion={SEAMLESS}")
    chief.page.fill("[name=ground]", ground)
    chief.shows("objection")
    _presses(chief, "form[action$='/objections/file/'] [type=submit]")
    expect(chief.page.locator("#told")).to_be_visible()
    assert assessment.objections.get().ground == ground


def _presses(chief, button: str):
    chief.page.click(button)
    chief.page.wait_for_load_state()
    ready(chief.page)
