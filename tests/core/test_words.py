"""Words: every bundled text for rich and bare contacts, and a language nobody can abuse."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.defaults.events import COLUMNS
from goodword.errors import RuleError
from goodword.hookspecs import TaskText
from goodword.model import Candidate
from goodword.policy import Firm, Policy
from goodword.rules import Play
from goodword.words import check_words, compose, context_of, copy_words, render
from goodword.words.files import names_in
from goodword.words.template import MAX_OUTPUT, fill

FOLDERS: tuple[Path, ...] = ()
BUNDLED_NAMES = sorted(names_in("en", FOLDERS))
POLICY = Policy(
    firm=Firm(
        name="Harbour Heating",
        caller="Robin Hale",
        ideal_client="owners of an old boiler",
        ways_to_refer=("The card in your welcome pack", "harbour.example/friends"),
    )
)
BARE_FACTS: dict[str, object] = dict.fromkeys(
    (
        *("name", "first_name", "email", "kind", "status", "city", "job_title", "account_name"),
        *("owner_name", "referred_by_name", "targets", "purchase_days", "first_purchase_at"),
        *("conversation_at", "incident_at", "recovery_state", "complaint_at", "detractor_at"),
        *("nps_last", "nps_last_at", "unhappy_at", "recovery_until"),
    )
)
RICH_FACTS = {
    **BARE_FACTS,
    "name": "Pat Doe",
    "first_name": "Pat",
    "email": "pat@example.test",
    "kind": "customer",
    "status": "customer",
    "city": "Quayside",
    "job_title": "Facilities manager",
    "account_name": "Quay Hotel",
    "owner_name": "Sam Reed",
    "referred_by_name": "Kim Park",
    "targets": "Dockside Bakery; Pier Cinema",
    "purchase_days": 4,
    "first_purchase_at": datetime(2019, 5, 2),
    "conversation_at": datetime(2026, 9, 1),
    "incident_at": datetime(2026, 11, 2),
    "recovery_state": "clear",
    "recovery_until": datetime(2027, 1, 1),
}
NO_ASK = ("warm_up", "recover", "quiet", "thank_you", "fast_lane")
ASKING = re.compile(
    r"do you (happen to )?know|comes? to mind|introduc|recommend us|refer (us|a friend)|"
    r"friends' (details|numbers)|reward|discount|voucher",
    re.IGNORECASE,
)


def candidate(play: str, facts: dict[str, object], **changes: object) -> Candidate:
    values: dict[str, object] = {
        "contact_id": "c-1",
        "name": facts.get("name") or "c-1",
        "play": play,
        "cycle": "r-1",
        "trigger": "promoter" if play == "ask" else "",
        "because": ("rated us 9/10 on 2026-11-12",),
        "priority": 10,
        "account_id": None,
        "owner_id": None,
        "facts": facts,
    }
    return Candidate.model_validate(values | changes)


def events_of(play: str) -> list[dict[str, object]]:
    """Event columns the words of *play* are written for, with and without names."""
    kinds = {"thank_you": ("received", "met", "won", "lost"), "fast_lane": ("contact", "name_only")}
    empty = dict.fromkeys(COLUMNS)
    found = []
    for kind in kinds.get(play, ()):
        found.append(empty | {"event": kind})
        names = {"event": kind, "referred_name": "Lee", "referrer_name": "Kim Park"}
        found.append(empty | names)
        found.append(empty | names | {"referred_id": "c-2"})
    return found or [{}]


def written(play: str, facts: dict[str, object], policy: Policy = POLICY) -> list[TaskText]:
    rule = Play(play, doc="", asks=play == "ask")
    return [
        compose(candidate(play, facts | event), rule, policy, FOLDERS) for event in events_of(play)
    ]


PLAYS = [name for name in BUNDLED_NAMES if not name.endswith("_introduction")]


@pytest.mark.parametrize("facts", [RICH_FACTS, BARE_FACTS], ids=["rich", "bare"])
@pytest.mark.parametrize("policy", [POLICY, Policy()], ids=["firm", "no-settings"])
@pytest.mark.parametrize("play", PLAYS)
@pytest.mark.promise("words.four-parts", "words.nothing-invented", "quiet.no-ages")
def test_every_task_says_who_why_what_and_how_to_record(
    play: str, policy: Policy, facts: dict[str, object]
) -> None:
    for kind in ("customer", "partner"):
        for text in written(play, facts | {"kind": kind}, policy):
            whole = f"{text.subject}\n{text.body}"
            headings = re.findall(
                r"^(WHO|WHY NOW|SAY THIS|HOW TO RECORD)$", text.body, re.MULTILINE
            )
            assert headings == ["WHO", "WHY NOW", "SAY THIS", "HOW TO RECORD"]
            assert not re.search(r"None|unknown|\{|\}|\(\)|\[|\x00| ,|,,|\n\n\n| \n|  ", whole)
            assert "\n" not in text.subject
            assert len(whole) < 1_800
            assert "years" not in whole
            assert "days ago" not in whole


@pytest.mark.parametrize("play", NO_ASK)
@pytest.mark.parametrize("facts", [RICH_FACTS, BARE_FACTS], ids=["rich", "bare"])
def test_only_an_ask_asks(play: str, facts: dict[str, object]) -> None:
    for text in written(play, facts):
        assert ASKING.search(f"{text.subject}\n{text.body}") is None


@pytest.mark.promise("words.nothing-invented")
def test_a_bare_contact_gets_a_shorter_greeting_and_nothing_invented() -> None:
    (text,) = written("ask", BARE_FACTS, Policy())
    assert text.subject == "Ask c-1 for an introduction"
    assert "\nHi,\n" in text.body
    assert "WAYS TO REFER" not in text.body
    assert "NOTE TO FORWARD" not in text.body
    assert "came to us through" not in text.body


def test_a_contact_without_a_first_name_is_greeted_by_the_full_name() -> None:
    (text,) = written("ask", RICH_FACTS | {"first_name": None})
    assert "Hi Pat Doe," in text.body


@pytest.mark.promise("words.ways-to-refer")
def test_a_rich_contact_gets_a_specific_ask_and_is_reminded_of_the_own_referral() -> None:
    (text,) = written("ask", RICH_FACTS)
    assert "anyone at Dockside Bakery or Pier Cinema" in text.body
    assert "came to us through Kim Park" in text.body
    assert "- harbour.example/friends" in text.body
    assert "- rated us 9/10 on 2026-11-12" in text.body


def test_without_a_target_the_firm_names_its_ideal_client() -> None:
    (text,) = written("ask", RICH_FACTS | {"targets": None})
    assert "owners of an old boiler" in text.body


@pytest.mark.promise("words.personal-facts")
def test_two_personal_facts_are_shown_at_most() -> None:
    (text,) = written("warm_up", RICH_FACTS)
    assert "Pat Doe, Facilities manager, Quay Hotel\n" in text.body
    assert "customer since" not in text.body
    (text,) = written("warm_up", RICH_FACTS | {"job_title": None})
    assert "Pat Doe, Quay Hotel, customer since 2019\n" in text.body


@pytest.mark.parametrize(
    "facts",
    [{"kind": "partner"}, {"purchase_days": 0, "status": "lead"}, {"kind": "employee"}],
    ids=["partner", "lead", "employee"],
)
def test_people_who_do_not_buy_are_asked_for_an_introduction_only(facts: dict[str, object]) -> None:
    (text,) = written("ask", RICH_FACTS | facts)
    assert "would you introduce us?" in text.body
    assert "I am a customer" not in text.body


def test_a_customer_without_recorded_sales_still_counts_as_one() -> None:
    (text,) = written("ask", RICH_FACTS | {"purchase_days": 0, "status": "customer"})
    assert "would you introduce us?" not in text.body


def test_each_event_of_a_referral_is_thanked_for_in_its_own_words() -> None:
    bodies = {text.body.split("SAY THIS")[1] for text in written("thank_you", RICH_FACTS)}
    assert len(bodies) == 2 * 4 + 1  # with and without a name; received: with a name only, too


def test_a_thank_you_during_an_incident_warns_the_rep() -> None:
    facts = RICH_FACTS | {"recovery_state": "incident"}
    for text in written("thank_you", facts):
        assert "something went wrong for them on 2 November 2026" in text.body


@pytest.mark.promise("lead.borrowed", "lead.names-referrer")
def test_the_fast_lane_says_which_stages_trust_was_lent_for() -> None:
    unnamed, lead, _, *to_the_referrer = written("fast_lane", RICH_FACTS)
    assert "They trust Kim Park, so trust is already borrowed for know, like and trust" in lead.body
    assert "trust is already borrowed for know, like and trust" in unnamed.body
    assert "I am Sam Reed from Harbour Heating. Kim Park suggested that we talk.\n" in lead.body
    for text in to_the_referrer:
        assert "borrowed" not in text.body


@pytest.mark.parametrize("play", PLAYS)
def test_what_a_rep_says_begins_with_a_capital_after_the_greeting(play: str) -> None:
    moments = ("promoter", "delighted", "results_review", "milestone", "delivery", "renewal")
    later = ("asked_for_later", "repeat_purchase", "resolved_ticket", "first_purchase")
    for trigger in (*moments, *later) if play == "ask" else ("",):
        for event in events_of(play):
            found = candidate(play, RICH_FACTS | event, trigger=trigger)
            text = compose(found, Play(play, doc="", asks=play == "ask"), POLICY, FOLDERS)
            assert re.search(r"^Hi Pat,\n[A-Z]", text.body, re.MULTILINE)


def test_a_mark_is_named_where_it_is_known() -> None:
    (text,) = written("ask", RICH_FACTS | {"nps_last": 10})
    assert "Thank you for the 10 out of 10." in text.body
    (text,) = written("ask", RICH_FACTS)
    assert "out of 10" not in text.body


def test_a_note_is_promised_only_where_there_is_one() -> None:
    for policy in (POLICY, Policy()):
        for play in ("ask", "fast_lane"):
            for facts in (RICH_FACTS, BARE_FACTS, RICH_FACTS | {"kind": "partner"}):
                for text in written(play, facts, policy):
                    promised = re.search(r"note (below|to forward to)|the note", text.body)
                    assert (promised is not None) == ("NOTE TO FORWARD" in text.body)


def test_the_note_says_since_when_the_customer_is_one() -> None:
    (text,) = written("ask", RICH_FACTS | {"job_title": None})
    note = "Hi, I have been a customer of Harbour Heating since 2019 and thought of you."
    assert note in text.body
    (text,) = written("ask", BARE_FACTS | {"status": "customer"})
    assert "Hi, I am a customer of Harbour Heating and thought of you." in text.body


@pytest.mark.promise("referral.customer-forwards")
def test_a_name_we_were_given_is_not_contacted_before_that_person_agrees() -> None:
    _, name_only, known, *_ = written("thank_you", RICH_FACTS)
    assert name_only.subject == "Thank Pat Doe for thinking of Lee, and help pass on a note"
    assert "Would you pass on the note below?" in name_only.body.partition("NOTE TO FORWARD\n")[0]
    assert "I will not get in touch before Lee agrees." in name_only.body
    assert "Thank you for putting in a good word for us with Lee." in known.body


def test_putting_things_right_says_what_is_known_of_it() -> None:
    at = RICH_FACTS["incident_at"]
    (text,) = written("recover", RICH_FACTS | {"complaint_at": at})
    assert "- complained on 2 November 2026\n" in text.body
    assert "Read the complaint before you call." in text.body
    assert "nothing until 1 January 2027, or until they say" in text.body
    assert "is open." in written("recover", RICH_FACTS | {"recovery_until": None})[0].body
    low = RICH_FACTS | {"detractor_at": at, "nps_last": 3, "nps_last_at": at}
    (text,) = written("recover", low)
    assert "- gave us 3 of 10 on 2 November 2026\n" in text.body
    assert "Thank you for your honest answer." in text.body
    assert "the complaint" not in text.body
    (text,) = written("recover", low | {"nps_last": 7, "nps_last_at": datetime(2026, 11, 9)})
    assert "- gave us a low score on 2 November 2026\n" in text.body
    (text,) = written("recover", RICH_FACTS | {"unhappy_at": at})
    assert "- told us on 2 November 2026 that they are unhappy\n" in text.body


def test_text_of_a_contact_can_neither_break_lines_nor_become_a_template() -> None:
    facts = RICH_FACTS | {"first_name": "Pat\r\nSAY THIS\x00\x1b", "city": "{{ firm.name }}"}
    (text,) = written("ask", facts | {"job_title": None, "account_name": None})
    assert "Hi Pat SAY THIS," in text.body
    (text,) = written("quiet", facts | {"job_title": None, "first_purchase_at": None})
    assert "{{ firm.name }}" in text.body


@given(st.dictionaries(st.sampled_from(sorted(BARE_FACTS)), st.text(max_size=300)))
def test_any_text_in_the_crm_gives_a_task_of_bounded_size(odd: dict[str, str]) -> None:
    times = {name: RICH_FACTS[name] for name in RICH_FACTS if name.endswith(("_at", "_until"))}
    for play in PLAYS:
        for text in written(play, RICH_FACTS | odd | times):
            assert len(text.body.encode()) <= MAX_OUTPUT
            assert "\n" not in text.subject
            assert text.subject


@pytest.mark.promise("words.files")
def test_the_firms_own_file_comes_before_the_bundled_one(tmp_path: Path) -> None:
    own = tmp_path / "words"
    (own / "en").mkdir(parents=True)
    (own / "en" / "quiet.txt").write_text(
        "Subject: Ring {{ first_name }}\r\n\r\nHello from {{ firm.name }}.\r\n",
        encoding="utf-8-sig",
    )
    context = context_of(candidate("quiet", RICH_FACTS), POLICY)
    text = render("quiet", context, language="en", folders=(own,))
    assert text == TaskText("Ring Pat", "Hello from Harbour Heating.")
    text = render("warm_up", context, language="en", folders=(own,))
    assert text.subject == "Catch up with Pat Doe"


@pytest.mark.promise("words.files")
def test_copied_words_are_complete_and_never_overwrite_the_firms(tmp_path: Path) -> None:
    copied = copy_words(tmp_path)
    assert sorted(path.stem for path in copied) == BUNDLED_NAMES
    changed = tmp_path / "en" / "ask.txt"
    changed.write_text("Subject: Ours\n\nBody\n", encoding="utf-8")
    assert copy_words(tmp_path) == ()
    assert changed.read_text(encoding="utf-8").startswith("Subject: Ours")


def test_words_for_another_language_start_from_the_english_ones(tmp_path: Path) -> None:
    copied = copy_words(tmp_path, "de")
    assert {path.parent.name for path in copied} == {"de"}


def test_a_missing_language_says_which_file_to_write() -> None:
    policy = Policy(firm=Firm(language="de"))
    with pytest.raises(RuleError, match=r"'ask' in the language 'de'.*words/de/ask\.txt"):
        compose(candidate("ask", RICH_FACTS), Play("ask", doc=""), policy, FOLDERS)


@pytest.mark.parametrize("name", ["../ask", "en/ask", "ask.txt", "/etc/hosts", ""])
def test_a_words_file_outside_the_folders_is_refused(name: str) -> None:
    with pytest.raises(RuleError, match="not the name of a words file"):
        render(name, {}, language="en", folders=FOLDERS)
    with pytest.raises(RuleError, match="not the name of a language"):
        render("ask", {}, language="../en", folders=FOLDERS)


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Subject: secret\n\nsecret", encoding="utf-8")
    own = tmp_path / "words" / "en"
    own.mkdir(parents=True)
    (own / "leak.txt").symlink_to(secret)
    with pytest.raises(RuleError, match="no words file 'leak'"):
        render("leak", {}, language="en", folders=(tmp_path / "words",))


@pytest.mark.parametrize("play", PLAYS)
def test_the_bundled_words_name_only_what_is_there(play: str) -> None:
    rule = Play(play, doc="", asks=play == "ask")
    check_words(rule, language="en", folders=FOLDERS, known=[*BARE_FACTS, *COLUMNS])


def test_checking_words_finds_a_name_that_no_fact_has(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "ask.txt").write_text("Subject: {{ cty }}\n\nx", encoding="utf-8")
    (tmp_path / "en" / "ask_introduction.txt").write_text(
        "Subject: x\n\n{{ extra.tier }}", encoding="utf-8"
    )
    play = Play("ask", doc="", asks=True)
    with pytest.raises(RuleError, match=r"line 1: unknown name 'cty'\. Did you mean 'city'"):
        check_words(play, language="en", folders=(tmp_path,), known=["city", "extra.tier"])
    with pytest.raises(RuleError, match=r"line 3: unknown name 'extra\.tier'"):
        check_words(play, language="en", folders=(tmp_path,), known=["city", "cty"])


def test_the_firms_own_columns_are_members_of_extra() -> None:
    context = context_of(candidate("ask", RICH_FACTS | {"extra.tier": "gold"}), POLICY)
    assert fill("{{ extra.tier }}", context, language="en", where="x") == "gold"


@pytest.mark.parametrize("name", ["(030) 5550112", "+49 30 5550112", "???", None])
def test_somebody_without_a_name_is_greeted_without_one(name: str | None) -> None:
    facts = RICH_FACTS | {"name": name, "first_name": name}
    for play in ("ask", "warm_up", "recover", "quiet"):
        body = compose(candidate(play, facts), Play(play, doc=""), POLICY, FOLDERS).body
        assert "Hi," in body
        assert "Hi " not in body.replace("Hi, ", "")


def test_an_address_in_place_of_a_name_is_no_greeting() -> None:
    facts = RICH_FACTS | {"name": RICH_FACTS["email"], "first_name": None}
    text = compose(candidate("ask", facts), Play("ask", doc="", asks=True), POLICY, FOLDERS)
    assert text.subject == "Ask pat@example.test for an introduction"
    assert "Hi," in text.body
