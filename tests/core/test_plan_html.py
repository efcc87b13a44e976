"""The page a manager approves: all of the plan, nothing from outside, and no name can harm it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.model import (
    Action,
    Backlog,
    Brake,
    CloseTask,
    CreateTask,
    LinkReferral,
    LogActivity,
    Plan,
    RemoveTask,
    SetFields,
    UpdateTask,
)
from goodword.report.plan_html import CHANGES_SHOWN, plan_document

DAY = date(2026, 11, 20)
REPS = {"o-1": "Moira Kerr", "o-2": "Tom Adeyemi"}
REASONS = {"complaint": "complained on …", "tenure": "a customer since …"}
NAMES = {"C-1": "Pat Doe", "C-2": "Kim Park", "C-9": "Sam Reed"}
APART = {"dd", "div", "dt", "li", "p", "small", "td", "th"}
"""Elements a person sees apart from what stands before them."""
VOID = {"meta"}
HOSTILE = (
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)" x="',
    "' autofocus onfocus='alert(1)",
    "</style></code></td></table><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp;",
    "\u202egnirts desrever\u202c \u2066isolate\u2069",
    "line\nbreak\r\nand\ttab",
    "bell\x07 null\x00 escape\x1b[31m",
    "lone \ud800 surrogate",
    "W" * 300,
    "]]><!-- x",
)


def task(number: int, **changes: Any) -> CreateTask:
    """A task of Moira Kerr's."""
    values: dict[str, Any] = {
        "key": f"k{number}",
        "contact_id": f"C-{number}",
        "contact_name": f"Customer {number}",
        "owner_id": "o-1",
        "play": "ask",
        "cycle": "a-1",
        "due": date(2026, 11, 24),
        "subject": f"Ask customer {number} for an introduction",
        "body": f"WHO\nCustomer {number}\n\nSAY THIS\nHi,\nit was good to talk.\n\nNo heading here",
        "because": ("rated us 10 of 10 on 2026-11-12",),
        "rank": number,
        "asks": True,
    }
    return CreateTask(**{**values, **changes})


def tags(contact_id: str, **changes: Any) -> SetFields:
    """New tags on one contact."""
    values: dict[str, Any] = {"stage": "trust", "score": 41}
    before: dict[str, Any] = {"stage": "know", "score": None}
    return SetFields(
        key=f"f-{contact_id}",
        contact_id=contact_id,
        values=changes.get("values", values),
        before=changes.get("before", before),
    )


def note(text: str) -> LogActivity:
    return LogActivity(
        key="l", contact_id="C-9", owner_id="o-1", activity="n", at=DAY, subject=text, body=text
    )


def waiting_one(name: str, reason: str) -> Backlog:
    return Backlog(
        contact_id="C-7",
        contact_name=name,
        owner_id="o-2",
        play="warm_up",
        priority=5,
        reason=reason,
    )


def plan_of(*actions: Action, **changes: Any) -> Plan:
    values: dict[str, Any] = {
        "plan_id": "20261120-0123abcd",
        "created_at": datetime(2026, 11, 20, 7, 5, tzinfo=UTC),
        "as_of": DAY,
        "account": "csv-94bf280e",
        "rules_hash": "rules-1a2b",
        "settings_hash": "settings-3c4d",
        "versions": {"goodword": "0.1.0", "csv": "0.2.0"},
        "snapshot": 17,
        "contacts": 1234,
        "actions": actions,
        "verdicts": {"ask": 2, "wait": 1232},
        "held": {},
        "backlog": (),
        "waiting": {},
        "cannot_check": (),
        "notices": (),
    }
    return Plan(**{**values, **changes})


def page_of(plan: Plan, **changes: Any) -> str:
    values: dict[str, Any] = {"firm_name": "Harbour Heating", "names": NAMES, **changes}
    return plan_document(plan, REPS, REASONS, **values)


class Page(HTMLParser):
    """A parsed page: every element, the text of each, and whether all were closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[int] = []
        self.feed(html)
        self.close()
        assert [self.elements[number][0] for number in self._open] == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in APART:
            self.handle_data(" ")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append("")
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for number in self._open:
            self.texts[number] += data

    def all(self, tag: str, class_: str = "") -> list[str]:
        """The texts of all elements of a kind, their white space as a person sees it."""
        return [
            " ".join(text.split())
            for (name, attributes), text in zip(self.elements, self.texts, strict=True)
            if name == tag and (not class_ or class_ in attributes.get("class", "").split())
        ]

    def text(self) -> str:
        (body,) = self.all("body")
        return body


def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements and the names of their attributes, without any text."""
    return [(tag, tuple(sorted(attributes))) for tag, attributes in Page(html).elements]


