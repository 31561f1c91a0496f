"""What is different between two standards, one sentence for each thing.

difference(old, new, "en")[0].text == "3.2 Video in the case area: target now 2 cameras, was 1 camera"

It goes by the documents, key by key, so that nothing that is written otherwise goes unsaid; a key that means the same
left out as written out is no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from .comparing import in_place, pairs_of, resting_on
from .differencewords import CHINESE_SOURCE, KINDS, WORDING
from .keywords import default, label, said
from .paper import Paper
from .papersay import rule_words
from .reading import toml
from .ruledifference import InWords, RuleDifference, dated
from .standard import Standard
from .wording import CHINESE

GROUPS = ("head", "grades", "gates", "vetoes", "year", "sections", "criteria", "checks", "metrics", "norms")
_LISTS = {"grade": "grades", "gate": "gates", "veto": "vetoes", "trigger": "year"}
_LISTS |= {"section": "sections", "check": "checks"}
_TABLES = {"metric": "metrics", "derived": "metrics", "norm": "norms", "coefficient": "norms"}
_NAMES = ("code", "id")
_WRITTEN_APART = {"criterion": ("rule", "section"), "coefficient": ("values",)}


@dataclass(frozen=True)
class Change:
    """One thing that is different.

    group     one of GROUPS
    code      of what it is about: criterion id, code of a section, metric …; "" for the head and the year
    kind      "added", "removed", "moved", "changed", "renamed", "wording" (no result is another one) or "written"
              (nothing is different but the way it is written)
    number    of a criterion on the paper, "" for all else
    title     what it is about
    what      what is different about it
    criteria  ids of the criteria that it may touch, as the new standard has them, else the old one
    details   (what, old, new) of texts that are too long for a sentence
    """

    group: str
    code: str
    kind: str
    number: str
    title: str
    what: str
    text: str
    criteria: tuple[str, ...] = ()
    details: tuple[tuple[str, str, str], ...] = ()


def difference(
    old: Standard, new: Standard, lang: str = CHINESE, classes: Mapping[str, str] | None = None
) -> list[Change]:
    """Every change, by group and in paper order; [] only where the two texts are the same.

    lang     "zh-hans" or "en"
    classes  class code -> its name in that language; codes stand for themselves where it is None
    """
    papers = [Paper(toml(each.text), lang, classes or {}) for each in (old, new)]
    found = of_papers(*papers, rule_words(old, lang), rule_words(new, lang))
    if not found and old.digest != new.digest:
        return [_written(papers[1])]
    return found


def of_papers(old: Paper, new: Paper, old_words: Callable[[str], InWords], new_words: Callable[[str], InWords]):
    """The changes from one paper to another; `old_words` and `new_words` give the rule of a criterion in words."""
    told = _Difference(old, new, old_words, new_words)
    return sorted(told.changes(), key=lambda change: GROUPS.index(change.group))


def _written(paper: Paper) -> Change:
    title, what = paper("whole"), paper("written")
    return Change("head", "", "written", "", title, what, paper("subject", number="", title=title, what=what))


class _Difference:
    def __init__(self, old: Paper, new: Paper, old_words, new_words):
        self.old, self.new, self.old_words, self.new_words = old, new, old_words, new_words

    @cached_property
    def rests(self) -> tuple[dict, dict]:
        """What rests on what in the new paper and in the old one."""
        return resting_on(self.new.document), resting_on(self.old.document)

    def changes(self) -> Iterator[Change]:
        yield from self._head()
        for list_ in _LISTS:
            yield from self._list(list_)
        yield from self._year()
        yield from self._criteria()
        for table in _TABLES:
            yield from self._table(table)

    # -- sentences ---------------------------------------------------------------------------

    def _change(self, list_: str, row: Mapping, kind: str, what: str, **more) -> Change:
        """About a row of a list or table that has a code or id."""
        code = next((row[key] for key in _NAMES if key in row), "")
        group = _LISTS.get(list_) or _TABLES.get(list_, "criteria")
        paper = self.old if kind == "removed" else self.new
        title = paper.title(row)
        if list_ == "criterion":
            number = paper.numbers.get(code, "")
            return self._said(group, code, kind, number, title, what, criteria=(code,), **more)
        titled = paper("titled", kind=paper.pick(*KINDS[list_]), title=title)
        return self._said(group, code, kind, "", titled, what, criteria=self._touched(list_, code), **more)

    def _said(self, group, code, kind, number, title, what, **more) -> Change:
        shown = f"{number} " if number else ""
        text = self.new("subject", number=shown, title=title, what=what)
        return Change(group, code, kind, number, title, what, text, **more)

    def _touched(self, list_: str, code: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(id for rests in self.rests for id in rests.get((list_, code), ())))

    # -- keys of a table ---------------------------------------------------------------------

    def _keys(self, table: str, old: Mapping, new: Mapping, apart: Iterable[str] = ()) -> Iterator[str]:
        """What is different key by key; names, words and what is told elsewhere left out."""
        for key in dict.fromkeys((*old, *new)):
            if key in _NAMES or key in apart or (table and (key in self._in_words(old, new) or key == "title")):
                continue
            before, after = default(table, key, old, self.old), default(table, key, new, self.new)
            if before != after:
                yield self._key(table, key, (before, old), (after, new))

    def _key(self, table: str, key: str, before: tuple, after: tuple) -> str:
        old, new = (
            None if value is None else said(paper, table, key, value, row)
            for paper, (value, row) in ((self.old, before), (self.new, after))
        )
        word = "set" if old is None else "unset" if new is None else "changed"
        return self.new(word, label=label(self.new, table, key), old=old, new=new)

    def _in_words(self, old: Mapping, new: Mapping) -> dict[str, tuple[str, str]]:
        """Keys told as wording with their names. The source is told as a sentence, in the reader's language."""
        if self.new.chinese or not (old.get("source_en") and new.get("source_en")):
            return WORDING
        return {key: name for key, name in WORDING.items() if key != "source_en"} | {"source": CHINESE_SOURCE}

    def _words(self, old: Mapping, new: Mapping) -> Iterator[tuple[str, str, tuple]]:
        """(kind, what, details) where the title or other words differ."""
        own = "title" if self.new.chinese else "title_en"
        if old.get(own) != new.get(own) and old.get(own) and new.get(own):
            yield "renamed", self.new("renamed", old=old[own]), ()
        names = self._in_words(old, new)
        other = [key for key in names if key != own or not (old.get(own) and new.get(own))]
        found = [
            (self.new.pick(*names[key]), str(old.get(key, "")), str(new.get(key, "")))
            for key in other
            if old.get(key, "") != new.get(key, "")
        ]
        if found:
            yield "wording", self.new("wording", items=self.new.items(each[0] for each in found)), tuple(found)

    def _row(self, list_: str, old: Mapping, new: Mapping) -> Iterator[Change]:
        """Everything about a row that is on both papers, its rule or values left out."""
        if old == new:
            return
        for kind, what, details in self._words(old, new):
            yield self._change(list_, new, kind, what, details=details)
        for what in self._keys(list_, old, new, _WRITTEN_APART.get(list_, ())):
            yield self._change(list_, new, "changed", what)

    # -- groups ------------------------------------------------------------------------------

    def _head(self) -> Iterator[Change]:
        parts = (*_LISTS, *_TABLES, "criterion", "year")
        heads = [{k: v for k, v in paper.document.items() if k not in parts} for paper in (self.old, self.new)]
        title = self.new("whole")
        if heads[0].get("code") != heads[1].get("code"):
            what = self._key("", "code", *((head.get("code"), head) for head in heads))
            yield self._said("head", "", "changed", "", title, what)
        for what in self._keys("", *heads):
            yield self._said("head", "", "changed", "", title, what)

    def _year(self) -> Iterator[Change]:
        old, new = (paper.document.get("year") for paper in (self.old, self.new))
        title = self.new.pick(*KINDS["year"])
        if (old is None) != (new is None):
            kind = "added" if old is None else "removed"
            yield self._said("year", "", kind, "", title, self.new(kind))
        elif old is not None:
            for what in self._keys("year", old, new):
                yield self._said("year", "", "changed", "", title, what)

    def _list(self, list_: str) -> Iterator[Change]:
        old, new = ({row.get("code"): row for row in paper.document.get(list_, ())} for paper in (self.old, self.new))
        for code, row in old.items():
            if code not in new:
                yield self._change(list_, row, "removed", self.new("removed"))
        both = [code for code in new if code in old]
        stays = in_place([list(old).index(code) for code in both])
        for code, row in new.items():
            if code not in old:
                yield self._change(list_, row, "added", self.new("added"))
                continue
            if not stays[both.index(code)]:
                yield self._change(list_, row, "moved", self.new("order"))
            yield from self._row(list_, old[code], row)

    def _table(self, table: str) -> Iterator[Change]:
        old, new = (self._coded(paper, table) for paper in (self.old, self.new))
        for code in dict.fromkeys((*new, *old)):
            if code not in new:
                yield self._change(table, old[code], "removed", self.new("removed"))
            elif code not in old:
                yield self._change(table, new[code], "added", self.new("added"))
            elif table == "norm":
                for what in self._by_class("class_norm", code, old[code]["values"], new[code]["values"]):
                    yield self._change(table, new[code], "changed", what)
            else:
                yield from self._row(table, old[code], new[code])
                values = [each.get("values", {}) for each in (old[code], new[code])]
                for what in self._by_class("class_value", "", *values):
                    yield self._change(table, new[code], "changed", what)

    def _coded(self, paper: Paper, table: str) -> dict[str, dict]:
        """The tables of a kind, each with its code; a norm with its metric's title."""
        rows = paper.document.get(table, {})
        if table != "norm":
            return {code: {"code": code, **row} for code, row in rows.items()}
        titles = ("title", "title_en")
        of = paper.named
        return {
            code: {"code": code, "values": row, **{key: of.get(code, {}).get(key, "") for key in titles}}
            for code, row in rows.items()
        }

    def _by_class(self, word: str, code: str, old: Mapping, new: Mapping) -> Iterator[str]:
        for kind in dict.fromkeys((*old, *new)):
            if old.get(kind) != new.get(kind):
                texts = [
                    None if kind not in values else dated(paper, values[kind], code)
                    for paper, values in ((self.old, old), (self.new, new))
                ]
                key = word + ("_on" if texts[0] is None else "_off" if texts[1] is None else "")
                yield self.new(key, kind=self.new.kind(kind), old=texts[0], new=texts[1])

    # -- criteria ----------------------------------------------------------------------------

    def _criteria(self) -> Iterator[Change]:
        old, new = (
            {row.get("id"): row for row in paper.document.get("criterion", ())} for paper in (self.old, self.new)
        )
        was = pairs_of(self.old.document, self.new.document)
        stayed = [id for id in new if id in was and old[was[id]].get("section") == new[id].get("section")]
        stays = dict(zip(stayed, in_place([list(old).index(was[id]) for id in stayed]), strict=True))
        for id, row in new.items():
            if id in was:
                yield from self._criterion(old[was[id]], row, stays.get(id, True))
            else:
                words = {"points": self.new.points(row.get("points", 0)), "rule": self.new_words(id)(())}
                yield self._change("criterion", row, "added", self.new("added_worth", **words))
        for id, row in old.items():
            if id not in was.values():
                points = self.old.points(row.get("points", 0))
                yield self._change("criterion", row, "removed", self.new("removed_worth", points=points))

    def _criterion(self, old: Mapping, new: Mapping, stays: bool) -> Iterator[Change]:
        id, was = new.get("id"), old.get("id")
        if id != was:
            yield self._change("criterion", new, "wording", self.new("recoded", old=was, new=id))
        if old.get("section") != new.get("section"):
            places = [paper.of("section", row.get("section", "?")) for paper, row in ((self.old, old), (self.new, new))]
            yield self._change("criterion", new, "moved", self.new("moved", old=places[0], new=places[1]))
        elif not stays:
            what = self.new("reordered_to", old=self.old.numbers.get(was, "?"))
            yield self._change("criterion", new, "moved", what)
        yield from self._row("criterion", old, new)
        rules = RuleDifference(self.old, self.new, self.old_words(was), self.new_words(id))
        for what in rules(old.get("rule", {}), new.get("rule", {})):
            yield self._change("criterion", new, "changed", what)
