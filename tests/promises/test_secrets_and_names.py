"""No secret and no personal data where it does not belong, however things go wrong.

Every value about a person is a canary; the tests drive every command through failures and listen
on stderr, in every log record, in the notices of runs and in the names of our files.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.long

sys.path.insert(0, str(Path(__file__).parent))  # tests are no package, and share one module

if TYPE_CHECKING:
    from canary_firm import CanaryFirm


@pytest.fixture
def firm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[CanaryFirm]:
    """A firm of canaries on a host in memory."""
    from canary_firm import open_firm_of_canaries

    folder, site = tmp_path / "firm", tmp_path / "site"
    folder.mkdir()
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.chdir(folder)
    yield open_firm_of_canaries(folder, site, caplog)
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "")).startswith(str(site)):
            del sys.modules[name]


@pytest.fixture(params=["customers.csv", "customers.xlsx"])
def listed(firm: CanaryFirm, request: pytest.FixtureRequest) -> Path:
    """The list of a firm of canaries whose customers are in a spreadsheet."""
    from canary_firm import CSV, SETTINGS, spreadsheet_plugin

    path = firm.folder / str(request.param)
    if path.suffix == ".csv":
        path.write_text(CSV, encoding="utf-8")
    else:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for line in CSV.splitlines():
            sheet.append(line.split(","))
        book.save(path)
        book.close()
    spreadsheet_plugin(firm.site)
    (firm.folder / "goodword.toml").unlink()
    assert firm("init", path.name, "--yes", today=False) == 0, firm.stderr
    made = (firm.folder / "goodword.toml").read_text(encoding="utf-8")
    notify = SETTINGS[SETTINGS.index("[notify]") : SETTINGS.index("[plugins]")]
    live = "" if "[rollout]" in made else '\n[rollout]\nmode = "live"\n'
    firm.settings(f"{made}\n{notify}{live}".replace('mode = "shadow"', 'mode = "live"'))
    return path


def damage(path: Path, seed: int, flips: int = 20) -> None:
    """Replace some bytes of a file."""
    chance = random.Random(seed)  # noqa: S311 - repeatable damage
    content = bytearray(path.read_bytes())
    for _ in range(flips if content else 0):
        content[chance.randrange(len(content))] = chance.randrange(256)
    path.write_bytes(bytes(content))


def test_a_run_that_goes_well_tells_nothing_but_its_answer(firm: CanaryFirm) -> None:
    assert firm("plan") == 0
    assert firm("apply") == 0, firm.stderr
    heard = (firm.folder / "heard.txt").read_text(encoding="utf-8")
    assert '"result": "done"' in heard
    assert '"create_task"' in heard
    firm.every_command()


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        ("open", "value"),
        ("account", "os"),
        ("fields", "unicode"),
        ("check", "group"),
        ("pull", "os"),
        ("find", "value"),
        ("write", "group"),
    ],
)
def test_a_connector_that_breaks_is_named_without_what_it_said(
    firm: CanaryFirm, verb: str, kind: str
) -> None:
    (firm.folder / "fault").write_text(f"{verb} {kind}")
    firm("doctor", today=False)
    firm("sync")


def test_no_command_repeats_what_a_host_that_breaks_said(firm: CanaryFirm) -> None:
    assert firm("plan") == 0
    for verb, kind in (("write", "deep"), ("write", "memory"), ("pull", "type")):
        (firm.folder / "fault").write_text(f"{verb} {kind}")
        firm("apply")
    (firm.folder / "fault").write_text("pull key")
    firm.every_command()


HOOKS = {
    "goodword_settings": "",
    "goodword_touchpoints": "",
    "goodword_facts": "",
    "goodword_ask_rules": "c",
    "goodword_plays": "c",
    "goodword_stage_model": "c",
    "goodword_champion_score": "tables",
    "goodword_veto": "candidate",
    "goodword_compose": "candidate",
    "goodword_applied": "report",
}


@pytest.mark.parametrize("hook", HOOKS)
def test_a_plugin_that_breaks_is_named_without_what_it_said(firm: CanaryFirm, hook: str) -> None:
    from canary_firm import SETTINGS, install

    source = (
        "from goodword import hookimpl\n\n@hookimpl\n"
        f"def {hook}({HOOKS[hook]}):\n    raise ValueError('Zqxpat', {HOOKS[hook] or '0'})\n"
    )
    install(firm.site, "broken", source)
    firm.settings(SETTINGS.replace('["memory"]', '["memory", "broken"]'))
    firm("doctor", today=False)
    firm("sync")
    assert "broken" in firm.stderr or hook == "goodword_applied"


def test_a_plugin_that_does_not_load_is_named_without_what_it_said(firm: CanaryFirm) -> None:
    from canary_firm import SETTINGS, install

    install(firm.site, "broken", "raise ImportError('Zqxpat')\n")
    firm.settings(SETTINGS.replace('["memory"]', '["memory", "broken"]'))
    firm.every_command()
    assert "Plugin 'broken'" in firm.stderr


@pytest.mark.parametrize(
    "line",
    [
        '[firm]\nname = "Zqx',
        '[firm]\nname = "Zqx\\q"',
        "[firm]\nname = Zqxdoe",
        '[firm]\nname = ["Zqx"]',
        '[firm]\nlanguage = "../Zqx"',
        '[firm]\ncurrency = "Zqx1"',
        '[caps]\nrep_open_tasks = "Zqx"',
        '[calendar]\nholidays = ["Zqx"]',
        '[notify]\nurl = "https://hooks.example/Zqxtoken"',
        '[notify]\nurl = { env = "Zqxtoken" }',
        '[notify]\nurl = { file = "https://hooks.example/Zqxtoken" }',
        '[notify]\nurl = { file = "Zqxtoken" }',
        '[notify]\nurl = { command = ["Zqxtoken"] }',
        '[notify]\nurl = ["Zqxtoken"]',
        '[notify]\non = "Zqx"',
        '[rollout]\nmode = "Zqx"',
        '[rollout]\nmode = "pilot"\ncontacts = ["Zqxdoe", 7]',
        '[rollout]\nstart_date = "Zqx"',
        '[[ask.suppressor]]\nname = "vip"\nwhen = "name == \'Zqxpat Zqxdoe1"\nbecause = "x"',
        '[[ask.suppressor]]\nname = "vip"\nwhen = "name > 3 or name == \'Zqxpat\'"\nbecause = "x"',
        '[[ask.suppressor]]\nname = "vip"\nwhen = "\'Zqxpat\'.upper()"\nbecause = "x"',
        '[[ask.suppressor]]\nname = "vip"\nwhen = "\'Zqxpat\' > 4"\nbecause = "x"',
        '[[ask.suppressor]]\nname = "vip"\nwhen = "do_not_ask"\nbecause = "of Zqxpat {nobody}"',
        '[[ask.weight]]\nname = "vip"\npoints = "\'Zqx\'"\nbecause = "Zqx"',
        "[caps]\nrep_open_tasks = " + "9" * 5_000 + "  # Zqx",
        "[firm]\nways_to_refer = " + "[" * 2_000 + '"Zqx"' + "]" * 2_000,
    ],
    ids=lambda line: line[:60],
)
def test_a_setting_that_is_wrong_is_named_without_its_value(firm: CanaryFirm, line: str) -> None:
    from canary_firm import SETTINGS

    section = line.splitlines()[0]
    body = line.partition("\n")[2]
    if section in SETTINGS:
        firm.settings(f'[connector]\nname = "memory"\n[plugins]\nenabled = ["memory"]\n{line}\n')
    else:
        firm.settings(f"{SETTINGS}\n{section}\n{body}\n")
    firm("sync")


@pytest.mark.parametrize(
    "body",
    [
        "Subject: Zqxpat {{ 'Zqxdoe' 5 }}\n\nx",
        "Subject: x\n\n{% include 'Zqx' %}",
        "Subject: x\n\n{% Zqx",
        "Subject: x\n\n{{ name|Zqx }}".replace("|Zqx", "|upper"),
        "Subject: x\n\n{{ name|date }}",
        "Subject: x\n\n{% if name > 3 %}Zqx{% endif %}",
        "Zqx without a subject",
    ],
)
def test_words_that_are_wrong_are_named_without_what_they_say(firm: CanaryFirm, body: str) -> None:
    folder = firm.folder / "words" / "en"
    folder.mkdir(parents=True)
    for name in ("ask", "ask_introduction", "thank_you"):
        (folder / f"{name}.txt").write_text(body, encoding="utf-8")
    firm("doctor", today=False)
    assert firm("plan") != 0


def test_a_customer_who_is_not_there_is_not_repeated(firm: CanaryFirm) -> None:
    from canary_firm import names

    assert firm("plan") == 0
    for query in ("Zqxnobody at all", "zqx9@zqx.example\x1b["):
        for command in (("why", query), ("words", "preview", query)):
            assert firm(*command) != 0
        for name in ("history", "forget"):
            if name in names():
                firm(name, *(["--contact"] if name == "history" else []), query, today=False)


@pytest.mark.parametrize("seed", range(2))
def test_damaged_state_is_named_without_what_it_held(firm: CanaryFirm, seed: int) -> None:
    assert firm("plan") == 0
    assert firm("apply") == 0
    kept = firm.folder / "kept"
    shutil.copytree(firm.folder / ".goodword", kept)
    files = [path.relative_to(kept) for path in sorted(kept.rglob("*")) if path.is_file()]
    chance = random.Random(seed)  # noqa: S311 - repeatable damage
    for name in chance.sample(files, min(4, len(files))):
        shutil.rmtree(firm.folder / ".goodword")
        shutil.copytree(kept, firm.folder / ".goodword")
        damage(firm.folder / ".goodword" / name, seed)
        firm("why", "c1")
        firm("apply")
    shutil.rmtree(kept)


def test_the_ledger_the_plan_and_the_host_damaged_are_named(firm: CanaryFirm) -> None:
    assert firm("plan") == 0
    plan = next((firm.folder / ".goodword" / "plans").glob("*.json"))
    whole = plan.read_text(encoding="utf-8")
    for cut in (whole[:-40], whole.replace('"actions"', '"Zqxactions"', 1), '{"Zqx": 1}', "Zqx"):
        plan.write_text(cut, encoding="utf-8")
        assert firm("apply") != 0
    (firm.folder / ".goodword" / "ledger.sqlite").write_bytes(b"Zqx" * 4_000)
    assert firm("apply") != 0
    (firm.folder / "host.json").write_text('{"Zqx": ', encoding="utf-8")
    firm.every_command()


def test_a_folder_that_is_held_or_cannot_be_written_is_named(firm: CanaryFirm) -> None:
    from filelock import FileLock

    assert firm("plan") == 0
    with FileLock(firm.folder / ".goodword" / "lock"):
        firm.every_command()
    shutil.rmtree(firm.folder / ".goodword")
    (firm.folder / ".goodword").write_text("Zqx, a file where the folder would go\n")
    firm("doctor", today=False)
    firm("sync")


def test_a_webhook_that_fails_never_shows_its_address(
    firm: CanaryFirm, monkeypatch: pytest.MonkeyPatch
) -> None:
    from canary_firm import SECRET, SETTINGS, VARIABLE

    for url in (f"http://127.0.0.1:9/{SECRET}", f"ftp://{SECRET}", SECRET):
        monkeypatch.setenv(VARIABLE, url)
        text = SETTINGS.replace("command = [", f'url = {{ env = "{VARIABLE}" }}\ncommand = [')
        firm.settings(text)
        firm("sync")
    monkeypatch.delenv(VARIABLE)
    firm("sync")
    assert set(firm.codes.values()) <= {0, 1, 3}


# ---------------------------------------------------------------- lists of customers


def test_a_list_of_canaries_is_read_and_written_silently(firm: CanaryFirm, listed: Path) -> None:
    assert firm("plan") == 0, firm.stderr
    assert firm("apply") in {0, 3}, firm.stderr
    firm.every_command()
    assert "zqx" in listed.read_bytes().decode("latin-1").lower() or listed.suffix == ".xlsx"


@settings(max_examples=6)
@given(seed=st.integers(0, 2**32), flips=st.sampled_from([1, 5, 60]))
def test_a_list_with_damaged_bytes_is_named_without_what_it_held(
    firm: CanaryFirm, listed: Path, seed: int, flips: int
) -> None:
    kept = firm.folder.parent / f"kept{listed.suffix}"
    if not kept.exists():
        shutil.copy(listed, kept)
    shutil.copy(kept, listed)
    damage(listed, seed, flips)
    firm("sync")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"PK\x03\x04Zqx",
        b"Zqx\n" * 3,
        b'Name,Email\n"Zqxpat,zqx@zqx.example\n',
        b"Name,Email\n" + b"Zqx," * 5_000,
        b"Name;Email\nZqxpat\xff\xfe;zqx@zqx.example\n",
        b"<html>Zqx</html>",
    ],
    ids=lambda content: repr(content[:20]),
)
def test_a_list_that_is_none_is_named_without_what_it_held(
    firm: CanaryFirm, listed: Path, content: bytes
) -> None:
    listed.write_bytes(content)
    firm("doctor", today=False)
    firm("init", listed.name, "--yes", "--force", today=False)


def test_a_list_that_went_away_or_is_a_folder_is_named(firm: CanaryFirm, listed: Path) -> None:
    listed.unlink()
    firm.every_command()
    listed.mkdir()
    firm("plan")


# ---------------------------------------------------------------- file modes


def loose(folder: Path) -> list[str]:
    """What below *folder* other people of this computer could open."""
    found = [folder, *folder.rglob("*")]
    return [
        f"{path.relative_to(folder)} {path.stat().st_mode & 0o777:o}"
        for path in found
        if path.stat().st_mode & 0o077
    ]


def test_everything_we_keep_is_private_whatever_the_umask(firm: CanaryFirm) -> None:
    from canary_firm import ON_A_DAY, WITH, names

    before = os.umask(0)
    try:
        for name in names():
            arguments = WITH.get(name, ())
            if arguments is not None:
                firm(name, *arguments, today=name in ON_A_DAY)
            if (firm.folder / ".goodword").exists():
                assert loose(firm.folder / ".goodword") == [], name
    finally:
        os.umask(before)


def test_the_backups_of_a_list_are_private(firm: CanaryFirm, listed: Path) -> None:
    before = os.umask(0)
    try:
        assert firm("sync") in {0, 3}, firm.stderr
    finally:
        os.umask(before)
    assert loose(firm.folder / ".goodword") == []


def test_nothing_is_open_to_others_even_for_a_moment(
    firm: CanaryFirm, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = firm.folder / ".goodword"
    seen: set[str] = set()
    replace = Path.replace

    def looking(self: Path, target: Path) -> Path:
        seen.update(loose(state))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", looking)
    before = os.umask(0)
    try:
        assert firm("plan") == 0
        assert firm("apply") == 0
    finally:
        os.umask(before)
    assert seen == set()
