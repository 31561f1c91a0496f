"""Evidence that a station uses again: legitimate at the same item, a question everywhere else."""

from assessments.scoring.flags import find
from tests.scoring.test_flags import LONG, files, only, texts


def test_what_a_station_rightfully_uses_again_at_the_same_item_is_no_repetition():
    again, then = ("S1", "", "first", "d1", "a.pdf", True), ("S1", "2026Q1", "first", "d1", "a.pdf")
    assert not find(files(again, then))
    assert only(find(files(again, then, ("S2", "2026Q1", "first", "d1", "b.pdf"))), "S1", "file").others == ("S2",)
    elsewhere = find(files(again, ("S1", "2026Q1", "second", "d1", "a.pdf")))
    assert only(elsewhere, "S1", "file").period == "2026Q1"


def test_the_words_of_evidence_that_is_used_again_are_no_repetition_of_themselves():
    again, then = ("A", "", "first", LONG, True), ("A", "2026Q1", "first", LONG)
    assert not find(texts(again, then))
    assert only(find(texts(again, then, ("B", "2026Q1", "first", LONG))), "A", "text").others == ("B",)
    assert only(find(texts(again, ("A", "2026Q1", "second", LONG))), "A", "text").period == "2026Q1"
