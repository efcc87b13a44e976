"""The language of words files: what it has, what is refused at once, and how a mistake is told."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import pytest

from goodword.errors import RuleError
from goodword.rules import Play
from goodword.words import check_words
from goodword.words.template import date_text, fill, list_of

CONTEXT = {
    "first_name": "Pat",
    "nps_last": None,
    "at": datetime(2026, 11, 12),
    "because": ("a", "b", "c"),
    "firm": {"name": "Harbour Heating"},
}


def filled(source: str) -> str:
    return fill(source, CONTEXT, language="en", where="Words file x (play 'x')")


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ first_name.__class__.__mro__ }}",
        "{{ first_name.upper() }}",
        "{{ first_name['upper'] }}",
        "{{ first_name|attr('upper') }}",
        "{{ '%0999999999d' % 1 }}",
        "{{ 'a' * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ range(10) }}",
        "{{ lipsum() }}",
        "{{ self }}",
        "{{ firm }}",
        "{{ firm.__class__ }}",
        "{{ because[0] }}",
        "{{ because|join('x') }}",
        "{{ first_name ~ first_name }}",
        "{{ [1, 2] }}",
        "{% include 'ask.txt' %}",
        "{% import 'ask.txt' as a %}",
        "{% extends 'ask.txt' %}",
        "{% set a = first_name %}",
        "{% macro a() %}{% endmacro %}",
        "{% block a %}{% endblock %}",
        "{% filter list_of %}a{% endfilter %}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% for letter in first_name %}{{ letter }}{% endfor %}",
        "{% for a in because recursive %}{{ loop(because) }}{% endfor %}",
        "{% for a in because %}{{ loop.__class__ }}{% endfor %}",
        "{% for a in because %}{% for b in because %}{% for c in because %}x"
        "{% endfor %}{% endfor %}{% endfor %}",
        "{% if " + "not " * 500 + "first_name %}x{% endif %}",
        "{{ " + "(" * 7_000 + "1" + ")" * 7_000 + " }}",
        "{{ " + "9" * 9_000 + " }}",
        "x" * 20_000,
    ],
)
def test_what_is_not_part_of_the_language_is_refused_at_once(source: str) -> None:
    began = time.perf_counter()
    with pytest.raises(RuleError) as refused:
        filled(source)
    assert time.perf_counter() - began < 2
    assert refused.value.hint
    assert refused.value.message.startswith("Words file x (play 'x')")


def test_loops_over_lists_stay_within_the_longest_text() -> None:
    assert filled(
        "{% for a in because %}{{ a }}{% if not loop.last %}-{% endif %}{% endfor %}"
    ) == ("a-b-c")
    long = "{% for a in because %}{% for b in because %}" + "x" * 1_000 + "{% endfor %}{% endfor %}"
    with pytest.raises(RuleError, match="longer than 8192 bytes"):
        filled(long)


@pytest.mark.parametrize(
    ("source", "name", "near"),
    [
        ("one\n{{ frist_name }}", "frist_name", "first_name"),
        ("one\n{% if firstname %}x{% endif %}", "firstname", "first_name"),
        ("one\n{{ firm.nme }}", "firm.nme", "firm.name"),
        ("one\n{% for a in because %}{{ loop.frst }}{% endfor %}", "loop.frst", "loop.first"),
    ],
)
def test_a_misspelt_name_gives_line_and_nearest_name(source: str, name: str, near: str) -> None:
    with pytest.raises(RuleError) as refused:
        filled(source)
    assert "line 2: unknown name" in refused.value.message
    assert repr(name) in refused.value.message
    assert refused.value.hint == f"Did you mean {near!r}?"


@pytest.mark.parametrize(
    ("source", "line"),
    [("a\nb\n{% if nps_last > 8 %}x{% endif %}", 3), ("a\n{{ first_name|date }}", 2)],
)
def test_a_value_of_the_wrong_kind_gives_the_line_and_never_the_value(
    source: str, line: int
) -> None:
    with pytest.raises(RuleError) as refused:
        filled(source)
    assert f"line {line}: a value is missing or of another kind" in refused.value.message
    assert "Pat" not in str(refused.value)


def test_a_syntax_error_names_file_play_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "words"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "ask.txt").write_text("Subject: x\n\none\n{% if %}\n", encoding="utf-8")
    with pytest.raises(RuleError) as refused:
        check_words(Play("ask", doc=""), language="en", folders=(folder,))
    assert refused.value.message.startswith("Words file words/en/ask.txt (play 'ask'), line 4:")


def test_a_file_without_a_subject_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "ask.txt").write_text("Hello\n", encoding="utf-8")
    with pytest.raises(RuleError, match="line 1: there is no subject"):
        check_words(Play("ask", doc=""), language="en", folders=(tmp_path,))
    (tmp_path / "en" / "ask.txt").write_bytes(b"Subject: caf\xe9\n")
    with pytest.raises(RuleError, match="UTF-8"):
        check_words(Play("ask", doc=""), language="en", folders=(tmp_path,))


def test_a_line_that_holds_only_a_tag_leaves_no_gap() -> None:
    source = "a\n{% if first_name %}\nb\n{% endif %}\n{% if nps_last %}\nc\n{% endif %}\nd"
    assert filled(source) == "a\nb\nd"


def test_dates_and_lists_read_like_a_person_wrote_them() -> None:
    assert filled("{{ at|date }}, {{ at }}") == "12 November 2026, 12 November 2026"
    assert date_text("2026-11-12", "de") == "2026-11-12"
    assert filled("{{ because|list_of }}; {{ because }}") == "a, b or c; a, b or c"
    assert filled('{{ because|list_of("and") }}') == "a, b and c"
    assert list_of(()) == ""
    assert filled("[{{ nps_last|date }}{{ nps_last }}]") == "[]"
