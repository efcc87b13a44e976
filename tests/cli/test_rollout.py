"""``goodword rollout`` and profiles: how much may be written, changed without touching the rest."""

from __future__ import annotations

import json
import os
import shutil
import stat
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from goodword.cli.rollout_setting import changed
from goodword.errors import SettingsError
from goodword.ledger import Ledger

if TYPE_CHECKING:
    from conftest import CommandLine

SHADOW = """\
# Our settings; do not sort.
[firm]
name   =  "Harbour Heating"   # spaces on purpose
caller = 'ana'

[connector]
name = "memory"
account = "memory"
[plugins]
enabled = ["memory"]

[rollout]   # how far we are
mode = "shadow"   # look first
start_date = 2026-09-01

[[play]]
name = "quiet"
enabled = true   # since May
"""


@pytest.fixture
def shadow(firm: CommandLine) -> CommandLine:
    """The small firm in shadow mode, its customers read."""
    firm.settings(SHADOW)
    assert firm("pull").exit_code == 0
    return firm


def text_of(firm: CommandLine) -> str:
    return (firm.folder / "goodword.toml").read_text(encoding="utf-8")


def test_the_mode_is_shown_in_words_with_the_next_step(shadow: CommandLine) -> None:
    seen = shadow("rollout")
    assert seen.exit_code == 0
    assert "Mode: shadow" in seen.stdout
    assert "nothing is written" in seen.stdout
    assert "goodword rollout pilot --owner REP" in seen.stdout
    told = json.loads(shadow("rollout", "--json").stdout)
    assert told == {"mode": "shadow", "owners": [], "contacts": [], "since": "2026-09-01"}


@pytest.mark.long
@pytest.mark.promise("modes.shadow-writes-nothing")
def test_in_shadow_every_command_leaves_the_host_alone(shadow: CommandLine) -> None:
    before = (shadow.folder / "host.json").read_bytes()
    assert "goodword only looks until you say: goodword rollout live" in " ".join(
        shadow.on_the_day("plan").stdout.split()
    )
    assert shadow.on_the_day("apply").exit_code == 1
    assert shadow.on_the_day("apply", "--limit", "1").exit_code == 1
    assert shadow.on_the_day("sync").exit_code == 0
    assert shadow.on_the_day("pause", "--close-open").exit_code == 1
    assert (shadow.folder / "host.json").read_bytes() == before
    assert not (shadow.folder / "PAUSE").exists()


@pytest.mark.long
@pytest.mark.promise("modes.pilot-named-people")
def test_a_pilot_is_chosen_by_names_and_writes_about_its_people_only(shadow: CommandLine) -> None:
    seen = shadow("rollout", "pilot", "--owner", "Ana Lopez", "--contact", "max")
    assert seen.exit_code == 0, seen.stderr
    assert "from shadow to pilot" in seen.stdout
    assert "the contacts of Ana Lopez (ana) and 1 named customer" in seen.stdout
    expected = SHADOW.replace('mode = "shadow"', 'mode = "pilot"').replace(
        "2026-09-01\n", '2026-09-01\nowners = ["ana"]\ncontacts = ["c4"]\n'
    )
    assert text_of(shadow) == expected
    page = shadow.on_the_day("plan").stdout
    whom = "mode: pilot · the contacts of Ana Lopez and 1 named contact · 2 contacts left out"
    assert whom in " ".join(page.split())
    assert shadow.on_the_day("apply").exit_code == 0
    assert {task["contact_id"] for task in shadow.host.tasks()} == {"c1", "c4"}
    assert {row["contact_id"] for row in shadow.host.rows("own_fields")} <= {"c1", "c2", "c4", "c6"}


def host_rows(firm: CommandLine) -> int:
    return len(firm.host.tasks())


