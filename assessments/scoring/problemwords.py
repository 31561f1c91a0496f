"""What reading a standard complains about, told in Chinese: one pattern of each English message, and its translation.

The engine notes its problems in English, one line each, `where: key: what`. `told` takes such a line apart and says it
in the reader's language; a message that no pattern knows is said as it is.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import chain, zip_longest
from typing import NamedTuple

from . import tomlwords
from .differencewords import KINDS, LABELS, OPTIONS, WORDING

_NO_TOML = "no TOML: "
# English as the engine words it, {…} where it puts a value; the same names in Chinese. The first that fits is taken.
PATTERNS = (
    ("the file is not UTF-8 text", "文件不是 UTF-8 编码的文本"),
    ("longer than {n} characters", "超过 {n} 个字符"),
    # names and values
    ("{name} is missing", "缺少{name}"),
    ("the same bound is there twice", "同一界限出现两次"),
    ("the same place is there twice", "同一名次出现两次"),
    ("{name} is there twice", "{name} 重复出现"),
    ("unknown key {name}", "没有 {name} 这个键"),
    ("unknown metric {name}", "没有指标 {name}"),
    ("unknown norm {name}", "没有标准值 {name}"),
    ("unknown class {name}", "没有派出所类别 {name}"),
    ("unknown grade {name}", "没有等次 {name}"),
    ("unknown shape {name}", "没有计分方式 {name}"),
    ("unknown coefficient {name}", "没有系数 {name}"),
    ("unknown value {name}", "不能写 {name}"),
    ("unknown name {name}", "没有 {name}"),
    ("must be text, not {value}", "须为文字，不能是 {value}"),
    ("must be true or false, not {value}", "须为 true 或 false，不能是 {value}"),
    ("must be a whole number, not {value}", "须为整数，不能是 {value}"),
    ("must be a number within ±10^15, not {value}", "须为 ±10^15 以内的数，不能是 {value}"),
    ('must be a number or "none", not {value}', '须为数字或 "none"（不限），不能是 {value}'),
    (
        "must be a number, a table by size or a dated list, not {value}",
        "须为数字、按规模分档的表或按日期的列表，不能是 {value}",
    ),
    ("must be a number or a dated list, not {value}", "须为数字或按日期的列表，不能是 {value}"),
    (
        'must be a number, "metric@norm", metric or dated list, not {value}',
        "须为数字、“指标@norm”、指标或按日期的列表，不能是 {value}",
    ),
    (
        'must be a number, "metric@norm" or dated list, not {value}',
        "须为数字、“指标@norm”或按日期的列表，不能是 {value}",
    ),
    ("must be a date like 2026-01-01, not {value}", "须为 2026-01-01 这样的日期，不能是 {value}"),
    ("must be a list of texts, not {value}", "须为文字列表，不能是 {value}"),
    ("must be a list of tables, not {value}", "须为表的列表，不能是 {value}"),
    ("must be a list of [{pair}], not {value}", "须为 [{pair}] 成对的列表，不能是 {value}"),
    ("must be a table, not {value}", "须为表，不能是 {value}"),
    ("must be a list of numbers, none below 0, not {value}", "须为不小于 0 的数的列表，不能是 {value}"),
    ("must be 0 to 1, such as 0.6, not {value}", "须在 0 至 1 之间，例如 0.6，不能是 {value}"),
    (
        "must be over 0 and at most 100 (percent of the points), not {value}",
        "须大于 0 且不超过 100（占分值的百分比），不能是 {value}",
    ),
    ("must be over 0 and not over high: {low}, {high}", "须大于 0 且不大于上限：{low}，{high}"),
    ("must be over 0, not {value}", "须大于 0，不能是 {value}"),
    ("must not be over high: {low} > {high}", "不能大于上限：{low} > {high}"),
    ("must not be over start: {low} > {high}", "不能大于持平得分：{low} > {high}"),
    ("must differ from zero_at, both are {value}", "不能与得 0 分的值相同，现在都是 {value}"),
    ("must be {low} to {high}, not {value}", "须在 {low} 至 {high} 之间，不能是 {value}"),
    ("must be {low} or more, not {value}", "须不小于 {low}，不能是 {value}"),
    ("must be {high} or less, not {value}", "须不大于 {high}，不能是 {value}"),
    ("must be over {low}, not {value}", "须大于 {low}，不能是 {value}"),
    ("a share over 0 and under 1, such as 0.25, not {value}", "须为大于 0、小于 1 的比例，例如 0.25，不能是 {value}"),
    ("{value} is outside {low} to {high}", "{value} 不在 {low} 至 {high} 之间"),
    ("the list is empty", "列表为空"),
    ("the table is empty", "表为空"),
    ("the dates must rise", "日期须由早到晚"),
    ("letters a-z, digits, and . _ - between them", "只能用 a-z、数字，中间可有 . _ -"),
    (
        "a code is two or more words of a-z, 0-9 and _ joined by dots, such as staff.officers",
        "代码由两个以上用点连接的词组成，只用 a-z、0-9 和 _，例如 staff.officers",
    ),
    ("is also a metric", "与一个指标同名"),
    # the whole
    ("there is no [[criterion]]", "还没有项目"),
    ("there is no [[section]]", "还没有部分（维度）"),
    ("there is no [[grade]] to cap", "还没有等次可以限制"),
    ("{count} criteria, more than the limit of {limit} (criteria_limit)", "共 {count} 项，超过 {limit} 项的上限"),
    ("the criteria make {total} points, not {declared}", "各项合计 {total} 分，不是 {declared} 分"),
    ("its criteria make {total}, not {declared}", "所含各项合计 {total} 分，不是 {declared} 分"),
    ("no criterion is in it", "其中没有项目"),
    ("every weight in it is 0", "其中权重全部为 0"),
    ("every weight is 0", "权重全部为 0"),
    ("counts only where points are summed", "只在分值相加时有效"),
    ("{points} points need more than {n} decimals", "{points} 分超过 {n} 位小数"),
    ("more than {n} units of 10^-{d}", "分值过大"),
    ("{cap} is less than the {worth} points on offer", "{cap} 小于可得的 {worth} 分"),
    ("{cap} is less than start", "{cap} 小于持平得分"),
    ("{floor} is more than the {worth} points on offer", "{floor} 大于可得的 {worth} 分"),
    ("criterion {name} has no points, so no rate to take the mean of", "项目 {name} 没有分值，不能取平均"),
    (
        "counts only inside a mean; what it stands in {does}: {remedy}",
        "权重只在取平均时有效；请改用分值，或给所在部分写明汇总办法",
    ),
    ("the bounds must fall from the best grade to the worst", "等次起点须由高到低"),
    (
        "at_most counts the better grades too, so it must not fall from the best grade on",
        "占比上限含更好的等次，由好到差不能变小",
    ),
    ("of the best grade says nothing: every station has it or a worse one", "对最好的等次没有意义"),
    # rules
    ("must hold exactly one rule, not none", "还没有计分方式"),
    ("must hold exactly one rule, not {names}", "只能有一种计分方式，现在是 {names}"),
    ("needs two parts or more", "至少要有两个分项"),
    ("parts inside parts deeper than {n}", "分项嵌套超过 {n} 层"),
    ("the parts make {total} points, not {full}", "各分项合计 {total} 分，不是 {full} 分"),
    ("the best part makes {best} points, not {full}", "最高的分项为 {best} 分，不是 {full} 分"),
    ("{points} points are more than the {full} on offer", "{points} 分超过可得的 {full} 分"),
    ("the {full} points on offer cannot be reached", "得不到可得的 {full} 分"),
    ("a place is a whole number from 1, not {value}", "名次须为 1 以上的整数，不能是 {value}"),
    ("a better place must not earn less", "名次更好的得分不能更少"),
    ("the first place makes {points} points, not {full}", "第一名得 {points} 分，不是 {full} 分"),
    ("{name} is not in the list", "{name} 不在清单中"),
    ("{name} is not in `each`", "{name} 不在扣分（加分）项中"),
    ("{floor} leaves nothing to lose of {full} points", "最低 {floor} 分，{full} 分无分可扣"),
    ("a bonus offers no points: write points = 0, not {full}", "加分项没有分值：分值写 0，不能是 {full}"),
    ("there is no gain to cap", "没有加分，不必封顶"),
    (
        "{high} × {factor} makes {total} points, more than the {full} on offer",
        "{high} × {factor} 得 {total} 分，超过可得的 {full} 分",
    ),
    ("{name} is better higher in one criterion and lower in another", "{name} 在一项中越高越好，在另一项中越低越好"),
    ("{name} must be a metric with bounds, not a derived one", "{name} 须为有上下限的指标，不能是计算值"),
    (
        "{name} must keep inside {low} to {high}: write its low and high",
        "{name} 须限定在 {low} 至 {high} 之间：请写明它的上下限",
    ),
    ("norm {name} has no value for class {kind}", "{name} 没有类别 {kind} 的标准值"),
    ("no value for class {kind}", "没有类别 {kind} 的值"),
    # conditions, year
    ("met and criterion exclude each other", "条件和项目只能写一个"),
    ("{name} has no points to take a share of", "{name} 没有分值，不能取比例"),
    ("{name} is the best grade: it would change nothing", "{name} 是最好的等次，限制不起作用"),
    ("of no use: the effect {effect} names nothing", "效果 {effect} 不需要对象"),
    ("looks at no metric", "没有用到任何指标"),
    ('count only with rollup = "weighted"', '只在 rollup = "weighted"（加权）时有效'),
    ('counts only with place = "top"', '只在 place = "top"（前列）时有效'),
    ("counts only with times", "只与 times（累计次数）同用"),
    ("{times} of {within} can never be", "{within} 期内不可能有 {times} 次"),
    (
        "write times (so often in all) or running (so often in a row), one of them",
        "写 times（累计次数）或 running（连续次数），二者取一",
    ),
    # formulas
    ("formulas in a circle: {names}", "算式互相引用成环：{names}"),
    ("the formula is empty", "算式为空"),
    ("longer than {n} signs", "算式超过 {n} 个符号"),
    ("{text}: unexpected {sign}", "{text}：{sign} 不应在此"),
    ("{text}: nested deeper than {n}", "{text}：嵌套超过 {n} 层"),
    ("{text}: a number beyond 10^15", "{text}：数超过 10^15"),
    ("{text}: no function {name}; there are {names}", "{text}：没有函数 {name}；可用 {names}"),
    ("{text}: {name}() does not take {n} values", "{text}：{name}() 不能有 {n} 个值"),
    ("{text}: ends too early", "{text}：没有写完"),
    ("{text}: {sign} is missing", "{text}：缺少 {sign}"),
)
# After an unknown name: the nearest, or all of a few.
ENDS = (("; did you mean {name}?", "；是不是 {name}？"), ("; one of {names}", "；可用 {names}"))
_BANNED = re.compile(r"forbidden metric (?P<zh>.+?) \((?P<en>.+?)\): (?P<rule>.+?) \((?P<rule_en>.+)\)")
_TITLED = re.compile(r"(criterion|section|gate|veto|grade) \S+ \((.+?)\)(?=, criterion |$)")
_PARTS = {"part": "分项", "rule": "计分方式", **{kind: zh for kind, (zh, _en) in KINDS.items()}, "criterion": "项目"}


class Told(NamedTuple):
    """`place` is where it is as the engine has it, such as "criterion staffing.load: rule.ratio"; `where` in words."""

    place: str
    where: str
    what: str


def told(line: str, lang: str, titles: dict[str, str] | None = None) -> Told:
    """A problem's line, without the file's name, in the reader's language. `titles`: what codes and ids are called."""
    chinese = lang.lower().startswith("zh")
    steps = line.split(": ")
    for first in range(len(steps)):
        said = _said(": ".join(steps[first:]), chinese)
        if said is not None:
            place = steps[:first]
            return Told(": ".join(place), _where(place, chinese, titles or {}), said)
    return Told("", "", line)


