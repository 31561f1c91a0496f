"""Metrics that national and provincial rules ban as targets; a standard that uses one is refused."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).parent.parent / "standards" / "forbidden.toml"
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


@dataclass(frozen=True)
class Ban:
    """What is banned, by which rule, and how it is recognised in a code or a title."""

    title: str
    title_en: str
    rule: str
    rule_en: str
    url: str
    codes: re.Pattern
    titles: re.Pattern

    def catches(self, code: str, *titles: str | None) -> bool:
        return bool(self.codes.search(code)) or any(self.titles.search(title or "") for title in titles)


@cache
def shipped() -> tuple[Ban, ...]:
    """The bans of standards/forbidden.toml."""
    rows = tomllib.loads(SHIPPED.read_text("utf-8"))["forbidden"]
    return tuple(
        Ban(
            title=row["title"],
            title_en=row["title_en"],
            rule=row["rule"],
            rule_en=row["rule_en"],
            url=row["url"],
            codes=re.compile("|".join(row["codes"])),
            titles=re.compile("|".join(row["titles"]), re.IGNORECASE),
        )
        for row in rows
    )


def check(where: str, named, problems) -> None:
    """Note every ban that a metric or a criterion (`named` has title, title_en and code or id) runs into."""
    code = getattr(named, "code", None) or getattr(named, "id", "")
    for ban in shipped():
        if ban.catches(code, named.title, named.title_en):
            problems.add(where, f"forbidden metric {ban.title} ({ban.title_en}): {ban.rule} ({ban.rule_en})")


def is_code(code: str) -> bool:
    """Is it a well-formed metric code, such as "staff.officers"?"""
    return bool(CODE.fullmatch(code))
