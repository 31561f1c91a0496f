"""A quarter costs a station minutes: the acts of a person are counted, from the login to the receipt."""

from datetime import date

import pytest
from django.urls import reverse

from assessments import answers, workflow
from assessments.evidence import accept
from assessments.models import AnswerChange, Assessment, Evidence, Layer, Remark, State
from stationstd.settings import BASE_DIR
from tests import factories
from tests.assessments import files
from tests.browser import hundred
from tests.browser.acts import Acts
from tests.browser.looking import shot, sign_in

MOST_ACTS = 40
CORE = BASE_DIR / "assessments" / "standards" / "core-2027.toml"
FOUND, RESOLVED = "disputes.found", "disputes.resolved"
WORD = "上季度遗留纠纷本季度化解。"


@pytest.fixture
def chief_of(transactional_db):
    """A function that makes the chief's account of a station."""
    return lambda station: factories.user("chief", station, username="chengguan", password=factories.PASSWORD)


@pytest.fixture
def unchanged(chief_of):
    """城关 with its registers, in the quarter after one that is published; nothing has changed since."""
    station = factories.zoned(factories.chengguan(factories.bureau()), has_camera=True)
    factories.funded(factories.equipped(station, vehicle=2, kit=7, recorder=7), public_funds_yuan=280_000)
    chief_of(station)
    edition = factories.edition(CORE)
    first = factories.assessment(factories.period(bureau=station.bureau, edition=edition), station)
    _filled(first)
    factories.published(first.period)
    day = {"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31), "name": "2026年第四季度"}
    return factories.assessment(
        factories.period(bureau=station.bureau, edition=edition, previous=first.period, **day), station
    )


def _filled(assessment):
    """What the registers say, plain answers to the rest, a photo wherever one is required, and a warning explained."""
    chief = factories.anybody("chief", assessment.station)
    factories.filled(assessment, {FOUND: 2, RESOLVED: 3})
    for n, row in enumerate(Evidence.objects.filter(assessment=assessment)):
        photo = accept(files.upload(files.jpeg((320, 240), colour=(8 * n, 90, 120)), f"现场{n}.jpg"))
        workflow.remove_evidence(row.pk, by=chief)
        workflow.add_evidence(assessment.pk, row.criterion, photo, by=chief)
    workflow.explain(assessment.pk, RESOLVED, WORD, round_=1, by=chief)


def _stands(assessment) -> dict:
    return {metric: cell.value for metric, cell in answers.cells(assessment).items() if cell.is_answered}


def _logs_in(acts, server):
    acts.opens(f"{server.url}/login/")
    acts.fills(acts.finds("textbox", "用户名"), "chengguan")
    acts.fills(acts.finds("textbox", "密码"), factories.PASSWORD)
    acts.clicks(acts.finds("button", "登录"), leads="**/station/")


def test_a_quarter_without_changes_costs_few_acts_from_the_login_to_the_receipt(page, live_server, unchanged):
    acts = Acts(page)
    _logs_in(acts, live_server)
    acts.clicks(acts.finds("link", "沿用不变项"), leads="**/carry/")
    shot(page, "unchanged-carry")
    acts.clicks(acts.finds("button", "沿用勾选项"), leads="**/check/")
    acts.sees("已沿用", "已沿用上期佐证", WORD)
    acts.clicks(acts.finds("button", "保存说明"), leads="**/check/**")
    shot(page, "unchanged-check")
    acts.clicks(acts.finds("checkbox", "本表内容属实"))
    acts.clicks(page.get_by_role("button", name="提交", exact=True), leads="**/receipt/")
    acts.sees("已提交")
    print(f"\nan unchanged quarter: {acts.count} acts, {acts.seconds:.1f} s")
    assert acts.count < MOST_ACTS
    _is_handed_in_as_before(unchanged)


def _is_handed_in_as_before(assessment):
    before = Assessment.objects.with_places().get(period=assessment.period.previous, station=assessment.station)
    assert Assessment.objects.get(pk=assessment.pk).state == State.SUBMITTED
    assert _stands(assessment) == _stands(before)
    kept = [Evidence.objects.present().filter(assessment=each).order_by("criterion") for each in (before, assessment)]
    assert [(e.criterion, e.digest) for e in kept[0]] == [(e.criterion, e.digest) for e in kept[1]]
    assert Remark.objects.get(assessment=assessment).text == WORD


FOCUS = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const look = getComputedStyle(at.matches('.btn-check') ? at.nextElementSibling : at);
  const bar = document.querySelector('.fill-foot').getBoundingClientRect();
  const isMarked = look.boxShadow !== 'none' || look.outlineStyle !== 'none';
  return [at.name, isMarked && box.top >= 0 && box.bottom <= bar.top];
}"""
FIGURE = "() => document.activeElement.closest('[data-figure]')?.dataset.figure"
SAVED = "codes => codes.every(code => document.querySelector(`[id='state-${code}'] .figure-saved`))"


def _typed(n: int, code: str) -> tuple[str, float]:
    """Keys, and the value that they enter, of the n-th figure."""
    return {"yes_no": ("1" if n % 2 else "0", n % 2), "yuan": (f"{n}.5", n + 0.5)}.get(hundred.kind(code), (str(n), n))


@pytest.fixture
def first(chief_of):
    """A quarter without one before it, of a station whose registers are empty: a hundred figures to be typed."""
    station = factories.station(bureau=factories.bureau())
    chief_of(station)
    edition = factories.edition_of(hundred.text())
    return factories.assessment(factories.period(bureau=station.bureau, edition=edition), station)


def test_a_first_quarter_of_a_hundred_figures_never_leaves_the_keyboard(page, live_server, first):
    page.emulate_media(reduced_motion="reduce")  # the page scrolls at once: where the focus is can be looked at
    acts = Acts(page)
    acts.opens(f"{live_server.url}/login/")
    acts.types("chengguan")
    acts.presses("Tab")
    acts.types(factories.PASSWORD)
    acts.presses("Enter", leads="**/station/")
    acts.tabs_to("继续填报", 30)
    acts.presses("Enter", leads="**/fill/place/**")
    acts.waits("() => document.activeElement.name === 'place.n01'")
    acts.presses("?")
    assert "关闭" in acts.focused()
    acts.presses("Escape")
    asked = {}
    for section, following in zip(hundred.SECTIONS, (*hundred.SECTIONS[1:], ""), strict=True):
        _fills_the_page(acts, hundred.codes(section), asked)
        if following:
            acts.presses("Alt+PageDown", leads=f"**/fill/{following}/**")
    assert _stands(first) == asked
    acts.presses("Enter", leads="**/check/")
    acts.tabs_to("本表内容属实", 60)
    acts.presses("Space")
    acts.tabs_to("提交", 5)
    acts.presses("Enter", leads="**/receipt/")
    print(f"\na first quarter of {len(asked)} figures: {acts.count} acts, {acts.seconds:.1f} s")
    assert not acts.is_pointed()
    assert Assessment.objects.get(pk=first.pk).state == State.SUBMITTED
    assert AnswerChange.objects.filter(assessment=first, layer=Layer.SELF).count() == len(asked) == 100


def _fills_the_page(acts, codes, asked):
    """Every figure in the order of the paper: Enter goes on, the focus is always seen, and a save does not move it."""
    seen = []
    for code in codes:
        if seen:
            acts.presses("Enter")
        keys, asked[code] = _typed(len(asked) + 1, code)
        seen.append(acts.looks(FOCUS))
        acts.types(keys)
    assert seen == [[code, True] for code in codes]
    acts.presses("Control+s")
    acts.waits(SAVED, codes)
    assert acts.looks(FIGURE) == codes[-1]
    acts.presses("Enter")
    assert "下一维度" in acts.focused() or "检查与提交" in acts.focused()


def test_tab_goes_through_the_figures_in_the_order_of_the_paper(page, live_server, first):
    acts, codes = Acts(page), hundred.codes("place")
    sign_in(page, live_server, "chengguan", factories.PASSWORD)
    acts.opens(live_server.url + reverse("assessments:fill", args=[first.pk, "place"]) + "#first")
    acts.waits("() => document.activeElement.name === 'place.n01'")
    seen = [codes[0]]
    for _time in range(6 * len(codes)):
        acts.presses("Tab")
        figure = acts.looks(FIGURE)
        if figure and figure != seen[-1]:
            seen.append(figure)
        if figure == codes[-1]:
            break
    assert seen == codes
