"""What is said where a standard asks less than its parent, as (Chinese, English)."""

from __future__ import annotations

WHAT = {
    "gone": ("上级标准的指标“{title}”在本标准中没有了", "the parent's criterion “{title}” is not there"),
    "points": ("分值 {new} 分，少于上级标准的 {old} 分", "worth {new} points, fewer than the parent's {old}"),
    "classes": ("不再适用于{kinds}，上级标准适用", "does not apply to {kinds}; the parent's does"),
    "evidence": ("佐证材料{new}，上级标准{old}", "evidence is {new}; the parent's is {old}"),
    "not_applicable": ("不适用时{new}，上级标准{old}", "when not applicable: {new}; the parent's: {old}"),
    "tier": ("层级为{new}，上级标准为{old}", "tier is {new}; the parent's is {old}"),
    "fixable_by": ("整改主体为{new}，上级标准为{old}", "repaired by the {new}; the parent's by the {old}"),
    "weight": ("权重 {new}，小于上级标准的 {old}", "weight {new}, less than the parent's {old}"),
    "kinder": (
        "{facts}时，上级标准得 {before}，本标准得 {after}",
        "with {facts} the parent gives {before}, this standard {after}",
    ),
    "kinder_absent": (
        "{facts}时，上级标准得 {before}，本标准不适用",
        "with {facts} the parent gives {before}; here it does not apply",
    ),
    "incomparable": (
        "与同组或往期比较的办法和上级标准不同，无法逐一核对",
        "compares “{name}” with the group or the past in another way than the parent, which cannot be checked",
    ),
    "rollup": (
        "所在部分的汇总办法与上级标准不同",
        "stands in a section that is rolled up in another way than the parent's",
    ),
    "section_floor": ("得分下限 {new}，高于上级标准的 {old}", "least points {new}, more than the parent's {old}"),
    "section_cap": ("得分上限 {new}，高于上级标准的 {old}", "most points {new}, more than the parent's {old}"),
    "share": (
        "参加排名所需的适用分值占比 {new}%，低于上级标准的 {old}%",
        "least share of applicable points {new}%, less than the parent's {old}%",
    ),
    "limit": ("指标数上限 {new}，多于上级标准的 {old}", "limit of {new} criteria, more than the parent's {old}"),
    "kinds": ("派出所类别缺少{kinds}", "the station classes {kinds} are not there"),
    "unit": ("数据类型或单位与上级标准不同", "kind or unit is not the parent's"),
    "grade_gone": ("上级标准的等次没有了", "the parent's grade is not there"),
    "grade_low": ("起点 {new}%，低于上级标准的 {old}%", "begins at {new}%, lower than the parent's {old}%"),
    "grade_share": (
        "占比上限{new}，上级标准为{old}",
        "largest share {new}; the parent's is {old}",
    ),
    "no_limit": ("不限", "unlimited"),
    "gate_gone": ("上级标准的必备条件没有了", "the parent's gate is not there"),
    "veto_gone": ("上级标准的一票否决没有了", "the parent's veto is not there"),
    "caps": (
        "未达到时最高{new}，上级标准最高{old}",
        "leaves {new} at best; the parent's leaves {old}",
    ),
    "no_grade": ("不定等次", "no grade"),
    "gate_share": ("只要求得分 {new}%，上级标准要求 {old}%", "asks {new}% of the points; the parent's asks {old}%"),
    "condition": ("条件与上级标准不是一类，无法核对", "its condition is of another sort than the parent's"),
    "looser": (
        "{facts}时，上级标准未达到，本标准算达到",
        "with {facts} the parent's is not met and this one is",
    ),
    "no_longer_fires": (
        "{facts}时，上级标准触发，本标准不触发",
        "with {facts} the parent's fires and this one does not",
    ),
    "effect": ("后果与上级标准不同", "does something else than the parent's"),
    "decided": ("触发方式与上级标准不同", "comes about in another way than the parent's"),
    "check_gone": (
        "本标准保留了它核对的数据，却没有这条勾稽关系",
        "the figures it compares are kept here, and the check is not",
    ),
    "check_softer": ("上级标准作为错误，本标准只作提醒", "an error in the parent, here only a warning"),
    "check_more": (
        "还要看{names}，这些数据未填时不核对，上级标准照样核对",
        "also looks at {names}: where these are not answered it is not judged, and the parent's is",
    ),
    "check_looser": (
        "{facts}时，上级标准判为不符，本标准不判",
        "with {facts} the parent's is broken and this one is not",
    ),
    "year": ("年度汇总与上级标准不同", "the year is not rolled up as in the parent"),
    "trigger": ("名次情形与上级标准不同或已取消", "the parent's trigger is changed or gone"),
}
TODO = {
    "gone": ("把它加回来，自己的要求另立一项", "put it back, and ask for more in a criterion of your own"),
    "points": ("分值不少于 {old} 分", "make it worth {old} points or more"),
    "classes": ("把这些类别加回来", "let it apply to these classes too"),
    "kept": ("改回与上级标准一致", "make it the same as in the parent"),
    "kinder": (
        "收紧计分办法，使同样的情况得分不多于上级标准；要加的内容另立一项",
        "tighten the rule so that the same facts earn no more; ask for what is added in a criterion of its own",
    ),
    "incomparable": ("与同组、往期比较的计分办法须与上级标准一致", "a rule that compares must be the parent's own"),
    "raised": ("不低于上级标准", "make it no lower than the parent's"),
    "lowered": ("不高于上级标准", "make it no higher than the parent's"),
    "check_apart": (
        "改回与上级标准一致；要多核对的，另立一条",
        "make it the same as in the parent, and check what is added in one of your own",
    ),
    "back": ("把它加回来", "put it back"),
}
BEYOND = {
    "best": ("同组最好的{name}", "best {name} of the group"),
    "rank": ("{name}的同组名次", "place in the group by {name}"),
    "self": ("自报的{name}", "{name} as claimed"),
    "before": ("上期的{name}", "{name} in the period before"),
    "year_before": ("去年同期的{name}", "{name} in the same period last year"),
    "two_year_mean": ("前两年同期平均的{name}", "mean {name} of the two years before"),
}
PLACES = {
    "head": ("整套标准", "Whole standard"),
    "kind": ("{kind}：", "{kind}, "),
    "fact": ("{name} {value}", "{name} {value}"),
    "yes": ("有{name}", "{name}"),
    "no": ("无{name}", "no {name}"),
    "of": ("{earned}/{full}", "{earned} of {full}"),
    "alone": ("{earned} 分", "{earned} points"),
    "anything": ("任何情况", "any facts"),
}
