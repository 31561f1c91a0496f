"""What the TOML parser complains about, in the reader's language: where it is, then what is wrong there.

The parser words it in English, such as "Unterminated string (at line 3, column 9)".
"""

from __future__ import annotations

import re

_AT = r"\(at (?:line (?P<line>\d+)(?:, column (?P<column>\d+))?|end of document)\)"
_PLACE = re.compile(rf"(?P<what>.*?) ?{_AT}", re.DOTALL)
_NAME = re.compile(r"\((?:'[^']*',? ?)+\)")  # a key as Python shows its steps
# English as the parser words it, as a pattern; Chinese. The first that fits is taken.
PATTERNS = (
    (r"Invalid statement", "这一行不是“键 = 值”，也不是表头"),
    (r"Expected newline or end of document after a statement", "值的后面还有多余的内容"),
    (r"Expected '=' after a key in a key/value pair", "键的后面缺少等号"),
    (r"Expected '\]\]' at the end of an array declaration", "表头末尾缺少 ]]"),
    (r"Expected '\]' at the end of a table declaration", "表头末尾缺少 ]"),
    (r"Expected (?P<sign>.+)", "缺少 {sign}"),
    (r"Illegal character '\\n'", "引号在这一行没有合上"),
    (r"(?:Found invalid|Illegal) character (?P<sign>.+)", "有不允许的字符 {sign}"),
    (r"Cannot declare (?P<name>.+) twice", "{name} 写了两次"),
    (r"Cannot overwrite a value", "同一个键写了两次"),
    (r"Cannot mutate immutable namespace (?P<name>.+)", "{name} 已经写完，不能再往里添加"),
    (r"Cannot redefine namespace (?P<name>.+)", "{name} 已有别的内容，不能再写一次"),
    (r"Duplicate inline table key (?P<name>.+)", "{name} 写了两次"),
    (r"Invalid initial character for a key part", "键的写法不对：只用字母、数字、_ 和 -，其他文字要加引号"),
    (r"Unclosed array", "方括号没有合上"),
    (r"Unclosed inline table", "花括号没有合上"),
    (r"Unescaped '\\' in a string", "文字里的反斜线要写成两个"),
    (r"Invalid hex value", r"\u 后面的编码不对"),
    (r"Escaped character is not a Unicode scalar value", r"\u 后面的编码不是字符"),
    (r"Unterminated string", "引号没有合上"),
    (r"Invalid date or datetime", "没有这个日期或时间"),
    (r"Invalid value", "值的写法不对：文字要加双引号，数字用半角"),
    (r"a key of more than 20 steps", "键的层次超过 20 层"),
    (r"a number of more than 1000 digits", "数字超过 1000 位"),
    (r"tables or lists too deep in each other", "表格或列表嵌套过深"),
)


def told(message: str, lang: str) -> str:
    """The complaint in a language; one that nobody knows is said as it is."""
    message = _NAME.sub(lambda found: ".".join(re.findall("'([^']*)'", found[0])), message)
    if not lang.lower().startswith("zh"):
        return message
    placed = _PLACE.fullmatch(message)
    what = placed["what"] if placed else message
    known = ((zh, re.fullmatch(english, what)) for english, zh in PATTERNS)
    said = next((zh.format(**found.groupdict()) for zh, found in known if found), "")
    return _place(placed) + said if said else message


def _place(found: re.Match | None) -> str:
    if found is None:
        return ""
    if found["line"] is None:
        return "文件末尾："
    return f"第 {found['line']} 行" + (f"第 {found['column']} 列：" if found["column"] else "：")
