"""Labels between contacts that say "Referred" and are the firm's own: neither used nor removed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goodword import LinkReferral
from goodword.testing.contract_host import Puller
from goodword_hubspot.fake.object_types import object_type
from goodword_hubspot.install import LABEL
from goodword_hubspot.memory import FILE
from goodword_hubspot.names import REFERRED, REFERRED_BY_LABEL, USER_DEFINED
from goodword_hubspot.seam.associations import labels, link, read_links


def with_label(firm: Any, label: str, inverse: str = "") -> int:
    """Let an admin make a label between contacts; return its number."""
    contacts = object_type("contacts")
    made = firm.fake.portal.links.types.label(contacts, contacts, label, inverse)
    return next(one.number for one in made if one.label == label)


def shown(firm: Any) -> set[str]:
    """Return the labels of the portal's admin and ours, as people see them."""
    found = labels(firm.open().portal, "contacts", "contacts")
    return {str(each["label"]) for each in found if each["category"] == USER_DEFINED}


def step(firm: Any, what: str) -> Any:
    (found,) = (each for each in firm.open().install(what) if each.what == LABEL)
    return found


def referrals(firm: Any, folder: Path) -> list[dict[str, Any]]:
    rows = Puller(folder, {}).pull(firm.open()).rows("referrals")
    return [row for row in rows if row["source"] == "link"]


@pytest.mark.parametrize(
    ("label", "inverse"),
    [(REFERRED, "Introduced by"), (REFERRED, ""), ("Recommended", REFERRED_BY_LABEL)],
)
def test_a_label_of_the_firms_own_is_neither_used_nor_removed(
    bare_firm: Any, tmp_path: Path, label: str, inverse: str
) -> None:
    firm = bare_firm
    number = with_label(firm, label, inverse)
    link(firm.open().portal, "contacts", "contacts", [("1025", "1030")], number, USER_DEFINED)
    before = shown(firm)
    assert step(firm, "plan").state == "conflict"
    applied = step(firm, "apply")
    assert applied.state == "conflict"
    assert "left as it is" in applied.detail
    assert firm.open()._desk.label is None
    assert referrals(firm, tmp_path / "copy") == []
    action = LinkReferral(key="k", contact_id="1025", referred_id="1031", at=date(2026, 11, 20))
    assert not firm.open().write([action])[0].ok
    assert all(each.what != LABEL for each in firm.open().install("remove"))
    assert shown(firm) == before
    (linked,) = read_links(firm.open().portal, "contacts", "contacts", ["1025"])["1025"]
    assert linked.id == "1030"
    assert number in linked.types


def test_a_pair_like_ours_that_we_did_not_make_is_used_and_never_removed(
    bare_firm: Any, tmp_path: Path
) -> None:
    firm = bare_firm
    number = with_label(firm, REFERRED, REFERRED_BY_LABEL)
    link(firm.open().portal, "contacts", "contacts", [("1025", "1030")], number, USER_DEFINED)
    assert step(firm, "apply").state == "there"
    assert len(referrals(firm, tmp_path / "copy")) == 1
    kept = step(firm, "remove")
    assert (kept.state, shown(firm)) == ("conflict", {REFERRED, REFERRED_BY_LABEL})
    assert "by hand" in kept.detail


def test_a_label_we_made_goes_and_one_made_after_it_stays(firm: Any) -> None:
    assert step(firm, "remove").state == "removed"
    assert shown(firm) == set()
    with_label(firm, REFERRED, REFERRED_BY_LABEL)
    assert step(firm, "remove").state == "conflict"


def test_when_nobody_remembers_who_made_the_label_it_stays(firm: Any) -> None:
    (firm.folder / "state" / FILE).unlink()
    assert step(firm, "remove").state == "conflict"
    assert shown(firm) == {REFERRED, REFERRED_BY_LABEL}
