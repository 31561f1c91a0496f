"""Every problem of a standard can be said in Chinese, and in English as the engine words it."""

import re
from pathlib import Path

import pytest

from assessments.scoring.problemwords import PATTERNS, place_told, told

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.toml"))
LINES = sorted(
    {
        line.removeprefix("#! ")
        for path in BROKEN
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("#! ")
    }
)
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("line", LINES)
def test_a_problem_is_told_in_both_languages(line):
    chinese, english = told(line, "zh-hans"), told(line, "en")
    assert HAN.search(chinese.what)
    assert "must be" not in chinese.what
    assert not re.match("(criterion|metric|norm|section|gate|veto|trigger|rule|coefficient) ?[^ ]*:", english.what)
    assert chinese.place == english.place
    assert english.what in line or "forbidden metric" in english.what


def test_a_pattern_takes_up_all_its_values():
    for english, chinese in PATTERNS:
        assert set(re.findall(r"\{(\w+)\}", chinese)) <= set(re.findall(r"\{(\w+)\}", english)), english


def test_a_problem_names_the_thing_by_its_title():
    line = "criterion staffing.load: rule.linear: full_at: must differ from zero_at, both are 3000"
    said = told(line, "zh-hans", {"staffing.load": "警力负荷"})
    assert said == (
        "criterion staffing.load: rule.linear: full_at",
        "项目“警力负荷” · 计分方式 · 得满分的值",
        "不能与得 0 分的值相同，现在都是 3000",
    )


def test_a_forbidden_metric_is_told_with_the_rule_that_bans_it():
    line = next(line for line in LINES if "forbidden" in line)
    assert told(line, "zh-hans").what.startswith("禁用指标“")
    assert "第七条" in told(line, "zh-hans").what
    assert "art. 7" in told(line, "en").what


def test_what_no_pattern_knows_is_said_as_it_is():
    assert told("criterion a: something new", "zh-hans") == ("", "", "criterion a: something new")


@pytest.mark.parametrize(
    ("where", "chinese", "english"),
    [
        ("criterion a.b (甲（乙）)", "项目“甲（乙）”", "criterion “甲（乙）”"),
        ("criterion a (甲), criterion b (乙)", "项目“甲”, 项目“乙”", "criterion “甲”, criterion “乙”"),
        ("metric staff.officers", "填报数据 staff.officers", "metric staff.officers"),
        ("points", "总分", "points"),
    ],
)
def test_the_place_of_a_finding_is_told_by_its_title(where, chinese, english):
    assert (place_told(where, "zh-hans"), place_told(where, "en")) == (chinese, english)
