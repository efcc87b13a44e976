"""Installing by the settings alone: signed in with a key, or as an admin of the sf command line."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goodword import SettingsError, Workplace
from goodword_salesforce.fake import ADMIN, CONSUMER_KEY, USERNAME
from goodword_salesforce.install import install
from goodword_salesforce.installing.visit import Visit, open_visit
from goodword_salesforce.settings import SECRET_VARIABLE, SalesforceSettings


@pytest.fixture
def work(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path, tmp_path / "state", "install", date(2026, 11, 25))


@pytest.fixture
def given(fake: Any, private_key: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give settings that let the integration user in."""
    monkeypatch.setenv(SECRET_VARIABLE, private_key)
    return {"username": USERNAME, "consumer_key": CONSUMER_KEY, "instance_url": fake.url}


def visit_of(given: dict[str, str], work: Workplace, clock: Any, **options: bool) -> Visit:
    settings = SalesforceSettings.model_validate(given)
    return open_visit(settings, work, clock, clock.sleep, **options)


def close(visit: Visit) -> None:
    for host in (visit.admin, visit.worker):
        host.org.transport.line.close()  # type: ignore[attr-defined]


def test_the_integration_user_installs_with_its_own_key(
    given: dict[str, str], work: Workplace, clock: Any
) -> None:
    visit = visit_of(given, work, clock)
    assert visit.admin is visit.worker
    assert set(Counter(step.state for step in install(visit, "apply"))) == {"made"}
    close(visit)


def test_an_admin_of_the_sf_command_line_installs_and_the_integration_user_looks(
    given: dict[str, str],
    work: Workplace,
    clock: Any,
    fake: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed = {"accessToken": fake.session(ADMIN), "instanceUrl": "https://acme.my.salesforce.com"}
    script = tmp_path / "bin" / "sf"
    script.parent.mkdir()
    wanted = "org display --json --target-org boss"
    text = json.dumps({"status": 0, "result": printed})
    script.write_text(f'#!/bin/sh\n[ "$*" = "{wanted}" ] && echo \'{text}\'\n', encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    fake.account.deployers = {ADMIN}
    visit = visit_of({**given, "install_as": "boss"}, work, clock)
    assert set(Counter(step.state for step in install(visit, "apply"))) == {"made"}
    close(visit)


def test_without_the_sf_command_line_install_as_says_so(
    given: dict[str, str], work: Workplace, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(work.folder))
    visit = visit_of({**given, "install_as": "boss"}, work, clock)
    with pytest.raises(SettingsError, match="cannot be started"):
        install(visit, "plan")
    close(visit)


def test_a_plan_by_the_settings_writes_nothing(
    given: dict[str, str], work: Workplace, clock: Any, fake: Any
) -> None:
    visit = visit_of(given, work, clock, read_only=True)
    assert set(Counter(step.state for step in install(visit, "plan"))) == {"to make"}
    assert not fake.org.deploys
    close(visit)
