"""What is filled into a skeleton is what its template would have rendered."""

from types import SimpleNamespace

import pytest
from django.utils import translation
from django.utils.safestring import SafeString

from stationstd import skeletons
from stationstd.skeletons import filled, rendered_afresh

WORTH, BAR = "assessments/parts/_worth.html", "assessments/parts/_bar.html"
EVIDENCE = "assessments/parts/_exempting.html"


def worth(id="c1", points="3.5", full="5", status="part"):
    return filled(WORTH, (status,), {"id": id, "points": points, "full": full}, lambda it: {"status": status, **it})


@pytest.fixture(autouse=True)
def _nothing_kept():
    skeletons._kept.clear()


def test_the_second_filling_has_its_own_values():
    first, second = worth(), worth(id="c2", points="4")
    assert 'id="worth-c1"' in first
    assert "3.5" in first
    assert second == first.replace("c1", "c2").replace("3.5", "4")
    assert len(skeletons._kept) == 1


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\"'&", "{{ id }}{% url %}", "\\1", "%s", "字 1", ""])
def test_any_text_comes_out_as_from_the_template(text):
    worth()
    with rendered_afresh():
        expected = worth(id=text, points=text)
    assert worth(id=text, points=text) == expected


def test_what_is_safe_already_is_not_escaped_again():
    assert "<b>3</b>" in worth(points=SafeString("<b>3</b>"))


def test_a_number_stands_in_an_address():
    holes = {"pk": 7, "round": 2, "op_id": "x", "csrf_token": "t"}
    asked = {"criterion": SimpleNamespace(id="c1", title="项"), "exemption": None, "may_ask": True}
    first = filled(EVIDENCE, (), holes, lambda it: asked | it)
    second = filled(EVIDENCE, (), holes | {"pk": 81}, lambda it: asked | it)
    assert "/assessments/7/exemptions/ask/" in first
    assert second == first.replace("/7/", "/81/")


def test_each_language_and_each_key_has_its_own():
    with translation.override("en"):
        english = worth(status="not_applicable")
    assert "Not applicable" in english
    assert english != worth(status="not_applicable") != worth()


def test_a_value_that_looks_like_a_mark_stays_a_value():
    spied = skeletons._MARKS.pattern.split("|")[0].strip("(?:") + "001"
    assert spied in worth(points=spied)
