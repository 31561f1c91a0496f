"""Two standards, told apart in words: nothing that is written otherwise goes unsaid."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from assessments.scoring import Standard, scenario, tomltext
from assessments.scoring.comparing import in_place
from assessments.scoring.difference import GROUPS, difference, of_papers
from assessments.scoring.paper import Paper
from assessments.scoring.reading import toml

from .small import criterion, standard

SOUND = (Path(__file__).parent / "sound.toml").read_text("utf-8")
CORE = (Path(__file__).parents[2] / "assessments/standards/core-2026.toml").read_text("utf-8")


def said(old: Standard, new: Standard, lang="zh-hans", **given) -> list[str]:
    return [change.text for change in difference(old, new, lang, **given)]


def of_documents(old: dict, new: dict, lang: str) -> list:
    """Changes of documents that need not make a good standard."""
    return of_papers(Paper(old, lang), Paper(new, lang), unsaid, unsaid)


def unsaid(id: str):
    return lambda path: "(rule)"


def leaves(value, path=()) -> Iterator[tuple]:
    """The way to everything in a document that is no table."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in rows:
        if isinstance(inner, dict | list) and inner:
            yield from leaves(inner, (*path, key))
        else:
            yield (*path, key)


def otherwise(value):
    """Another value of the same sort."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + Decimal("0.001")
    if isinstance(value, date):
        return value + timedelta(1)
    return [*value, "x"] if isinstance(value, list) else f"{value}x"


def at(document: dict, path: tuple):
    for key in path:
        document = document[key]
    return document


@pytest.mark.parametrize(("text", "lang"), [(SOUND, "zh-hans"), (CORE, "en")])
def test_every_value_that_is_another_one_is_told(text, lang):
    old, new = toml(text), toml(text)
    for path in [*leaves(old)][:: 3 if text is CORE else 1]:
        table, value = at(new, path[:-1]), at(old, path)
        table[path[-1]] = otherwise(value)
        assert of_documents(old, new, lang), path
        table[path[-1]] = value


def test_every_key_that_comes_or_goes_is_told_unless_it_spells_out_what_is_meant_anyway():
    old, silent = toml(SOUND), []
    for path in leaves(old):
        new = deepcopy(old)
        del at(new, path[:-1])[path[-1]]
        one, other = of_documents(old, new, "en"), of_documents(new, old, "en")
        assert bool(one) == bool(other), path
        silent += [] if one else [path]
    officers = ("metric", "staff.officers")
    assert silent == [("rate_decimals",), ("floor",), (*officers, "low"), (*officers, "whole")]


def test_every_row_of_every_table_that_comes_or_goes_is_told():
    old = toml(SOUND)
    for table, rows in old.items():
        for key in list(rows) if isinstance(rows, dict) else range(len(rows)) if isinstance(rows, list) else ():
            new = deepcopy(old)
            del new[table][key]
            assert of_documents(old, new, "en"), (table, key)
            assert of_documents(new, old, "en"), (table, key)


def test_texts_that_mean_the_same_are_said_to():
    old = Standard.loads(SOUND)
    new = Standard.loads("# a comment\n" + SOUND.replace("rate_decimals = 2\n", ""))
    (change,) = difference(old, new)
    assert change.kind == "written"
    assert change.text.startswith("整套标准：只是写法不同")
    assert difference(old, Standard.loads(SOUND)) == []


def one_rule(before: str, after: str, lang="en", points=10, **given) -> list[str]:
    """What is said of the rule of one criterion; the number and title left out."""
    old, new = (standard(criterion(rule, points=points), **given) for rule in (before, after))
    return [text.removeprefix("1.1 Item: ").removeprefix("1.1 项：") for text in said(old, new, lang)]


PARTS = 'composite.parts = [{{ points = {}, yes_no = {{ of = "q.x" }} }}, {{ points = {}, {} }}]'


@pytest.mark.parametrize(
    ("before", "after", "chinese", "english"),
    [
        (
            'at_least = { of = "m.a", target = 1 }',
            'at_least = { of = "m.a", target = 2 }',
            "目标值由 1 个改为 2 个",
            "target now 2 pieces, was 1 piece",
        ),
        (
            'at_least = { of = "m.a", target = 1 }',
            'at_least = { of = "m.a", target = "m.b" }',
            "目标值由 1 个改为“m.b”",
            "target now “m.b”, was 1 piece",
        ),
        (
            'at_least = { of = "m.a", target = 1 }',
            'linear = { of = "m.a", zero_at = 0, full_at = 4 }',
            "计分办法由“m.a ≥ 1 个 得 10 分，否则 0 分”改为“m.a ≥ 4 个 得 10 分，≤ 0 个 得 0 分，其间按比例”",
            "rule now “10 points if m.a ≥ 4, 0 if ≤ 0, in proportion between”, was “10 points if m.a ≥ 1, otherwise 0”",
        ),
        (
            'steps = { of = "m.a", table = [[9, 10], [5, 4]], otherwise = 0 }',
            'steps = { of = "m.a", table = [[9, 10], [5, 3]], otherwise = 0 }',
            "≥ 5 个由得 4 分改为得 3 分",
            "≥ 5 pieces now earns 3 points, was 4 points",
        ),
        (
            'steps = { of = "m.a", table = [[9, 10]], otherwise = 0, bounds = "at_most" }',
            'steps = { of = "m.a", table = [[9, 10], [12, 1]], otherwise = 0, bounds = "at_most" }',
            "增加一档：≤ 12 个得 1 分",
            "one more step: ≤ 12 pieces earns 1 point",
        ),
        (
            'checklist = { items = ["q.x", "q.y"] }',
            'checklist = { items = ["q.x", "q.y", "q.z"] }',
            "清单项目增加q.z",
            "items: q.z added",
        ),
        (
            'checklist = { items = ["q.x", "q.y"] }',
            'checklist = { items = ["q.x", "q.y"], items_for = { rural = ["q.x"] } }',
            "rural另列清单：q.x",
            "list of its own for rural: q.x",
        ),
        (
            'deduct = { each = { "m.a" = 1 }, floor = 0 }',
            'deduct = { each = { "m.a" = 1.5 }, floor = "none" }',
            "“m.a”的每次扣分由 1 分改为 1.5 分|最低得分由 0 分改为不设下限",
            "points off for each of “m.a” now 1.5 points, was 1 point|least points now no limit, was 0 points",
        ),
        (
            'yes_no = { of = "q.x" }',
            'yes_no = { of = "q.x" }\nrule.unless_zero = "m.a"',
            "新增：“m.a”为 0 的，本项不得分",
            "new: nothing is earned while “m.a” is 0",
        ),
        (
            PARTS.format(4, 6, 'yes_no = { of = "q.y" }'),
            PARTS.format(5, 5, 'checklist = { items = ["q.y"] }'),
            "分项“第 1 分项”：分值由 4 分改为 5 分|分项“第 2 分项”：分值由 6 分改为 5 分|"
            "分项“第 2 分项”：计分办法由“q.y：是得 6 分，否则 0 分”改为“5 分 × 已有项目 ÷ 应有项目”",
            "part “part 1”: points now 5 points, was 4 points|part “part 2”: points now 5 points, was 6 points|"
            "part “part 2”: rule now “5 points × items present ÷ items required”, was "
            "“6 points if yes to “q.y”, otherwise 0”",
        ),
    ],
)
def test_a_rule_is_told_option_by_option(before, after, chinese, english):
    assert "|".join(one_rule(before, after, "en")) == english
    assert "|".join(one_rule(before, after, "zh-hans")) == chinese


NORM = '[norm."m.a"]\nurban = {}\nrural = {}\n'


def test_a_norm_is_told_class_by_class_with_the_criteria_that_rest_on_it():
    rules = [criterion('at_least = { of = "m.a", target = "m.a@norm" }'), criterion('yes_no = { of = "q.x" }', id="y")]
    old, new = (standard(*rules, more=NORM.format(5, rural)) for rural in (5, 6))
    (change,) = difference(old, new, classes={"rural": "农村所"})
    assert change.text == "标准值“m.a”：农村所的标准值由 5 个改为 6 个"
    assert (change.group, change.criteria) == ("norms", ("item",))


def test_another_shape_with_a_norm_names_the_norm_and_no_figure_of_one_class():
    more = NORM.format(5, 7)
    texts = one_rule(
        'at_least = { of = "m.a", target = "m.a@norm" }', 'ratio = { of = "m.a", to = "m.a@norm" }', more=more
    )
    assert texts == [
        "rule now “10 points × m.a ÷ the norm, at most 10 points”, was “10 points if m.a ≥ the norm, otherwise 0”"
    ]


def test_criteria_that_come_go_move_and_go_on_under_another_id_are_told_apart():
    rules = {id: criterion('yes_no = { of = "q.x" }', points=2, id=id) for id in "abcde"}
    old = standard(*(rules[id] for id in "abcde"))
    other = criterion('yes_no = { of = "q.x" }', points=2, id="f", section="more")
    new = standard(
        rules["d"], rules["a"], other, rules["c"], rules["e"].replace('"e"', '"g"'), sections=("work", "more")
    )
    assert said(old, new, "en") == [
        "Section “more”: added",
        "1.1 Item: moved in the order, was 1.4",
        "2.1 Item: added, 2 points: 2 points if yes to “q.x”, otherwise 0",
        "1.4 Item: added, 2 points: 2 points if yes to “q.x”, otherwise 0",
        "1.2 Item: taken out, was worth 2 points",
        "1.5 Item: taken out, was worth 2 points",
    ]


def test_words_that_change_no_result_are_told_together_with_both_texts():
    old = Standard.loads(CORE)
    document = scenario.parsed(CORE)
    code, was = next((code, metric.help) for code, metric in old.metrics.items() if not metric.short_en)
    document["metric"][code] |= {"help": "按季末在岗人数填", "short_en": "short"}
    (change,) = difference(old, Standard.loads(tomltext.document(document)), "en")
    assert change.kind == "wording"
    assert change.what == "wording changed: English short name, help"
    assert ("help", was, "按季末在岗人数填") in change.details


def test_groups_come_in_their_order_and_every_group_is_known():
    changes = difference(Standard.loads(SOUND), Standard.loads(CORE))
    places = [GROUPS.index(change.group) for change in changes]
    assert places == sorted(places)
    assert len(set(places)) == len(GROUPS)


def test_as_few_as_possible_are_said_to_move():
    assert in_place([1, 2, 3, 0, 4]) == [True, True, True, False, True]
    assert in_place([]) == []
