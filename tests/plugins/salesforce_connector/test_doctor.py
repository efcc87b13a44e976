"""``goodword doctor`` in a Salesforce org: what it looks at, and what it says is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goodword import Check, Workplace
from goodword_salesforce.desk import Desk
from goodword_salesforce.doctor import RIGHTS, look
from goodword_salesforce.fake import ADMIN, Account, Fake, by_hand
from goodword_salesforce.fake.new_org import add_user
from goodword_salesforce.install import install
from goodword_salesforce.installing.host import OrgHost
from goodword_salesforce.installing.visit import Visit
from goodword_salesforce.names import INTEGRATION
from goodword_salesforce.package.parts import parts
from goodword_salesforce.reading.consent import OPT_OUTS
from goodword_salesforce.seam.auth import Login
from goodword_salesforce.seam.client import Org, open_org
from goodword_salesforce.settings import SalesforceSettings

Look = Callable[..., dict[str, Check]]
TODAY = date(2026, 11, 18)


@pytest.fixture
def fake(account: Account, clock: Any) -> Iterator[Fake]:
    with Fake(account, clock) as running:
        yield running


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def org(fake: Fake, clock: Any, tmp_path: Path) -> Iterator[Org]:
    login = Login(secret=fake.session, flow="session", instance_url=fake.url, version="66.0")
    org = open_org(login, tmp_path, None, clock, clock.sleep, lambda: 0.5)
    yield org
    org.transport.line.close()


@pytest.fixture
def look_at(fake: Fake, org: Org, clock: Any, tmp_path: Path) -> Look:
    """Look at the org with these settings, and return what is said by its name."""

    def look_now(**given: Any) -> dict[str, Check]:
        settings = SalesforceSettings.model_validate({"instance_url": fake.url, **given})
        clock.now += 60
        state = tmp_path / f"state-{clock.now:.0f}"
        state.mkdir()
        desk = Desk(settings, Workplace(tmp_path, state, "doctor", TODAY), org)
        found = look(desk)
        assert len({check.name for check in found}) == len(found)
        return {check.name.removeprefix("salesforce "): check for check in found}

    return look_now


@pytest.fixture
def installed(org: Org, clock: Any, tmp_path: Path) -> None:
    settings = SalesforceSettings.model_validate({})
    host = OrgHost(org)
    install(Visit(host, host, settings, tmp_path, TODAY, clock, clock.sleep), "apply")


@pytest.fixture
def healthy(installed: None, look_at: Look) -> Look:
    return look_at


def bad(found: dict[str, Check]) -> set[str]:
    return {name for name, check in found.items() if not check.ok}


def test_an_org_with_everything_is_well(healthy: Look, fake: Fake) -> None:
    found = healthy()
    assert bad(found) == set()
    assert fake.org.sessions.org_id in found["org"].detail
    assert "Bright Roof" not in " ".join(check.detail for check in found.values())
    assert "66.0, pinned" in found["api version"].detail
    assert "'Not Started'" in found["task statuses"].detail
    assert "'Completed'" in found["task statuses"].detail
    assert "10% are kept" in found["calls"].detail


def test_looking_changes_nothing(healthy: Look, fake: Fake) -> None:
    before = len(fake.calls.writes())
    healthy()
    assert len(fake.calls.writes()) == before


def test_an_org_without_our_fields_says_what_to_run(look_at: Look) -> None:
    found = look_at()
    assert "install" in bad(found)
    assert "goodword install salesforce" in found["install"].hint


@pytest.mark.parametrize("kind", ["Contact", "Lead"])
@pytest.mark.parametrize("name", OPT_OUTS)
def test_a_hidden_opt_out_is_the_worst(healthy: Look, fake: Fake, kind: str, name: str) -> None:
    fake.account.hidden.add((kind, name))
    found = healthy()
    assert "consent" in bad(found)
    assert f"{kind}.{name}" in found["consent"].detail
    assert INTEGRATION in found["consent"].hint


def test_a_hidden_field_that_is_not_needed_is_well_and_its_cost_is_said(
    healthy: Look, fake: Fake
) -> None:
    fake.account.hidden.add(("Opportunity", "Amount"))
    found = healthy()
    assert bad(found) == set()
    assert "nobody's worth" in found["Opportunity.Amount"].detail
    assert INTEGRATION in found["Opportunity.Amount"].hint


def test_every_field_the_package_grants_has_its_cost(healthy: Look) -> None:
    (part,) = (each for each in parts() if each.name == INTEGRATION)
    text = part.xml.decode()
    for right in RIGHTS:
        for name in right.fields:
            assert f"<field>{right.object}.{name}</field>" in text


def test_a_field_of_ours_that_may_not_be_written_is_named(healthy: Look, fake: Fake) -> None:
    fake.account.read_only.add(("Contact", "Goodword_Score__c"))
    found = healthy()
    assert any("Goodword_Score__c" in name for name in bad(found))


def test_a_mapped_field_that_is_not_there_is_named(healthy: Look) -> None:
    found = healthy(fields={"nps": "NPS__c", "language": "Title"})
    assert bad(found) == {"field NPS__c"}


def test_reps_who_are_nobody_are_told_by_number(healthy: Look) -> None:
    found = healthy(reps=["nobody@brightroof.example"])
    told = [check for check in found.values() if not check.ok]
    assert "number 1 of reps" in " ".join(check.detail for check in told)
    assert "nobody@" not in " ".join(check.detail + check.hint for check in told)


def test_contacts_of_people_who_left_are_counted(healthy: Look, fake: Fake) -> None:
    left = add_user(fake.org, "lorne@brightroof.example", "Lorne", "Mast")
    by_hand.add(fake.org, "Contact", {"LastName": "Eddy", "OwnerId": left})
    by_hand.deactivate(fake.org, left)
    found = healthy()
    assert "1 contact " in found["contacts' owners"].detail
    assert "fallback_owner" in found["contacts' owners"].hint


@pytest.mark.parametrize("who", ["nobody@brightroof.example", "lorne@brightroof.example"])
def test_a_fallback_owner_who_cannot_have_tasks_is_found(
    healthy: Look, fake: Fake, who: str
) -> None:
    left = add_user(fake.org, "lorne@brightroof.example", "Lorne", "Mast")
    by_hand.deactivate(fake.org, left)
    assert "fallback owner" in bad(healthy(fallback_owner=who))
    assert "fallback owner" not in bad(healthy(fallback_owner=ADMIN.upper()))


def test_a_clock_that_is_wrong_is_said(healthy: Look, fake: Fake, clock: Any) -> None:
    fake.org.clock = lambda: float(clock()) - 3600
    found = healthy()
    assert bad(found) == {"clock"}
    assert "3,600 seconds" in found["clock"].detail


def test_an_org_that_lets_us_see_nothing_still_says_what_is_missing(
    healthy: Look, fake: Fake
) -> None:
    for kind in ("Contact", "Lead", "Task"):
        fields = fake.org.schema.fields(fake.org.kind(kind)).values()
        fake.account.hidden |= {(kind, field.name) for field in fields}
    found = healthy()
    assert {"Contact", "Task"} <= bad(found)
    assert "Lead" not in bad(found)
    assert "left out" in found["Lead"].detail


def test_a_newer_version_says_that_it_is_not_known(healthy: Look) -> None:
    found = healthy(api_version="70.0")
    assert bad(found) == set()
    assert "newer than 67.0" in found["api version"].detail


def test_a_way_to_sign_in_that_ends_is_said_in_time(healthy: Look) -> None:
    found = healthy(auth="password", api_version="60.0")
    assert bad(found) == {"api version"}
    assert "jwt" in found["api version"].hint


@pytest.mark.parametrize("account", [Account(multi_currency=True)], ids=["several currencies"])
def test_several_currencies_are_said_and_another_home_currency_is_a_mistake(
    healthy: Look,
) -> None:
    found = healthy()
    assert bad(found) == set()
    assert "GBP" in found["currency"].detail
    assert "others" in found["currency"].detail
    assert "currency" in bad(healthy(home_currency="EUR"))
    assert "currency" not in bad(healthy(home_currency="GBP"))
