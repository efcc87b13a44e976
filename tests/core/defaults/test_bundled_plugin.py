"""The bundled plugin as a whole: it registers, loads lightly and computes alike on engines."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import narwhals.stable.v2 as nw
import pluggy
import pytest

from goodword import defaults, hookspecs
from goodword.tables import TABLES, Frame

CORE = Path(defaults.__file__).parents[2]
HEAVY = ("narwhals", "polars", "duckdb", "pydantic", "jinja2")


def test_importing_it_loads_no_engine() -> None:
    code = f"import sys, goodword.defaults; print([m for m in {HEAVY!r} if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=CORE,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(CORE)},
    )

    assert run.stdout.strip() == "[]"


def test_it_registers_as_one_plugin() -> None:
    manager = pluggy.PluginManager("goodword")
    manager.add_hookspecs(hookspecs)
    manager.register(defaults, "defaults")
    manager.check_pending()
    hooks = {caller.name for caller in manager.get_hookcallers(defaults) or []}

    assert {"goodword_facts", "goodword_stage_model", "goodword_touchpoints"} <= hooks
    assert {"goodword_ask_rules", "goodword_champion_score", "goodword_plays"} <= hooks


def test_every_rule_is_well_typed_and_has_a_name_of_its_own(firm: Any) -> None:
    assert len(firm.book.hash) == 16
    names = [fact.name for fact in firm.facts]
    assert len(names) == len(set(names))


def test_every_fact_is_documented_and_says_what_it_reads(firm: Any) -> None:
    for fact in firm.facts:
        assert fact.doc.endswith(".")
        assert fact.reads
        assert set(fact.reads) <= set(TABLES)


@pytest.mark.promise("money.cents")
def test_counts_are_never_unknown_and_money_is_in_cents(firm: Any) -> None:
    counts = [f for f in firm.facts if f.type == "int" and not f.name.endswith("_last")]
    sums_only = {"first_half_cents", "first_year_cents", "later_cents", "later_days"}

    assert {f.name for f in counts if f.fill is None} == sums_only
    assert {f.name for f in firm.facts if f.unit == "cents"} == {
        f.name for f in firm.facts if f.name.endswith("_cents")
    }


def an_untidy_firm(seed: int) -> dict[str, list[dict[str, Any]]]:
    """Rows with nulls, ties, odd cents, refunds, strangers and dates in the future."""
    random = Random(seed)  # noqa: S311 - rows for a test, not a secret
    people = [f"p{number}" for number in range(15)]
    start = datetime(2024, 6, 1)

    def time() -> datetime | None:
        moment = start + timedelta(days=random.randrange(960), hours=random.choice([0, 0, 9]))
        return random.choice([None, *[moment] * 8])

    def draw(value: Any) -> Any:
        if value == "time":
            return time()
        if value == "who":
            return random.choice([None, "stranger", *people])
        return random.choice(value) if isinstance(value, list) else value

    def rows(many: int, key: str, **columns: Any) -> list[dict[str, Any]]:
        return [
            {key: f"{key[0]}{number}", **{name: draw(v) for name, v in columns.items()}}
            for number in range(many)
        ]

    links = {(f"d{random.randrange(40)}", random.choice(people)) for _ in range(60)}
    kinds = [
        "call",
        "gift",
        "thank_you",
        "delivery",
        "milestone",
        "results_review",
        "webinar",
        None,
    ]
    return {
        "contacts": [
            {
                "contact_id": name,
                "name": random.choice(["Ann Lee", "Bo Ray", None]),
                "account_id": random.choice(["a1", "a2", "a3", None]),
                "city": random.choice(["Ulm", "ulm ", None]),
                "consent": random.choice([None, "yes", "no"]),
            }
            for name in people
        ],
        "accounts": rows(
            8, "account_id", name=["Arda", "Brix"], city=["Ulm", None], target=[True, None]
        )
        + [{"account_id": f"a{n}", "industry": "Steel"} for n in (11, 12, 13)],
        "deals": rows(
            40,
            "deal_id",
            account_id=["a1", "a2", None],
            kind=["new", "renewal", "refund", None],
            status=["won", "won", "open", "lost"],
            amount_cents=[None, 10_001, 5, -333],
            margin_cents=[None, None, 51, -7],
            created_at="time",
            closed_at="time",
        ),
        "deal_contacts": [
            {"deal_id": deal, "contact_id": who, "primary": random.choice([None, True, False])}
            for deal, who in sorted(links)
        ],
        "deal_rollups": [
            {
                "contact_id": who,
                "purchase_days": draw([1, 2, None]),
                "first_at": time(),
                "last_at": time(),
                "sum_cents": draw([7, -5, None]),
            }
            for who in people[:6]
        ],
        "activities": rows(
            60, "v_id", contact_id="who", kind=kinds, at="time", subject=[None, "White Paper"]
        ),
        "touches": [
            {"contact_id": who, "kind": kind, "count": draw([0, 3, None]), "last_at": time()}
            for who in people
            for kind in ("call", "gift")
        ],
        "tickets": rows(
            20,
            "ticket_id",
            contact_id="who",
            kind=["ticket", "complaint", None],
            status=["open", "closed", None],
            opened_at="time",
            closed_at="time",
            positive=[None, True, False],
        ),
        "feedback": rows(
            40,
            "feedback_id",
            contact_id="who",
            kind=["nps", "csat", "review"],
            score=[None, 0, 4, 5, 9],
            at="time",
        ),
        "invoices": rows(15, "invoice_id", contact_id="who", due_at="time", paid_at="time"),
        "referrals": rows(
            20,
            "referral_id",
            referrer_id="who",
            referred_id=[None, *people],
            referred_name=["Zoe", None],
            status=["received", "won", None],
            at="time",
            met_at="time",
            won_at="time",
            came_anyway=[None, True, False],
        ),
        "asks": rows(
            40,
            "task_key",
            contact_id="who",
            play=["ask", "ask", "thank_you", "recover", "warm_up"],
            cycle=["r1:received", "x"],
            state=["open", "done", "done", "deleted", "expired"],
            created_at="time",
            due_at="time",
            done_at="time",
            outcome=[None, "yes", "no", "later", "never", "no answer", "unhappy"],
            outcome_at="time",
            outcome_name=[None, "Zoe", "Kim"],
        ),
    }


def on_duckdb(connection: Any, name: str, frame: nw.DataFrame[Any]) -> Frame:
    """The same table, held by DuckDB."""
    connection.register(f"{name}_rows", frame.to_arrow())
    connection.table(f"{name}_rows").create(name)
    return nw.from_native(connection.table(name))


@pytest.mark.duckdb
@pytest.mark.parametrize("seed", [1, 2])
def test_every_fact_and_score_is_the_same_on_duckdb(firm: Any, seed: int) -> None:
    import duckdb

    rows = an_untidy_firm(seed)
    rows["activities"] = [{"activity_id": row.pop("v_id"), **row} for row in rows["activities"]]
    tables = firm.tables(**rows)
    connection = duckdb.connect()
    other = {n: on_duckdb(connection, n, firm.engine.collect(f)) for n, f in tables.items()}

    builds: dict[Any, list[str]] = {}
    for fact in firm.facts:
        builds.setdefault(fact.build, []).append(fact.name)
    for build, names in builds.items():
        expected = firm.engine.collect(build(tables, firm.today).select("contact_id", *names))
        found = build(other, firm.today).select("contact_id", *names).collect("pyarrow")
        assert sorted(found.rows(), key=str) == sorted(expected.rows(), key=str)

    facts = firm.frame(**rows)
    held = on_duckdb(connection, "facts", firm.engine.collect(facts))
    score = defaults.goodword_champion_score
    expected = firm.engine.collect(score(tables, facts, firm.today, firm.settings))
    found = score(other, held, firm.today, firm.settings).collect("pyarrow")
    assert sorted(found.rows()) == sorted(expected.rows())
    connection.close()
