"""The sheets of the workbook: which columns, what each holds, and what is said beside its head.

A column whose key begins with # is no key of a table: the number on the paper, the formula in words, the three cells of
a rule, the code of a metric.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import words
from .cells import Choice, Classes, Day, Flag, Kind, Metric, Number, Numbers, Section, Text
from .norms import Norm

REST = "其他"  # what has no column, as TOML
READ_ONLY = "#words"


@dataclass(frozen=True)
class Column:
    """note     what belongs there, in Chinese and in English
    is_filled  a blank is filled in, so that leaving the key out is written （无）
    """

    key: str
    head: str
    kind: Kind
    width: int
    note: tuple[str, str] = ("", "")
    is_filled: bool = False

    @property
    def is_read_only(self) -> bool:
        return self.key == READ_ONLY


@dataclass(frozen=True)
class Sheet:
    """table  the key of the document it holds; "" for the head of the document
    form   "rows" (a list of tables), "codes" (a table of tables), "values" (one table, a row a key), "classes" (a table
           of tables with a column a class)
    """

    title: str
    table: str
    form: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column | None:
        return next((each for each in self.columns if each.key == key), None)


def _text(key: str, head: str, width: int = 18, *note: str, is_filled: bool = False) -> Column:
    return Column(key, head, Text(), width, note or ("", ""), is_filled)


def _choice(key: str, head: str, allowed: dict, width: int = 10, *note: str) -> Column:
    return Column(key, head, Choice(allowed), width, note or ("", ""))


def _number(key: str, head: str, width: int = 8, *note: str, **kind) -> Column:
    return Column(key, head, Number(**kind), width, note or ("", ""))


_TITLE_EN = _text("title_en", "英文名称", 24, "不填则用中文", "blank: the Chinese one", is_filled=True)
_SOURCES = (_text("source", "依据", 24), _text("source_en", "英文依据", 20))
_CLASSES = Column(
    "applies_to", "适用类别", Classes(), 14, ("派出所类别，几个用顿号隔开；不填为全部", "station classes; blank: all")
)
_NAMED = (_text("code", "编码", 14), _text("title", "名称", 24), _TITLE_EN)

CRITERIA = Sheet(
    "评分细则",
    "criterion",
    "rows",
    (
        Column(
            "#number", "序号", Text(), 6, ("纸面序号，仅供查看，不重复即可", "number on paper; only must not repeat")
        ),
        Column(
            "section",
            "类别",
            Section(),
            14,
            ("维度的名称；空白表示与上一行相同", "title of the dimension; blank: as above"),
            is_filled=True,
        ),
        _text("title", "考核内容", 26, "考核什么，一行一项", "what is assessed, one row each"),
        _number("points", "分值", 7, "满分；加分项和只扣分的项填 0", "full points; 0 for a bonus or pure deduction"),
        Column(
            READ_ONLY,
            "评分标准",
            Text(),
            40,
            ("由计分方式自动写成，导入时不读", "written from the rule; not read on import"),
        ),
        _text("evidence_note", "佐证材料", 26, "要附什么材料", "what to attach"),
        _text("source", "依据", 26, "文件、章节、条款；必填", "document, chapter, clause; required"),
        Column(
            "#shape",
            "计分方式",
            Choice(words.SHAPES),
            14,
            ("从下拉列表选择", "choose from the list"),
        ),
        _text(
            "#metrics",
            "指标",
            26,
            "指标名称或编码，几个用顿号隔开；库里没有的写“new: 名称（单位）”，如 new: 走访户数（户）",
            "titles or codes of metrics, several by 、; “new: name（unit）” makes one of your own",
        ),
        _text(
            "#params",
            "参数",
            30,
            "选项=值，几个用分号隔开，如：目标=5；下限=0。复杂的规则首行写 # TOML，下面照标准格式写",
            "option=value, several by ；, such as 目标=5；下限=0; begin with # TOML for a complicated rule",
        ),
        _choice("evidence", "佐证要求", words.EVIDENCE, 9, "不填为“可附”", "blank: may be attached"),
        _choice("tier", "层级", words.TIERS, 8, "不填为“基础”", "blank: basic"),
        _choice("fixable_by", "整改责任", words.FIXERS, 10, "不填为“派出所”", "blank: the station"),
        _CLASSES,
        _text("id", "编号", 18, "标准里的编号；不填则自动编", "id in the standard; blank: made up", is_filled=True),
        _TITLE_EN,
        _text("evidence_note_en", "英文佐证材料", 20),
        _text("source_en", "英文依据", 20),
        _text("url", "网址", 16),
        _choice("not_applicable", "不适用时", words.ABSENT, 10, "不填为“不计入”", "blank: leaves the points on offer"),
        _number("weight", "权重", 7, "只在按平均汇总的类别里有用", "only inside a dimension that takes a mean"),
        Column("lever", "关键指标", Metric(), 16, ("改进时先看的指标", "the metric to move first")),
        _text("continues", "延续项目", 16, "与上一版哪一项同口径", "the criterion of an earlier edition it continues"),
    ),
)
HEAD = Sheet(
    "基本信息",
    "",
    "values",
    (
        _text("code", "编码", 14, "标准的代码，字母、数字和连字符", "letters, digits and hyphens"),
        _text("version", "版本"),
        _text("title", "标准名称"),
        _text("title_en", "英文名称"),
        Column("in_force", "施行日期", Day(), 12),
        _number("points", "总分", 8, "各项分值应合计为此数", "what the criteria must sum to"),
        Column("classes", "派出所类别", Classes(), 30, ("几个用顿号隔开", "several by 、")),
        _choice("rollup", "汇总办法", words.ROLLUPS),
        _number("decimals", "分值小数位数", whole=True),
        _number("rate_decimals", "得分率小数位数", whole=True),
        _number("floor", "总分下限", no_limit=True),
        _number("cap", "总分上限", no_limit=True),
        _number("minimum_share", "参加排名的适用分值占比", 8, "0 到 1", "0 to 1"),
        _number("criteria_limit", "项目数上限", whole=True),
    ),
)
SECTIONS = Sheet(
    "类别",
    "section",
    "rows",
    (
        *_NAMED,
        _text("in", "上级类别编码", 14),
        _choice("rollup", "汇总办法", words.ROLLUPS),
        _number("points", "分值"),
        _number("rate_decimals", "得分率小数位数", whole=True),
        _number("floor", "下限", no_limit=True),
        _number("cap", "上限", no_limit=True),
        _number("minimum_share", "适用分值占比"),
        _number("weight", "权重"),
    ),
)
METRICS = Sheet(
    "指标",
    "metric",
    "codes",
    (
        _text("#code", "编码", 24, "两个以上的词，用点隔开，如 staff.officers", "two or more words joined by dots"),
        _text("title", "名称", 22),
        _choice("kind", "数据类型", words.KINDS, 10),
        _text("unit", "单位", 7),
        _text(
            "formula", "公式", 34, "填了公式的是计算指标，不用填报", "with a formula it is worked out, not asked for"
        ),
        _number("low", "最小值"),
        _number("high", "最大值"),
        Column("whole", "只填整数", Flag(), 8),
        Column("required", "必填", Flag(), 7),
        Column("register", "台账带入", Flag(), 8),
        _choice("fixable_by", "整改责任", words.FIXERS),
        _CLASSES,
        Column("dimension", "填报页", Section(), 16),
        _number("effort", "单位投入"),
        _text("short", "简称", 14),
        _text("help", "填报说明", 34),
        _TITLE_EN,
        _text("unit_en", "英文单位", 10, is_filled=True),
        _text("short_en", "英文简称", 14),
        _text("help_en", "英文填报说明", 34),
    ),
)
DERIVED = "derived"
_NORM_NOTE = (
    "写数；或“按常住人口：0→5、30000→8”；或“2025-01-01起4；2027-01-01起5”",
    "a number; by size “按METRIC：0→5、30000→8”; by date “2025-01-01起4；2027-01-01起5”",
)
NORMS = Sheet("标准值", "norm", "classes", (Column("#code", "指标", Metric(), 26, _NORM_NOTE),))
COEFFICIENTS = Sheet(
    "系数",
    "coefficient",
    "classes",
    (
        _text("#code", "编码", 14),
        _text("title", "名称"),
        _TITLE_EN,
        _number("low", "最小值"),
        _number("high", "最大值"),
    ),
)
BY_CLASS = Norm()
GRADES = Sheet(
    "等次",
    "grade",
    "rows",
    (
        *_NAMED,
        _number("from", "得分率起点", 10, "百分比，含本数；由高到低排列", "percent, inclusive; the best grade first"),
        _number("at_most", "占比上限", 10, "0 到 1，含更好等次", "0 to 1, better grades included"),
        _number("at_least", "占比下限", 10, "0 到 1，含更差等次", "0 to 1, worse grades included"),
    ),
)
GATES = Sheet(
    "必备条件",
    "gate",
    "rows",
    (
        *_NAMED,
        _text("met", "条件公式", 34, "大于 0 即达到，如 staff.officers >= 5", "met where over 0"),
        _text("criterion", "所看项目编号", 18),
        _number("from", "得分比例", 10, "百分比", "percent"),
        _text("caps", "未达到时最高等次", 14, "等次编码；none 为无等次", "code of a grade, or none"),
        _CLASSES,
        *_SOURCES,
    ),
)
VETOES = Sheet(
    "一票否决",
    "veto",
    "rows",
    (
        *_NAMED,
        _choice("effect", "后果", words.EFFECTS, 12),
        _text("target", "针对", 16, "项目编号、类别编码或等次编码", "id of a criterion, code of a section or grade"),
        _text("when", "触发公式", 30, "不填则由人决定", "blank: a person decides"),
        _CLASSES,
        *_SOURCES,
    ),
)
CHECKS = Sheet(
    "勾稽关系",
    "check",
    "rows",
    (
        *_NAMED,
        _text("holds", "应满足的公式", 34, "大于 0 即符合，如 staff.college <= staff.officers", "holds where over 0"),
        _choice("severity", "不符时", words.SEVERITIES, 12),
        _CLASSES,
    ),
)
YEAR = Sheet(
    "年度",
    "year",
    "values",
    (
        _choice("rollup", "汇总办法", words.YEAR_ROLLUPS),
        _choice("of", "汇总对象", words.YEAR_OF),
        _choice("missing", "缺期处理", words.MISSING),
        Column("weights", "各期权重", Numbers(), 14, ("由早到晚，用顿号隔开", "oldest first, several by 、")),
        _number("points", "全年满分"),
        _choice("caps", "等次限制沿用", words.CAPS),
    ),
)
TRIGGERS = Sheet(
    "触发事项",
    "trigger",
    "rows",
    (
        *_NAMED,
        _choice("place", "名次", words.PLACES),
        _number("k", "前几名", whole=True),
        _choice("over", "范围", words.OVER),
        _number("times", "累计次数", whole=True),
        _number("within", "最近几期", whole=True),
        _number("running", "连续次数", whole=True),
        *_SOURCES,
    ),
)
PARENT = Sheet(
    "上级标准",
    "parent",
    "values",
    (_text("code", "编码"), _text("version", "版本"), _text("digest", "摘要", 40)),
)

SHEETS = (
    CRITERIA,
    HEAD,
    SECTIONS,
    METRICS,
    NORMS,
    GRADES,
    GATES,
    VETOES,
    CHECKS,
    YEAR,
    TRIGGERS,
    COEFFICIENTS,
    PARENT,
)
BY_TITLE = {sheet.title: sheet for sheet in SHEETS}
# In this order, so that what a sheet refers to is read before it.
_NAMED_BY_OTHERS = (HEAD, SECTIONS, METRICS, COEFFICIENTS, NORMS, CRITERIA, GRADES)
READ_FIRST = (*_NAMED_BY_OTHERS, GATES, VETOES, CHECKS, YEAR, TRIGGERS, PARENT)
KEYS, VALUES = "项目", "值"  # heads of a sheet of values
UNREAD = ("说明", "指标库")  # sheets of the template that only inform
TOTAL = "合计"
EXAMPLE = "例"
