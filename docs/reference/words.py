"""The words: a bundled file as it is, and the names every file may use."""

from __future__ import annotations

from goodword.words import BUNDLED
from goodword.words.compose import GROUPS, LISTS, PLAIN
from reference.markdown import block, code, table

MEANINGS = {
    "name": "The person's name.",
    "first_name": "The name for a greeting.",
    "rep": "The rep who has the task, else the firm's caller.",
    "play": "The play the task belongs to.",
    "trigger": "The moment that opened the window.",
    "segment": "The person's segment, where the firm has any.",
    "contact_id": "The host's id of the person.",
    "because": "The sentences of the rules, first the moment.",
    "ways": "The firm's ways to refer.",
    "targets": "Companies near the person that the firm would like to be introduced to.",
    "firm": "The firm.",
    "about": "Personal facts, two of them at most.",
}


def words_file(name: str) -> str:
    """Return the bundled words file *name*."""
    return block((BUNDLED / "en" / f"{name}.txt").read_text(encoding="utf-8"), "text")


def word_names() -> str:
    """Return the names known in every words file.

    Raises:
        KeyError: A name has no meaning here.
    """
    rows = [(code(name), "text", MEANINGS[name]) for name in PLAIN]
    rows += [(code(name), "list", MEANINGS[name]) for name in LISTS]
    rows += [
        (", ".join(code(f"{group}.{member}") for member in members), "text", MEANINGS[group])
        for group, members in GROUPS.items()
    ]
    return table(("name", "is", "meaning"), rows)
