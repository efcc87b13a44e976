"""Texts that fit the fields of Salesforce, and marks that come back as they were written."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from goodword_salesforce.marks import LONGEST, Mark, mark_in, words_of
from goodword_salesforce.writing.texts import LINE, fitting, length, one_line, paragraphs

ANY = st.text(alphabet=st.characters(codec="utf-8"), max_size=400)
NAME = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_|%~\n", min_size=1, max_size=30)


@given(ANY)
def test_a_line_fits_has_no_break_and_is_its_own_line(text: str) -> None:
    line = one_line(text, LINE)
    assert length(line) <= LINE
    assert "\n" not in line
    assert one_line(line, LINE) == line


@given(ANY, st.integers(60, 300))
def test_what_comes_after_the_words_is_never_cut(text: str, most: int) -> None:
    ending = "\n\nIn Salesforce: choose the outcome."
    whole = paragraphs(text, most, ending)
    assert whole.endswith(ending)
    assert length(whole) <= most


def test_a_long_text_ends_with_an_ellipsis_and_a_fitting_one_stays() -> None:
    assert fitting("O'Neil \\ 🙂", 255) == "O'Neil \\ 🙂"
    cut = fitting("🙂" * 200, 255)
    assert cut == "🙂" * 127 + "…"
    assert paragraphs("one\r\ntwo\x00\n", 255) == "one\ntwo"


@given(NAME, NAME, NAME, st.sampled_from(["", "1"]), st.sampled_from(["", "expired"]))
def test_a_mark_comes_back_as_it_was(
    play: str, cycle: str, run: str, asks: str, closed: str
) -> None:
    mark = Mark(play, cycle, run, "0123456789ab", asks, closed)
    assert len(mark.text) <= LONGEST
    assert mark_in(mark.text) == mark


def test_a_mark_with_a_very_long_cycle_still_fits_and_tells_cycles_apart() -> None:
    one, other = (Mark("ask_referral", "x" * 400 + end, "run", "0" * 12) for end in "ab")
    assert len(one.text) <= LONGEST
    found = mark_in(one.text)
    assert found is not None
    assert (found.play, found.run) == ("ask_referral", "run")
    assert one.text != other.text


def test_what_is_no_mark_of_ours_is_none() -> None:
    assert [mark_in(text) for text in (None, "", "call her", "1|a|b", "2|a|b|c|d|e|f")] == [
        None
    ] * 5
    assert mark_in("1||b|c|d|e|f") is None


def test_words_are_the_same_whatever_a_field_does_to_white_space() -> None:
    due = date(2026, 11, 27)
    first = words_of("Ask  her", "Say this:\r\nwho else? ", due)
    assert first == words_of("Ask her", "Say this:\nwho else?", due)
    assert first != words_of("Ask her", "Say this:\nwho else?", None)
    assert first != words_of("Ask him", "Say this:\nwho else?", due)
