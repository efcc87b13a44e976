"""Tasks, notes and properties of others that look like ours: neither written nor archived."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_tasks import task

from goodword import CreateTask, RemoveTask
from goodword.testing.contract_host import Puller
from goodword_hubspot.fake import Account, Switches, by_hand
from goodword_hubspot.marks import Mark, as_html, mark_in, with_mark, words_of
from goodword_hubspot.names import KEY, MARK, key_property, mark_property
from goodword_hubspot.seam.schema import make_group, make_property

C = Switches(task_schema_scope="crm.schemas.tasks.write")
B = Switches(unique_task_property=False)


def rows(firm: Any, folder: Path) -> dict[str, dict[str, Any]]:
    """Return the rows of ``asks`` of a pull of everything, some time later."""
    firm.clock.tick(3_600)
    found = Puller(folder, {}).pull(firm.open(), everything=True).rows("asks")
    return {row["remote_id"]: row for row in found}


def tasks_there(firm: Any) -> set[str]:
    return {str(record.id) for record in firm.fake.store.all("tasks")}


# -- properties of others


@pytest.fixture
def their_properties(bare_firm: Any) -> Any:
    """Give a firm that has a unique key and a text of its own under our names, on tasks."""
    portal = bare_firm.open().portal
    make_group(portal, "tasks")
    definitions = bare_firm.fake.portal.definitions
    group = definitions.live("tasks", "hs_task_subject").group
    for wanted in (key_property("tasks", unique=True), mark_property("tasks")):
        make_property(portal, wanted)
        live = definitions.live("tasks", wanted.name)
        definitions.put("tasks", replace(live, group=group))
    return bare_firm


def test_a_strangers_key_and_mark_on_tasks_are_never_written(
    their_properties: Any, tmp_path: Path
) -> None:
    firm = their_properties
    steps = {each.what: each for each in firm.open().install("apply")}
    for what in ("key of tasks", f"property {MARK} of tasks"):
        assert steps[what].state == "conflict"
        assert "left as it is" in steps[what].detail
    assert steps["key of notes"].state == "made"
    wanted = task()
    assert firm.open().write([wanted])[0].ok
    (record,) = firm.fake.store.all("tasks")
    assert not record.properties.get(KEY)
    assert not record.properties.get(MARK)
    assert set(firm.open().find([wanted.key])) == {wanted.key}
    (row,) = rows(firm, tmp_path / "copy").values()
    assert row["task_key"] == wanted.key
    assert firm.open().install("remove")
    definitions = firm.fake.portal.definitions
    assert definitions.live("tasks", KEY)
    assert definitions.live("tasks", MARK)


def test_tasks_stay_known_when_an_admin_moves_our_key_or_our_mark(
    firm: Any, tmp_path: Path
) -> None:
    wanted = task()
    assert firm.open().write([wanted])[0].ok
    definitions = firm.fake.portal.definitions
    group = definitions.live("tasks", "hs_task_subject").group
    for name in (KEY, MARK):
        ours = definitions.live("tasks", name)
        definitions.put("tasks", replace(ours, group=group))
        firm.clock.tick(86_400)
        found = rows(firm, tmp_path / name).values()
        assert [row["task_key"] for row in found] == [wanted.key]
        assert set(firm.open().find([wanted.key])) == {wanted.key}
        definitions.put("tasks", ours)


# -- marks in the text


@pytest.fixture
def without_properties(account: Account, bare_firm: Any) -> Any:
    account.switches = C
    bare_firm.install()
    assert bare_firm.open()._desk.place("tasks").level == "C"
    return bare_firm


@pytest.mark.parametrize("between", [" ", "\n", "  ", "\t"])
def test_a_name_that_forges_a_mark_changes_nothing(
    without_properties: Any, tmp_path: Path, between: str
) -> None:
    firm = without_properties
    other = task(contact=1025)
    forged = f"goodword {other.key} contact=1025 play=ask cycle=one asks=1 words="
    wanted = task(body=f"Ask {forged.replace(' ', between)} for a name.")
    assert all(result.ok for result in firm.open().write([other, wanted]))
    found = rows(firm, tmp_path / "copy")
    assert {row["task_key"]: row["contact_id"] for row in found.values()} == {
        other.key: "1025",
        wanted.key: "1003",
    }
    assert not any(row["edited"] for row in found.values())
    firm.open().write([task(contact=1030)])
    assert len(tasks_there(firm)) == 3
    remove = RemoveTask(key="remove", task_key=wanted.key, contact_id="1003")
    assert firm.open().write([remove])[0].ok


def test_of_several_marks_in_a_text_the_last_one_is_ours() -> None:
    first, last = Mark("ab" * 16, "1", "ask"), Mark("cd" * 16, "2", "quiet")
    assert mark_in(with_mark(f"Call {first.text} today", last)) == last


def test_what_is_written_holds_no_mark_but_our_own() -> None:
    forged = Mark("ab" * 16, "1", "ask").text
    for text in (forged, forged.replace(" ", "\n"), f"<b>{forged}</b>", f"- {forged}, -"):
        assert mark_in(as_html(text)) is None
    assert as_html("goodword of your firm") == "goodword of your firm"


PIECES = [
    "goodword",
    " ",
    "\n",
    "\u00a0",
    "25d8abcd",
    "contact=1",
    "play=ask",
    "<b>",
    "&",
    ";",
    "🙂",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_words_make_a_mark_or_hide_ours_or_look_edited(words: str) -> None:
    body, ours = as_html(words), Mark("cd" * 16, "2", "quiet")
    assert mark_in(body) is None
    assert mark_in(with_mark(body, ours)) == ours
    assert words_of("Ask", with_mark(body, ours), None) == words_of("Ask", body, None)


# -- tasks of others


@pytest.fixture(params=[Switches(), B, C], ids=["A", "B", "C"])
def any_level(request: pytest.FixtureRequest, account: Account, bare_firm: Any) -> Any:
    account.switches = request.param
    from goodword_hubspot.fake.standard_properties import standard_definitions

    object.__setattr__(bare_firm.fake.portal, "definitions", standard_definitions(account))
    bare_firm.install()
    return bare_firm


def theirs(firm: Any, mark: str, status: str = "NOT_STARTED") -> str:
    """Let a person make a task with a mark; return its number."""
    place = firm.open()._desk.place("tasks")
    values = {
        "hs_task_subject": "Sign contract with ACME",
        "hs_task_status": status,
        "hs_timestamp": "1796000000000",
        **({place.mark: mark} if place.mark else {"hs_task_body": mark}),
    }
    firm.clock.tick(60)
    return by_hand.add(firm.fake.portal, "tasks", values, {"contacts": "1028"})


def test_a_persons_task_with_a_key_of_ours_is_not_archived(any_level: Any, tmp_path: Path) -> None:
    firm, ours = any_level, task()
    assert firm.open().write([ours])[0].ok
    number = theirs(firm, f"goodword {ours.key} contact=1028 play=warm_up")
    found = rows(firm, tmp_path / "copy")
    assert number not in found
    assert len(found) == 1
    assert firm.open().write([task(contact=1030)])[0].ok
    assert number in tasks_there(firm)


def test_a_copy_whose_words_we_never_wrote_is_not_archived(any_level: Any, tmp_path: Path) -> None:
    firm, ours = any_level, task()
    assert firm.open().write([ours])[0].ok
    number = theirs(firm, f"goodword {ours.key} contact=1003 play=ask cycle=one")
    (row,) = rows(firm, tmp_path / "copy").values()
    assert row["edited"]
    assert firm.open().write([task(contact=1030)])[0].ok
    assert number in tasks_there(firm)


def test_a_completed_task_of_somebody_else_gives_no_thanks(any_level: Any, tmp_path: Path) -> None:
    theirs(any_level, f"goodword {'ab' * 16} contact=1028 play=thank_you", "COMPLETED")
    assert rows(any_level, tmp_path / "copy") == {}


def copied(firm: Any, action: CreateTask) -> str:
    """Make what a lost answer leaves where keys are not unique: the same task once more."""
    (record,) = firm.fake.store.all("tasks")
    known = {n: v for n, v in record.properties.items() if n in COPIED and v}
    firm.clock.tick(60)
    return by_hand.add(firm.fake.portal, "tasks", known, {"contacts": action.contact_id})


COPIED = frozenset({"hs_task_subject", "hs_task_body", "hs_task_status", "hs_timestamp", KEY, MARK})


@pytest.mark.parametrize("switches", [B, C], ids=["B", "C"])
@pytest.mark.parametrize("touched", [True, False])
def test_a_second_one_is_named_and_archived_only_while_nobody_touched_it(
    account: Account, bare_firm: Any, tmp_path: Path, switches: Switches, touched: bool
) -> None:
    account.switches = switches
    from goodword_hubspot.fake.standard_properties import standard_definitions

    firm = bare_firm
    object.__setattr__(firm.fake.portal, "definitions", standard_definitions(account))
    firm.install()
    ours = task()
    assert firm.open().write([ours])[0].ok
    number = copied(firm, ours)
    firm.clock.tick(3_600)
    notices: list[str] = []
    connector, puller = firm.open(), Puller(tmp_path / "copy", {})
    intake = puller._mirror.intake()
    intake.notice = lambda code, text: notices.append(text)  # type: ignore[method-assign]  # to hear
    connector.pull(None, intake)
    assert sum(number in text for text in notices) == 1
    if touched:
        by_hand.edit(firm.fake.portal, "tasks", number, {"hs_task_subject": "Ask on Friday"})
    assert firm.open().write([task(contact=1030)])[0].ok
    assert (number in tasks_there(firm)) is touched
