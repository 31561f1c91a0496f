"""Every rule is its fields and comes back from them as it was; what is mistyped is told at its field."""

import re
from decimal import Decimal

import pytest

from assessments.scoring import rulefields
from assessments.scoring.forbidden import SHIPPED
from assessments.scoring.reading import toml
from assessments.scoring.rulereading import read
from assessments.scoring.rules import RULES
from tests.scoring.test_format import SECTIONS, TEXT

EXAMPLES = {shape: re.search(r"```toml\n(.*?)```", SECTIONS[shape], re.S)[1] for shape in RULES}
OTHERS = {
    "norm": 'rule.at_least = { of = "a.b", target = "a.b@norm" }',
    "dated": 'rule.linear = { of = "a.b", zero_at = 0, full_at = [{ from = 2026-01-01, value = 2.50 }] }',
    "lists by class": 'rule.checklist = { items = ["a.b"], items_for = { urban = ["a.b", "a.c"], rural = [] } }',
    "no limit": 'rule.bonus = { each = { "a.b" = 1 }, cap = "none", caps = { "a.b" = 2 } }',
    "around": 'rule.yes_no = { of = "a.b" }\nrule.unless_zero = "a.c"\nrule.coefficient = "difficulty"',
    "four deep": "rule.composite.parts = [{ points = 1, yes_no = { of = 'a.b' } }, { points = 1, title = '乙', "
    "either_or = { parts = [{ points = 1, yes_no = { of = 'a.b' } }, { points = 1, unless_zero = 'a.c', "
    "composite = { parts = [{ points = 1, yes_no = { of = 'a.b' } }, { points = 0, bonus = { each = { 'a.c' = 1 }, "
    "cap = 2 } }] } }] } }]",
}


def resolved(fields: dict) -> dict:
    rule, faults = read(fields, lambda typed: typed)
    assert not faults
    return rule


def there_and_back(rule: dict) -> dict:
    fields = rulefields.fields_of(rule)
    assert [name for name in fields if not rulefields.is_field(name)] == []
    return resolved(fields)


@pytest.mark.parametrize("example", [*EXAMPLES.values(), *OTHERS.values()], ids=[*EXAMPLES, *OTHERS])
def test_a_rule_comes_back_from_its_fields(example):
    rule = toml(example)["rule"]
    assert there_and_back(rule) == rule


def test_every_rule_of_the_shipped_editions_and_the_document_comes_back_from_its_fields():
    standards = SHIPPED.parent
    texts = [
        path.read_text("utf-8") for path in (*standards.glob("*.toml"), *standards.with_name("library").glob("*.toml"))
    ]
    documents = [toml(text) for text in (*texts, *re.findall(r"^```toml\n(.*?)^```", TEXT, re.M | re.S))]
    rows = [each for document in documents for key in ("criterion", "indicator") for each in document.get(key, ())]
    rules = [each["rule"] for each in (*rows, *documents) if "rule" in each]
    assert len(rules) >= 30 + len(RULES)
    assert [rule for rule in rules if there_and_back(rule) != rule] == []


def test_numbers_stay_as_they_were_typed():
    fields = {"rule.shape": "at_least", "rule.of": "a.b", "rule.target.number": "１,234.50"}
    (rule,) = resolved(fields).values()
    assert str(rule["target"]) == str(Decimal("1234.50"))


def test_blank_rows_and_the_fields_of_another_shape_say_nothing():
    fields = {"rule.shape": "deduct", "rule.each.0.metric": "a.b", "rule.each.0.points": "2", "rule.floor": "0"}
    more = {"rule.each.1.metric": " ", "rule.each.1.points": "", "rule.zero_at": "x", "rule.caps.0.metric": ""}
    assert resolved(fields | more) == {"deduct": {"each": {"a.b": 2}, "floor": 0}}


def test_the_norm_of_the_same_metric_need_not_be_named():
    fields = {"rule.shape": "at_least", "rule.of": "a.b", "rule.target.is": "norm", "rule.target.norm": ""}
    assert resolved(fields) == {"at_least": {"of": "a.b", "target": "a.b@norm"}}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, ("rule.shape", "shape")),
        ({"rule.shape": "yes_no"}, ("rule.of", "missing")),
        ({"rule.shape": "yes_no", "rule.of": "没有"}, ("rule.of", "metric")),
        ({"rule.shape": "at_least", "rule.of": "a.b", "rule.target.number": "五"}, ("rule.target.number", "number")),
        ({"rule.shape": "at_least", "rule.of": "a.b", "rule.target.is": "dated"}, ("rule.target.0.from", "missing")),
        (
            {
                "rule.shape": "at_least",
                "rule.of": "a.b",
                "rule.target.is": "dated",
                "rule.target.0.from": "1月",
                "rule.target.0.value": "1",
            },
            ("rule.target.0.from", "date"),
        ),
        (
            {"rule.shape": "bonus", "rule.each.0.metric": "a.b", "rule.each.0.points": "1"},
            ("rule.cap", "missing"),
        ),
        (
            {
                "rule.shape": "bonus",
                "rule.each.0.metric": "a.b",
                "rule.each.0.points": "1",
                "rule.cap": "3",
                "rule.cap.none": "on",
            },
            ("rule.cap", "both"),
        ),
        ({"rule.shape": "best_in_group", "rule.of": "a.b", "rule.better": "wide"}, ("rule.better", "choice")),
        ({"rule.shape": "checklist", "rule.items.0": "a.b", "rule.items.4": "a.b"}, ("rule.items.4", "twice")),
        ({"rule.shape": "composite"}, ("rule.shape", "parts")),
    ],
)
def test_what_is_wrong_is_told_at_its_field(fields, fault):
    _rule, faults = read(fields, {"a.b": "a.b"}.get)
    assert [(each.field, each.key) for each in faults] == [fault]


@pytest.mark.parametrize(
    "rule", [None, {}, {"yes_no": 5}, {"yes_no": {"of": 1}}, {"steps": {"table": [[1]]}}, {"no": {}}]
)
def test_what_the_format_does_not_know_has_no_fields(rule):
    with pytest.raises(rulefields.NotFields):
        rulefields.fields_of(rule)


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ("rule.ratio: to", "rule.to"),
        ("rule.deduct: each: a.b", "rule.each"),
        ("rule", "rule.shape"),
        ("rule.composite: part 2.steps: table", "rule.parts.1.table"),
        ("rule.composite: part 1: target", "rule.parts.0.target"),
        ("rule.composite: parts", "rule.shape"),
        ("points", ""),
    ],
)
def test_a_problem_of_the_engine_finds_its_field(place, field):
    assert rulefields.field_of(place) == field


def test_rows_are_taken_out_and_moved():
    fields = {"rule.items.0": "a", "rule.items.1": "b", "rule.items.2": "c", "rule.shape": "checklist"}
    gone = rulefields.without(fields, "rule.items", 0)
    assert gone == {"rule.items.0": "b", "rule.items.1": "c", "rule.shape": "checklist"}
    assert rulefields.swapped(gone, "rule.items", 0, 1) == {"rule.items.1": "b", "rule.items.0": "c"} | {
        "rule.shape": "checklist"
    }


@pytest.mark.parametrize(
    "name", ["rule.wide", "rule.of.0", "rule.parts.0.parts.0.parts.0.parts.0.parts.0.of", "points"]
)
def test_a_name_that_no_form_has_is_known_for_that(name):
    assert not rulefields.is_field(name)