def place_told(where: str, lang: str) -> str:
    """The place of a linter's finding, such as "criterion a.b (Title)", in the reader's language and by its title."""
    if not lang.lower().startswith("zh"):
        return _TITLED.sub(r"\1 “\2”", where)
    named = _TITLED.sub(lambda found: f"{_PARTS.get(found[1], found[1])}“{found[2]}”", where)
    kind, _space, rest = named.partition(" ")
    return f"{_PARTS[kind]} {rest}" if kind in _PARTS and rest else _key(named)


def _said(message: str, chinese: bool) -> str | None:
    """The message in the language; None where no pattern knows it."""
    banned = _BANNED.fullmatch(message)
    if banned:
        return (
            f"禁用指标“{banned['zh']}”：{banned['rule']}"
            if chinese
            else f"forbidden metric “{banned['en']}”: {banned['rule_en']}"
        )
    if message.startswith(_NO_TOML):
        what = tomlwords.told(message.removeprefix(_NO_TOML), "zh-hans" if chinese else "en")
        return f"不是有效的 TOML 文本：{what}" if chinese else _NO_TOML + what
    body, end = _without_end(message, chinese)
    for pattern, translation in _compiled():
        found = pattern.fullmatch(body)
        if found:
            given = found.groupdict()
            if translation.startswith("缺少{name}"):
                given["name"] = f"“{_key(given['name'].strip(chr(39)))}”"
            return (translation.format(**given) if chinese else body) + end
    return None


