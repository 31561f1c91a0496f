"""A standard as a file: its TOML text as it stands, or a workbook; and the empty workbook of a paper scheme."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.http import content_disposition_header

from . import bookfile, draftoutline, outline
from .importing import class_names
from .models import Draft, Edition
from .scoring import library
from .scoring.book import writing
from .scoring.book.layout import CRITERIA, EXAMPLE, Column, Sheet
from .scoring.book.words import OPTIONS, SHAPES, option
from .scoring.book.writing import Page
from .scoring.reading import toml
from .scoring.rules import RULES

TOML = "application/toml; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHINESE = "zh-hans"  # the workbook is in Chinese
_SCHEME = ("#number", "section", "title", "points", "evidence_note", "source", "#shape", "#metrics", "#params")
_EXAMPLE_ROW = (
    f"{EXAMPLE}（导入时不读）",
    "基础建设",
    "走访到户",
    Decimal(5),
    "走访台账",
    "细则第一条",
    SHAPES["ratio"],
    "new: 已走访户数（户）",
    "应有数=new: 应走访户数（户）",
)
_NOTES = (
    "只填“评分细则”一张表就能导入，一行一项；其余的由系统补上：等次 95/85/70/60、全部派出所类别、编号。",
    "类别写在每一类的第一行即可，下面空着的与上一行相同；合计行、例行和空行不读。",
    "分值：满分。加分项和只扣分的项填 0。",
    "计分方式：从下拉列表里选，各种方式的选项见下。",
    "指标：写“指标库”表里的名称或编码，几个用顿号隔开；库里没有的写“new: 名称（单位）”，单位如 人、次、%、元、是/否。",
    "按比例写两个指标（实有、应有）也可以。",
    "参数：选项=值，几个用分号隔开。值可以是数、不限、标准值、指标名称，或“名称:数”几个用顿号隔开。",
    "例：目标=5　　每次扣=0.5；下限=0　　分档=90:5、80:4、70:2.5；其余=0　　满分值=750；零分值=1700",
    "复杂的规则（分项合计、或条件）首行写 # TOML，下面照标准格式写；也可以导入后在网页上编辑。",
    "罚没款、拘留、逮捕、破案率等数量指标按规定不得列入，导入时会指出依据。",
)


def xlsx_of_edition(edition: Edition) -> bytes:
    """The workbook of an edition. Raises ValueError where a spreadsheet cannot hold it."""
    lines = [line for chapter in outline.of(edition, CHINESE) for line in chapter.lines]
    words = {line.criterion.id: "\n".join(line.rules) for line in lines}
    return _xlsx(toml(edition.text), words, {line.criterion.id: line.number for line in lines})


def xlsx_of_draft(draft: Draft) -> bytes:
    """The workbook of a draft, finished or not; its words are those of rules that can be read. Raises as above."""
    rows = [row for part in draftoutline.of(draft, CHINESE).parts for row in part.rows if row.id]
    words = {row.id: "\n".join(row.rules) for row in rows}
    return _xlsx(toml(draft.text), words, {row.id: row.number for row in rows})


def _xlsx(document: Mapping, words: Mapping[str, str], numbers: Mapping[str, str]) -> bytes:
    return bookfile.write(writing.pages(document, class_names(), words=words, numbers=numbers))


def template() -> bytes:
    """The empty workbook: the first sheet with an example, how to fill it in, and the metrics of the library."""
    columns = [column for key in _SCHEME if (column := CRITERIA.column(key))]
    scheme = Page(
        CRITERIA,
        [each.head for each in columns],
        columns,
        [list(_EXAMPLE_ROW)],
        "××公安局派出所规范化建设考评 评分细则",
    )
    return bookfile.write([scheme, _informing("说明", _how()), _informing("指标库", _metrics())])


def _informing(title: str, rows: list[list]) -> Page:
    heads, *lines = rows
    widths = [max(len(str(row[at] or "")) for row in rows) for at in range(len(heads))]
    columns = [
        Column(f"#{at}", head, CRITERIA.columns[0].kind, min(90, 2 * width + 4))
        for at, (head, width) in enumerate(zip(heads, widths, strict=True))
    ]
    return Page(Sheet(title, title, "rows", tuple(columns)), list(heads), columns, lines)


def _how() -> list[list]:
    """What a person who fills it in needs to know, then each way of scoring with its options."""
    rows: list[list] = [["说明", "参数里的选项"], *([note, None] for note in _NOTES)]
    for shape, name in SHAPES.items():
        options = [option(shape, key) for key in RULES[shape].options() if key in OPTIONS]
        rows.append([f"计分方式“{name}”", "、".join(options)])
    return rows


def _metrics() -> list[list]:
    shipped = library.shipped()
    rows = [["名称", "单位", "编码", "填报说明"]]
    for kind in ("metric", "derived"):
        for code, row in shipped.tables[kind].items():
            rows.append([row["title"], row.get("unit"), code, row.get("help") or row.get("formula")])
    return rows


def named(code: str, version: str, suffix: str) -> str:
    """The header that offers a file under this name."""
    return content_disposition_header(True, f"{code}-{version}.{suffix}")