def full_plan() -> Plan:
    """A plan in which every part of the page has something to show."""
    return plan_of(
        task(1),
        task(2, owner_id="o-2", play="thank_you", asks=False, contact_name="Kim Park"),
        task(3, owner_id=None, contact_name="Nobody's customer"),
        tags("C-1"),
        CloseTask(key="c1", task_key="t", contact_id="C-2", state="withdrawn", reason="opt_out"),
        CloseTask(key="c2", task_key="t", contact_id="C-2", state="expired", reason=""),
        UpdateTask(
            key="u", task_key="t", contact_id="C-9", owner_id="o-1", before={"owner_id": "o-2"}
        ),
        note("Thanked for an introduction"),
        LinkReferral(key="r", contact_id="C-9", referred_id="C-1", at=DAY),
        RemoveTask(key="x", task_key="t", contact_id="C-9"),
        mode="pilot",
        scope="the contacts of Moira Kerr",
        out_of_scope=31,
        brakes=(Brake(code="many_tasks", text="64 new tasks are more than the 50 allowed."),),
        calls=1520,
        held={"complaint": 1200, "tenure": 3, "window_closes": 2},
        waiting={"rep_full": 7, "veto:holiday": 1},
        backlog=(waiting_one("Waiting Customer", "rep_full"),),
        cannot_check=("survey_rest (needs surveys)",),
        notices=("unread: One row was left out (line 4)",),
    )


def full_page() -> str:
    return page_of(full_plan(), taken_back={"20261119-101010-abcd": 3})


# ---------------------------------------------------------------- what it says


@pytest.mark.promise("plan.html", "plan.tasks-per-rep")
def test_every_task_stands_on_the_page_once_below_its_rep() -> None:
    page = Page(full_page())
    rows = page.all("tbody", "task")
    assert len(rows) == 3
    for name, contact in (("Customer 1", "C-1"), ("Kim Park", "C-2"), ("Nobody's", "C-3")):
        assert sum(name in row and contact in row for row in rows) == 1
    headings = page.all("h2")
    assert headings[2:5] == ["Moira Kerr", "Tom Adeyemi", "Nobody yet"]


def test_a_task_says_due_day_play_reason_and_the_words_to_say() -> None:
    page = Page(page_of(plan_of(task(1))))
    (row,) = page.all("tbody", "task")
    assert row.startswith("Tue 24 Nov ask Customer 1 C-1 rated us 10 of 10 on 2026-11-12")
    assert page.all("summary") == ["Ask customer 1 for an introduction"]
    (words,) = page.all("div", "words")
    assert words == "WHO Customer 1 SAY THIS Hi, it was good to talk. No heading here"
    assert page.all("strong")[-2:] == ["WHO", "SAY THIS"]


def test_tasks_of_one_rep_come_in_the_order_of_their_rank() -> None:
    page = Page(page_of(plan_of(task(5, rank=2), task(6, rank=1))))
    assert [row.split("Customer ")[1][0] for row in page.all("tbody", "task")] == ["6", "5"]


def test_two_reps_of_the_same_name_keep_their_own_tables() -> None:
    plan = plan_of(task(1), task(2, owner_id="o-2"))
    html = plan_document(plan, dict.fromkeys(REPS, "Alex Lee"), {}, firm_name="", names={})
    assert Page(html).all("h2").count("Alex Lee") == 2


@pytest.mark.promise("plan.html", "plan.tags")
def test_the_head_counts_what_would_be_written() -> None:
    page = Page(full_page())
    (totals,) = page.all("dl", "totals")
    assert totals.startswith("new tasks 3 contact with new tags 1")
    assert "tasks closed 2" in totals
    assert "task moved to another rep 1" in totals
    (captioned, *_) = page.all("caption")
    assert captioned == "New tasks by play; 2 of them ask for a good word"
    assert "Plan 20261120-0123abcd Account csv-94bf280e Contacts 1,234" in page.text()
    assert "Estimated calls 1,520" in page.text()


@pytest.mark.parametrize(
    ("mode", "scope", "told"),
    [
        ("shadow", "", "Nothing will be written."),
        ("pilot", "the contacts of Moira Kerr", "Only about the contacts of Moira Kerr;"),
        ("pilot", "", "as many as --limit says"),
        ("live", "", "about everybody named here"),
    ],
)
def test_the_mode_is_said_in_words(mode: str, scope: str, told: str) -> None:
    page = Page(page_of(plan_of(task(1), mode=mode, scope=scope)))
    (said,) = page.all("p", "mode")
    assert told in said


def test_who_is_left_out_of_a_pilot_is_counted() -> None:
    text = Page(full_page()).text()
    assert "31 more contacts with something to write are left out for now." in text