def _without_end(message: str, chinese: bool) -> tuple[str, str]:
    for english, translation in ENDS:
        pattern = re.compile(".*?(" + _regex(english) + ")", re.DOTALL)
        found = pattern.fullmatch(message)
        if found and message.startswith("unknown "):
            return message[: found.start(1)], translation.format(**found.groupdict()) if chinese else found[1]
    return message, ""


@cache
def _compiled() -> tuple[tuple[re.Pattern, str], ...]:
    return tuple((re.compile(_regex(english), re.DOTALL), chinese) for english, chinese in PATTERNS)


def _regex(template: str) -> str:
    parts = re.split(r"\{(\w+)\}", template)
    named = (f"(?P<{name}>{_value(name, n == 0 and not parts[0])})" for n, name in enumerate(parts[1::2]))
    return "".join(chain.from_iterable(zip_longest(map(re.escape, parts[::2]), named, fillvalue="")))


def _value(name: str, is_first: bool) -> str:
    """What may stand for a value; at the beginning of a message no place may slip into it."""
    if not is_first:
        return ".+?"
    return r"""(?:'.*'|".*")""" if name == "text" else "(?:(?!: ).)+?"


def _where(place: list[str], chinese: bool, titles: dict[str, str]) -> str:
    return (" · " if chinese else ": ").join(_step(step, chinese, titles) for step in place)


def _step(step: str, chinese: bool, titles: dict[str, str]) -> str:
    kind, _space, name = step.partition(" ")
    called = titles.get(name, name)
    if not chinese:
        return f"{kind} {called}" if name else kind
    if name:
        return f"{_PARTS.get(kind, kind)}“{called}”" if kind != "part" else f"第 {name} 分项"
    return _key(step)


def _key(key: str) -> str:
    """A key in Chinese; one without a name stays as it is written."""
    for names in (OPTIONS, WORDING, *LABELS.values()):
        if key in names:
            return names[key][0]
    return "计分方式" if key.startswith("rule") else _PARTS.get(key, key)
