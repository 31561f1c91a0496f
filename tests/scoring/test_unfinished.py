"""What can be shown of a standard that is not finished: which shapes it must have, and which rules can be told."""

import pytest

from assessments.scoring import editing
from assessments.scoring.reading import toml
from assessments.scoring.shaping import misshapen
from assessments.scoring.sound import sound
from tests import factories

TINY = factories.TINY.read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("criterion = 5", "criterion"),
        ("criterion = [1]", "criterion 1"),
        ("[[criterion]]\nid = 7", "criterion 1: id"),
        ('[[criterion]]\nid = "a"\npoints = "five"', "criterion 1: points"),
        ('[[criterion]]\nid = "a"\npoints = nan', "criterion 1: points"),
        ('[[criterion]]\nid = "a"\nrule = "at_least"', "criterion 1: rule"),
        ('[[section]]\ncode = "a"\nin = "b"\n[[section]]\ncode = "b"\nin = "a"', "section a: in"),
        ('[[section]]\nin = ""', "section : in"),
        ('metric = ["a"]', "metric"),
        ("[metric]\n'a.b' = 1", "metric a.b"),
        ('classes = "urban"', "classes"),
        ("in_force = 2026", "in_force"),
        ("parent = 1", "parent"),
    ],
)
def test_what_has_another_shape_than_a_standard_is_named(text, place):
    assert misshapen(toml(text))[0] == place


def test_a_standard_has_the_shape_of_one():
    assert misshapen(toml(factories.SHIPPED.read_text("utf-8"))) == []


def test_whatever_is_whole_can_be_told_and_the_rest_is_left_out():
    document = toml(TINY)
    ids = editing.names(document, "criterion")
    assert [each.id for each in sound(document).criteria] == ids
    document["criterion"][0].pop("rule")
    document["criterion"][1]["points"] = -1
    for key in ("title", "section", "grade"):
        document.pop(key)
    assert [each.id for each in sound(document).criteria] == ids[2:]


def test_a_metric_that_cannot_be_read_takes_its_criteria_along():
    document = toml(TINY)
    used = document["criterion"][0]["rule"]["yes_no"]["of"]
    document["metric"][used]["kind"] = "nonsense"
    left = [each.id for each in sound(document).criteria]
    assert document["criterion"][0]["id"] not in left
    assert left


def test_a_draft_without_criteria_or_classes_has_nothing_to_tell():
    assert sound({}) is None
    assert sound(toml(TINY) | {"classes": []}) is None


def test_sections_and_criteria_stand_in_paper_order():
    sections = [{"code": "a1", "in": "a"}, {"code": "b"}, {"code": "a"}]
    criteria = [("x", "a1"), ("y", "b"), ("z", "a"), ("lost", "nowhere"), ("w", "b")]
    document = {"section": sections, "criterion": [{"id": id, "section": section} for id, section in criteria]}
    editing.arrange(document)
    assert editing.names(document, "section") == ["b", "a", "a1"]
    assert editing.names(document, "criterion") == ["y", "w", "z", "x", "lost"]