def test_brakes_stand_before_everything_else() -> None:
    page = Page(full_page())
    assert page.all("h2")[0] == "Read this first"
    assert "64 new tasks are more than the 50 allowed." in page.text()
    assert "Read this first" not in Page(page_of(plan_of(task(1)))).text()


def test_changed_tags_go_from_old_to_new_with_the_name_or_else_the_id() -> None:
    plan = plan_of(tags("C-9"), tags("C-404", values={"why": None}, before={"why": "Wait"}))
    page = Page(page_of(plan))
    headers = page.all("th")
    assert headers[:4] == ["Contact", "stage", "score", "why"]
    assert headers[4:] == ["Sam Reed C-9", "C-404"]
    assert page.all("td") == ["stage know → trust", "score 41", "", "", "", "why Wait → nothing"]


def test_of_many_changed_contacts_the_first_are_shown_and_the_rest_counted() -> None:
    plan = plan_of(*(tags(f"X-{number:04}") for number in range(CHANGES_SHOWN + 3)))
    text = Page(page_of(plan)).text()
    assert f"X-{CHANGES_SHOWN - 1:04}" in text
    assert f"X-{CHANGES_SHOWN:04}" not in text
    assert "and 3 more contacts." in text


def test_what_closes_moves_or_is_noted_is_listed() -> None:
    text = Page(full_page()).text()
    assert "Kim Park C-2 task closed the moment has passed (opt out)" in text
    assert "Kim Park C-2 task closed long overdue" in text
    assert "Sam Reed C-9 task moved to another rep from Tom Adeyemi to Moira Kerr" in text
    assert "Fri 20 Nov 2026; Thanked for an introduction; Thanked for" in text
    assert "referral linked sent us C-1 on Fri 20 Nov 2026" in text


@pytest.mark.promise("plan.html", "plan.held-back")
def test_held_back_has_count_sentence_and_a_bar_of_its_share() -> None:
    html = full_page()
    text = Page(html).text()
    assert "1,203 good moments to ask, not used now" in text
    assert "complaint complained on … 1,200" in text
    assert "Of these 2: the moment will be over before the rest is." in text
    widths = re.findall(r'class="part" width="(\d+)"', html)
    assert widths[-2:] == ["100", "1"]


def test_the_rest_of_the_plan_is_there() -> None:
    text = Page(full_page()).text()
    assert "7: the rep's week is full 1: passed over: holiday" in text
    assert "First in line, 1 of 8" in text
    assert "Waiting Customer C-7 warm up Tom Adeyemi the rep's week is full" in text
    assert "goodword release 20261119-101010-abcd" in text
    assert "survey rest (needs surveys)" in text
    assert "One row was left out (line 4)" in text
    assert "unread:" not in text


def test_the_end_names_the_commands_and_what_the_plan_rests_on() -> None:
    page = Page(full_page())
    commands = page.all("code", "command")
    assert "goodword apply 20261120-0123abcd" in commands
    assert "goodword apply 20261120-0123abcd --except CONTACT" in commands
    assert "goodword undo" in commands
    (footer,) = page.all("footer")
    assert "Made 20 Nov 2026, 07:05 UTC Snapshot 17" in footer
    assert "Rules rules-1a2b Settings settings-3c4d csv 0.2.0 goodword 0.1.0" in footer


def test_a_shadow_plan_says_how_to_go_on_and_a_pilot_of_nobody_needs_a_limit() -> None:
    shadow = Page(page_of(plan_of(task(1), mode="shadow"))).all("code", "command")
    assert shadow[0] == "goodword rollout live"
    pilot = Page(page_of(plan_of(task(1), mode="pilot"))).all("code", "command")
    assert pilot[0] == "goodword apply 20261120-0123abcd --limit 10"


def test_an_empty_plan_says_so_and_offers_nothing_to_apply() -> None:
    page = Page(page_of(plan_of()))
    assert "There is nothing to write: everything is as it should be." in page.text()
    assert page.all("code", "command") == []
    waiting = Page(page_of(plan_of(), taken_back={"run": 2})).text()
    assert "what was taken back waits until it is released" in waiting


def test_an_odd_id_is_shown_as_it_is_typed_in_a_command() -> None:
    page = Page(page_of(plan_of(task(1, contact_id="C 1; rm -r"))))
    assert "'C 1; rm -r'" in page.all("code", "id")


# ---------------------------------------------------------------- nothing from outside, no harm


