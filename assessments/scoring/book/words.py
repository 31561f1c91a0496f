"""Chinese names in a workbook of a standard; beside each the name of docs/standard-format.md is read as well."""

from __future__ import annotations

from collections.abc import Mapping

SHAPES = {
    "yes_no": "有无",
    "checklist": "清单",
    "ratio": "按比例",
    "at_least": "达标（不低于）",
    "at_most": "达标（不超过）",
    "steps": "分档",
    "linear": "线性插值",
    "band": "区间最优",
    "deduct": "倒扣分",
    "per_point_below": "低于目标扣分",
    "target_and_excess": "超额加分",
    "best_in_group": "最高者满分",
    "rank_points": "名次计分",
    "versus_past": "与往期相比",
    "bonus": "加分",
    "sample_check": "抽查",
    "judged": "评议",
    "imported": "结果折算",
    "exemption": "免检",
    "misreport": "虚报扣分",
    "composite": "分项合计",
    "either_or": "或条件",
}
MORE_SHAPES = {
    "有/无": "yes_no",
    "是否": "yes_no",
    "完成率": "ratio",
    "比例": "ratio",
    "达标": "at_least",
    "达标制": "at_least",
    "不低于": "at_least",
    "不超过": "at_most",
    "扣分": "deduct",
    "同比": "versus_past",
    "环比": "versus_past",
    "评议分": "judged",
    "折算": "imported",
}

# The options of shapes, the first name being the one written.
OPTIONS = {
    "to": ("应有数", "应有", "目标", "目标值"),
    "target": ("目标", "目标值", "应达到", "标准"),
    "table": ("分档", "档次", "名次"),
    "otherwise": ("其余", "其他得分"),
    "bounds": ("分档方向",),
    "zero_at": ("零分值", "得0分值"),
    "full_at": ("满分值", "得满分值"),
    "low": ("下界", "最低值"),
    "high": ("上界", "最高值"),
    "below": ("下侧宽",),
    "above": ("上侧宽",),
    "floor": ("下限", "最低得分"),
    "cap": ("上限", "封顶"),
    "lose": ("每低扣",),
    "gain": ("每高加",),
    "each": ("每次", "每次扣", "每次加", "每处扣", "每起扣", "每项扣", "虚报扣", "每变化", "每次扣分", "每次加分"),
    "caps": ("单项上限",),
    "better": ("优劣",),
    "base": ("基期",),
    "change": ("变化单位",),
    "start": ("持平得分",),
    "limit": ("合格线",),
    "top": ("满分等级",),
    "drop": ("去极值",),
    "factor": ("折算系数",),
    "tolerance": ("容差",),
    "tolerance_in": ("容差单位",),
    "weights": ("权重",),
    "mandatory": ("必备",),
    "items_for": ("分类清单",),
    "items": ("项目",),
    "judges": ("评分项",),
    "of": ("指标",),
    "correct": ("合格数",),
    "sampled": ("抽查数",),
    "until": ("有效期",),
    "parts": ("分项",),
    "unless_zero": ("为零不得分",),
    "coefficient": ("难度系数", "系数"),
}
WRITTEN = {
    ("deduct", "each"): "每次扣",
    ("bonus", "each"): "每次加",
    ("misreport", "each"): "虚报扣",
    ("versus_past", "each"): "每变化",
    ("rank_points", "table"): "名次",
}
NO_LIMIT = "不限"
NORM = "标准值"
FROM = "起"
BY = "按"

CHOICES = {
    "higher": "越高越好",
    "lower": "越低越好",
    "at_least": "不低于",
    "at_most": "不超过",
    "before": "上期",
    "year_before": "去年同期",
    "two_year_mean": "前两年平均",
    "units": "原单位",
    "percent": "百分比",
    "none": "不去",
    "extremes": "去最高最低",
}
EVIDENCE = {"none": "不需要", "optional": "可附", "required": "必须"}
TIERS = {"bottom_line": "底线", "basic": "基础", "high_line": "高线"}
FIXERS = {"station": "派出所", "bureau": "上级"}
ABSENT = {"exclude": "不计入", "full": "计满分", "zero": "计零分"}
ROLLUPS = {
    "sum": "相加",
    "mean": "加权平均",
    "geometric": "几何平均",
    "harmonic": "调和平均",
    "min": "取最低",
    "max": "取最高",
}
KINDS = {
    "count": "个数",
    "number": "数值",
    "share": "百分比",
    "yes_no": "是否",
    "yuan": "金额",
    "area": "面积",
    "date": "日期",
}
EFFECTS = {
    "item": "该项零分",
    "section": "该类零分",
    "total": "总分零分",
    "bonus": "取消加分",
    "grade": "限制等次",
    "award": "取消评优",
}
SEVERITIES = {"error": "不能提交", "warning": "须作说明"}
YEAR_ROLLUPS = {"mean": "平均", "sum": "相加", "weighted": "加权平均"}
YEAR_OF = {"rate": "得分率", "total": "得分"}
MISSING = {"none": "无年度结果", "zero": "计零", "skip": "跳过"}
CAPS = {"none": "不限制", "latest": "按最近一期", "any": "按任何一期"}
PLACES = {"last": "末位", "top": "前列"}
OVER = {"periods": "各期", "years": "各年"}
FLAGS = {True: "是", False: "否"}

NOTHING = "（无）"  # a key that is left out where a blank cell means something else
DEFAULT = "其他类别"  # the column of a norm's "default"


def backwards(words: Mapping[str, str]) -> dict[str, str]:
    """Chinese name and name of the format, each -> name of the format."""
    return {word: key for key, word in words.items()} | {key: key for key in words}


def option(shape: str, key: str) -> str:
    """The name that an option of a shape is written with."""
    return WRITTEN.get((shape, key)) or OPTIONS[key][0]
