"""A table of facts is read as it stands, or every bad cell is listed."""

from datetime import UTC, date, datetime, time

import pytest

from assessments.scoring import NOT_APPLICABLE, Standard
from assessments.scoring.factcell import UNSAVED, Fault, fact
from assessments.scoring.table import BLOCK, TableError, letter, read, read_csv
from tests.scoring.small import criterion, standard

EDITION = standard(
    criterion("yes_no = { of = 'q.x' }", 40, "a"),
    criterion("linear = { of = 'm.a', zero_at = 0, full_at = 10 }", 60, "b"),
    criterion("deduct = { each = { 'c.n' = 1 }, floor = 0 }", 5, "c"),
    criterion("linear = { of = 's.r', zero_at = 0, full_at = 100 }", 5, "d"),
    kinds={"c.n": "count", "s.r": "share", "t.u": "date"},
)


def cell(value, code: str):
    return fact(value, EDITION.metrics[code])


def faults(*rows, **how) -> tuple[str, ...]:
    with pytest.raises(TableError) as refusal:
        read(rows, EDITION, lang="en", **how)
    return refusal.value.faults


def facts_of(table) -> list[dict]:
    """The facts of each station."""
    return [{code: float(column[i]) for code, column in table.columns.items()} for i in range(len(table))]


HEAD = ("station", "class", "m.a")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("47,970", 47970),
        ("47 970.5", 47970.5),
        ("４７，９７０", 47970),
        (" 7 ", 7),
        ("0", 0),
        ("1e3", 1000),
        (".5", 0.5),
        ("'+3", 3),
        (7.0, 7),
        (0.1, 0.1),
        ("", None),
        (None, None),
        ("N/A", NOT_APPLICABLE),
        ("不适用", NOT_APPLICABLE),
    ],
)
def test_a_number_is_read_as_people_write_it(text, number):
    assert cell(text, "m.a") == number


@pytest.mark.parametrize("yes", ["是", "Yes", "1", "TRUE", True, 1, 1.0, "有"])
def test_yes_has_many_words(yes):
    assert cell(yes, "q.x") == 1


@pytest.mark.parametrize("no", ["否", "no", "0", "False", False, 0, "无"])
def test_no_has_many_words(no):
    assert cell(no, "q.x") == 0


def test_a_percent_sign_belongs_to_a_share():
    assert cell("85.5%", "s.r") == cell("８５．５％", "s.r") == cell("85.5", "s.r") == 85.5


@pytest.mark.parametrize(
    "day",
    [
        "20261231",
        20261231,
        20261231.0,
        "2026-12-31",
        "2026/12/31",
        "2026.12.31",
        "2026年12月31日",
        "２０２６－１２－３１",
        date(2026, 12, 31),
        datetime(2026, 12, 31, 18, 30, tzinfo=UTC),
    ],
)
def test_a_day_is_read_as_people_write_it(day):
    assert cell(day, "t.u") == 20261231


@pytest.mark.parametrize(
    ("value", "code", "key"),
    [
        ("2026-02-30", "t.u", "day"),
        ("20261399", "t.u", "day"),
        ("2026-12/31", "t.u", "day"),
        ("12-31", "t.u", "day"),
        (46022, "t.u", "day"),
        ("一年", "t.u", "day"),
        (time(8, 30), "t.u", "date"),
        ("1899-12-31", "t.u", "low"),
        ("—", "m.a", "dash"),
        ("－", "m.a", "dash"),
        ("……", "m.a", "dash"),
        ("/", "m.a", "dash"),
        ("NA", "m.a", "dash"),
        ("未填", "m.a", "dash"),
        ("七", "m.a", "text"),
        ("7人", "m.a", "text"),
        ("1/2", "m.a", "text"),
        ("nan", "m.a", "text"),
        ("inf", "m.a", "text"),
        ("1_000", "m.a", "text"),
        ("²", "m.a", "text"),
        ("10²", "m.a", "text"),
        ("①", "m.a", "text"),
        ("4,79,70", "m.a", "commas"),
        ("1,5", "m.a", "commas"),
        ("9" * 61, "m.a", "long"),
        ("1e15", "m.a", "long"),
        ("85%", "m.a", "percent"),
        ("101%", "s.r", "high"),
        ("-1", "m.a", "low"),
        ("−1", "m.a", "low"),
        ("2", "q.x", "yes_no"),
        ("maybe", "q.x", "yes_no"),
        ("1.5", "c.n", "whole"),
        (True, "m.a", "text"),
        ("#DIV/0!", "m.a", "error"),
        (date(2026, 1, 1), "m.a", "date"),
        (UNSAVED, "m.a", "unsaved"),
    ],
)
def test_what_is_not_plainly_a_fact_is_a_fault(value, code, key):
    with pytest.raises(Fault) as refusal:
        cell(value, code)
    assert refusal.value.key == key


