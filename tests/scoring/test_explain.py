"""Why a station earned what it earned, and what would win the rest, in both languages."""

import string

import pytest

from assessments.scoring import NOT_APPLICABLE, Standard, explain
from assessments.scoring.phrases import PHRASES
from tests.scoring.explained import NAMES
from tests.scoring.small import criterion, scored, standard


def told(rule: str, lang: str, points=10, more="", **facts):
    """The one Explanation of a rule; `staff__officers` stands for staff.officers."""
    edition: Standard = standard(criterion(rule, points, more=more), more=NAMES)
    facts = {key.replace("__", "."): value for key, value in facts.items()}
    frame, scores = scored(edition, facts)
    return explain(frame, scores, 0, lang=lang)[0]


CASES = [
    (
        "yes_no = { of = 'room.bath' }",
        {"room__bath": 0},
        "浴室：否；标准：是；得 0 分（满分 10）",
        "浴室达到要求可得满分",
        "Bathroom: no; norm: yes; 0 points (of 10)",
        "Yes to “bathroom” wins full points",
    ),
    (
        "checklist = { items = ['room.bath', 'room.bed'] }",
        {"room__bath": 0, "room__bed": 1},
        "应有 2 项，已有 1 项，缺浴室；得 5 分（满分 10）",
        "补齐浴室可得满分",
        "1 of 2 items present, lacking bathroom; 5 points (of 10)",
        "Adding bathroom wins full points",
    ),
    (
        "ratio = { of = 'staff.college', to = 'staff.officers' }",
        {"staff__college": 4, "staff__officers": 7},
        "大专以上民警 4 人，民警 7 人；标准 ≥ 7 人；得 5.71 分（满分 10）",
        "需大专以上民警 7 人，增加 3 人可得满分",
        "Officers with college education: 4, officers: 7; norm ≥ 7; 5.71 points (of 10)",
        "Officers with college education: 7 officers needed, 3 more win full points",
    ),
    (
        "at_least = { of = 'staff.officers', target = 5 }",
        {"staff__officers": 4},
        "民警 4 人；标准 ≥ 5 人；得 0 分（满分 10）",
        "增配 1 名民警可得满分",
        "Officers: 4; norm ≥ 5; 0 points (of 10)",
        "5 officers needed: 1 more wins full points",
    ),
    (
        "at_most = { of = 'video.blind', target = 2 }",
        {"video__blind": 5},
        "监控盲区 5 处；标准 ≤ 2 处；得 0 分（满分 10）",
        "监控盲区降至 2 处，减少 3 处可得满分",
        "Blind spots: 5; norm ≤ 2; 0 points (of 10)",
        "Blind spots: down to 2 spots, 3 fewer win full points",
    ),
    (
        "steps = { of = 'share.college', table = [[80, 10], [40, 4]], otherwise = 0 }",
        {"staff__college": 3, "staff__officers": 7},
        "大专以上民警 3 人，民警 7 人，大专以上占比 42.86%；标准 ≥ 80%；得 4 分（满分 10）",
        "需大专以上民警 6 人，增加 3 人可得满分",
        "Officers with college education: 3, officers: 7, share with college education: 42.86%; "
        "norm ≥ 80%; 4 points (of 10)",
        "Officers with college education: 6 officers needed, 3 more win full points",
    ),
    (
        "linear = { of = 'area.office', zero_at = 100, full_at = 300.5 }",
        {"area__office": 200},
        "办公面积 200 m²；标准 ≥ 300.5 m²；得 4.99 分（满分 10）",
        "需办公面积 300.5 m²，增加 100.5 m²可得满分",
        "Office area: 200 m²; norm ≥ 300.5 m²; 4.99 points (of 10)",
        "Office area: 300.5 m² needed, 100.5 more win full points",
    ),
    (
        "band = { of = 'staff.officers', low = 300, high = 305, below = 100, above = 100 }",
        {"staff__officers": 2000},
        "民警 2,000 人；标准 300–305 人；得 0 分（满分 10）",
        "民警降至 305 人，减少 1,695 人可得满分",
        "Officers: 2,000; norm 300–305; 0 points (of 10)",
        "Down to 305 officers: 1,695 fewer win full points",
    ),
    (
        "deduct = { each = { 'video.blind' = 2, 'funds.violations' = 3 }, floor = 0 }",
        {"video__blind": 1, "funds__violations": 2},
        "监控盲区 1 处，违规 2 次；标准：均为 0；得 2 分（满分 10）",
        "监控盲区、违规降为 0 可得满分",
        "Blind spots: 1, violations: 2; norm: all 0; 2 points (of 10)",
        "Without blind spots, violations: wins full points",
    ),
    (
        "per_point_below = { of = 'share.college', target = 90, lose = 0.2, floor = 0 }",
        {"staff__college": 5, "staff__officers": 10},
        "大专以上民警 5 人，民警 10 人，大专以上占比 50%；标准 ≥ 90%；得 2 分（满分 10）",
        "需大专以上民警 9 人，增加 4 人可得满分",
        "Officers with college education: 5, officers: 10, share with college education: 50%; "
        "norm ≥ 90%; 2 points (of 10)",
        "Officers with college education: 9 officers needed, 4 more win full points",
    ),
    (
        "target_and_excess = { of = 'staff.officers', target = 8, gain = 0.5, cap = 1 }",
        {"staff__officers": 4},
        "民警 4 人；标准 ≥ 8 人；得 5 分（满分 10）",
        "增配 6 名民警可得满分",
        "Officers: 4; norm ≥ 8; 5 points (of 10)",
        "10 officers needed: 6 more win full points",
    ),
    (
        "sample_check = { correct = 'check.right', sampled = 'check.size', limit = 85 }",
        {"check__right": 33, "check__size": 40},
        "合格份数 33 份，抽查份数 40 份，合格率低于 85%，整项得 0 分；标准 ≥ 85%；得 0 分（满分 10）",
        "需合格份数 40 份，增加 7 份可得满分",
        "Records right: 33, records checked: 40, under 85% right, so the whole item earns 0; "
        "norm ≥ 85%; 0 points (of 10)",
        "Records right: 40 records needed, 7 more win full points",
    ),
    (
        "judged = { judges = ['judge.first', 'judge.second'], top = 10 }",
        {"judge__first": 8, "judge__second": 9.5},
        "评委甲 8 分，评委乙 9.5 分；标准 10 分；得 8.75 分（满分 10）",
        "需评委甲 10 分，增加 2 分可多得 1 分",
        "First judge: 8, second judge: 9.5; norm 10; 8.75 points (of 10)",
        "First judge: 10 points needed, 2 more win 1 point",
    ),
    (
        "imported = { of = 'judge.first', factor = 0.75, low = 0, high = 10 }",
        {"judge__first": 8},
        "评委甲 8 分；标准 10 分；得 6 分（满分 10）",
        "需评委甲 10 分，增加 2 分可多得 1.5 分",
        "First judge: 8; norm 10; 6 points (of 10)",
        "First judge: 10 points needed, 2 more win 1.5 points",
    ),
    (
        "exemption = { until = 'title.until' }",
        {"title__until": 20251231},
        "安全单位称号有效期 2025-12-31；标准 ≥ 2026-01-01；得 0 分（满分 10）",
        "安全单位称号有效期延至 2026-01-01 可得满分",
        "Safety title valid until: 2025-12-31; norm ≥ 2026-01-01; 0 points (of 10)",
        "Safety title valid until: 2026-01-01 wins full points",
    ),
    (
        "yes_no = { of = 'room.bath' }\nrule.unless_zero = 'staff.officers'",
        {"room__bath": 1, "staff__officers": 0},
        "浴室：是，民警 0 人，未开展，本项得 0 分；标准：是；得 0 分（满分 10）",
        "增配 1 名民警可得满分",
        "Bathroom: yes, officers: 0, nothing done, so it earns 0; norm: yes; 0 points (of 10)",
        "1 officer needed: 1 more wins full points",
    ),
    (
        "at_least = { of = 'staff.officers', target = 5 }\nrule.coefficient = 'hard'",
        {"staff__officers": 2},
        "民警 2 人，难度系数 1.1；标准 ≥ 5 人；得 0 分（满分 10）",
        "增配 3 名民警可多得 11 分",
        "Officers: 2, difficulty 1.1; norm ≥ 5; 0 points (of 10)",
        "5 officers needed: 3 more win 11 points",
    ),
    (
        "composite.parts = [{ points = 4, title = '甲', title_en = 'First', yes_no = { of = 'room.bath' } }, "
        "{ points = 6, title = '乙', title_en = 'Second', at_least = { of = 'staff.officers', target = 5 } }]",
        {"room__bath": 1, "staff__officers": 4},
        "甲：浴室：是，得 4 分；乙：民警 4 人，得 0 分；得 4 分（满分 10）",
        "增配 1 名民警可多得 6 分",
        "First: bathroom: yes, 4 points; Second: officers: 4, 0 points; 4 points (of 10)",
        "5 officers needed: 1 more wins 6 points",
    ),
    (
        "either_or.parts = [{ points = 10, at_most = { of = 'video.blind', target = 0 } }, "
        "{ points = 6, ratio = { of = 'staff.college', to = 'staff.officers' } }]",
        {"video__blind": 1, "staff__college": 2, "staff__officers": 4},
        "监控盲区 1 处，得 0 分；大专以上民警 2 人，民警 4 人，得 3 分；得 3 分（满分 10）",
        "监控盲区降至 0 处，减少 1 处可多得 7 分；或需大专以上民警 4 人，增加 2 人可多得 3 分",
        "Blind spots: 1, 0 points; officers with college education: 2, officers: 4, 3 points; 3 points (of 10)",
        "Blind spots: down to 0 spots, 1 fewer wins 7 points; "
        "or officers with college education: 4 officers needed, 2 more win 3 points",
    ),
    (
        "bonus = { each = { 'staff.officers' = 0.5 }, cap = 3 }",
        {"staff__officers": 3},
        "民警 3 人；加 1.5 分",
        "增配 3 名民警可得满分",
        "Officers: 3; 1.5 points added",
        "6 officers needed: 3 more win full points",
    ),
]


