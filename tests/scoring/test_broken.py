"""A standard that cannot be used says where and why, every problem at once, with the nearest right name."""

from pathlib import Path

import pytest

from assessments.scoring import Standard, StandardError
from tests.scoring.small import criterion, standard

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.toml"))
MARK = "#! "  # an expected problem, without the file's name


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_standard_lists_its_problems(path):
    expected = [line.removeprefix(MARK) for line in path.read_text("utf-8").splitlines() if line.startswith(MARK)]
    with pytest.raises(StandardError) as refusal:
        Standard.read(path)
    assert refusal.value.problems == tuple(f"{path.name}: {line}" for line in expected)
    assert str(refusal.value).splitlines() == list(refusal.value.problems)


def test_there_are_enough_broken_standards():
    assert len(BROKEN) >= 40


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "picture.toml"
    path.write_bytes(b"\xff\xd8\xff")
    with pytest.raises(StandardError, match=r"picture.toml: the file is not UTF-8 text"):
        Standard.read(path)


def test_a_text_beyond_all_measure_is_refused():
    with pytest.raises(StandardError, match="longer than"):
        Standard.loads("#" * 1_000_001)


def test_a_key_without_end_is_refused_before_anybody_parses_it():
    with pytest.raises(StandardError, match=r"a key of more than 20 steps \(at line 2\)"):
        Standard.loads("code = 'x'\n" + "a." * 100_000 + "a = 1")
    with pytest.raises(StandardError, match="a key of more than 20 steps"):
        Standard.loads("[" + "'a' . " * 100_000 + "a]")


@pytest.mark.parametrize("number", ["1e999999999", "1e-999999999", "0e-999999999", f"1e{'9' * 30}", "9" * 5000])
def test_a_number_that_would_fill_the_memory_is_refused_with_its_line(number):
    with pytest.raises(StandardError, match=r"no TOML: a number of more than 1000 digits \(at line 2\)"):
        Standard.loads(f"code = 'x'\npoints = {number}")


def test_of_many_unknown_keys_the_first_hundred_are_told():
    with pytest.raises(StandardError) as refused:
        Standard.loads("".join(f"k{n} = 1\n" for n in range(60_000)))
    assert sum("unknown key" in line for line in refused.value.problems) == 100


def test_lists_inside_lists_have_an_end():
    with pytest.raises(StandardError, match="too deep"):
        Standard.loads("a = " + "[" * 100_000)


def test_parts_inside_parts_have_an_end():
    rule = "yes_no = { of = 'q.x' }"
    for _ in range(60):
        rule = f"either_or.parts = [{{ points = 1, {rule} }}, {{ points = 1, yes_no = {{ of = 'q.x' }} }}]"
    with pytest.raises(StandardError, match="parts inside parts deeper than 4"):
        standard(criterion(rule, 1))


def test_points_without_room_are_refused():
    with pytest.raises(StandardError, match="points: more than 2147483647 units"):
        standard(criterion("yes_no = { of = 'q.x' }", 21_474_837))
    with pytest.raises(StandardError, match="points: more than 2147483647 units"):
        standard(criterion("bonus = { each = { 'm.a' = 1 }, cap = 21474837 }", 0))


def test_the_mark_of_a_windows_editor_is_passed_over(sound_text):
    assert Standard.loads("\ufeff" + sound_text).digest == Standard.loads(sound_text).digest


ODD = ["true", "-1", "1e400", "nan", '""', '"x"', "[]", "[1]", "{}", "{ x = 1 }", "2026-01-01", "07:30:00", "[[[]]]"]


def can_be_read_or_refused(text: str) -> bool:
    """Any other error than StandardError comes through and fails the test."""
    try:
        return bool(Standard.loads(text))
    except StandardError as refusal:
        return bool(refusal.problems)


def test_no_odd_value_anywhere_does_more_than_note_a_problem(sound_text):
    lines = sound_text.splitlines()
    for number, line in enumerate(lines):
        key, equals, _ = line.partition(" = ")
        if not equals:
            continue
        for odd in (ODD * 2)[number % len(ODD) :][:3]:  # each line meets three, and each of them many lines
            text = "\n".join([*lines[:number], f"{key} = {odd}", *lines[number + 1 :]])
            assert can_be_read_or_refused(text)


def test_no_missing_line_does_more_than_note_a_problem(sound_text):
    lines = sound_text.splitlines()
    for number in range(len(lines)):
        assert can_be_read_or_refused("\n".join([*lines[:number], *lines[number + 1 :]]))


@pytest.fixture
def sound_text() -> str:
    """A standard with nearly every key there is."""
    return (Path(__file__).parent / "sound.toml").read_text("utf-8")


def test_the_sound_standard_is_sound(sound_text):
    assert Standard.loads(sound_text).full == 7500
