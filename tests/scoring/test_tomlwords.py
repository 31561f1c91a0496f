"""Every complaint of the TOML parser is told in Chinese with its place; English stays as the parser words it."""

import re
import tomllib

import pytest

from assessments.scoring.reading import toml
from assessments.scoring.tomlwords import PATTERNS, told

WRONG = {
    "a = 1\nb = \n": "第 2 行第 5 列：值的写法不对",
    'title = "没有合上\n': "第 1 行第 14 列：引号在这一行没有合上",
    'title = "没有合上': "文件末尾：引号没有合上",
    "points 5": "第 1 行第 8 列：键的后面缺少等号",
    "分 = 5": "第 1 行第 1 列：这一行不是“键 = 值”",
    "a. = 5": "第 1 行第 4 列：键的写法不对",
    "a = 1 2": "第 1 行第 7 列：值的后面还有多余的内容",
    "[section": "文件末尾：表头末尾缺少 ]",
    "[[section]": "第 1 行第 10 列：表头末尾缺少 ]]",
    "a = 1\na = 2": "文件末尾：同一个键写了两次",
    "[a.b]\n[a.b]": "第 2 行第 5 列：a.b 写了两次",
    "a = {b = 1}\n[a.c]": "第 2 行第 5 列：a.c 写了两次",
    "a = {b = 1, b = 2}": "'b' 写了两次",
    "a = {b = 1, c.d = 2, c = 3}": "c",
    "a = [1, 2": "方括号没有合上",
    "a = {b = 1": "花括号没有合上",
    'a = "\\q"': "反斜线要写成两个",
    'a = "\\u12"': "第 1 行第 8 列：\\u 后面的编码不对",
    'a = "\\ud800"': "第 1 行第 12 列：\\u 后面的编码不是字符",
    "a = 2026-02-30": "没有这个日期",
    ".".join("a" * 30) + " = 1": "第 1 行：键的层次超过 20 层",
    "a = " + "[" * 5000: "表格或列表嵌套过深",
    "a = 1\nb = 1e-999999999": "第 2 行：数字超过 1000 位",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_toml_is_told_with_line_and_column(text):
    with pytest.raises(ValueError) as refused:
        toml(text)
    said = told(str(refused.value), "zh-hans")
    assert WRONG[text] in said
    assert re.search(r"[\u4e00-\u9fff]", said)
    assert told(str(refused.value), "en").split("(")[0] in str(refused.value) or "." in said


def test_the_parser_complains_about_nothing_that_has_no_chinese_words():
    parser = open(tomllib._parser.__file__, encoding="utf-8").read()
    messages = re.findall(r'(?:suffixed_err\(\s*\w+,\s*\w+,\s*f?|msg\s*=\s*f?)"(.*?)"', parser)
    assert len(messages) > 20
    for message in messages:
        said = re.sub(r"\{[^}]*\}", "'x'", message).replace("\\\\", "\\")
        assert any(re.fullmatch(english, said) for english, _chinese in PATTERNS), message


def test_what_nobody_knows_is_said_as_it_is():
    assert told("something new (at line 3, column 1)", "zh-hans") == "something new (at line 3, column 1)"
