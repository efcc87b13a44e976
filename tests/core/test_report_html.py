"""The report as a page: every part of it, nothing from outside, and no name can harm it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_plan_html import HOSTILE, Page, plan_of, shape, task

from goodword.doings import DOINGS
from goodword.firm import Firm
from goodword.funnel import Funnel
from goodword.model import Unlock
from goodword.report.report_html import BLIND, MEANINGS, report_document
from goodword.reporting import OpenTask, Owed, Report, RepWeek

DAY = date(2026, 11, 20)
REASONS = {"complaint": "complained on …"}


def open_task(name: str = "Kim Park", **changes: Any) -> OpenTask:
    values: dict[str, Any] = {
        "contact_id": "C-1",
        "contact_name": name,
        "play": "thank_you",
        "due": DAY,
        "overdue": False,
        "later": False,
        **changes,
    }
    return OpenTask(**values)


def a_report(word: str = "Moira Kerr", **changes: Any) -> Report:
    """A report with something in every part; *word* stands wherever a text comes from outside."""
    unlock = Unlock(fact="f", table="feedback", opens="moment", number=41, wish=word)
    plan = plan_of(
        task(1, contact_name=word, because=(word,)),
        held={"complaint": 12, "window_closes": 2},
        waiting={"rep_full": 7, f"veto:{word}": 1},
        cannot_check=(f"{word} (needs surveys)", "open_ticket (needs tickets)"),
        mode="pilot",
        scope=word,
        verdicts={"ask": 5, "wait": 1229},
    )
    week = RepWeek(
        owner_id="o-1",
        name=word,
        open=(open_task(word), open_task(word, play=word, overdue=True), open_task(due=None)),
        planned=(task(1, contact_name=word, because=(word,)),),
        more_open=3,
    )
    values: dict[str, Any] = {
        "firm": word,
        "as_of": DAY,
        "monday": date(2026, 11, 16),
        "sunday": date(2026, 11, 22),
        "plan": plan,
        "weeks": (week, RepWeek(owner_id=None, name="", open=(), planned=(), more_planned=2)),
        "funnel": Funnel(since=date(2026, 3, 2), asked=41, yes=12, referred=9, won=4, before=6),
        "stages": (("know", 3), ("buy", 1231), ("refer", 0)),
        "owed": (Owed(contact_id="C-1", name=word, number=2),),
        "thanks_owed": 4,
        "people_owed": 3,
        "contacts": 1234,
        "pulled_at": datetime(2026, 11, 18, 7, 5, tzinfo=UTC),
        "unlocks": (unlock,),
        **changes,
    }
    return Report(**values)


def text_of(report: Report, **more: Any) -> str:
    return Page(report_document(report, REASONS, **more)).text()


def test_every_part_is_there_in_plain_words() -> None:
    page = text_of(a_report())
    for part in (
        "The week of 16 to 22 November 2026",
        "Since Mon 2 Mar 2026",
        "41 asked for a good word",
        "12 said yes 29 % of those asked",
        "9 referred people sent to you, asked for or not",
        "4 won of those referred",
        "On record from before, or without a date: 6 referrals.",
        "Open now: 6 tasks, on the list already",
        "and 3 more open tasks.",
        "Planned, not written yet: 1 task",
        "2 planned tasks, not written yet",
        "4 thank-yous on the lists, to 3 people",
        "and 2 more people.",
        "buy they bought from you 1,231",
        "12 good moments to ask, held back for a reason",
        "For 1,217 contacts nothing happened lately",
        "7 more tasks wait: the rep's week is full.",
        "Moira Kerr could open a good moment for up to 41 more customers.",
        "open problems",
        "List read 2 days ago",
        "goodword apply 20261120-0123abcd",
    ):
        assert part in page, part


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_from_outside_changes_what_the_page_is_made_of(hostile: str) -> None:
    page = report_document(a_report(hostile), REASONS)
    assert shape(page) == shape(report_document(a_report(), REASONS))
    for sign in "\u202e\u2066\x07\x00\x1b\ud800":
        assert sign not in page


@settings(max_examples=40)
@given(st.text(min_size=1))
def test_any_text_is_shown_and_harms_nothing(word: str) -> None:
    page = report_document(a_report(f"x{word}"), REASONS)
    assert shape(page) == shape(report_document(a_report(), REASONS))


def test_a_plan_too_old_to_be_written_is_not_offered() -> None:
    page = text_of(a_report(stale=True))
    assert "too old to be written" in page
    assert "goodword apply" not in page
    shadow = a_report(plan=plan_of(task(1), mode="shadow"))
    assert "goodword --profile own rollout live" in text_of(
        shadow, program="goodword --profile own"
    )


def test_a_list_without_reps_is_the_week_of_whoever_calls() -> None:
    week = RepWeek(owner_id=None, name="", open=(open_task(),), planned=())
    alone = a_report(weeks=(week,))
    assert "Your week" in Page(report_document(alone, REASONS)).all("h2")
    assert "Sam Rowe" in Page(report_document(alone, REASONS, caller="Sam Rowe")).all("h2")
    team = a_report(weeks=(RepWeek(owner_id="o", name="Tom", open=(), planned=()), week))
    assert "Nobody yet" in Page(report_document(team, REASONS)).all("h2")


def test_a_firm_with_nothing_yet_reads_friendly_words_and_no_empty_parts() -> None:
    empty = a_report(
        plan=plan_of(),
        weeks=(),
        funnel=Funnel(since=None),
        owed=(),
        thanks_owed=0,
        people_owed=0,
        unlocks=(),
    )
    page = Page(report_document(empty, REASONS))
    assert "Nobody has been asked yet" in page.text()
    assert "Rather ask nobody than ask at the wrong time" in page.text()
    assert not {"Thank-yous owed", "What would help", "Cannot check"} & set(page.all("h2"))


def test_what_has_plain_words_of_its_own_is_a_rule_that_comes_with_goodword(tmp_path: Path) -> None:
    (tmp_path / "goodword.toml").write_text('[connector]\nname = "csv"\n', encoding="utf-8")
    book = Firm(tmp_path, today=DAY).book
    assert set(DOINGS) == {play.name for play in book.plays}
    assert set(MEANINGS) == set(book.stages.stages)
    assert set(BLIND) <= {rule.name for rule in book.suppressors}


def test_a_large_firm_still_has_a_small_page() -> None:
    tasks = tuple(task(n, because=("rated us 10 of 10 on 2026-11-12",) * 3) for n in range(400))
    weeks = tuple(
        RepWeek(owner_id=f"o-{n}", name=f"Rep {n}", open=(open_task(),), planned=(tasks[n],))
        for n in range(400)
    )
    assert len(report_document(a_report(weeks=weeks), REASONS).encode()) < 1_000_000
