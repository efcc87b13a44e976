"""The words of a SOQL text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from goodword_salesforce.fake.answers import refuse

LONGEST = 100_000
"""Characters of one SOQL text."""
LONGEST_TEXT = 4_000
"""Characters of one text in quotes."""
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<text>'(?:[^'\\]|\\.)*')
  | (?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))
  | (?P<date>\d{4}-\d\d-\d\d(?![\dT]))
  | (?P<number>[+-]?\d+(?:\.\d+)?(?![\w.]))
  | (?P<word>[A-Za-z]\w*(?:\.[A-Za-z]\w*)*(?::\d+)?)
  | (?P<sign><=|>=|!=|<>|=|<|>|\(|\)|,)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word or sign, where it stands, and what it is."""

    kind: str
    text: str
    at: int

    def is_word(self, *words: str) -> bool:
        """Return whether it is one of *words*, in any case."""
        return self.kind == "word" and self.text.upper() in words

    def is_sign(self, *signs: str) -> bool:
        """Return whether it is one of *signs*."""
        return self.kind == "sign" and self.text in signs


def tokens(soql: str) -> list[Token]:
    """Return the words of *soql*, with an empty one at the end.

    Raises:
        RefusedError: Something in it is no word, or it is too long.
    """
    if len(soql) > LONGEST:
        malformed(f"SOQL statements cannot be longer than {LONGEST} characters.")
    found: list[Token] = []
    place = 0
    while place < len(soql):
        match = _TOKEN.match(soql, place)
        if match is None:
            malformed(f"line 1:{place} no viable alternative at character '{soql[place]}'")
        kind = str(match.lastgroup)
        if kind == "text" and len(match.group()) > LONGEST_TEXT + 2:
            malformed(f"a string literal cannot be longer than {LONGEST_TEXT} characters")
        if kind != "space":
            found.append(Token(kind, match.group(), place))
        place = match.end()
    return [*found, Token("end", "<EOF>", place)]


def malformed(message: str) -> NoReturn:
    """Refuse a text that does not follow the grammar.

    Raises:
        RefusedError: Always.
    """
    refuse("MALFORMED_QUERY", message)


def plain(text: str) -> str:
    """Return what stands between the quotes of *text*, without escapes."""
    return _unescaped(text, {**_ESCAPES, "_": "_", "%": "%"})


def pattern(text: str) -> re.Pattern[str]:
    """Return the pattern of a LIKE: ``%`` for anything, ``_`` for one character."""
    found = ""
    for part in re.findall(r"\\u[0-9A-Fa-f]{4}|\\.|[^\\]", text[1:-1], re.DOTALL):
        if part == "%":
            found += ".*"
        elif part == "_":
            found += "."
        else:
            found += re.escape(plain(f"'{part}'"))
    return re.compile(found, re.IGNORECASE | re.DOTALL)


def _unescaped(text: str, escapes: dict[str, str]) -> str:
    def one(match: re.Match[str]) -> str:
        letters = match.group(1)
        if len(letters) > 1:
            return chr(int(letters[1:], 16))
        if letters not in escapes:
            malformed(f"Illegal string literal: invalid escape \\{letters}")
        return escapes[letters]

    return re.sub(r"\\(u[0-9A-Fa-f]{4}|.)", one, text[1:-1], flags=re.DOTALL)
