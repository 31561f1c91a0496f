"""T12: whatever people write anywhere is text on every page, for everybody."""

import html
import json
import re
from collections import defaultdict

import pytest

from . import texts
from .crawler import Page, as_person, get, own_pages
from .payloads import MARKS, PAYLOADS, marks_in, packed
from .scene import told
from .standards import hostile

PASSES = 3
_DATA = re.compile(r'(<script id="[^"]*" type="application/json">)(.*?)(</script>)', re.DOTALL)
_VALUE = re.compile(r"\"[^\"<>]*\"|'[^'<>]*'")
# In tags whose values were taken out: handlers, marks, elements that no page of ours has, scripts of nobody's.
_ACTS = re.compile(
    r"<[a-z][^<>]*\s(?:on\w+|style|srcdoc)\s*="
    r"|<[^<>]*z\d\dz[^<>]*>"
    r"|<(?:iframe|object|embed|base|applet|frame|x|math)\b"
    r"|<(?:script(?![^>]*\b(?:nonce|src)=)(?! id=\"\" type=\"\")|style(?![^>]*\bnonce=))[^>]*>",
    re.IGNORECASE,
)
# An address that would run or bring markup along.
_LEADS = re.compile(
    r"<[a-z](?:\"[^\"]*\"|'[^']*'|[^<>\"'])*"
    r"\s(?:href|src|action|formaction|data|hx-get|hx-post|poster|srcset)\s*=\s*[\"']?\s*(?:javascript|vbscript|data:text)",
    re.IGNORECASE,
)


@pytest.fixture
def scene(db):
    return told(hostile())


def written_over(number: int, stands: dict[str, int]) -> dict[str, set[str]]:
    """Put payloads into every text, others in every pass; what stood in each column."""
    seen = defaultdict(set)
    for column in texts.columns():

        def text(_number, row, column=column):
            suffix = f"{row.pk}" if column.field.unique else ""
            said, count = packed(column.most - len(suffix), stands[column.label])
            stands[column.label] += count
            seen[column.label] |= marks_in(said)
            return said + suffix

        texts.write(column, text)
    texts.write_details(PAYLOADS[number % len(PAYLOADS)] + PAYLOADS[-1 - number])
    return seen


def faults(page: Page) -> list[str]:
    """What of a payload is more than text on this page."""
    markup = _DATA.sub(lambda found: found[1] + found[3], page.html)
    for _start, data, _end in _DATA.findall(page.html):
        json.loads(data)
        assert "<" not in data, page.url
    raw = [payload for payload in PAYLOADS if re.search("[<>\"']", payload) and payload in markup]
    tags = _VALUE.sub('""', markup)
    return raw + [found[0] for text, wrong in ((tags, _ACTS), (markup, _LEADS)) for found in wrong.finditer(text)]


def mangled(page: Page) -> list[str]:
    """Template syntax whose mark stands on the page without it: somebody worked it out."""
    text = _DATA.sub("", page.html)
    return [p for p in PAYLOADS if "7*7" in p or "{0" in p if text.count(_mark(p)) > text.count(html.escape(p))]


def _mark(payload: str) -> str:
    return next(mark for mark in MARKS if mark in payload)


def test_what_people_write_is_text_on_every_page(scene):
    stands, stood, wrong, shown = defaultdict(int), defaultdict(set), {}, set()
    for number in range(PASSES):
        for label, marks in written_over(number, stands).items():
            stood[label] |= marks
        for role, page in _pages(scene, "en" if number == 1 else "zh-hans", once=number > 0):
            assert page.status < 500, page.url
            shown |= marks_in(page.html)
            if found := faults(page) + ([] if number else mangled(page)):
                wrong[role.value, page.url] = found
    assert wrong == {}
    assert {label: set(MARKS) - marks for label, marks in stood.items() if set(MARKS) - marks} == {}
    assert stood.keys() == {column.label for column in texts.columns()}
    assert shown == set(MARKS)


def _pages(scene, language: str, *, once: bool):
    """(role, page) of everybody's pages; `once`: what somebody has seen is not looked at again."""
    seen = set()
    for role, person in scene.people.items():
        client = as_person(person, language)
        for url in own_pages(scene, role):
            page = None if once and url in seen else get(client, url)
            seen.add(url)
            if page is not None and page.is_html:
                yield role, page


@pytest.mark.parametrize("payload", [p for p in PAYLOADS if "<" in p and ">" in p])
def test_a_page_that_forgot_to_escape_would_be_found(payload):
    assert faults(_page(f"<title>{payload}</title>"))


@pytest.mark.parametrize("element", ["<a href='javascript:z08z()'>", "<b onclick=z04z()>", "<script>1</script>", "<x>"])
def test_a_page_with_an_element_that_acts_would_be_found(element):
    assert faults(_page(element))


def test_a_page_that_works_a_text_out_would_be_found():
    assert mangled(_page("49z14z"))
    assert not mangled(_page(html.escape(PAYLOADS[13])))


def _page(body: str) -> Page:
    return Page("/", 200, "text/html", body.encode(), "")