@pytest.mark.long
@pytest.mark.promise("modes.live-writes")
def test_going_live_changes_one_word_of_the_file_and_back_again(shadow: CommandLine) -> None:
    mode = stat.S_IMODE((shadow.folder / "goodword.toml").stat().st_mode)
    shadow.on_the_day("plan")
    assert shadow("rollout", "live").exit_code == 0
    assert text_of(shadow) == SHADOW.replace('mode = "shadow"', 'mode = "live"')
    assert stat.S_IMODE((shadow.folder / "goodword.toml").stat().st_mode) == mode
    assert shadow.on_the_day("apply").exit_code == 0, "a plan read in shadow may be applied now"
    assert host_rows(shadow) == 3
    again = shadow("rollout", "live")
    assert "nothing was changed" in again.stdout
    assert shadow("rollout", "shadow").exit_code == 0
    assert text_of(shadow) == SHADOW
    assert [p.name for p in shadow.folder.iterdir() if p.name.endswith(".new")] == []


def test_a_pilot_of_nobody_is_refused_until_somebody_is_named(shadow: CommandLine) -> None:
    refused = shadow("rollout", "pilot")
    assert refused.exit_code == 2
    assert "--owner REP" in refused.stderr
    assert text_of(shadow) == SHADOW
    shadow("rollout", "pilot", "--owner", "ben")
    shadow("rollout", "live")
    assert shadow("rollout", "pilot").exit_code == 0, "it is remembered whom it was about"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("pilot", "--owner", "Zoe Doe"), "No rep has that name or id"),
        (("pilot", "--contact", "Zoe Doe"), "No customer has that name"),
        (("pilot", "--contact", "pat"), "That means 2 customers"),
        (("live", "--owner", "ana"), "belong to a pilot"),
        (("bold",), "is no mode"),
    ],
)
def test_what_is_not_clear_changes_nothing(
    shadow: CommandLine, line: tuple[str, ...], told: str
) -> None:
    seen = shadow("rollout", *line)
    assert seen.exit_code != 0
    assert told in seen.stderr
    assert "Doe" not in seen.stderr, "an error names nobody"
    assert text_of(shadow) == SHADOW


def test_before_the_first_pull_nobody_can_be_named(firm: CommandLine) -> None:
    seen = firm("rollout", "pilot", "--owner", "ana")
    assert seen.exit_code == 1
    assert "goodword pull" in seen.stderr


def test_a_file_that_cannot_be_written_is_named_and_stays(shadow: CommandLine) -> None:
    if os.name != "posix" or os.geteuid() == 0:
        (shadow.folder / "goodword.toml.new").mkdir()
    else:
        shadow.folder.chmod(0o500)
    seen = shadow("rollout", "live")
    shadow.folder.chmod(0o700)
    assert seen.exit_code == 1
    assert "cannot be written" in seen.stderr
    assert text_of(shadow) == SHADOW


# ---------------------------------------------------------------- the file, byte for byte


def test_windows_line_ends_and_the_mark_at_the_start_stay() -> None:
    text = "\ufeff" + SHADOW.replace("\n", "\r\n")
    after = changed(text.encode(), "", {"mode": "live", "owners": ["ana"]}).decode()
    wanted = text.replace('"shadow"', '"live"').replace(
        "2026-09-01\r\n", '2026-09-01\r\nowners = ["ana"]\r\n'
    )
    assert after == wanted


def test_a_section_that_is_not_there_is_added_at_the_end() -> None:
    text = '[firm]\nname = "N" # mine\n[[play]]\nname = "quiet"'
    after = changed(text.encode(), "", {"mode": "live"}).decode()
    assert after == text + '\n\n[rollout]\nmode = "live"\n'
    side = changed(text.encode(), "sandbox", {"mode": "live"}).decode()
    assert tomllib.loads(side)["profile"]["sandbox"]["rollout"] == {"mode": "live"}


def test_a_firm_that_wrote_before_there_were_modes_is_live_until_that_is_changed(
    firm: CommandLine,
) -> None:
    old = 'version = 1  # ours\n[connector]\nname = "memory"\n[plugins]\nenabled = ["memory"]\n'
    firm.settings(old)
    ledger = Ledger(firm.folder / ".goodword" / "ledger.sqlite")
    ledger.set_meta("mode", "live")  # as the ledger of such a firm says once it is carried over
    ledger.close()
    assert json.loads(firm("rollout", "--json").stdout)["mode"] == "live"
    assert text_of(firm) == old, "looking changes nothing"
    assert firm("rollout", "shadow").exit_code == 0
    assert text_of(firm) == f'{old}\n[rollout]\nmode = "shadow"\n'
    assert json.loads(firm("rollout", "--json").stdout)["mode"] == "shadow"


