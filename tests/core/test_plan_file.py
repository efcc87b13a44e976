"""The plan on disk: the bytes of one whole text, written and read in pieces."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword import CloseTask, SetFields
from goodword.model import Action, Plan, fields_action, plan_id_of
from goodword.plan_file import is_sealed, read_plan, write_plan

DAY = date(2026, 11, 20)
TEXTS = st.text(st.sampled_from('aé日 "\\\n\r\t{}[],: \u2028'), max_size=12)
VALUES = st.dictionaries(
    st.sampled_from(["stage", "score", "why"]), st.none() | TEXTS | st.integers(0, 100)
)
ACTIONS = st.lists(
    st.builds(SetFields, key=TEXTS, contact_id=TEXTS, values=VALUES, before=VALUES)
    | st.builds(
        CloseTask,
        key=TEXTS,
        task_key=TEXTS,
        contact_id=TEXTS,
        state=st.just("expired"),
        reason=TEXTS,
    ),
    max_size=5,
)


def a_plan(actions: list[Action], notice: str = "") -> Plan:
    return Plan(
        plan_id=plan_id_of(DAY, "acct", "rules", actions),
        created_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
        as_of=DAY,
        account="acct",
        rules_hash="rules",
        settings_hash="settings",
        versions={},
        snapshot=1,
        contacts=1,
        actions=tuple(actions),
        verdicts={},
        held={},
        backlog=(),
        waiting={},
        cannot_check=(),
        notices=(notice,),
    )


def written(plan: Plan) -> bytes:
    file = io.BytesIO()
    write_plan(plan, file)
    return file.getvalue()


@given(ACTIONS, TEXTS)
def test_the_file_is_a_seal_and_the_plan_as_one_text(actions: list[Action], notice: str) -> None:
    plan = a_plan(actions, notice)
    text = plan.model_dump_json(indent=1).encode()
    assert written(plan) == f"sha256 {hashlib.sha256(text).hexdigest()}\n".encode() + text
    assert is_sealed(written(plan))
    assert read_plan(written(plan)) == plan


@pytest.mark.parametrize("count", [0, 1, 2, 5_000])
def test_a_plan_of_any_length_is_read_as_it_was(count: int) -> None:
    before = {"stage": None, "why": None}
    values = {"stage": "buy", "why": "Ask: rated us 10 of 10"}
    actions: list[Action] = [
        fields_action(f"{n:032x}", f"c{n}", values, before) for n in range(count)
    ]
    found = read_plan(written(a_plan(actions)))
    assert found == a_plan(actions)
    kept = {id(action.before) for action in found.actions if isinstance(action, SetFields)}
    assert len(kept) == min(count, 1)  # what all have in common is kept once


def test_a_file_in_which_a_letter_changed_is_not_sealed() -> None:
    data = written(a_plan([]))
    assert not is_sealed(data.replace(b"acct", b"acce"))


def test_an_unchecked_action_is_the_checked_one() -> None:
    values, before = {"stage": "buy", "score": 40}, {"stage": None, "score": None}
    made = fields_action("k1", "c1", values, before)
    checked = SetFields(key="k1", contact_id="c1", values=values, before=before)
    assert made == checked
    assert made.model_dump_json() == checked.model_dump_json()
    moved = made.model_copy(update={"contact_id": "c2"})
    assert (moved.contact_id, made.contact_id) == ("c2", "c1")
    assert made.model_fields_set == checked.model_fields_set
