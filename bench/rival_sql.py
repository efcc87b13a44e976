"""The same plan in hand-written DuckDB SQL: what a good analyst would do for one firm, once."""

from __future__ import annotations

from pathlib import Path

from rival_walk import walk

QUERIES = ("rival_facts.sql", "rival_rules.sql")
TABLES = (
    *("contacts", "accounts", "owners", "deals", "deal_contacts", "activities", "tickets"),
    *("feedback", "invoices", "referrals", "asks", "own_fields"),
)


def decide_in_sql(snapshot: Path, scores: Path, answers: Path, memory: str = "") -> None:
    """Decide for everybody in *snapshot* and write what changes, who gets a task and what closes.

    Args:
        snapshot: Folder of Parquet tables.
        scores: The score of every customer.
        answers: Folder to write into.
        memory: Limit of memory, such as "1GB".
    """
    import duckdb
    import polars as pl

    answers.mkdir(parents=True, exist_ok=True)
    database = duckdb.connect()
    if memory:
        database.execute(f"SET memory_limit = '{memory}'")
    for table in TABLES:
        path = snapshot / f"{table}.parquet"
        database.execute(f"CREATE TEMP VIEW {table} AS FROM read_parquet('{path}')")
    database.execute(f"CREATE TEMP VIEW scores AS FROM read_parquet('{scores}')")
    for name in QUERIES:
        database.execute(Path(__file__).with_name(name).read_text(encoding="utf-8"))

    def rows(query: str) -> list[tuple[str, ...]]:
        return database.execute(query).fetchall()

    candidates = rows(
        "SELECT contact_id, play, cycle, rep, account_id FROM candidates"
        " ORDER BY tier, priority DESC, contact_id, play, cycle"
    )
    still = rows(
        "SELECT contact_id, play, coalesce(moved_to, s.owner_id), c.account_id"
        " FROM still_open s LEFT JOIN contacts c USING (contact_id)"
    )
    given = walk(candidates, still)  # type: ignore[arg-type]  # what the query selects
    columns = ["rank", "contact_id", "play", "cycle", "owner_id"]
    pl.DataFrame(given, schema=columns, orient="row").write_parquet(answers / "tasks.parquet")
    closed = "SELECT task_key, state, reason FROM closed ORDER BY task_key"
    moved = "SELECT task_key, moved_to AS owner_id FROM still_open WHERE moved_to IS NOT NULL"
    told = "SELECT contact_id, verdict, priority, cycle, why FROM decided ORDER BY contact_id"
    written = {
        "changes": "FROM changes",
        "closed": closed,
        "moved": f"{moved} ORDER BY task_key",
        "verdicts": told,
    }
    for name, query in written.items():
        database.execute(f"COPY ({query}) TO '{answers / name}.parquet' (FORMAT parquet)")
    database.close()
