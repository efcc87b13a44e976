"""``goodword demo --crm salesforce``: the whole way in an org on this machine."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
import requests
from typer.testing import CliRunner

from goodword.cli.app import make_app
from goodword.settings_file import load_settings
from goodword_salesforce.demo import KEY_FILE, lay_out


@pytest.mark.long
def test_the_demo_installs_plans_applies_shows_the_contact_and_leaves_nothing_running(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "demo"
    seen = CliRunner().invoke(make_app(), ["demo", "--crm", "salesforce", "-C", str(folder)])
    assert seen.exit_code == 0, seen.output
    for told in (
        "made  field Goodword_Stage__c of Contact",
        "made  permission set Goodword_Rep",
        "Nothing was written yet",
        "nothing of goodword",
        "Referral stage",
        "Task  ",
        "Not Started",
        "0 actions: what is written is not written again.",
        "ends now",
    ):
        assert told in " ".join(seen.output.split(" ")), told
    host = load_settings(folder, "").plugin["salesforce"]["instance_url"]
    with pytest.raises(requests.ConnectionError):
        requests.get(host, timeout=5)
    again = CliRunner().invoke(make_app(), ["demo", "--crm", "salesforce", "-C", str(folder)])
    assert again.exit_code == 0, "a second demo starts afresh"


def test_the_sample_org_takes_the_key_laid_beside_its_settings_and_nobody_else_reads_it(
    tmp_path: Path,
) -> None:
    sample = lay_out(tmp_path)
    try:
        kept = tmp_path / KEY_FILE
        assert kept.read_text(encoding="ascii").startswith("-----BEGIN PRIVATE KEY-----")
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        settings = json.loads(json.dumps(sample.settings["plugin"]))["salesforce"]
        assert settings["credential"] == {"file": KEY_FILE}
        url = f"{settings['instance_url']}/services/data/v66.0/sobjects"
        assert requests.get(url, timeout=5).status_code == 401
    finally:
        if sample.close:
            sample.close()
