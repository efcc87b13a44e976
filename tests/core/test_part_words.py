"""A word a column does not have is refused with its page, and never shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from goodword import Columns
from goodword.connector import Cursor
from goodword.engines.polars_engine import PolarsEngine
from goodword.errors import RecordError
from goodword.mirror import Mirror
from goodword.part_words import require_known_words
from goodword.tables import TABLES, WORDS

ENGINE = PolarsEngine()
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def people(consents: list[str | None]) -> list[dict[str, object]]:
    return [{"contact_id": f"c{n}", "consent": said} for n, said in enumerate(consents, 1)]


def look(consents: list[str | None]) -> None:
    require_known_words("contacts", {"consent": consents, "kind": [None] * len(consents)})


def test_the_words_of_a_column_and_nothing_at_all_are_fine() -> None:
    look([*WORDS["contacts"]["consent"], None])
    look([])


@pytest.mark.parametrize(
    ("consents", "said"),
    [
        (["NO"], "1 of the 1 rows of a page, first in row 1."),
        (["yes", "no!", None, ""], "2 of the 4 rows of a page, first in row 2, 4."),
        (["no"] * 9 + ["Nope"] * 5, "5 of the 14 rows of a page, first in row 10, 11, 12, …."),
    ],
)
def test_an_unknown_word_is_counted_and_its_rows_are_named(
    consents: list[str | None], said: str
) -> None:
    with pytest.raises(RecordError, match=re.escape(said)) as refused:
        look(consents)
    assert "'consent' of contacts" in refused.value.message
    assert refused.value.hint.endswith("one of no, unknown, yes, or nothing.")
    assert not {"NO", "no!", "Nope"} & set(refused.value.message.split())


def test_every_column_of_closed_words_is_a_text_of_its_table() -> None:
    for table, columns in WORDS.items():
        for column in columns:
            assert TABLES[table].types[column] == "text"


def pull(mirror: Mirror, rows: Sequence[Mapping[str, object]]) -> None:
    intake = mirror.intake()
    intake.whole("contacts")
    intake.put("contacts", rows)
    intake.commit(Cursor({"at": "1"}), NOW)


@pytest.mark.parametrize("as_columns", [False, True])
def test_a_pull_with_an_unknown_word_leaves_the_copy_that_was_there(
    as_columns: bool, tmp_path: Path
) -> None:
    mirror = Mirror(tmp_path / "mirror", ENGINE, {})
    pull(mirror, people(["yes"]))
    rows = people(["NO"])
    wrong = Columns({name: [row[name] for row in rows] for name in rows[0]}) if as_columns else rows
    with pytest.raises(RecordError, match="a word that goodword does not know"):
        pull(mirror, wrong)
    snapshot = mirror.load()
    assert snapshot is not None
    assert ENGINE.collect(snapshot.tables["contacts"])["consent"].to_list() == ["yes"]