@pytest.mark.parametrize(("rule", "facts", "reason", "remedy", "reason_en", "remedy_en"), CASES)
def test_a_lost_point_is_explained(rule, facts, reason, remedy, reason_en, remedy_en):
    points = 0 if rule.startswith("bonus") else 10
    chinese, english = (told(rule, lang, points, **facts) for lang in ("zh-hans", "en"))
    assert (chinese.reason, chinese.remedy) == (reason, remedy)
    assert (english.reason, english.remedy) == (reason_en, remedy_en)


def test_points_for_a_yes_are_not_told_as_so_many_for_each_of_it():
    rule = "bonus = { each = { 'room.bath' = 0.5 }, cap = 1 }"
    assert told(rule, "zh-hans", 0, room__bath=1).formula == "加分：浴室为“是”的加 0.5 分；1 分 封顶"
    assert told(rule, "en", 0, room__bath=1).formula == "Bonus: 0.5 points if yes to “bathroom”; at most 1 point"


def test_a_remedy_meets_the_norm_and_does_not_just_graze_it():
    item = told("ratio = { of = 'share.college', to = 99.99 }", "zh-hans", staff__college=1, staff__officers=3000)
    assert item.remedy.startswith("需大专以上民警 3,000 人")


def test_full_points_need_no_remedy():
    assert told("yes_no = { of = 'room.bath' }", "en", room__bath=1).remedy == ""