@pytest.mark.promise("plan.html", "safe.markup")
def test_the_page_loads_nothing_and_runs_nothing() -> None:
    html = full_page()
    page = Page(html)
    tags_used = {tag for tag, _ in page.elements}
    assert not tags_used & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    for _, attributes in page.elements:
        assert not {"src", "srcset", "style", "action", "xlink:href"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
        assert attributes.get("href", "#").startswith("#")
    assert not re.search(r"https?:|url\(|@import", html)
    policy = [a for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy[0]["content"].startswith("default-src 'none'; style-src 'unsafe-inline';")


def everywhere(text: str) -> str:
    """The page of a plan in which every free text is *text*."""
    of_task = ("contact_id", "contact_name", "owner_id", "play", "subject", "body")
    of_plan = ("plan_id", "account", "scope", "rules_hash", "settings_hash")
    plan = plan_of(
        task(1, **dict.fromkeys(of_task, text), because=(text,)),
        tags("C-1", values={"stage": text, text: text}, before={"stage": text}),
        CloseTask(key="c", task_key="t", contact_id=text, state="withdrawn", reason=text),
        note(text),
        **dict.fromkeys(of_plan, text),
        mode="pilot",
        versions={text: text},
        brakes=(Brake(code=text, text=text),),
        held={text: 1},
        waiting={text: 2},
        backlog=(waiting_one(text, text),),
        cannot_check=(text,),
        notices=(text,),
    )
    said = {text: text, "C-1": text, "C-9": text}
    return plan_document(plan, said, said, firm_name=text, names=said, taken_back={text: 1})


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.promise("safe.markup")
def test_no_text_can_change_the_page(text: str) -> None:
    html = everywhere(text)
    assert shape(html) == shape(everywhere("plain"))
    html.encode("utf-8")
    steering = [c for c in html if not c.isprintable() and c != "\n"]
    assert steering == []


def test_a_hostile_name_is_readable_as_it_was_typed() -> None:
    name = "<script>alert('1')</script> & \"Co\""
    page = Page(page_of(plan_of(task(1, contact_name=name))))
    assert name in page.text()


@given(st.text())
def test_whatever_is_written_the_page_keeps_its_shape(text: str) -> None:
    named = page_of(plan_of(task(1, contact_name=text, subject=text, because=(text,))))
    assert shape(named) == shape(page_of(plan_of(task(1))))


# ---------------------------------------------------------------- made well


def test_the_same_plan_gives_the_same_page() -> None:
    plan = full_plan()
    turned = plan.model_copy(
        update={
            name: dict(reversed(list(getattr(plan, name).items())))
            for name in ("versions", "held", "waiting", "verdicts")
        }
    )
    assert page_of(plan) == page_of(full_plan()) == page_of(turned)


def test_headings_tables_and_targets_are_in_order_for_a_screen_reader() -> None:
    page = Page(full_page())
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    kinds = Counter(tag for tag, _ in page.elements)
    assert kinds["h1"] == 1
    assert kinds["main"] == 1
    assert kinds["caption"] == kinds["table"] == kinds["thead"] > 5
    assert all(a.get("scope") in {"row", "col"} for tag, a in page.elements if tag == "th")
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    aims = [a["href"][1:] for tag, a in page.elements if tag == "a"]
    aims += [a["aria-labelledby"] for _, a in page.elements if "aria-labelledby" in a]
    assert aims
    assert set(aims) <= set(ids)
    assert page.elements[0] == ("html", {"lang": "en"})
    assert ("meta", {"charset": "utf-8"}) in page.elements


def colours(css: str) -> dict[str, str]:
    """The named colours of one set of the style sheet, as #rrggbb."""
    named = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", css))
    return {k: v if len(v) == 7 else "#" + "".join(c * 2 for c in v[1:]) for k, v in named.items()}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_text_stands_out_enough_in_light_in_dark_and_on_paper() -> None:
    (css,) = Page(full_page()).all("style")
    sets = [colours(part) for part in re.findall(r":root \{([^}]*)\}", css)]
    assert len(sets) == 3
    for named in sets:
        for text in ("ink", "muted", "accent", "warn"):
            assert contrast(named[text], named["paper"]) >= 4.5
        for text, ground in (("warn", "warn-soft"), ("ink", "warn-soft"), ("ink", "soft")):
            assert contrast(named[text], named[ground]) >= 4.5


@pytest.mark.promise("plan.html")
def test_on_paper_each_rep_begins_a_page_and_no_row_is_cut() -> None:
    (css,) = Page(full_page()).all("style")
    paper = "".join(css.split("@media print {")[1:])
    assert re.search(r"\.rep, [^{]*\{ break-before: page;", paper)
    assert re.search(r"\.task, tr, li \{ break-inside: avoid; \}", paper)
    assert "thead { display: table-header-group; }" in paper
    assert "details::details-content { content-visibility: visible;" in paper
