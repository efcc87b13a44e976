"""What a batch writes: each record with its own result, in few calls, and nothing of theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from goodword import (
    AuthError,
    CreateTask,
    LinkReferral,
    LogActivity,
    RetryableError,
    SetFields,
)
from goodword.model import task_key
from goodword_hubspot.fake import Fault
from goodword_hubspot.seam.associations import read_links
from goodword_hubspot.seam.objects import read
from goodword_hubspot.seam.schema import archive_property


def fields(contact: int | str, **values: str | int | None) -> SetFields:
    values = values or {"stage": "refer", "score": 71}
    key = f"{contact}-{sorted(values.items())}"
    return SetFields(key=key, contact_id=str(contact), values=values, before={})


def a_task(contact: int, cycle: str = "one", **changes: Any) -> CreateTask:
    person = str(contact)
    values: dict[str, Any] = {
        "key": task_key("47102285", person, "ask_referral", cycle),
        "contact_id": person,
        "contact_name": "Somebody",
        "owner_id": "51",
        "play": "ask_referral",
        "cycle": cycle,
        "due": date(2026, 11, 27),
        "subject": "Ask Somebody for a name",
        "body": "Say this: <b>who</b> else & whom?\nThen choose the outcome. 🙂",
        "because": (),
        "rank": 1,
        "asks": True,
    }
    return CreateTask(**{**values, **changes})


def a_note(contact: int) -> LogActivity:
    return LogActivity(
        key=f"{contact:032x}",
        contact_id=str(contact),
        owner_id="51",
        activity="thank_you",
        at=date(2026, 11, 20),
        subject="Thank-you for a referral",
        body="Given by phone.",
    )


@pytest.fixture
def pulled(firm: Any, tmp_path: Any) -> Any:
    """Give a firm that has just pulled, as it has before each write."""
    from goodword.testing.contract_host import Puller

    firm.clock.tick(60)
    Puller(tmp_path / "mirror", {}).pull(firm.open())
    firm.fake.calls.reset()
    return firm


def contact(firm: Any, number: int, *names: str) -> dict[str, str]:
    (record,) = read(firm.open().portal, "contacts", [str(number)], names)
    return {name: record.get(name) for name in names if record.get(name)}


# -- calls


def test_writing_back_needs_as_few_calls_as_the_budget_says(pulled: Any) -> None:
    firm, connector = pulled, pulled.open()
    batch = [
        *(fields(number) for number in range(1001, 1051)),
        *(a_task(number) for number in range(1001, 1041)),
        *(a_note(number) for number in range(1001, 1011)),
    ]
    assert all(result.ok for result in connector.write(batch))
    assert dict(firm.fake.calls.by_kind()) == {
        "contacts batch update": 1,
        "tasks batch upsert": 1,
        "tasks to contacts batch create": 1,
        "notes batch upsert": 1,
        "notes to contacts batch create": 1,
    }


def test_recovery_adds_one_read_a_hundred_tasks(pulled: Any) -> None:
    batch = [a_task(number) for number in range(1001, 1041)]
    pulled.open().write(batch)
    pulled.fake.calls.reset()
    pulled.open().write(batch)
    calls = dict(pulled.fake.calls.by_kind())
    assert calls["tasks batch read"] == 1
    assert "tasks batch upsert" not in calls


# -- one bad record


@pytest.mark.promise("hubspot.one-bad")
def test_one_refused_record_stops_nobody_in_its_batch(pulled: Any) -> None:
    good = [fields(number) for number in (1001, 1002, 1004, 1005)]
    bad = fields(1003, stage="no such stage")
    batch = [*good[:2], bad, *good[2:]]
    results = pulled.open().write(batch)
    assert [result.ok for result in results] == [True, True, False, True, True]
    assert "no such stage" not in results[2].error
    assert contact(pulled, 1005, "goodword_score") == {"goodword_score": "71"}


@pytest.mark.promise("hubspot.twice-in-batch")
def test_two_writes_about_one_contact_in_one_batch_both_arrive_in_order(pulled: Any) -> None:
    batch = [fields(1001, score=10, stage="buy"), fields(1001, score=20)]
    assert [result.ok for result in pulled.open().write(batch)] == [True, True]
    assert contact(pulled, 1001, "goodword_score", "goodword_stage") == {
        "goodword_score": "20",
        "goodword_stage": "buy",
    }


@pytest.mark.parametrize("owner", ["54", "999"])
def test_a_task_for_a_rep_who_left_is_refused_and_the_others_are_made(
    pulled: Any, owner: str
) -> None:
    batch = [a_task(1001), a_task(1002, owner_id=owner), a_task(1003)]
    results = pulled.open().write(batch)
    assert [result.ok for result in results] == [True, False, True]
    assert "hubspot_owner_id" in results[1].error


@pytest.mark.parametrize("status", [409, 400])
@pytest.mark.promise("hubspot.one-bad")
def test_a_batch_refused_as_a_whole_is_halved_until_everything_good_is_written(
    pulled: Any, status: int
) -> None:
    pulled.fake.faults.add(Fault(path="/crm/v3/objects/contacts/batch/update", status=status))
    results = pulled.open().write([fields(number) for number in range(1001, 1009)])
    assert all(result.ok for result in results)


def test_a_contact_that_was_deleted_meanwhile_is_refused(pulled: Any) -> None:
    firm = pulled
    firm.fake.store.archive(firm.fake.store.get("contacts", "1003"), firm.fake.portal.now())
    results = firm.open().write([fields(1003), fields(1004)])
    assert [result.ok for result in results] == [False, True]


def test_a_property_an_admin_archived_is_named(pulled: Any) -> None:
    archive_property(pulled.open().portal, "contacts", "goodword_stage")
    (result,) = pulled.open().write([fields(1001)])
    assert not result.ok
    assert "goodword_stage" in result.error
    assert "stage" not in pulled.open().fields
    assert not {c.name: c for c in pulled.open().check()}["hubspot install"].ok


def test_an_option_somebody_took_off_our_picklist_is_told_and_the_others_are_written(
    pulled: Any,
) -> None:
    ours = pulled.fake.portal.definitions.live("contacts", "goodword_stage")
    left = tuple(option for option in ours.options if option.value != "refer")
    pulled.fake.portal.definitions.put("contacts", replace(ours, options=left))
    results = pulled.open().write([fields(1001, stage="refer"), fields(1002, stage="buy")])
    assert [result.ok for result in results] == [False, True]
    assert "goodword_stage" in results[0].error
    (step,) = (s for s in pulled.open().install("plan") if "goodword_stage" in s.what)
    assert (step.state, step.detail) == ("conflict", "it lacks the option refer; add it in HubSpot")


def test_a_portal_that_fails_in_the_middle_says_so_and_keeps_what_it_has(pulled: Any) -> None:
    pulled.fake.faults.add(Fault(path="/crm/v3/objects/contacts/batch/*", status=503, times=0))
    with pytest.raises(RetryableError):
        pulled.open().write([a_task(1001), fields(1001)])
    pulled.fake.faults.clear()
    assert set(pulled.open().find([a_task(1001).key])) == {a_task(1001).key}


def test_a_key_revoked_between_two_batches_is_an_error_of_ours(pulled: Any) -> None:
    connector = pulled.open()
    connector.write([fields(1001)])
    pulled.fake.account.key = "pat-eu1-another"
    with pytest.raises(AuthError):
        connector.write([fields(1002)])


# -- what a rep sees


@pytest.mark.promise("hubspot.task-due")
def test_a_task_has_all_a_rep_needs(pulled: Any) -> None:
    task = a_task(1003)
    pulled.options["queue_id"] = "77"
    pulled.open().write([task])
    record = pulled.task(task.key)
    assert record.get("hs_task_subject") == task.subject
    assert "&lt;b&gt;who&lt;/b&gt;" in record.get("hs_task_body")  # nothing in it can run
    assert "🙂" in record.get("hs_task_body")
    for label in ("Outcome of the referral ask", "Ask again on", "Name they gave"):
        assert f"'{label}'" in record.get("hs_task_body")
    assert record.get("hubspot_owner_id") == "51"
    found = read(
        pulled.open().portal,
        "tasks",
        [record.id],
        ["hs_task_reminders", "hs_queue_membership_ids", "hs_timestamp"],
    )
    (more,) = found
    assert more.get("hs_queue_membership_ids") == "77"
    assert more.get("hs_timestamp").startswith("2026-11-27T09:00")
    assert more.get("hs_task_reminders")


def test_a_portal_without_our_fields_gets_no_words_about_them(bare_firm: Any) -> None:
    task = a_task(1003)
    bare_firm.open().write([task])
    assert "Outcome" not in bare_firm.task(task.key).get("hs_task_body")


def test_a_task_set_off_by_a_deal_is_on_that_deal_too(pulled: Any) -> None:
    deal = next(iter(pulled.fake.store.all("deals")))
    links = read_links(pulled.open().portal, "deals", "contacts", [str(deal.id)])
    person = links[str(deal.id)][0].id
    task = a_task(int(person), cycle=str(deal.id))
    other = a_task(1050, cycle=str(deal.id))  # the number of another kind of record
    pulled.open().write([task, other])
    linked = read_links(pulled.open().portal, "deals", "tasks", [str(deal.id)])
    assert [one.id for one in linked[str(deal.id)]] == [pulled.task(task.key).id]


def test_without_the_label_a_link_is_refused(bare_firm: Any) -> None:
    link = LinkReferral(key="k", contact_id="1001", referred_id="1002", at=date(2026, 11, 20))
    (result,) = bare_firm.open().write([link])
    assert not result.ok
    assert "label" in result.error


# -- answers of reps


def asks_of(firm: Any, folder: Any) -> dict[str, dict[str, Any]]:
    from goodword.testing.contract_host import Puller

    firm.clock.tick(60)
    rows = Puller(folder, {}).pull(firm.open(), everything=True).rows("asks")
    return {row["task_key"]: row for row in rows}


def test_an_answer_counts_for_the_ask_it_was_given_to_and_for_no_other(
    pulled: Any, tmp_path: Any
) -> None:
    firm, old, new = pulled, a_task(1003, "first"), a_task(1003, "second")
    firm.open().write([old])
    firm.answer(old.key, "later", goodword_ask_later="2027-01-15")
    firm.clock.tick(86_400)
    firm.open().write([new])
    rows = asks_of(firm, tmp_path / "once")
    assert (rows[old.key]["outcome"], rows[new.key]["outcome"]) == ("later", None)
    assert rows[old.key]["outcome_at"].date() == date(2027, 1, 15)
    firm.answer(new.key, "yes", goodword_referred_name="Ivo Brandt")
    rows = asks_of(firm, tmp_path / "twice")
    assert (rows[old.key]["outcome"], rows[new.key]["outcome"]) == ("later", "yes")
    assert (rows[old.key]["outcome_name"], rows[new.key]["outcome_name"]) == (None, "Ivo Brandt")


def test_an_answer_that_was_read_is_emptied_with_the_next_write_and_stays_known(
    pulled: Any, tmp_path: Any
) -> None:
    firm, task = pulled, a_task(1003)
    firm.open().write([task])
    firm.answer(task.key, "no")
    assert asks_of(firm, tmp_path / "read")[task.key]["outcome"] == "no"
    firm.open().write([fields(1003)])
    assert contact(firm, 1003, "goodword_ask_outcome") == {}
    assert asks_of(firm, tmp_path / "again")[task.key]["outcome"] == "no"
    other = a_task(1003, "another")
    firm.clock.tick(86_400)
    firm.open().write([other])
    firm.answer(other.key, "no")
    assert asks_of(firm, tmp_path / "same")[other.key]["outcome"] == "no"


def test_an_answer_without_completing_the_task_counts_as_well(pulled: Any, tmp_path: Any) -> None:
    firm, task = pulled, a_task(1003)
    firm.open().write([task])
    firm.clock.tick(60)
    firm.change("contacts", "1003", goodword_ask_outcome="never")
    row = asks_of(firm, tmp_path / "open")[task.key]
    assert (row["state"], row["outcome"]) == ("open", "never")


def test_an_answer_that_comes_between_two_pulls_reaches_a_task_that_did_not_change(
    pulled: Any, tmp_path: Any
) -> None:
    from goodword.testing.contract_host import Puller

    firm, task, puller = pulled, a_task(1003), Puller(tmp_path / "between", {})
    firm.open().write([task])
    firm.clock.tick(7_200)
    puller.pull(firm.open())
    firm.clock.tick(7_200)
    firm.change("contacts", "1003", goodword_ask_outcome="unhappy")
    firm.clock.tick(60)
    assert puller.pull(firm.open()).ask(task.key)["outcome"] == "unhappy"


def test_a_task_a_rep_deleted_leaves_with_the_next_morning(pulled: Any, tmp_path: Any) -> None:
    from goodword.testing.contract_host import Puller

    firm, task, puller = pulled, a_task(1003), Puller(tmp_path / "deleted", {})
    firm.open().write([task])
    firm.clock.tick(7_200)
    assert puller.pull(firm.open()).ask(task.key)
    firm.delete(task.key)
    firm.clock.tick(86_400)
    assert puller.pull(firm.open()).ask(task.key) == {}