def test_what_no_single_fact_can_win_has_no_remedy():
    item = told("at_most = { of = 'staff.officers', target = -1 }", "en", staff__officers=3)
    assert item.status == "zero"
    assert item.remedy == ""


def test_nothing_is_promised_while_other_facts_contradict_each_other():
    rooms = "checklist = { items = ['room.bath', 'room.bed'] }\nrule.unless_zero = 'share.college'"
    item = told(rooms, "zh-hans", room__bath=0, room__bed=0, staff__college=3, staff__officers=0)
    assert item.remedy == ""


def test_an_unanswered_item_says_what_to_fill_in():
    item = told("ratio = { of = 'staff.college', to = 'staff.officers' }", "zh-hans", staff__officers=7)
    assert item.status == "missing"
    assert item.reason == "未填：大专以上民警；暂计 0 分（满分 10）"
    assert item.remedy == "填写：大专以上民警"


def test_facts_that_contradict_each_other_are_not_called_unanswered():
    check = "sample_check = { correct = 'check.right', sampled = 'check.size', limit = 85 }"
    for right, size in ((41, 40), (3, 0)):
        chinese, english = (told(check, lang, check__right=right, check__size=size) for lang in ("zh-hans", "en"))
        assert chinese.reason == f"合格份数 {right} 份，抽查份数 {size} 份，互相矛盾，请核对；暂计 0 分（满分 10）"
        assert english.reason.startswith(f"Records right: {right}, records checked: {size} contradict each other")


