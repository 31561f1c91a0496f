"""What the shapes are called and what each says, as (Chinese, English); R numbers are those of the field catalogue."""

from __future__ import annotations

from typing import NamedTuple

Words = tuple[str, str]


class ShapeWords(NamedTuple):
    """number  its row of the catalogue; name  what the field calls it; line  what it does, in one line."""

    number: str
    name: Words
    line: Words


GROUPS: dict[Words, tuple[str, ...]] = {
    ("有无与清单", "There or not"): ("yes_no", "checklist", "exemption"),
    ("与目标值比较", "Held against a target"): (
        "ratio",
        "at_least",
        "at_most",
        "steps",
        "linear",
        "band",
        "per_point_below",
        "target_and_excess",
    ),
    ("按次扣分、加分", "So many points each"): ("deduct", "bonus", "misreport"),
    ("与同组、往期比较", "Held against others or the past"): ("best_in_group", "rank_points", "versus_past"),
    ("抽查、评议与结果引用", "Checked, judged or taken over"): ("sample_check", "judged", "imported"),
    ("由分项组成", "Made of parts"): ("composite", "either_or"),
}

SHAPES: dict[str, ShapeWords] = {
    "yes_no": ShapeWords(
        "R01",
        ("有无", "Yes or no"),
        ("有即得满分，没有不得分", "All points for a yes, none for a no"),
    ),
    "checklist": ShapeWords(
        "R02",
        ("清单", "Checklist"),
        ("按清单中已有项目的比例得分，可加权、可定必备项", "Points by the share of a list that is present"),
    ),
    "ratio": ShapeWords(
        "R03",
        ("按比例得分", "In proportion"),
        ("满分 × 实有 ÷ 应有，最多满分", "Points × what there is ÷ what there should be"),
    ),
    "at_least": ShapeWords(
        "R04",
        ("达标（不低于）", "Reached"),
        ("达到目标值得满分，否则不得分", "All points from the target up, none below"),
    ),
    "at_most": ShapeWords(
        "R04",
        ("达标（不高于）", "Not exceeded"),
        ("不超过目标值得满分，否则不得分", "All points up to the target, none above"),
    ),
    "steps": ShapeWords(
        "R05",
        ("分档", "Steps"),
        ("达到哪一档得哪一档的分", "The points of the step that is reached"),
    ),
    "linear": ShapeWords(
        "R14",
        ("线性插值", "Even slope"),
        ("两个端点之间按比例得分，可越低越好", "Points rise evenly between two ends; lower may be better"),
    ),
    "band": ShapeWords(
        "R15",
        ("区间最优", "Best inside a band"),
        ("区间内得满分，偏离越远得分越少", "All points inside a band, fewer the farther outside"),
    ),
    "per_point_below": ShapeWords(
        "R07",
        ("每低一点扣分", "Off for each unit below"),
        ("达到目标得满分，每低 1 个单位扣若干分", "All points at the target, so many off for each unit below"),
    ),
    "target_and_excess": ShapeWords(
        "R09",
        ("超额加分", "Target and excess"),
        ("目标以内按比例得分，超过部分加分", "In proportion up to the target, more for each unit over it"),
    ),
    "deduct": ShapeWords(
        "R06",
        ("倒扣分", "Deduction"),
        ("由满分起扣，每发生一次扣若干分", "From full points, so many off for each occurrence"),
    ),
    "bonus": ShapeWords(
        "R08",
        ("加分项", "Bonus"),
        ("每发生一次加若干分，不计入满分（分值填 0）", "So many points each, on top (points are 0)"),
    ),
    "misreport": ShapeWords(
        "R34",
        ("虚报扣分", "Overstated"),
        ("自报优于核实的数据扣分", "Points off for figures claimed better than they were found"),
    ),
    "best_in_group": ShapeWords(
        "R10",
        ("最高者满分", "Best of the group"),
        ("同组最好的得满分，其余按比例", "The best of the group earns all points, the others in proportion"),
    ),
    "rank_points": ShapeWords(
        "R11",
        ("名次计分", "Points by place"),
        ("按同组名次得分", "Points by the place inside the group"),
    ),
    "versus_past": ShapeWords(
        "R12",
        ("同比、环比", "Against the past"),
        ("与上期、去年同期或前两年平均比较，升降加减分", "More or fewer points for a change since an earlier period"),
    ),
    "sample_check": ShapeWords(
        "R20",
        ("抽查", "Sample check"),
        ("按抽查合格率得分，低于底线整项不得分", "Points by the share that was right; none at all under a limit"),
    ),
    "judged": ShapeWords(
        "R31",
        ("评议", "Judged"),
        ("几位评议人评级的平均，可去掉最高最低", "The mean level of several judges"),
    ),
    "imported": ShapeWords(
        "R30",
        ("结果引用、折算", "Result taken over"),
        ("引用其他考核结果，按系数折算", "Another assessment's result times a factor"),
    ),
    "exemption": ShapeWords(
        "R19",
        ("免检", "Exemption"),
        ("称号在有效期内得满分", "All points while a title is valid"),
    ),
    "composite": ShapeWords(
        "R22",
        ("分项合计", "Sum of parts"),
        ("几个分项相加，分项可用任何计分方式", "Several parts, each scored in its own way"),
    ),
    "either_or": ShapeWords(
        "R32",
        ("或条件（取最高）", "Best of"),
        ("几种情形取得分最高的一种", "The best of several ways to earn the points"),
    ),
}
