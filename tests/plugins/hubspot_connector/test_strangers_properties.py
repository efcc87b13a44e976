"""Properties under our names that are not ours, or not as they were: left alone, and told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from goodword import SetFields, SourceError
from goodword.testing.contract_host import Puller
from goodword_hubspot.memory import FILE
from goodword_hubspot.names import CONTACT_PROPERTY, DO_NOT_ASK
from goodword_hubspot.seam.objects import read
from goodword_hubspot.seam.schema import archive_property, make_group, make_property

BAND = "gold band"


def fields(contact: int, **values: str | int | None) -> SetFields:
    return SetFields(key=f"{contact}-{values}", contact_id=str(contact), values=values, before={})


def value(firm: Any, contact: int, name: str) -> str | None:
    (record,) = read(firm.open().portal, "contacts", [str(contact)], [name])
    return record.get(name)


def told(firm: Any, folder: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Return our fields and the notices of a pull of everything."""
    firm.clock.tick(7_200)
    notices: list[str] = []
    connector = firm.open()
    puller = Puller(folder, {})
    intake = puller._mirror.intake()
    notice = intake.notice

    def noticed(code: str, text: str) -> None:
        notices.append(text)
        notice(code, text)

    intake.notice = noticed  # type: ignore[method-assign]  # to hear what is told
    cursor = connector.pull(None, intake)
    snapshot = intake.commit(cursor, datetime.fromtimestamp(firm.clock.now, UTC))
    native = snapshot.tables["own_fields"].collect("polars").to_native()
    return native.to_dicts(), notices


@pytest.fixture
def banded(bare_firm: Any) -> Any:
    """Give a firm whose portal has a text of its own under the name of our score."""
    definition = replace(CONTACT_PROPERTY["goodword_score"], type="string", field_type="text")
    group = bare_firm.fake.portal.definitions.live("contacts", "email").group
    make_group(bare_firm.open().portal, "contacts")
    make_property(bare_firm.open().portal, definition)
    live = bare_firm.fake.portal.definitions.live("contacts", "goodword_score")
    bare_firm.fake.portal.definitions.put("contacts", replace(live, group=group))
    bare_firm.install()
    bare_firm.change("contacts", "1001", goodword_score=BAND)
    return bare_firm


def test_a_customers_property_under_our_name_is_never_written_nor_emptied(
    banded: Any, tmp_path: Path
) -> None:
    assert banded.open().fields == {"stage", "segment", "next_ask", "why", "clv", "crv"}
    rows, notices = told(banded, tmp_path / "copy")
    assert not any(row["score"] for row in rows)
    assert sum("goodword_score" in text for text in notices) == 1
    refused, written = banded.open().write([fields(1001, score=None), fields(1002, why="Wait")])
    assert (refused.ok, written.ok) == (False, True)
    banded.open().forget("1001")
    assert value(banded, 1001, "goodword_score") == BAND


def test_one_of_the_same_type_outside_our_group_is_not_ours_either(
    firm: Any, tmp_path: Path
) -> None:
    live = firm.fake.portal.definitions.live("contacts", "goodword_score")
    other = firm.fake.portal.definitions.live("contacts", "email").group
    firm.fake.portal.definitions.put("contacts", replace(live, group=other))
    firm.clock.tick(86_400)
    assert "score" not in firm.open().fields
    (check,) = (c for c in firm.open().check() if "goodword_score" in c.name)
    assert not check.ok
    assert "group goodword" in check.hint


def test_doctor_names_a_remedy_that_works(banded: Any) -> None:
    (check,) = (c for c in banded.open().check() if "goodword_score" in c.name)
    assert not check.ok
    assert "ename" not in check.hint
    assert "goes without this field" in check.hint


def test_a_field_that_lacks_an_option_is_left_out_and_told_once(firm: Any, tmp_path: Path) -> None:
    ours = firm.fake.portal.definitions.live("contacts", "goodword_stage")
    left = tuple(option for option in ours.options if option.value != "refer")
    firm.fake.portal.definitions.put("contacts", replace(ours, options=left))
    firm.clock.tick(86_400)
    assert "stage" not in firm.open().fields
    _, notices = told(firm, tmp_path / "copy")
    assert [text for text in notices if "goodword_stage" in text] == [
        "goodword_stage is left out: it lacks the option refer; add it in HubSpot."
    ]
    (check,) = (c for c in firm.open().check() if "goodword_stage" in c.name)
    assert "option refer" in check.detail
    assert not check.ok


# -- do not ask


def marked(firm: Any, puller: Puller, *, everything: bool = False) -> set[str]:
    firm.clock.tick(7_200)
    rows = puller.pull(firm.open(), everything=everything).rows("contacts")
    return {str(row["contact_id"]) for row in rows if row["do_not_ask"]}


@pytest.mark.parametrize("later", [7_200, 86_400])
def test_who_was_marked_stays_marked_when_the_property_is_archived(
    firm: Any, tmp_path: Path, later: int
) -> None:
    puller = Puller(tmp_path / "copy", {})
    firm.change("contacts", "1003", goodword_do_not_ask="true")
    assert marked(firm, puller) == {"1003"}
    archive_property(firm.open().portal, "contacts", DO_NOT_ASK)
    firm.clock.tick(later)
    firm.change("contacts", "1003", city="Leeds")
    assert marked(firm, puller) == {"1003"}
    assert marked(firm, puller, everything=True) == {"1003"}
    _, notices = told(firm, tmp_path / "heard")
    (text,) = (each for each in notices if "Do not ask" in each)
    assert "goodword install hubspot --apply" in text
    assert "(1)" in text
    firm.install()
    assert marked(firm, puller, everything=True) == {"1003"}


def test_who_is_no_longer_marked_is_forgotten_as_one(firm: Any, tmp_path: Path) -> None:
    puller = Puller(tmp_path / "copy", {})
    firm.change("contacts", "1003", goodword_do_not_ask="true")
    assert marked(firm, puller) == {"1003"}
    firm.change("contacts", "1003", goodword_do_not_ask="")
    assert marked(firm, puller) == set()
    firm.open().install("remove")
    firm.clock.tick(86_400)
    assert marked(firm, puller, everything=True) == set()


def test_when_nobody_remembers_who_was_marked_nothing_is_read(firm: Any, tmp_path: Path) -> None:
    archive_property(firm.open().portal, "contacts", DO_NOT_ASK)
    (firm.folder / "state" / FILE).unlink()
    with pytest.raises(SourceError, match="no property") as refused:
        marked(firm, Puller(tmp_path / "copy", {}))
    assert "--apply" in refused.value.hint


def test_after_all_was_removed_marks_still_hold(firm: Any, tmp_path: Path) -> None:
    puller = Puller(tmp_path / "copy", {})
    firm.change("contacts", "1003", goodword_do_not_ask="true")
    marked(firm, puller)
    firm.open().install("remove")
    assert marked(firm, puller, everything=True) == {"1003"}