def test_a_layout_that_cannot_be_changed_safely_is_left_to_a_person() -> None:
    text = 'profile = { sandbox = { connector = { account = "x" } } }\n'
    with pytest.raises(SettingsError) as refused:
        changed(text.encode(), "sandbox", {"mode": "live"})
    assert 'mode = "live"' in refused.value.hint


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@pytest.mark.long
@given(
    comment=WORDS,
    name=WORDS,
    owners=st.lists(WORDS, max_size=3),
    mode=st.sampled_from(["shadow", "pilot", "live"]),
    spaces=st.integers(0, 3),
    profile=st.sampled_from(["", "a", "b-1"]),
)
@example(comment="", name="]]", owners=['"'], mode="live", spaces=0, profile="a")
def test_whatever_stands_in_the_file_only_the_rollout_changes(
    comment: str, name: str, owners: list[str], mode: str, spaces: int, profile: str
) -> None:
    section = f"[profile.{profile}.rollout]" if profile else "[rollout]"
    gap = " " * spaces
    quoted = json.dumps(name, ensure_ascii=False)
    head = f"# {comment}\n[firm]{gap}# {comment}\nname{gap}={gap}{quoted}\n\n"
    tail = f"\n[[play]]\nname = 'x'{gap}# {comment}\n\n[extra]\n"
    text = f'{head}{section}\nmode{gap}={gap}"off"{gap}# {comment}\n{tail}'
    after = changed(text.encode(), profile, {"mode": mode, "owners": owners}).decode()
    assert after.startswith(f'{head}{section}\nmode{gap}={gap}"{mode}"{gap}# {comment}\n')
    assert after.endswith(tail)
    again = changed(after.encode(), profile, {"mode": mode, "owners": owners}).decode()
    assert again == after


# ---------------------------------------------------------------- profiles

SANDBOX = """
[profile.sandbox.connector]
account = "playground"
[profile.sandbox.plugin.memory]
path = "sandbox.json"
account = "playground"
"""


@pytest.fixture
def two(firm: CommandLine) -> CommandLine:
    """The small firm with a sandbox beside it."""
    firm.settings(text_of(firm) + SANDBOX)
    shutil.copy(firm.folder / "host.json", firm.folder / "sandbox.json")
    return firm


@pytest.mark.long
@pytest.mark.promise("profiles.apart")
def test_a_profile_has_its_own_state_and_is_in_shadow_whatever_the_firm_is(
    two: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = two("--profile", "sandbox", "plan", "--today", "2026-11-20")
    assert seen.exit_code == 0, seen.stderr
    assert "goodword --profile sandbox rollout live" in " ".join(seen.stdout.split())
    assert (two.folder / ".goodword-sandbox" / "ledger.sqlite").exists()
    assert not (two.folder / ".goodword").exists()
    monkeypatch.setenv("GOODWORD_PROFILE", "sandbox")
    before = text_of(two)
    live = two("rollout", "live")
    assert live.exit_code == 0, live.stderr
    assert "goodword --profile sandbox plan" in live.stdout
    assert text_of(two) == f'{before}\n[profile.sandbox.rollout]\nmode = "live"\n'
    assert two.on_the_day("sync").exit_code == 0
    assert two.host.tasks() == []
    monkeypatch.delenv("GOODWORD_PROFILE")
    assert json.loads(two("rollout", "--json").stdout)["mode"] == "live"


def test_a_profile_that_is_not_there_is_refused(two: CommandLine) -> None:
    for name in ("production", "../x"):
        seen = two("--profile", name, "status")
        assert seen.exit_code == 2
        assert "profile" in seen.stderr
