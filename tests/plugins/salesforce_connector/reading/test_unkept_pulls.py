"""What is remembered is of the pull that the core kept, and outlives damage and hidden fields."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from goodword import SourceError
from goodword_salesforce.fake import by_hand
from goodword_salesforce.memory import ACCOUNTS_FILE, COPY, ECHOES_FILE, FILE, MERGED_FILE
from goodword_salesforce.names import DO_NOT_ASK, INTEGRATION, KEY, MARK, REFERRED_BY

NOW = "HasOptedOutOfEmail"


def state(firm: Any) -> Path:
    folder: Path = firm.folder / "state"
    return folder


# -- a run that died before the core kept what it had read


@pytest.mark.promise("salesforce.consent")
def test_a_refusal_read_by_a_run_that_died_is_read_again(firm: Any) -> None:
    out, marked = firm.contact("Hocking"), firm.contact("Dyer")
    firm.pull()
    firm.clock.now += 60
    firm.edit("Contact", out, **{NOW: True, "DoNotCall": True})
    firm.edit("Contact", marked, **{DO_NOT_ASK: True})
    firm.pull(kept=False)
    assert firm.told.row("contacts", out)["consent"] == "unknown"
    told = firm.pull()
    assert told.row("contacts", out)["consent"] == "no"
    assert told.row("contacts", marked)["do_not_ask"]


@pytest.mark.promise("salesforce.merged")
def test_merges_sales_and_referrals_read_by_a_run_that_died_are_read_again(firm: Any) -> None:
    winner, loser = firm.contact("Kitto"), firm.contact("Kito", **{DO_NOT_ASK: True})
    buyer, sender = firm.contact("Moyle"), firm.contact("Pask")
    deal = firm.sale(buyer)
    firm.pull()
    firm.clock.now += 3_600
    firm.pull()
    by_hand.merge(firm.fake.org, "Contact", winner, loser)
    firm.edit("Contact", buyer, **{REFERRED_BY: sender})
    firm.edit("Opportunity", deal, Amount=900.0)
    for _ in range(2):
        firm.pull(kept=False)
    told = firm.pull()
    assert told.row("aliases", loser)["contact_id"] == winner
    assert told.row("contacts", winner)["do_not_ask"]
    assert (loser,) not in told.tables["contacts"]
    assert told.row("referrals", f"{sender}-{buyer}")
    assert told.row("deal_rollups", buyer)["sum_cents"] == 90_000


def test_a_run_that_died_costs_one_whole_reading_and_no_more(firm: Any) -> None:
    firm.contact()
    firm.pull()
    firm.pull(kept=False)
    assert "contacts" in firm.pull().was_whole
    firm.later()
    assert firm.calls == 1


@pytest.mark.parametrize("name", [ECHOES_FILE, ACCOUNTS_FILE, MERGED_FILE])
def test_a_run_that_died_while_it_saved_is_noticed_too(
    firm: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from goodword_salesforce import texts_kept as written

    who, duplicate, account = firm.contact(), firm.contact(), firm.add("Account", Name="Moyle")
    firm.pull()
    firm.clock.now += 60
    firm.edit("Contact", who, **{NOW: True, "AccountId": account})
    by_hand.merge(firm.fake.org, "Contact", who, duplicate)
    save = written.private_file

    def full_disk(path: Path) -> Any:
        if path.name == name:
            msg = "The disk is full."
            raise SourceError(msg)
        return save(path)

    told = copy.deepcopy(firm.told.tables)
    with monkeypatch.context() as during:
        during.setattr(written, "private_file", full_disk)
        with pytest.raises(SourceError):
            firm.pull()
    firm.told.tables = told
    assert firm.pull().row("contacts", who)["consent"] == "no"


# -- a file that is damaged or lost


@pytest.mark.promise("salesforce.merged")
@pytest.mark.parametrize("damage", ["cut", "lost", "garbled"])
def test_refusals_outlive_a_damaged_file_and_it_is_told(firm: Any, damage: str) -> None:
    winner, loser = firm.contact("Kitto"), firm.contact("Kito", **{DO_NOT_ASK: True})
    lead = firm.add("Lead", LastName="Odgers", Company="Odgers", **{DO_NOT_ASK: True})
    _, contact = by_hand.convert(firm.fake.org, lead)
    by_hand.merge(firm.fake.org, "Contact", winner, loser)
    firm.pull()
    firm.clock.now += 60
    for kind, gone in (("Contact", loser), ("Lead", lead)):
        by_hand.erase(firm.fake.org, kind, gone)
    damaged(state(firm) / FILE, damage)
    told = firm.later()
    assert "contacts" in told.was_whole
    assert told.row("contacts", winner)["do_not_ask"]
    assert told.row("contacts", contact)["do_not_ask"]
    (text,) = told.notices["memory"]
    assert FILE in text
    assert "copy" in text
    assert not firm.later().notices["memory"]


def test_losing_the_file_and_its_copy_tells_what_may_be_lost(firm: Any) -> None:
    firm.contact()
    firm.pull()
    for name in (FILE, COPY):
        (state(firm) / name).write_text("{", encoding="utf-8")
    (text,) = firm.later().notices["memory"]
    assert "merged" in text
    assert "Do not ask" in text
    assert not firm.later().notices["memory"]


def test_a_first_pull_has_lost_nothing(firm: Any) -> None:
    firm.contact()
    assert not firm.pull().notices["memory"]


def damaged(file: Path, how: str) -> None:
    if how == "lost":
        file.unlink()
    elif how == "cut":
        file.write_bytes(file.read_bytes()[:-5])
    else:
        file.write_bytes(b"\xff\x00" * 40)


# -- tasks that were taken back, and fields that are hidden since


@pytest.mark.parametrize("how", ["revoked", "removed"])
def test_fields_that_go_after_an_undo_stop_no_pull(firm: Any, how: str) -> None:
    who = firm.contact()
    task = firm.our_task(who)
    firm.pull()
    desk = firm.desk()
    desk.memory.take_back({"k1": task}, firm.clock())
    firm.edit("Task", task, **{KEY: None, MARK: None})
    by_hand.delete(firm.fake.org, "Task", task)
    if how == "revoked":
        by_hand.revoke(firm.fake.org, INTEGRATION, firm.fake.account.username)
        by_hand.grant(firm.fake.org, firm.fake.account.username, STANDARD)
    else:
        for name in (KEY, MARK):
            firm.fake.org.schema.remove("Activity", name, firm.clock())
    firm.later()
    firm.later()
    if how == "revoked":
        firm.fake.account.hidden.clear()
        firm.install()
        assert not firm.later(25 * 3_600).rows("asks")


STANDARD = [
    *(("Contact", name) for name in ("Email", "HasOptedOutOfEmail", "DoNotCall", "AccountId")),
    *(("Lead", name) for name in ("Email", "HasOptedOutOfEmail", "DoNotCall")),
    *((of, DO_NOT_ASK) for of in ("Contact", "Lead")),
]