def test_an_unanswered_item_of_a_list_is_listed():
    item = told("checklist = { items = ['room.bath', 'room.bed'] }", "zh-hans", room__bed=1)
    assert item.reason == "应有 2 项，已有 1 项，未填浴室；得 5 分（满分 10）"


def test_inputs_carry_value_unit_and_origin():
    edition = standard(
        criterion("at_least = { of = 'share.college', target = 40 }", more="lever = 'staff.officers'"), more=NAMES
    )
    frame, scores = scored(edition, {"staff_college": 1, "staff_officers": 1000})
    inputs = explain(frame, scores, 0, lang="en", origins={"staff.college": "register"})[0].inputs
    assert [(each.code, each.value_text, each.unit, each.origin) for each in inputs] == [
        ("staff.officers", "1,000 officers", "officers", ""),
        ("staff.college", "1 officer", "officers", "register"),
        ("share.college", "0.1%", "%", ""),
    ]


@pytest.mark.parametrize(
    ("mode", "chinese", "english"),
    [
        ("exclude", "不适用：浴室", "Not applicable: bathroom"),
        ("full", "不适用：浴室；按满分计 10 分", "Not applicable: bathroom; counted as full, 10 points"),
        ("zero", "不适用：浴室；按 0 分计（满分 10）", "Not applicable: bathroom; counted as 0 (of 10)"),
    ],
)
def test_not_applicable_says_why_and_what_it_counts(mode, chinese, english):
    more = f'not_applicable = "{mode}"'
    for lang, reason in (("zh-hans", chinese), ("en", english)):
        assert told("yes_no = { of = 'room.bath' }", lang, more=more, room__bath=NOT_APPLICABLE).reason == reason


def test_nothing_due_is_said_so():
    item = told("ratio = { of = 'staff.college', to = 'staff.officers' }", "en", staff__college=0, staff__officers=0)
    assert item.reason == "Not applicable: nothing was due"


def test_a_class_that_is_not_asked_is_said_so():
    item = told("yes_no = { of = 'room.bath' }", "zh-hans", more="applies_to = ['urban']", room__bath=1)
    assert item.reason == "不适用：本类派出所不考评此项"


def test_the_formula_is_in_words():
    rule = "steps = { of = 'share.college', table = [[80, 10], [40, 4]], otherwise = 0 }"
    assert told(rule, "zh-hans").formula == "大专以上占比：≥ 80% 得 10 分；≥ 40% 得 4 分；其余得 0 分"
    assert (
        told(rule, "en").formula
        == "Share with college education: ≥ 80%: 10 points; ≥ 40%: 4 points; otherwise 0 points"
    )


def test_every_phrase_is_there_in_both_languages_with_the_same_gaps():

    def gaps(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key, (chinese, english) in PHRASES.items():
        assert chinese, key
        assert english, key
        assert gaps(english) - gaps(chinese) <= {"number", "value"}, key


def test_a_norm_that_nobody_has_stated_is_named():
    rule = "ratio = { of = 'staff.college', to = 'staff.officers' }"
    assert told(rule, "zh-hans").norm_text == "≥ 民警"
    assert told(rule, "zh-hans", staff__officers=7).norm_text == "≥ 7 人"


def test_a_blank_beside_faults_is_to_be_filled_in_first():
    rule = "deduct = { each = { 'video.blind' = 1, 'funds.violations' = 1, 'staff.officers' = 1 }, floor = 0 }"
    item = told(rule, "zh-hans", video__blind=1, funds__violations=2)
    assert item.status == "missing"
    assert item.remedy == "填写：民警"
