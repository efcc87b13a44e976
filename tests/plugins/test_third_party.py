"""A plugin by somebody else, built and installed as its author would ship it."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import hatchling.build
import pytest
from typer.testing import CliRunner, Result

from goodword import PluginError, SettingsError, looking, run
from goodword.cli import make_app
from goodword.firm import Firm
from goodword.model import CreateTask, Plan
from goodword.testing import MemoryConnector

GOLF = Path(__file__).parents[1] / "third_party" / "goodword-golf"
TODAY = date(2026, 11, 20)
ENABLED = '[plugins]\nenabled = ["golf", "kept"]\n'


KEPT = """\
from goodword import hookimpl
from goodword.testing import memory_spec

@hookimpl
def goodword_connector():
    return memory_spec()
"""


@dataclass
class Club:
    """A firm whose customers play golf, and the place where its plugins are installed."""

    folder: Path
    site: Path

    def settings(self, text: str = "", plugins: str = ENABLED) -> None:
        live = '[rollout]\nmode = "live"\nstart_date = 2020-01-01\n'
        head = f'[connector]\nname = "memory"\n{live}{plugins}\n'
        (self.folder / "goodword.toml").write_text(head + text, encoding="utf-8")

    def firm(self) -> Firm:
        return Firm(self.folder, today=TODAY)

    def command(self, *words: str) -> Result:
        """Run the command line in the firm's folder."""
        return CliRunner().invoke(make_app(), ["--folder", str(self.folder), *words])

    def spoil(self, old: str, new: str) -> None:
        """Change the installed plugin's source, and forget that it was imported."""
        module = self.site / "goodword_golf" / "__init__.py"
        source = module.read_text(encoding="utf-8")
        assert old in source
        module.write_text(source.replace(old, new), encoding="utf-8")
        shutil.rmtree(module.parent / "__pycache__", ignore_errors=True)
        sys.modules.pop("goodword_golf", None)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin's wheel, built by the backend it names."""
    source = Path(shutil.copytree(GOLF, tmp_path_factory.mktemp("golf") / "source"))
    here = Path.cwd()
    os.chdir(source)
    try:
        return source / hatchling.build.build_wheel(str(source))
    finally:
        os.chdir(here)


@pytest.fixture
def club(tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Club]:
    """Install the wheel and set up a firm: Ann played yesterday, Bo never, Cy is a regular."""
    site, folder = tmp_path / "site", tmp_path / "firm"
    folder.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    info = site / "kept-1.0.dist-info"
    info.mkdir()
    metadata = "Metadata-Version: 2.1\nName: kept\nVersion: 1.0\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    (info / "entry_points.txt").write_text("[goodword]\nkept = kept_for_tests\n", encoding="utf-8")
    (site / "kept_for_tests.py").write_text(KEPT, encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))
    rounds = {"ann": [1], "bo": [], "cy": [40, 80, 120]}
    MemoryConnector(
        {
            "contacts": [
                {"contact_id": who, "name": who.title(), "owner_id": f"rep-{who}"} for who in rounds
            ],
            "feedback": [
                {"feedback_id": who, "contact_id": who, "kind": "nps", "score": 10, "at": TODAY}
                for who in rounds
            ],
            "activities": [
                {"activity_id": f"{who}{days}", "contact_id": who, "kind": "golf"}
                | {"at": TODAY - timedelta(days=days)}
                for who, ages in rounds.items()
                for days in ages
            ],
        },
        path=folder / "host.json",
    )
    club = Club(folder, site)
    club.settings()
    yield club
    for name in ("goodword_golf", "kept_for_tests"):
        sys.modules.pop(name, None)


def tasks(plan: Plan) -> dict[tuple[str, str], CreateTask]:
    """The new tasks of a plan by contact and play."""
    created = [action for action in plan.actions if isinstance(action, CreateTask)]
    return {(task.contact_id, task.play): task for task in created}


@pytest.mark.long
def test_it_changes_the_plan_with_its_own_words(club: Club) -> None:
    plan = run.plan(club.firm())
    assert tasks(plan).keys() == {("bo", "ask"), ("cy", "ask")}
    assert plan.held == {"golf_rest": 1}
    assert plan.versions["golf"] == "2.1.0"
    (waiting,) = plan.backlog  # one task a person at a time: Cy is asked first
    assert (waiting.contact_id, waiting.play) == ("cy", "golf_day")
    club.settings("[[play]]\nname = 'ask'\nenabled = false\n")
    invitation = tasks(run.plan(club.firm()))["cy", "golf_day"]
    assert invitation.subject == "Invite Cy to the golf day"
    assert "has played 3 rounds with us" in invitation.body
    assert "last round with us on 11 October 2026" in invitation.body
    assert invitation.due == date(2026, 11, 26)


