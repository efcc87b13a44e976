"""Words from strangers: whatever a words file holds, it is text or a refusal, soon and bounded."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from goodword.errors import RuleError
from goodword.rules import Play
from goodword.words import check_words, render
from goodword.words.template import MAX_OUTPUT, fill

CANARY = "Zoë Quill"
CONTEXT = {
    "first_name": CANARY,
    "nps_last": None,
    "count": 3,
    "at": datetime(2026, 11, 12),
    "because": tuple(f"reason {number} about {CANARY}" for number in range(12)),
    "firm": {"name": "Harbour Heating"},
}


def survives(source: str) -> str | None:
    """Fill *source*; only a refusal may interrupt that, and it never quotes a value."""
    began = time.perf_counter()
    told, text = "", None
    try:
        text = fill(source, CONTEXT, language="en", where="Words file x (play 'x')")
    except RuleError as error:
        told = str(error)
    assert time.perf_counter() - began < 5
    if text is None:
        assert "Quill" not in told
        assert len(told) < 600
        return None
    assert len(text.encode()) <= MAX_OUTPUT
    return text


TRICKS = [
    "{{ first_name.__init__.__globals__ }}",
    "{{ firm.__init__ }}",
    "{{ firm.get('name') }}",
    "{{ firm.items() }}",
    "{{ firm['name'] }}",
    "{{ because.count }}",
    "{{ at.__class__ }}",
    "{{ at.strftime('%Y') }}",
    "{{ count.real }}",
    "{{ ''.format }}",
    "{{ '{0.__class__}'.format(at) }}",
    "{{ '%s' % first_name }}",
    "{{ '%c' % 99999999 }}",
    "{{ first_name|format }}",
    "{{ first_name|map('upper') }}",
    "{{ first_name|safe }}",
    "{{ first_name|list_of(because) }}",
    "{{ first_name|list_of(*because) }}",
    "{{ first_name|list_of(word='x') }}",
    "{{ because|list_of('a', 'b') }}",
    "{{ because|sort|first }}",
    "{{ because|selectattr('x') }}",
    "{{ first_name|tojson }}",
    "{{ first_name|replace('a', 'aaaaaaaaaaaaaaaaaaaa') }}",
    "{{ first_name|center(999999999) }}",
    "{{ first_name|indent(999999999) }}",
    "{{ first_name is callable }}",
    "{{ first_name is sameas first_name }}",
    "{{ cycler('a').next() }}",
    "{{ joiner() }}",
    "{{ namespace() }}",
    "{{ dict(a=1) }}",
    "{{ config }}",
    "{{ request }}",
    "{{ caller() }}",
    "{{ super() }}",
    "{{ varargs }}",
    "{{ loop }}",
    "{{ self.__init__ }}",
    "{{ _ }}",
    "{{ __builtins__ }}",
    "{{ b'bytes' }}",
    "{{ {'a': 1} }}",
    "{{ (1, 2) }}",
    "{{ 1 + 1 }}",
    "{{ -count }}",
    "{{ count // 0 }}",
    "{{ 'a' ~ 'b' }}",
    "{{ first_name[:1] }}",
    "{{ first_name[0] }}",
    "{% for x in first_name %}{% endfor %}",
    "{% for x in firm %}{% endfor %}",
    "{% for x in because if x %}{{ x.y }}{% endfor %}",
    "{% for x, y in because %}{% endfor %}",
    "{% for firm.name in because %}{% endfor %}",
    "{% for x in because %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for x in because %}{{ loop.changed(x) }}{% endfor %}",
    "{% for x in because %}{{ loop.previtem }}{% endfor %}",
    "{% for x in because %}{% for y in x %}{% endfor %}{% endfor %}",
    "{% while 1 %}{% endwhile %}",
    "{% set x %}a{% endset %}",
    "{% with x = 1 %}{% endwith %}",
    "{% call x() %}{% endcall %}",
    "{% raw %}{{ first_name }}{% endraw %}{% include x %}",
    "{% from 'os' import path %}",
    "{% import first_name as x %}",
    "{% include ['a', 'b'] ignore missing %}",
    "{% autoescape true %}{% endautoescape %}",
    "{% trans %}a{% endtrans %}",
    "{% do first_name %}",
    "{% debug %}",
    "{% break %}",
    "{{ first_name if count }}",
    "{{ '\\ud800' }}",
    "{{ 1e400 }}",
]


@pytest.mark.parametrize("source", TRICKS)
def test_a_way_out_of_the_language_is_refused(source: str) -> None:
    text = survives(source)
    assert text is None or text == "inf", source


@pytest.mark.parametrize(
    "source",
    [
        "{{ first_name }}" * 900,
        "{{ because }}" * 1_100,
        "{% for a in because %}{% for b in because %}{{ a }}{{ b }}{% endfor %}{% endfor %}",
        "{% for a in because %}{% for b in because %}{% endfor %}{% endfor %}" * 200,
        "{% if first_name %}" * 28 + "x" + "{% endif %}" * 28,
        "{% if first_name %}" * 500 + "x" + "{% endif %}" * 500,
        "{% if first_name %}x{% elif count %}y{% endif %}" * 300,
        "{% if count == 1 %}" + "{% elif count == 2 %}" * 600 + "{% endif %}",
        "{{ " + "first_name and " * 900 + "count }}",
        "{{ first_name" + " == first_name" * 900 + " }}",
        "{{ first_name" + "|list_of" * 1_500 + " }}",
        "{{ '" + "x" * 15_000 + "' }}",
        "{{ '" + "\\\\" * 7_000 + "' }}",
        "{#" * 7_000,
        "{%" * 7_000,
        "{{" * 7_000,
        "{# #} " * 2_500 + "x",
        "{% if 1 %}{% endif %} " * 700,
        " " * 15_900,
        "\n" * 15_900,
        "{" * 15_900,
        "{{ " + "[" * 7_000,
        "{{ 'a' 'b' }}" * 1_000,
    ],
    ids=lambda source: f"{source[:14]}-{len(source)}",
)
def test_a_text_that_would_grow_or_run_on_ends_soon(source: str) -> None:
    survives(source)


PIECES = st.sampled_from(
    [
        *("{{", "}}", "{%", "%}", "{#", "#}", "-%}", "{%-", "{%+", "\n", " ", "|", ".", "(", ")"),
        *("first_name", "because", "firm", "firm.name", "count", "at", "loop", "nps_last", "_x"),
        *("if ", "else", "elif ", "endif", "for ", " in ", "endfor", "set ", "raw", "endraw"),
        *("'x'", '"', "'", "1", "==", "<", "~", "+", "*", "[", "]", "{", "}", ":", ",", "is none"),
        *("date", "list_of", "__class__", "\0", "\ud800", "\u2028", "# for", "line"),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
@example("{{ first_name|list_of() }}")
@example("{% raw %}{{{% endraw %}")
@example("{% for x in because %}{% else %}{{ x }}{% endfor %}")
@example("{{ count|date }}")
@example("{{ at|list_of }}")
@example("{{ count|list_of }}")
@example("{{ first_name < count }}")
@example("{{ count in count }}")
@example("{{ 'x' in nps_last }}")
@example("\x00{% if first_name %}\x00")
def test_any_pieces_of_a_template_are_text_or_refused(source: str) -> None:
    survives(source)


@given(st.text(max_size=300))
def test_any_text_is_text_or_refused(source: str) -> None:
    survives(source)


@given(st.binary(max_size=300))
def test_any_bytes_in_a_words_file_are_words_or_refused(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "words"
    (folder / "en").mkdir(parents=True, exist_ok=True)
    for head in (b"", b"Subject: x\n\n", b"\xff\xfe"):
        (folder / "en" / "quiet.txt").write_bytes(head + content)
        told = "quiet.txt"
        try:
            check_words(Play("quiet", doc=""), language="en", folders=(folder,), known=["city"])
            render("quiet", {"city": CANARY}, language="en", folders=(folder,))
        except RuleError as error:
            told = str(error)
        assert "quiet.txt" in told
        assert "Quill" not in told


def test_a_huge_words_file_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    with (tmp_path / "en" / "ask.txt").open("wb") as file:
        file.write(b"Subject: x\n\n")
        file.truncate(8 << 30)  # a sparse file: 8 GiB that take no room
    began = time.perf_counter()
    with pytest.raises(RuleError, match="longer than"):
        render("ask", {}, language="en", folders=(tmp_path,))
    assert time.perf_counter() - began < 2


def test_what_a_customer_is_called_is_never_read_as_a_template() -> None:
    context = CONTEXT | {"first_name": "{{ firm.name }}{% include 'x' %}"}
    shown = fill("{{ first_name }}", context, language="en", where="x")
    assert shown == "{{ firm.name }}{% include 'x' %}"


@pytest.mark.parametrize("source", [f"{{{{ '{CANARY}' 5 }}}}", f"{{% if '{CANARY}' %}}"])
def test_a_refusal_does_not_quote_the_words(source: str) -> None:
    assert survives(source) is None