def test_heads_are_codes_titles_or_both():
    titled = read([("所", "类别", "m.a 甲", "Q.X"), ("s1", "rural", "5", "是")], EDITION)
    assert facts_of(titled) == [{"m.a": 5, "q.x": 1}]
    assert titled.absent == ("m.b", "m.c", "q.y", "q.z", "c.n", "s.r", "t.u")
    assert (titled.ids, titled.kinds, titled.groups) == (("s1",), ("rural",), ("",))


@pytest.mark.parametrize("head", ["m.a", "M.A 任何说明", "甲", "甲（个）", "甲\n(个)", "Ａ one", "a  ONE (pieces)"])
def test_a_head_may_have_its_unit_width_and_line_breaks(head):
    edition = standard(criterion("yes_no = { of = 'q.x' }")).text.replace(
        'title = "m.a"\ntitle_en = "m.a"', 'title = "甲"\ntitle_en = "A one"'
    )
    table = read([("所", "类别", head), ("s1", "rural", "5")], Standard.loads(edition))
    assert facts_of(table) == [{"m.a": 5}]


def test_a_code_that_lost_its_digits_is_refused():
    lost = "a spreadsheet made this code a number and lost digits; make the column a text and write it anew"
    for code in ("3.70102E+11", "3e+15", 10**15, 3.7e17):
        assert faults(HEAD, (code, "rural", 1))[0].endswith(lost)
    assert read([HEAD, (370102000000.0, "rural", 1), ("00012", "rural", 2)], EDITION).ids == ("370102000000", "00012")


def test_more_rows_than_a_block_are_one_table():
    rows = [(f"s{i}", "rural", i % 90) for i in range(BLOCK + 7)]
    table = read([HEAD, *rows[:5], (), *rows[5:]], EDITION)
    assert table.columns["m.a"].tolist() == [row[2] for row in rows]
    assert faults(HEAD, *rows, ("s5", "rural", "x"))[0].startswith(f"row {BLOCK + 9}, column A (station), “s5”")


def test_every_bad_cell_is_listed_in_order():
    assert faults(
        ("station", "class", "m.a", "m.aa", "c.n", "m.a", ""),
        ("s1", "rurl", "x", "", "1.5", ""),
        ("", "rural", "1"),
        ("s2", "", "-1", "", "", "", "stray", "far"),
        (),
        ("s1", "rural"),
    ) == (
        "row 1, column D (m.aa), “m.aa”: the standard knows no such column, did you mean m.a; "
        "use a metric's code, remove the column, or begin its head with # if it is a remark",
        "row 1, column F (m.a), “m.a”: the same column as C; keep one of them",
        "row 2, column B (class), “rurl”: no class of the standard, did you mean rural; one of urban, rural",
        "row 2, column C (m.a m.a), “x”: is not a number; type digits only, leave blank if unanswered, "
        "n/a if not applicable",
        "row 2, column E (c.n c.n), “1.5”: must be whole; write a number without a fraction",
        "row 3, column A (station), “”: no station code; add it or clear the row",
        "row 4, column B (class), “”: no class; one of urban, rural",
        "row 4, column C (m.a m.a), “-1”: below the least allowed, 0; check it, "
        "or let the standard allow it (low of the metric)",
        "row 4, column G (), “stray”: there are values under no head; name the column or clear it",
        "row 4, column H (), “far”: lies beyond the last head; clear it or name the column",
        "row 6, column A (station), “s1”: the station of row 2 again; keep one row for each",
    )


def test_a_table_without_classes_or_stations_says_so():
    assert faults(("station", "m.a"), ("s1", 1)) == (
        "row 1, column A (station), “station”: there is no column “class”, "
        "and the standard tells apart urban, rural; add it",
    )
    assert (
        faults()
        == faults((None, ""))
        == ("the table is empty; put column heads in row 1 and station codes in column 1",)
    )
    assert faults(HEAD) == ("no station under the heads; give each station a row",)


@pytest.mark.parametrize("under", ["合计", "合 计", "小计", "平均值", "Total", "注：统计局数据", "制表人：张三"])
def test_a_sum_or_a_remark_under_the_table_is_no_station(under):
    """A sum would be ranked, and ranked first."""
    found = faults(("station", "class", "m.a"), ("s1", "urban", 1), (under, "urban", 2))
    assert found == (
        f"row 3, column A (station), “{under}”: looks like a sum or a remark under the table, "
        "not like the code of a station; delete this row",
    )


def test_a_column_of_remarks_is_passed_over():
    table = read([(*HEAD, "# telephone", "＃备注"), ("s1", "rural", "5", "110", "=x")], EDITION)
    assert facts_of(table) == [{"m.a": 5}]