def test_it_shows_in_plugins_and_in_why(club: Club) -> None:
    run.plan(club.firm())
    listed = club.command("plugins")
    assert "golf" in listed.output
    assert "2.1.0" in listed.output
    facts = club.command("plugins", "--facts")
    assert "golf_rounds" in facts.output
    why = club.command("why", "Ann", "--today", TODAY.isoformat(), "--json")
    told = json.loads(why.output)
    explained = told.get("explanation", told)
    (line,) = [line for line in explained["suppressors"] if line["name"] == "golf_rest"]
    assert line["source"] == "golf"
    assert line["state"] == "holds"
    assert line["until"] == "2026-11-29"
    assert line["sentence"] == "played golf with us on 2026-11-19"


def test_its_settings_are_checked_and_used(club: Club) -> None:
    club.settings("[plugin.golf]\nrest_dais = 5\n")
    with pytest.raises(SettingsError) as error:
        run.plan(club.firm())
    assert "'rest_dais'" in str(error.value)
    assert "Did you mean 'rest_days'?" in str(error.value)
    club.settings("[plugin.golf]\nrest_days = 0\n")
    assert ("ann", "ask") in tasks(run.plan(club.firm()))


def test_a_rule_in_the_settings_overrides_its_suppressor(club: Club) -> None:
    club.settings('[[ask.suppressor]]\nname = "golf_rest"\nsince = "golf_last_at"\ndays = 1\n')
    assert ("ann", "ask") in tasks(run.plan(club.firm()))
    assert club.firm().book.sources["golf_rest"] == "goodword.toml"
    club.settings('[[ask.suppressor]]\nname = "golf_rest"\nwhen = "golf_round > 0"\n')
    refused = club.command("plan", "--today", TODAY.isoformat())
    assert refused.exit_code == 2
    assert "Did you mean 'golf_rounds'?" in " ".join(refused.output.split())


def test_it_does_nothing_unless_the_firm_names_it(club: Club) -> None:
    club.settings(plugins='[plugins]\nenabled = ["kept"]\n')
    firm = club.firm()
    assert "golf" not in firm.plugins.names()
    assert "goodword_golf" not in sys.modules
    assert "golf_rest" not in firm.book.sources


def test_a_misspelt_fact_in_it_names_the_plugin_and_the_nearest_fact(club: Club) -> None:
    club.spoil("since=c.golf_last_at", "since=c.golf_lst_at")
    with pytest.raises(PluginError) as error:
        run.plan(club.firm())
    assert "'golf'" in str(error.value)
    assert "Did you mean 'golf_last_at'?" in str(error.value)


@pytest.mark.long
def test_when_it_raises_reading_goes_on_and_writing_refuses_by_name(club: Club) -> None:
    made = run.plan(club.firm())
    club.spoil('    """Return the rest after a round."""', "    settings = settings.of_ann")
    assert club.command("why", "Ann", "--today", TODAY.isoformat()).exit_code == 0
    assert club.command("plugins").exit_code == 0
    for verb in (["plan"], ["apply", made.plan_id], ["sync"]):
        refused = club.command(*verb, "--today", TODAY.isoformat())
        assert refused.exit_code == 1
        assert "Plugin 'golf' failed in goodword_ask_rules" in " ".join(refused.output.split())
    assert MemoryConnector(path=club.folder / "host.json").tasks() == []


def test_an_error_in_its_words_names_the_play_and_the_line(club: Club) -> None:
    words = club.site / "goodword_golf" / "words" / "en" / "golf_day.txt"
    text = words.read_text(encoding="utf-8").replace("golf_last_at|date", "golf_last|date")
    words.write_text(text, encoding="utf-8")
    club.settings("[[play]]\nname = 'ask'\nenabled = false\n")
    refused = club.command("plan", "--today", TODAY.isoformat())
    assert refused.exit_code == 2
    said = " ".join(refused.output.split())
    assert "golf_day" in said
    assert "line 4" in said
    assert "Did you mean 'golf_last_at'?" in said


def test_a_play_of_others_may_not_ask_past_the_reasons_not_to(club: Club) -> None:
    club.spoil("tier=4,", "tier=4,\n            asks=True,")
    with pytest.raises(PluginError) as refused:
        run.plan(club.firm())
    assert "'golf', play 'golf_day'" in refused.value.message
    assert 'verdict = "ask"' in refused.value.hint


@pytest.mark.long
def test_a_play_of_others_that_asks_is_an_ask_to_every_rest_and_cap(club: Club) -> None:
    club.spoil("tier=4,", 'tier=1,\n            verdict="ask",\n            asks=True,')
    club.settings("[[play]]\nname = 'ask'\nenabled = false\n")
    run.sync(club.firm())
    host = MemoryConnector(path=club.folder / "host.json", today=TODAY)
    (task,) = host.tasks("open")
    assert (task["contact_id"], task["play"]) == ("cy", "golf_day")
    club.settings()
    why = looking.why(club.firm(), "cy")[1]
    assert why is not None
    assert why.code == "ask_open"
    host.complete(str(task["task_key"]), "no")
    assert {who for who, play in tasks(run.plan(club.firm())) if play == "ask"} == {"bo"}
    why = looking.why(club.firm(), "cy")[1]
    assert why is not None
    assert why.code == "cooldown"
