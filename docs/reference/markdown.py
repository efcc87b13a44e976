"""Small shapes of Markdown: a table, a code block, text that is safe in a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [list(headers), ["---"] * len(headers), *([cell(text) for text in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(text: str) -> str:
    """Return *text* on one line, with the signs that would end a cell escaped."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """Return *text* as code within a line; nothing stays nothing."""
    return f"`{text}`" if text else ""


def block(text: str, language: str = "") -> str:
    """Return *text* as a block of code."""
    return f"```{language}\n{text.strip()}\n```"


def markdown(text: str) -> str:
    """Return a docstring's text with its ``code`` as Markdown writes it, a paragraph a line."""
    paragraphs = text.strip().replace("``", "`").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def sentence(text: str) -> str:
    """Return *text* with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def about(docstring: str | None) -> str:
    """Return what a docstring says after naming its subject, as in "``[ask]``: when …"."""
    text = markdown(docstring or "")
    named, _, rest = text.partition("`: ")
    return sentence(rest) if named.startswith("`") and rest else text
