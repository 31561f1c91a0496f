"""The picture of both READMEs, taken of the demo; README_PICTURES=1 bin/test tests/browser/test_readme.py renews it."""

import os
from datetime import date

import pytest
from PIL import Image

from assessments.demo import loader
from assessments.demo.people import LOGINS
from tests.browser.looking import PICTURES, ROOT, SIZES, assert_accessible, sign_in

SHOWN = ROOT / "docs" / "images" / "home.png"


@pytest.mark.browser
def test_the_readme_shows_the_first_page_of_a_chief(page, live_server, transactional_db):
    loader.load(today=date(2026, 11, 21))
    chief = next(person for person in LOGINS if person.username == "chengguan.chief")
    sign_in(page, live_server, chief.username, chief.password)
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[0], strict=True)))
    assert "6,852.86" in page.inner_text("main")
    assert_accessible(page)
    PICTURES.mkdir(exist_ok=True)
    taken = PICTURES / "readme-home.png"
    page.screenshot(path=taken, animations="disabled")
    if os.environ.get("README_PICTURES"):
        Image.open(taken).convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE).save(SHOWN, optimize=True)
    assert Image.open(SHOWN).size == Image.open(taken).size == SIZES[0]
