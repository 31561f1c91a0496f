"""A standard laid out as a workbook and read again is the same standard, whatever stands in it."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assessments import bookfile
from assessments.scoring import Standard, tomltext
from assessments.scoring.book import reading, writing
from assessments.scoring.book.cells import same
from assessments.scoring.book.layout import CRITERIA, REST, SHEETS
from assessments.scoring.book.words import OPTIONS, SHAPES
from assessments.scoring.reading import toml
from assessments.scoring.rules import RULES
from assessments.scoring.tablewords import Words
from tests.scoring.test_format import SECTIONS, TEXT, standard_of, table_under

ROOT = Path(__file__).parents[2]
CLASSES = {"urban": "中心城区", "county_town": "城关", "town": "建制镇", "rural": "农村牧区", "scenic": "景区"}
SHIPPED = sorted(path for path in (ROOT / "assessments/standards").glob("*.toml") if path.stem != "forbidden")
PUBLISHED = sorted((ROOT / "tests/scoring/published").glob("**/*.toml"))
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, re.S)


def again(document: dict) -> dict:
    """The document after a workbook, through the file itself."""
    content = bookfile.write(writing.pages(document, CLASSES))
    return reading.read(bookfile.read(content, "t.xlsx", Words("en")), CLASSES).document


def in_cells(document: dict) -> dict:
    """The document after the sheets alone."""
    return reading.read(writing.cells(writing.pages(document, CLASSES)), CLASSES).document


def page(document: dict, title: str) -> list[dict]:
    """Head -> cell of every row of a sheet."""
    made = next(each for each in writing.pages(document, CLASSES) if each.sheet.title == title)
    return [dict(zip(made.heads, line, strict=True)) for line in made.lines]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_edition_comes_back_from_the_file_as_it_went_in(path):
    document = toml(path.read_text("utf-8"))
    back = again(document)
    assert back == document
    assert [list(back[key]) for key in ("metric", "criterion")] == [
        list(document[key]) for key in ("metric", "criterion")
    ]
    assert Standard.loads(tomltext.document(back)).criteria[0].title == document["criterion"][0]["title"]


@pytest.mark.parametrize("path", [*SHIPPED, *PUBLISHED], ids=lambda path: path.stem)
def test_every_standard_comes_back_from_the_cells(path):
    document = toml(path.read_text("utf-8"))
    assert same(in_cells(document), document, ordered=False)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_of_the_format_comes_back(number):
    document = toml(EXAMPLES[number])
    assert same(in_cells(document), document, ordered=False)


@pytest.mark.parametrize("shape", RULES)
def test_every_shape_has_its_three_cells(shape):
    """Whole standards, so that the metrics have titles; nothing of a rule is left for the column of the rest."""
    example = re.search(r"```toml\n(.*?)```", SECTIONS[shape], re.S).group(1)
    metrics = list(dict.fromkeys(head.partition("@")[0] for head in table_under(SECTIONS[shape])[0][:-1]))
    document = toml(standard_of(example, metrics).text)
    row = page(document, "评分细则")[0]
    assert (row["计分方式"], bool(row["指标"]), row[REST]) == (SHAPES[shape], True, None)
    assert same(in_cells(document), document, ordered=False)


def test_every_shape_and_option_has_a_chinese_name():
    options = {key for rule in RULES.values() for key in rule.options()}
    assert (set(SHAPES), options - set(OPTIONS)) == (set(RULES), set())


ODD_TEXTS = [
    "=1+1",
    "+8610",
    "-",
    "@x",
    "'quoted'",
    '"双"引号',
    " 前后空白 ",
    "两行\n第二行",
    "tab\there",
    "\r\n",
    "\x07",
    "_x0041_",
    "x005F_",
    "_x000D_",
    "\ufffe",
    "（无）",
    "不限",
    "合计",
    "标准值",
    "2026-01-01",
    "007",
    "1e5",
    "长" * 40_000,
    "# TOML",
    "其他",
    "😀 ㋿",
    "https://x.test/?a=1&b=<2>",
]
ODD_VALUES = [
    0,
    -3,
    Decimal("0.1"),
    Decimal("1E+2"),
    Decimal("1234567890.12345678901234567890"),
    Decimal("0.30000000000000004"),
    10**15,
    True,
    False,
    date(1899, 12, 31),
    date(2026, 2, 28),
    "none",
    "5",
    "",
    [],
    {},
    [1, "a", [Decimal("0.5")]],
    {"a": {"b": [True, date(2026, 1, 1)]}},
]


def small(**changed) -> dict:
    """A small sound document with these keys of its criterion changed; None leaves one out."""
    document = toml(EXAMPLES[0])
    row = document["criterion"][0] | changed
    document["criterion"][0] = {key: value for key, value in row.items() if value is not None}
    return document


def test_odd_texts_come_back_from_the_file_wherever_they_stand():
    document = small()
    for number, text in enumerate(ODD_TEXTS):
        metric, rule = f"odd.m{number}", {"ratio": {"of": f"odd.m{number}", "to": "staff.officers"}}
        document["metric"][metric] = {"kind": "count", "title": text, "unit": text, "help": text}
        document["criterion"].append(
            {"id": text, "section": text, "title": text, "points": 1, "rule": rule, "odd": text}
        )
        document["criterion"].append(
            {"id": f"of {text}", "rule": {"ratio": {"of": text, "to": metric}}, "source": text}
        )
        document["section"].append({"code": text, "title": text})
        document["grade"].append({"code": text})
    assert same(again(document), document, ordered=False)


def test_odd_values_come_back_wherever_they_stand():
    for key in ("title", "points", "rule", "applies_to", "unknown"):
        documents = [small(**{key: value}) for value in ODD_VALUES]
        assert [in_cells(each) for each in documents] == documents
    for key in ("code", "classes", "section", "metric", "criterion", "year", "odd"):
        documents = [small() | {key: value} for value in ODD_VALUES]
        assert [in_cells(each) for each in documents] == documents


def test_norms_by_size_and_day_come_back_and_read_like_a_table():
    sized = {"by": "station.residents", "table": [[0, 5], [30000, 8]]}
    values = {
        "urban": 30,
        "town": sized,
        "rural": [{"from": date(2025, 1, 1), "value": 4}, {"from": date(2027, 1, 1)} | sized],
        "scenic": [{"from": "2025"}],
        "default": Decimal("5.5"),
    }
    document = small() | {"norm": {"staff.officers": values}, "classes": list(CLASSES)}
    document["metric"]["station.residents"] = {"kind": "count", "title": "常住人口", "unit": "人", "unit_en": "people"}
    row = page(document, "标准值")[0]
    assert row["建制镇(town)"] == "按常住人口：0→5、30000→8"
    assert row["农村牧区(rural)"] == "2025-01-01起4；2027-01-01起按常住人口：0→5、30000→8"
    assert again(document) == document


def test_a_document_that_lacks_what_would_be_filled_in_stays_without_it():
    for key in ("id", "title_en", "section", "title", "rule", "points"):
        document = small(**{key: None})
        assert in_cells(document) == document
    document = small()
    del document["metric"]["staff.officers"]["unit_en"], document["metric"]["staff.officers"]["title_en"]
    assert in_cells(document) == document


def test_the_sheet_reads_as_an_office_writes_it():
    document = toml(SHIPPED[0].read_text("utf-8"))
    rows = {row["编号"]: row for row in page(document, "评分细则")}
    strength = rows["staffing.strength"]
    assert [
        strength[head] for head in ("类别", "分值", "计分方式", "指标", "参数", "佐证要求", "层级", "整改责任")
    ] == [
        "警力与队伍",
        5,
        "达标（不低于）",
        "民警",
        "目标=标准值",
        "可附",
        "底线",
        "上级",
    ]
    assert rows["staffing.households"]["参数"] == "零分值=1700；满分值=750"
    assert page(document, "评分细则")[-1] | {"分值": 100} == page(document, "评分细则")[-1]
    assert SHEETS[0] is CRITERIA


def test_the_document_names_every_column_sheet_and_shape():
    text = (ROOT / "docs/standard-workbook.md").read_text("utf-8")
    names = [*SHAPES.values(), *(sheet.title for sheet in SHEETS), *(column.head for column in CRITERIA.columns), REST]
    assert [name for name in names if name not in text] == []


@pytest.mark.parametrize(
    ("shape", "metrics", "params", "rule"),
    [
        ("达标", "民警", "目标=5；", {"at_least": {"of": "a.officers", "target": 5}}),
        ("ratio", "a.officers", "应有数=标准值(民警)", {"ratio": {"of": "a.officers", "to": "a.officers@norm"}}),
        ("按比例", "民警，台账", None, {"ratio": {"of": "a.officers", "to": "a.ledgers"}}),
        (
            "加分",
            "民警、台账",
            "每次加=2、0.5；封顶=不限",
            {"bonus": {"each": {"a.officers": 2, "a.ledgers": Decimal("0.5")}, "cap": "none"}},
        ),
        (
            "扣分",
            "台账",
            "每次扣=１；下限＝０；为零不得分=民警",
            {"deduct": {"each": {"a.ledgers": 1}, "floor": 0}, "unless_zero": "a.officers"},
        ),
        (
            "分档",
            "民警",
            "分档=90：5、80:4；其余=0；分档方向=不超过",
            {"steps": {"of": "a.officers", "table": [[90, 5], [80, 4]], "otherwise": 0, "bounds": "at_most"}},
        ),
        (
            "达标制",
            "民警",
            "目标=2026-01-01起50、2027年1月1日起55",
            {
                "at_least": {
                    "of": "a.officers",
                    "target": [{"from": date(2026, 1, 1), "value": 50}, {"from": date(2027, 1, 1), "value": 55}],
                }
            },
        ),
        (
            "抽查",
            "民警、台账",
            "合格线=85%",
            {"sample_check": {"correct": "a.officers", "sampled": "a.ledgers", "limit": 85}},
        ),
        ("或条件", "民警", "# TOML\nparts = []", None),
        ("评议", "new: 内务（分）", "满分等级=10", {"judged": {"judges": ["local.m1"], "top": 10}}),
    ],
)
def test_what_a_person_types_is_read_as_it_is_meant(shape, metrics, params, rule):
    heads = ["类别", "考核内容", "分值", "计分方式", "指标", "参数"]
    sheets = {
        "指标": [
            ["编码", "名称", "数据类型", "单位"],
            ["a.officers", "民警", "个数", "人"],
            ["a.ledgers", "台账", "个数", "本"],
        ],
        "随便": [heads, ["类", "项", "5", shape, metrics, params]],
    }
    sheets = dict(reversed(sheets.items()))
    found = reading.read(sheets, CLASSES)
    if rule is None:
        assert [each.key for each in found.faults] == ["not_in_toml"]
        return
    assert (found.faults, found.document["criterion"][0]["rule"]) == ([], rule)
    assert found.document["criterion"][0]["points"] == 5
