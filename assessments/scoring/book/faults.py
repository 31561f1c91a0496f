"""What is said about cells that cannot be read: key -> (Chinese, English), what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from .. import tomlwords

WORDS = {
    "no_sheet": (
        "没有“{title}”工作表；请用本页的模板，或把考核项目所在的表放在最前面",
        "there is no sheet “{title}”; use the template of this page, or put the sheet of criteria first",
    ),
    "no_heads": (
        "前十行里找不到列名（{heads}）；请把列名放在一行里",
        "no row of heads ({heads}) among the first ten rows; put the heads into one row",
    ),
    "head_twice": ("列名重复；只保留一列", "the head is there twice; keep one of the columns"),
    "row_head": (
        "没有这个项目；请删去此行或改用模板里的名称",
        "no such key; remove the row or use a name of the template",
    ),
    "number": ("不是数字；请只填数字，如 5 或 2.5", "is not a number; type digits only, such as 5 or 2.5"),
    "whole": ("应为整数；请去掉小数", "must be whole; write a number without a fraction"),
    "day": ("不是日期；请写成 2026-01-01", "is not a date; write it as 2026-01-01"),
    "choice": ("不在可选范围；应为 {allowed} 之一", "is no choice; one of {allowed}"),
    "shape": ("没有这种计分方式；应为 {allowed} 之一", "no such way of scoring; one of {allowed}"),
    "class": ("没有这个派出所类别；应为 {allowed}", "no such class of station; one of {allowed}"),
    "section": ("没有这个类别；请写“类别”表里的名称", "no such dimension; write a title of the sheet 类别"),
    "section_twice": ("有几个同名的类别；请写类别编码", "several dimensions have this title; write the code"),
    "metric": (
        "没有这个指标{near}；请改名称，或写“new: 名称（单位）”新建",
        "no such metric{near}; correct the name, or write “new: name（unit）” to make one",
    ),
    "near": ("，是否指“{name}”", ", did you mean “{name}”"),
    "metric_twice": (
        "有几个同名的指标（{codes}）；请写编码",
        "several metrics have this title ({codes}); write the code",
    ),
    "metric_classes": (
        "此指标只用于本标准没有的派出所类别；请换一个指标",
        "this metric is of classes that the standard is not made for; choose another one",
    ),
    "new_unit": (
        "新建指标没有写单位；请写成“new: {value}（单位）”，单位如 人、次、%、元、是/否",
        "the new metric has no unit; write “new: {value}（unit）”, such as 人, 次, %, 元, 是/否",
    ),
    "no_metric": ("没有填指标；请写指标名称", "there is no metric; write its name"),
    "one_metric": ("这种计分方式只看一个指标；请只留一个", "this way of scoring looks at one metric; keep one"),
    "two_metrics": (
        "抽查要两个指标：合格数、抽查数；请按此顺序写两个",
        "a sample check looks at two metrics, those right and those checked; write both in this order",
    ),
    "no_points": ("“{value}”没有写扣（加）多少分；请在“每次扣（加）”里补上", "“{value}” has no points; add them"),
    "no_shape": (
        "写了指标或参数而没有计分方式；请选择",
        "there is a metric or option but no way of scoring; choose one",
    ),
    "clause": ("应写成“选项=值”，几个用分号隔开", "must be option=value, several by a semicolon"),
    "option": ("这种计分方式没有此选项；可写 {allowed}", "no option of this way of scoring; it has {allowed}"),
    "option_twice": ("写了两次；只保留一次", "is there twice; keep one"),
    "pair": (
        "应写成“名称:数”，几个用顿号隔开，如 90:5、80:4",
        "must be name:number, several by 、, such as 90:5、80:4",
    ),
    "only_toml": ("只能用 TOML 写：首行写 # TOML", "can only be written as TOML, under a first line # TOML"),
    "parts_in_toml": (
        "分项要用 TOML 写：首行写 # TOML，下面写 parts = [ … ]；或导入后在网页上编辑",
        "parts are written as TOML: a first line # TOML, then parts = [ … ]; or edit them on the page after import",
    ),
    "not_in_toml": (
        "参数里的 TOML 没有用到这个指标（{code}）；请改 TOML 或删去",
        "the TOML beside it does not use this metric ({code}); change the TOML or take it out",
    ),
    "toml": ("TOML 有误（{why}）；请改正", "is no TOML ({why}); correct it"),
    "norm": (
        "不是标准值；请写数，或“按指标：0→5、30000→8”，或“2025-01-01起4；2027-01-01起5”",
        "is no norm; write a number, “按METRIC：0→5、30000→8” or “2025-01-01起4；2027-01-01起5”",
    ),
    "no_code": ("没有编码；请补上", "there is no code; add it"),
    "twice": ("重复；请只留一行", "is there twice; keep one row"),
    "number_twice": ("与第 {first} 行重复；请改成不同的", "the same as in row {first}; make them differ"),
    "total": ("合计与各项分值之和 {sum} 不符；请核对", "the rows sum to {sum}; check which is right"),
}


def say(key: str, given: Mapping, lang: str, value: str = "") -> str:
    """The sentence in a language ("zh-hans" or "en")."""
    chinese = lang.lower().startswith("zh")
    words = {"value": value, **given}
    if "near" in words:
        name = words["near"]
        words["near"] = WORDS["near"][not chinese].format(name=name) if name else ""
    if key == "toml":
        words["why"] = tomlwords.told(words["why"], lang)
    return WORDS[key][not chinese].format(**words)


def letter(column: int) -> str:
    """The letters of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
