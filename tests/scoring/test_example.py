"""A rule shows itself: in words, and on a few facts that the engine gives points for."""

import re
from datetime import date

import pytest

from assessments.scoring import StandardError
from assessments.scoring.example import MOST, example
from assessments.scoring.reading import toml
from assessments.scoring.rules import RULES
from tests.scoring.test_format import SECTIONS, table_under

DAY = date(2026, 3, 31)
HIGHEST = {"judged": 10, "imported": 100}
METRIC = {"kind": "number", "title": "数", "title_en": "Figure", "unit": "个", "unit_en": "pieces"}
DATE = {"kind": "date", "title": "日", "title_en": "Day"}


def document(metrics, high=None) -> dict:
    kinds = {code: DATE if "until" in code else METRIC | ({"high": high} if high else {}) for code in metrics}
    return {"classes": ["town", "rural"], "metric": kinds}


def criterion(text: str) -> dict:
    return {"id": "x", "title": "项", "title_en": "Item", "source": "依据", **toml(text)}


def tried(text: str, metrics=("a.b",), **given):
    more = given.pop("more", {})
    given = {"kind": "town", "day": DAY, "lang": "zh-hans"} | given
    return example(document(metrics) | more, criterion(text), **given)


@pytest.mark.parametrize("shape", RULES)
def test_every_shape_shows_facts_that_earn_different_points(shape):
    text = re.search(r"```toml\n(.*?)```", SECTIONS[shape], re.S)[1]
    (*heads, _), *_rows = table_under(SECTIONS[shape])
    metrics = dict.fromkeys(head.partition("@")[0] for head in heads)
    found = example(document(metrics, HIGHEST.get(shape)), criterion(text), kind="town", day=DAY, lang="zh-hans")
    points = [line.points for line in found.lines]
    assert 2 <= len(points) <= MOST
    assert len(set(points)) >= 2
    assert {column.key.partition("@")[0] for column in found.columns} == set(metrics)
    assert set(found.start) == {column.key for column in found.columns}
    assert found.words


def test_the_bounds_of_a_rule_stand_in_its_example():
    found = tried('points = 5\nrule.steps = { of = "a.b", table = [[90, 5], [70, 2]], otherwise = 0 }')
    shown = {line.cells[0]: line.points for line in found.lines}
    assert shown == {"69 个": "0 分", "70 个": "2 分", "89 个": "2 分", "90 个": "5 分"}


def test_facts_that_somebody_typed_are_scored_and_explained():
    found = tried('points = 4\nrule.at_least = { of = "a.b", target = 5 }', lang="en", facts={"a.b": "３"})
    assert found.tried.points == "0 points"
    assert found.tried.reason == "Figure: 3; norm ≥ 5; 0 points (of 4)"
    assert tried('points = 4\nrule.at_least = { of = "a.b", target = 5 }', facts={"a.b": "x"}).tried is None
    assert tried('points = 4\nrule.at_least = { of = "a.b", target = 5 }', facts={"a.c": "1"}).tried is None
    ratio = tried('points = 4\nrule.ratio = { of = "a.b", to = "a.c" }', ("a.b", "a.c"), facts={"a.b": "5"})
    assert (ratio.tried.points, ratio.start["a.c"]) == ("2 分", "10")


@pytest.mark.parametrize("absurd", ["1e400", "-1e400", "9" * 40, "900000000000000"])
def test_facts_that_nobody_can_mean_are_not_tried(absurd):
    assert (
        tried('points = 4\nrule.deduct = { each = { "a.b" = 0.5 }, floor = "none" }', facts={"a.b": absurd}).tried
        is None
    )


def test_the_norm_of_the_class_and_the_size_it_goes_by_count():
    norm = {"norm": {"a.b": {"town": {"by": "a.size", "table": [[0, 5], [1000, 8]]}, "rural": 3}}}
    text = 'points = 4\nrule.at_least = { of = "a.b", target = "a.b@norm" }'
    town = tried(text, ("a.b", "a.size"), more=norm, facts={"a.b": "6", "a.size": "1000"})
    assert (town.tried.points, [column.key for column in town.columns]) == ("0 分", ["a.b", "a.size"])
    assert tried(text, ("a.b", "a.size"), more=norm, kind="rural").norm == "≥ 3 个"


def test_a_value_that_is_worked_out_is_typed_itself_whatever_else_is_wrong_with_the_draft():
    rate = {"formula": "a.gone /", "title": "率", "title_en": "Rate", "unit": "%", "unit_en": "%", "kind": "share"}
    more = {"derived": {"a.rate": rate}, "grade": 5, "section": [{"rollup": "mean"}], "points": 7}
    found = tried('points = 4\nrule.ratio = { of = "a.rate", to = 80 }', more=more, facts={"a.rate": "40"})
    assert found.tried.points == "2 分"


def test_the_problems_of_the_criterion_are_told():
    with pytest.raises(StandardError) as refused:
        tried('points = 4\nrule.composite.parts = [{ points = 1, yes_no = { of = "a.b" } }]')
    assert refused.value.problems == ("example.toml: criterion x: rule.composite: parts: needs two parts or more",)


def test_a_forbidden_metric_is_refused_with_the_rule_that_bans_it():
    more = {"metric": {"a.b": METRIC | {"title": "行政拘留数"}}}
    with pytest.raises(StandardError) as refused:
        tried('points = 4\nrule.at_least = { of = "a.b", target = 5 }', more=more)
    assert "第七条" in refused.value.problems[0]