def test_a_title_above_the_heads_is_told_once():
    said = faults(("County of S, quarter 3", None, None), HEAD, *[(f"s{i}", "rural", i) for i in range(50)])
    assert [line.rpartition("; ")[2] for line in said] == [
        "add it",
        "heads belong in row 1, without a title above them",
    ]


def test_upper_layers_are_laid_over_those_below():
    rows = [
        (*HEAD, "q.x", "layer"),
        ("s1", "rural", 5, 1, ""),
        ("s1", "", 4, "", "核查"),
        ("s1", "", "", 0, "confirmed"),
    ]
    assert facts_of(read(rows, EDITION, layer="self")) == [{"m.a": 5, "q.x": 1}]
    assert facts_of(read(rows, EDITION, layer="verified")) == [{"m.a": 4, "q.x": 1}]
    assert facts_of(read(rows, EDITION)) == [{"m.a": 4, "q.x": 0}]


def test_a_layer_needs_a_row_under_it_and_a_known_name():
    assert faults((*HEAD, "layer"), ("s1", "rural", 1, "verified"), ("s2", "rural", 1, "checked")) == (
        "row 2, column A (station), “s1”: this station has no row of its own (layer self); add one",
        "row 3, column D (layer), “checked”: no such layer; one of self, verified, confirmed",
    )


def test_groups_come_from_the_columns_named():
    rows = [(*HEAD, "county", "group"), ("s1", "rural", 1, "K", "G")]
    assert read(rows, EDITION, groups=["class", "County"]).groups == ("rural · K",)
    rows = [(*HEAD, "group"), ("s1", "rural", 1, "G")]
    assert read(rows, EDITION).groups == ("G",)
    assert faults(*rows, groups=["grup"]) == ("--groups: the table has no column grup, did you mean group",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("comma", [",", "\t", ";"])
def test_a_csv_is_read_in_the_usual_encodings(encoding, comma):
    text = f'派出所{comma}名称\r\n"s{comma}1"{comma}城关\r\n'
    assert list(read_csv(text.encode(encoding))) == [["派出所", "名称"], [f"s{comma}1", "城关"]]


def test_bytes_that_are_no_text_are_refused():
    for data in (b"\xff\xd8\xff\xe0", b"a\0b", b"PK\x03\x04\0\0"):
        with pytest.raises(UnicodeDecodeError):
            list(read_csv(data))


def test_columns_have_their_spreadsheet_names():
    assert [letter(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_columns_of_earlier_periods_stand_beside_the_facts():
    facts = read([("station", "class", "m.a", "m.a@before 甲", "m.a@self"), ("s1", "rural", 5, 3, 4)], EDITION)
    assert list(facts.past(EDITION)) == ["before"]
    assert facts.past(EDITION)["before"]["m.a"].tolist() == [3]
    assert facts.claims(EDITION)["m.a"].tolist() == [4]
    assert facts.frame(EDITION)["m.a"].tolist() == [5]
    assert "no such column" in faults((*HEAD, "m.a@never"), ("s1", "rural", 1, 1))[0]


def test_what_a_station_claimed_is_its_own_layer():
    rows = [(*HEAD, "layer"), ("s1", "rural", 5, "self"), ("s1", "", 4, "verified")]
    assert read(rows, EDITION).claims(EDITION)["m.a"].tolist() == [5]
    assert read(rows, EDITION, layer="self").claims(EDITION) is None
    assert read([HEAD, ("s1", "rural", 5)], EDITION).claims(EDITION) is None


VETO = '\n[[veto]]\ncode = "{}"\ntitle = "泄密"\ntitle_en = "Leak"\neffect = "award"\n{}\n'


def test_a_column_says_whom_a_veto_strikes_and_why():
    more = VETO.format("Leak", "") + VETO.format("fact", "when = 'm.a > 1'")
    edition = standard(criterion("yes_no = { of = 'q.x' }"), more=more)
    rows = [["station", "class", "veto:leak 泄密", "q.x"]]
    rows += [[f"s{n}", "rural", cell, 1] for n, cell in enumerate(("", 1, "是", "9月1日泄密", "否", 0, "n/a", "'=x"))]
    assert read(rows, edition).vetoes == (
        {},
        {"Leak": ""},
        {"Leak": ""},
        {"Leak": "9月1日泄密"},
        {},
        {},
        {},
        {"Leak": "=x"},
    )
    wrong = [["station", "class", "veto:leek", "veto:fact", "一票否决：LEAK"], ["s1", "rural", "", "", 2]]
    with pytest.raises(TableError) as refused:
        read(wrong, edition, lang="en")
    unknown, fires, odd = refused.value.faults
    assert "did you mean veto:Leak" in unknown
    assert "knows no such column" in fires
    assert "is no reason" in odd
