"""Two editions: which criteria measure the same, and what a rate over those comes to."""

import numpy as np
import pytest

from assessments.scoring.comparable import Earned, paired, rates, same_measure
from assessments.scoring.lint import lint
from tests.scoring.small import criterion, standard

RATIO = "ratio = { of = 'm.a', to = 'm.b' }"
NORM = '\n[norm."m.a"]\ndefault = {0}\n'


def kind(old: str, new: str, before=10, after=10, **more) -> str:
    """What one item is to the one before, in editions worth 100 points."""
    editions = [
        standard(criterion(rule, points, id="item"), criterion(RATIO, 100 - points, id="rest"), more=tables)
        for rule, points, tables in ((old, before, more.get("was", "")), (new, after, more.get("now", "")))
    ]
    return same_measure(*editions).pairs["item"].kind


@pytest.mark.parametrize(
    ("old", "new", "points", "expected"),
    [
        (RATIO, RATIO, 10, "same"),
        (RATIO, RATIO, 20, "rescaled"),
        (RATIO, "ratio = { of = 'm.a', to = 'm.c' }", 10, "changed"),
        (RATIO, "at_least = { of = 'm.a', target = 'm.b' }", 10, "changed"),
        ("at_least = { of = 'm.a', target = 5 }", "at_least = { of = 'm.a', target = 5.0 }", 10, "same"),
        ("at_least = { of = 'm.a', target = 5 }", "at_least = { of = 'm.a', target = 6 }", 10, "changed"),
        (
            "deduct = { each = { 'm.a' = 1 }, floor = 0 }",
            "deduct = { each = { 'm.a' = 2 }, floor = 0 }",
            20,
            "rescaled",
        ),
        ("deduct = { each = { 'm.a' = 1 }, floor = 0 }", "deduct = { each = { 'm.a' = 1 }, floor = 0 }", 20, "changed"),
        ("checklist = { items = ['q.x'] }", "checklist = { items = ['q.x'], mandatory = [] }", 10, "same"),
    ],
)
def test_an_item_is_the_same_measure_when_it_asks_the_same(old, new, points, expected):
    assert kind(old, new, after=points) == expected


def test_norms_formulas_and_units_are_part_of_the_measure():
    normed = "at_least = { of = 'm.a', target = 'm.a@norm' }"
    assert kind(normed, normed, was=NORM.format(5), now=NORM.format("5.0")) == "same"
    assert kind(normed, normed, was=NORM.format(5), now=NORM.format(6)) == "changed"
    derived = "[derived.'d.x']\nformula = '{}'\ntitle = '数'\ntitle_en = 'N'\nunit = '个'\nunit_en = 'n'\n"
    linear = "linear = { of = 'd.x', zero_at = 0, full_at = 2 }"
    assert kind(linear, linear, was=derived.format("m.a/m.b"), now=derived.format("m.a / m.b")) == "same"
    assert kind(linear, linear, was=derived.format("m.a / m.b"), now=derived.format("m.b / m.a")) == "changed"


def test_items_belong_together_by_what_continues_says_and_then_by_their_id():
    assert paired([("1", ""), ("2", "1"), ("3", "9"), ("4", "1")], {"1", "2", "3"}) == {"2": "1", "3": "3"}
    old = standard(criterion(RATIO, id="a"), criterion(RATIO, id="b"), criterion(RATIO, id="c"))
    new = standard(criterion(RATIO, id="d", more='continues = "a"'), criterion(RATIO, id="c"), criterion(RATIO, id="e"))
    measures = same_measure(old, new)
    assert {id: (pair.old, pair.kind) for id, pair in measures.pairs.items()} == {
        "d": ("a", "same"),
        "c": ("c", "same"),
        "e": (None, "new"),
    }
    assert (measures.gone, measures.count) == (("b",), 2)


def test_a_rate_is_taken_over_what_was_on_offer_both_times_with_the_new_points():
    """Item a is worth twice as much now and c is new: who does what they did has moved by nothing."""
    old = standard(criterion(RATIO, 10, id="a"), criterion(RATIO, 10, id="b"))
    new = standard(criterion(RATIO, 20, id="a"), criterion(RATIO, 10, id="b"), criterion(RATIO, 10, id="c"))
    before = Earned(np.array([[1000, 0], [500, 1000], [1000, 0]]), np.array([[1000, 1000], [1000, 1000], [1000, 0]]))
    offered = np.array([[2000, 1000, 1000], [2000, 1000, 1000], [0, 1000, 1000]])
    then, now = rates(
        same_measure(old, new), before, Earned(np.array([[2000, 0, 0], [1500, 1000, 9], [0, 5, 5]]), offered)
    )
    assert then.tolist()[:2] == [6667, 6667]
    assert now.tolist()[:2] == [6667, 8333]
    assert np.isnan(then[2])
    assert np.isnan(now[2])


def test_editions_without_a_common_measure_have_no_common_rate():
    old, new = standard(criterion(RATIO, id="a")), standard(criterion(RATIO, id="b"))
    measures = same_measure(old, new)
    then, now = rates(measures, *(Earned(np.array([[5]]), np.array([[10]])) for _ in "ab"))
    assert measures.count == 0
    assert np.isnan([then[0], now[0]]).all()


def test_a_criterion_that_continues_itself_or_what_another_does_is_advised_against():
    edition = standard(
        criterion(RATIO, id="a", more='continues = "a"'),
        criterion(RATIO, id="b", more='continues = "x"'),
        criterion(RATIO, id="c", more='continues = "x"'),
    )
    advised = [each.code for each in lint(edition) if each.code.startswith("continue")]
    assert advised == ["continues_itself", "continued_twice"]
