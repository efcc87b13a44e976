"""Privacy: a person can be forgotten, and words expire; keys stay, so nothing is made again.

What is emptied is overwritten in the file. ``forget`` also writes the whole file anew, because
SQLite may have left copies of a row where it once lay. Copies elsewhere (backups, the copy laid
beside the ledger before an upgrade) are not touched.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from goodword.errors import GoodwordError
from goodword.ledger.damage import damaged
from goodword.ledger.file import LedgerFile
from goodword.ledger.rows import moment_text
from goodword.ledger.schema import HASH_KEY

if TYPE_CHECKING:
    import sqlite3

_NAMELESS = "UPDATE writes SET last = json_remove(last, '$.outcome_name')"
"""Takes the name somebody gave from what is known of a task that is gone; the answer stays."""


class Privacy(LedgerFile):
    """Forgetting people, and content that is old."""

    def pseudonym(self, contact_id: str) -> str:
        """Return the name that stands for a forgotten contact; only this ledger can make it."""
        return _pseudonym(self._secret(), contact_id)

    def forgotten(self, contact_ids: Iterable[str]) -> frozenset[str]:
        """Return which of these contacts were forgotten."""
        with self._guarded() as db:
            names = {name for (name,) in db.execute("SELECT pseudonym FROM forgotten")}
        if not names:
            return frozenset()
        secret = self._secret()
        return frozenset(who for who in contact_ids if _pseudonym(secret, who) in names)

    def mark_of_forgotten(self) -> str:
        """Return what tells this list of forgotten people from any other; empty for nobody."""
        with self._guarded() as db:
            names = sorted(name for (name,) in db.execute("SELECT pseudonym FROM forgotten"))
        return hashlib.sha256("\n".join(names).encode()).hexdigest() if names else ""

    def recall(self, names: Iterable[str], now: datetime) -> list[str]:
        """Hold people forgotten whom this ledger, put back from a backup, does not know to be.

        Args:
            names: Pseudonyms of everybody who was ever forgotten here.
            now: Current time, UTC.

        Returns:
            Ids of those something is on record about; ``forget`` them.
        """
        with self._guarded() as db:
            known = {name for (name,) in db.execute("SELECT pseudonym FROM forgotten")}
        new = set(names) - known
        if not new:
            return []
        query = "SELECT contact_id FROM writes UNION SELECT contact_id FROM history"
        with self._guarded() as db:
            people = [str(who) for (who,) in db.execute(query)]
        secret = self._secret()
        here = {alias: who for who in people if (alias := _pseudonym(secret, who)) in new}
        rows = [(name, moment_text(now)) for name in sorted(new - here.keys())]
        with self._transaction() as db:
            db.executemany("INSERT OR IGNORE INTO forgotten (pseudonym, at) VALUES (?, ?)", rows)
        return sorted(here.values())

    def knows(self, contact_ids: Iterable[str]) -> frozenset[str]:
        """Return which of these contacts something was written about."""
        query = "SELECT EXISTS (SELECT 1 FROM history WHERE contact_id = :who)"
        query += " OR EXISTS (SELECT 1 FROM writes WHERE contact_id = :who)"
        with self._guarded() as db:
            return frozenset(
                who for who in contact_ids if db.execute(query, {"who": who}).fetchone()[0]
            )

    def called(self, contact_ids: Iterable[str]) -> list[str]:
        """Return the names of these contacts as the tasks about them say, as far as they do."""
        query = "SELECT DISTINCT json_extract(payload, '$.contact_name') FROM writes"
        query += " WHERE contact_id = ? AND kind = 'create_task' AND payload != ''"
        with self._guarded() as db:
            found = [row for who in contact_ids for row in db.execute(query, (who,)).fetchall()]
        return sorted({str(name) for (name,) in found if name})

    def forget(self, who: str | Sequence[str], mentions: Sequence[str], now: datetime) -> int:
        """Forget people: contents go, their ids become pseudonyms, keys stay.

        Args:
            who: One person or several, under each id that was merged into theirs.
            mentions: Names, e-mails and the like: other people's writes that contain one are
                emptied as well, and cannot be undone any more.
            now: Current time, UTC.

        Returns:
            How many writes were emptied.

        Raises:
            GoodwordError: A run was cut off: what it sent must be looked up first.
        """
        people = [who] if isinstance(who, str) else list(who)
        secret = self._secret()
        pairs = [(_pseudonym(secret, person), person) for person in people]
        with self._transaction() as db:
            if db.execute("SELECT 1 FROM writes WHERE state = 'intent' LIMIT 1").fetchone():
                msg = "A run was cut off while it wrote."
                raise GoodwordError(msg, hint="Run goodword pull first; it settles what was open.")
            names = [(alias, moment_text(now)) for alias, _ in pairs]
            db.executemany("INSERT OR IGNORE INTO forgotten (pseudonym, at) VALUES (?, ?)", names)
            query = "UPDATE writes SET payload = '' WHERE contact_id = ? AND payload != ''"
            emptied = db.executemany(query, [(person,) for person in people]).rowcount
            named = _naming(mentions)
            others = list(_mentioning(db, people, named))
            db.executemany("UPDATE writes SET payload = '' WHERE rowid = ?", others)
            given = list(_given(db, named))
            db.executemany(f"{_NAMELESS} WHERE rowid = ?", given)
            db.executemany(
                "UPDATE writes SET contact_id = ?, remote_id = '', cycle = '', last = ''"
                " WHERE contact_id = ?",
                pairs,
            )
            db.executemany(
                "UPDATE history SET contact_id = ?, change = '' WHERE contact_id = ?", pairs
            )
        with self._guarded() as db:
            db.execute("VACUUM")
        return emptied + len(others)

    def expire(self, before: datetime) -> int:
        """Empty the contents of writes older than a moment; return how many.

        Their runs can no longer be undone. Open intents keep theirs, and so do values of our
        fields that were taken back or struck: they are what must not be written again. Names given
        on tasks that have been gone for as long go as well.
        """
        query = (
            "UPDATE writes SET payload = '' WHERE at < ? AND payload != '' AND state != 'intent'"
            " AND NOT (kind = 'set_fields' AND state IN ('undone', 'struck'))"
        )
        gone = f"{_NAMELESS} WHERE missing_since < ? AND last LIKE '%outcome_name%'"
        with self._guarded() as db:
            db.execute(gone, (before.date().isoformat(),))
            return db.execute(query, (moment_text(before),)).rowcount

    def _secret(self) -> bytes:
        with self._guarded() as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (HASH_KEY,)).fetchone()
            if row is None:
                raise damaged(self._path)
            return bytes.fromhex(row[0])


def _pseudonym(secret: bytes, contact_id: str) -> str:
    digest = hmac.digest(secret, contact_id.encode(), hashlib.sha256)
    return f"forgotten-{digest.hex()[:32]}"


def _naming(mentions: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds the mentions in a content; None where there is none."""
    forms = {form for said in mentions if said.strip() for form in _forms(said.strip())}
    any_form = "|".join(re.escape(form) for form in sorted(forms))
    return re.compile(rf"(?<!\w)(?:{any_form})(?!\w)") if forms else None


def _given(db: sqlite3.Connection, named: re.Pattern[str] | None) -> Iterator[tuple[int]]:
    """Give the rows of tasks that are gone and on which one of those mentioned was named."""
    for row, last in db.execute("SELECT rowid, last FROM writes WHERE last LIKE '%outcome_name%'"):
        if named is not None and named.search(last.casefold()):
            yield (row,)


def _mentioning(
    db: sqlite3.Connection, people: Sequence[str], named: re.Pattern[str] | None
) -> Iterator[tuple[int]]:
    """Give the rows whose content holds one of the mentions, or links to one of the people."""
    links = [f'"referred_id":{json.dumps(person, ensure_ascii=False)}' for person in people]
    for row, kind, payload in db.execute(
        "SELECT rowid, kind, payload FROM writes WHERE payload != ''"
    ):
        linked = kind == "link_referral" and any(link in payload for link in links)
        if linked or (named is not None and named.search(payload.casefold())):
            yield (row,)


def _forms(said: str) -> Iterator[str]:
    """Give a text as JSON may hold it: plain, and with its letters escaped."""
    for ascii_only in (False, True):
        yield json.dumps(said, ensure_ascii=ascii_only)[1:-1].casefold()
