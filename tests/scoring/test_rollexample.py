"""What each roll-up makes of a few parts is worked out by the engine and told in both languages."""

from decimal import Decimal

from assessments.scoring.rollexample import USUAL, Part, examples, parts_of


def test_three_usual_parts_show_what_each_roll_up_does():
    made = examples(USUAL["zh-hans"], "zh-hans")
    assert made["sum"] == "甲 36 + 乙 24 + 丙 18 = 78"
    assert made["mean"] == "平均（甲 90%，乙 80%，丙 60%）＝ 76.67%；得 76.67 分（满分 100）"
    assert [made[mode].split("＝ ")[1].split("%")[0] for mode in ("geometric", "harmonic", "min", "max")] == [
        "75.6",
        "74.48",
        "60",
        "90",
    ]
    assert examples(USUAL["en"], "en")["min"] == "least of (A 90%, B 80%, C 60%) = 60%; 60 points (of 100)"


def test_the_parts_are_those_of_the_draft_with_their_weights_and_may_be_called_anything():
    document = {
        "section": [
            {"code": "a", "title": "行政拘留数", "weight": 2},
            {"code": "b", "title": "乙部"},
            {"code": "c", "title": "丙部", "rollup": "mean", "points": 20, "in": "a"},
        ],
        "criterion": [
            {"id": "x", "section": "a", "points": 40, "title": "项"},
            {"id": "y", "section": "b", "points": Decimal("10.5")},
        ],
    }
    parts = parts_of(document, None, "zh-hans")
    assert parts == (Part("行政拘留数", Decimal(2), Decimal(40)), Part("乙部", Decimal(1), Decimal("10.5")))
    assert examples(parts, "zh-hans")["mean"].startswith("加权平均（行政拘留数 90% × 2，乙部 80% × 1）＝ 86.67%")
    assert [each.title for each in parts_of(document, "a", "zh-hans")] == ["丙部", "项"]
    assert parts_of(document, "b", "en") == USUAL["en"]


def test_parts_that_the_engine_refuses_are_taken_for_the_usual_ones():
    parts = (Part("甲部", Decimal(1), Decimal("1.12345678")), Part("乙部", Decimal(1), Decimal(1)))
    assert examples(parts, "zh-hans") == examples(USUAL["zh-hans"], "zh-hans")
