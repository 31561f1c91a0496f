"""The watch itself: what would fail a browser test is seen."""

import pytest

from tests.browser.looking import assert_accessible, assert_fits

# A port of this machine where nobody listens: the request would fail anyhow, the watch must name it.
ELSEWHERE = "http://127.0.0.2:9/picture.png"


@pytest.fixture
def seen(faults):
    """The faults so far; emptied afterwards, since these tests commit them on purpose."""
    yield faults.seen
    faults.seen.clear()


def test_a_request_to_another_machine_is_a_fault(page, seen):
    page.set_content(f'<img src="{ELSEWHERE}" alt="">')
    assert f"request to another machine: {ELSEWHERE}" in seen


def test_a_console_error_is_a_fault(page, seen):
    page.evaluate("console.error('broken widget')")
    page.evaluate("0")
    assert any("broken widget" in fault for fault in seen)


def test_a_script_error_is_a_fault(page, seen):
    page.set_content("<script>undefinedFunction()</script>")
    page.evaluate("0")
    assert any("undefinedFunction" in fault for fault in seen)


def test_an_image_without_words_is_not_accessible(page):
    page.set_content('<html lang="en"><title>A page</title><main><img src="data:image/png;base64,"></main>')
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)


def test_a_page_wider_than_a_phone_does_not_fit(page):
    page.set_content('<meta name="viewport" content="width=device-width"><pre>' + "w" * 200)
    with pytest.raises(AssertionError, match="390"):
        assert_fits(page)
