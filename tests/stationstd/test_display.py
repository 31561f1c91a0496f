"""Figures as pages show them."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from stationstd.templatetags import display


def render(source: str, **context) -> str:
    return Template("{% load display %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (display.rate(8645), "86.45"),
        (display.rate(0), "0.00"),
        (display.rate(10000), "100.00"),
        (display.rate(None), "–"),
        (display.percent(605), "6.05%"),
        (display.points(450), "4.50"),
        (display.points(45, 1), "4.5"),
        (display.points(-25), "-0.25"),
        (display.points(None), "–"),
        (display.number(Decimal("6852.50")), "6,852.5"),
        (display.number(47970), "47,970"),
        (display.number(0.1), "0.1"),
        (display.number(Decimal("1E+3")), "1,000"),
        (display.number(None), "–"),
        (display.yuan(Decimal("12345.60")), "12,345.60"),
        (display.yuan(Decimal("300000.00")), "300,000"),
        (display.signed(2), "+2"),
        (display.signed(-1), "−1"),
        (display.signed(0), "0"),
    ],
)
def test_a_figure_reads_as_people_write_it(shown, expected):
    assert shown == expected


def _assessment(**fields):
    due = timezone.now() + timezone.timedelta(days=fields.pop("days", 1))
    return SimpleNamespace(state="draft", is_open=True, due_at=due, get_state_display=lambda: "Draft", **fields)


def test_an_open_assessment_after_its_due_time_is_marked_late():
    assert "status-overdue" in render("{% status it %}", it=_assessment(days=-1))
    assert "status-overdue" not in render("{% status it %}", it=_assessment())


def test_a_crumb_s_words_are_text():
    html = render("{% crumb words '/x/' %}", words="<script>")
    assert "&lt;script&gt;" in html
    assert 'href="/x/"' in html


def test_turning_the_page_keeps_the_search():
    request = RequestFactory().get("/accounts/", {"q": "张", "page": "2"})
    assert render("{% page_address 3 %}", request=request) == "?q=%E5%BC%A0&amp;page=3"
