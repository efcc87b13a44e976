"""Every hook, answered by the very plugin its documentation shows, in a firm that really runs."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goodword import run
from goodword.errors import PluginError, RuleError, SettingsError
from goodword.explain import Explanation
from goodword.firm import Firm
from goodword.model import CreateTask, Plan
from goodword.plugins import CONNECTORS, DEFAULTS, hook_names
from goodword.testing import MemoryConnector

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
TODAY = date(2026, 11, 20)
MEMORY = """\
from goodword import hookimpl
from goodword.testing import memory_spec

@hookimpl
def goodword_connector():
    return memory_spec()
"""


def tables() -> dict[str, list[Mapping[str, object]]]:
    """Three customers of two companies, two leads: two are delighted, Tomas has sent Piet."""
    people = {
        "ida": ("Ida Marsh", "a17", "Leith"),
        "noor": ("Noor Valdez", "a18", "Perth"),
        "tomas": ("Tomas Reed", "a18", "Granton"),
        "piet": ("Piet Lang", None, "Granton"),
        "uma": ("Uma Frost", None, "Perth"),
    }
    sold = {"ida": date(2025, 11, 14), "noor": date(2025, 3, 4), "tomas": date(2024, 5, 6)}
    return {
        "contacts": [
            {
                "contact_id": contact,
                "name": name,
                "account_id": account,
                "city": city,
                "owner_id": "ana",
                "status": "customer" if contact in sold else "lead",
                "consent": "yes",
            }
            for contact, (name, account, city) in people.items()
        ],
        "accounts": [{"account_id": "a17", "name": "Marsh"}, {"account_id": "a18", "name": "Reed"}],
        "owners": [{"owner_id": "ana", "name": "Ana Lopez"}],
        "deals": [
            {"deal_id": f"d-{who}", "status": "won", "amount_cents": 90_000, "closed_at": day}
            for who, day in sold.items()
        ],
        "deal_contacts": [
            {"deal_id": f"d-{who}", "contact_id": who, "primary": True} for who in sold
        ],
        "activities": [
            {
                "activity_id": f"a-{who}",
                "contact_id": who,
                "kind": "call",
                "subject": "Open day in spring" if who == "tomas" else "Heard how it goes",
                "at": date(2026, 11, 2),
            }
            for who in sold
        ]
        + [
            {
                "activity_id": "a-uma",
                "contact_id": "uma",
                "kind": "event",
                "subject": "Our open day",
                "at": date(2026, 5, 9),
            }
        ],
        "feedback": [
            {
                "feedback_id": f"f-{who}",
                "contact_id": who,
                "kind": "nps",
                "score": 10,
                "at": date(2026, 11, 12),
            }
            for who in ("ida", "noor")
        ],
        "invoices": [
            {"invoice_id": f"i{n}", "contact_id": "ida", "due_at": day, "paid_at": day}
            for n, day in enumerate((date(2026, 1, 5), date(2026, 2, 5)))
        ],
        "tickets": [],
        "referrals": [
            {
                "referral_id": "r1",
                "referrer_id": "tomas",
                "referred_id": "piet",
                "status": "received",
                "at": date(2026, 11, 18),
            }
        ],
    }


class House:
    """A firm on a host in memory, and a place where its plugins are installed.

    Args:
        folder: The firm's folder.
        site: A folder on the import path.
    """

    def __init__(self, folder: Path, site: Path) -> None:
        self.folder = folder
        self.site = site
        self.enabled: list[str] = []
        self.install("memory", MEMORY)
        MemoryConnector(tables(), path=folder / "host.json")

    def install(self, name: str, source: str) -> None:
        """Install and enable a plugin, as pip and the firm would."""
        (self.site / f"goodword_{name}.py").write_text(source, encoding="utf-8")
        info = self.site / f"goodword_{name}-1.0.dist-info"
        info.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: goodword-{name}\nVersion: 1.0\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        points = f"[goodword]\n{name} = goodword_{name}\n"
        (info / "entry_points.txt").write_text(points, encoding="utf-8")
        self.enabled.append(name)

    def example(self, hook: str, name: str = "example") -> None:
        """Install the plugin that the documentation shows for *hook*."""
        self.install(name, (EXAMPLES / f"{hook}.py").read_text(encoding="utf-8"))

    def firm(self, settings: str = "", connector: str = "memory", choose: str = "") -> Firm:
        """Return the firm, its settings and plugins read afresh."""
        text = f"""\
[connector]
name = "{connector}"
account = "test"
[plugins]
enabled = {self.enabled}
{choose}
{settings}
"""
        (self.folder / "goodword.toml").write_text(text, encoding="utf-8")
        return Firm(self.folder, today=TODAY)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A firm whose plugins are gone after the test."""
    folder, site = tmp_path / "firm", tmp_path / "site"
    folder.mkdir()
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    yield House(folder, site)
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "")).startswith(str(site)):
            del sys.modules[name]


def tasks(plan: Plan) -> dict[tuple[str, str], CreateTask]:
    """The new tasks of a plan by contact and play."""
    created = [action for action in plan.actions if isinstance(action, CreateTask)]
    return {(task.contact_id, task.play): task for task in created}


def why(firm: Firm, query: str) -> Explanation:
    """The explanation of one customer."""
    explanation = run.why(firm, query)[1]
    assert explanation is not None
    return explanation


def loaded(firm: Firm) -> list[str]:
    """The plugins that work, without the connectors that come with goodword where installed."""
    return [name for name in firm.plugins.names() if name not in CONNECTORS]


def code_of(error: pytest.ExceptionInfo[Any]) -> str:
    """Message and hint of an error of ours."""
    return str(error.value)


# ---------------------------------------------------------------- one test a hook


def test_every_hook_has_an_example_and_a_test_here() -> None:
    examples = {path.stem for path in EXAMPLES.glob("*.py")}
    tested = {n.removeprefix("test_hook_") for n in globals() if n.startswith("test_hook_")}
    assert set(hook_names()) == examples == tested


def test_hook_goodword_connector(house: House) -> None:
    house.example("goodword_connector", "club")
    firm = house.firm("[plugin.club]\nmembers = ['Ada Quist', 'Bo Lind']", connector="club")
    snapshot = run.pull(firm)
    names = firm.engine.collect(snapshot.tables["contacts"])["name"].to_list()
    assert names == ["Ada Quist", "Bo Lind"]
    assert [check.detail for check in firm.connect("a run").check()] == ["2 people"]


def test_hook_goodword_settings(house: House) -> None:
    house.example("goodword_settings")
    assert "workshop_full" not in house.firm().book.sources
    busy = run.plan(house.firm("[plugin.example]\nbusy = true"))
    assert busy.held == {"workshop_full": 2, "open_end": 2}
    with pytest.raises(SettingsError) as error:
        _ = house.firm("[plugin.example]\nbussy = true").plugins
    assert "'bussy'" in code_of(error)
    assert "Did you mean 'busy'?" in code_of(error)


def test_hook_goodword_stage_model(house: House) -> None:
    house.example("goodword_stage_model")
    firm = house.firm()
    run.plan(firm)
    assert why(firm, "tomas").stage == "host"
    assert why(firm, "ida").stage == "member"
    assert why(firm, "piet").stage == "guest"


def test_hook_goodword_touchpoints(house: House) -> None:
    house.example("goodword_touchpoints")
    firm = house.firm()
    run.plan(firm)
    assert why(firm, "uma").stage == "trust"
    answers = firm.plugins.call("goodword_touchpoints")
    assert [answer.plugin for answer in answers] == [DEFAULTS, "example"]


def test_without_the_plugin_its_touchpoint_is_no_evidence(house: House) -> None:
    firm = house.firm()
    run.plan(firm)
    assert why(firm, "uma").stage != "trust"


def test_hook_goodword_facts(house: House) -> None:
    house.example("goodword_facts")
    weight = "[[ask.weight]]\nname = 'pays'\npoints = 'invoices_paid * 3'\nbecause = 'pays'"
    firm = house.firm(weight)
    run.plan(firm)
    assert firm.book.fact_sources["invoices_paid"] == "example"
    assert why(firm, "ida").points["pays"] == 6
    assert "pays" not in why(firm, "noor").points


def test_hook_goodword_ask_rules(house: House) -> None:
    house.example("goodword_ask_rules")
    firm = house.firm()
    plan = run.plan(firm)
    assert why(firm, "ida").points["neighbour"] == 25
    assert plan.held["no_staff"] == 1
    told = next(rule for rule in why(firm, "noor").suppressors if rule.name == "no_staff")
    assert (told.state, told.source) == ("holds", "example")
    assert told.sentence == "we are short of staff in Perth"


def test_hook_goodword_champion_score(house: House) -> None:
    house.example("goodword_champion_score")
    firm = house.firm()
    run.plan(firm)
    assert why(firm, "ida").scores["model"] == "by hand"
    assert why(firm, "ida").scores["p_refer"] == 50
    assert why(firm, "tomas").scores["p_refer"] == 300
    assert why(firm, "piet").scores["clv"] is None


def test_hook_goodword_plays(house: House) -> None:
    house.example("goodword_plays")
    plan = run.plan(house.firm())
    waiting = {(item.contact_id, item.play) for item in plan.backlog}
    assert ("ida", "anniversary") in tasks(plan).keys() | waiting
    assert not {("noor", "anniversary"), ("tomas", "anniversary")} & (tasks(plan).keys() | waiting)


def test_hook_goodword_veto(house: House) -> None:
    house.example("goodword_veto")
    plan = run.plan(house.firm())
    passed_over = {item.contact_id for item in plan.backlog if item.reason == "veto:dispute"}
    assert passed_over == {"ida"}
    assert ("noor", "ask") in tasks(plan)
    assert not any(contact == "ida" for contact, _ in tasks(plan))


def test_hook_goodword_compose(house: House) -> None:
    house.example("goodword_compose")
    plan = tasks(run.plan(house.firm()))
    thanks = plan["tomas", "thank_you"]
    assert thanks.subject == "Call Tomas Reed and say thank you"
    assert "recommended us to Piet Lang on 2026-11-18" in thanks.body
    assert thanks.due == date(2026, 11, 23)  # one working day, as the plugin says
    assert plan["noor", "ask"].subject == "Ask Noor Valdez for an introduction"


def test_hook_goodword_applied(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.example("goodword_applied")
    firm = house.firm()
    run.plan(firm)
    with caplog.at_level(logging.INFO, logger="diary"):
        report = run.apply(firm)
    assert f"run {report.run_id}" in caplog.text
    assert f"{report.applied['create_task']} create_task" in caplog.text


# ---------------------------------------------------------------- what holds for all of them

FAILING = """\
from goodword import hookimpl

@hookimpl
def HOOK(ARGUMENTS):
    raise ValueError("secret of a customer")
"""


def failing(hook: str, arguments: str = "") -> str:
    """Return a plugin whose answer to *hook* is an error."""
    return FAILING.replace("HOOK", hook).replace("ARGUMENTS", arguments)


def with_veto(source: str) -> str:
    """Return *source* with a second hook that works."""
    veto = (EXAMPLES / "goodword_veto.py").read_text(encoding="utf-8")
    return veto + source.replace("from goodword import hookimpl", "")


def test_a_plugin_that_is_not_enabled_is_never_loaded(house: House) -> None:
    house.install("noisy", "raise SystemExit('loaded')")
    house.enabled.remove("noisy")
    assert loaded(house.firm()) == [DEFAULTS, "memory"]


def test_an_enabled_plugin_that_is_not_installed_is_named(house: House) -> None:
    house.enabled.append("loyalty")
    with pytest.raises(SettingsError, match="'loyalty', which is not installed"):
        _ = house.firm().plugins


def test_answers_carry_the_name_of_their_plugin_and_the_bundled_one_comes_first(
    house: House,
) -> None:
    house.example("goodword_ask_rules", "zeta")
    house.example("goodword_facts", "alpha")
    firm = house.firm()
    assert [a.plugin for a in firm.plugins.call("goodword_facts", touchpoints=())] == [
        DEFAULTS,
        "alpha",
    ]
    assert (firm.book.sources["neighbour"], firm.book.sources["promoter"]) == ("zeta", DEFAULTS)


@pytest.mark.parametrize(
    "hook", ["goodword_facts", "goodword_ask_rules", "goodword_plays", "goodword_stage_model"]
)
def test_a_plugin_that_fails_is_named_and_out_as_a_whole(house: House, hook: str) -> None:
    house.install("broken", with_veto(failing(hook)))
    firm = house.firm()
    _ = firm.book
    assert loaded(firm) == [DEFAULTS, "memory"]
    assert firm.plugins.hooks_of("broken") == []  # its veto is out, too
    with pytest.raises(PluginError) as error:
        firm.require_sound()
    assert f"'broken' failed in {hook}" in code_of(error)
    assert "secret of a customer" not in code_of(error)


def test_without_a_broken_plugin_reading_goes_on_and_writing_refuses(house: House) -> None:
    run.plan(house.firm())
    house.install("broken", with_veto(failing("goodword_ask_rules")))
    assert why(house.firm(), "ida").name == "Ida Marsh"
    for verb in (run.plan, run.apply, run.sync):
        with pytest.raises(PluginError, match="'broken'"):
            verb(house.firm())


def test_a_plugin_that_does_not_import_is_named_and_the_others_load(house: House) -> None:
    house.install("broken", "import a_module_nobody_has")
    house.example("goodword_ask_rules")
    firm = house.firm()
    assert loaded(firm) == [DEFAULTS, "example", "memory"]
    assert "'broken'" in str(firm.plugins.broken["broken"])
    with pytest.raises(PluginError, match="'broken'"):
        run.plan(firm)


def test_a_rule_that_reads_an_unknown_fact_names_plugin_and_nearest_fact(house: House) -> None:
    source = (EXAMPLES / "goodword_ask_rules.py").read_text(encoding="utf-8")
    house.install("typo", source.replace("c.city", "c.cityy"))
    firm = house.firm()
    _ = firm.book
    error = firm.plugins.broken["typo"]
    assert isinstance(error, RuleError)
    assert "'typo'" in str(error)
    assert "Did you mean 'city'?" in str(error)


def test_a_hook_wrapper_is_refused(house: House) -> None:
    house.install(
        "wrapping",
        "from goodword import hookimpl\n"
        "@hookimpl(wrapper=True)\n"
        "def goodword_facts():\n"
        "    return (yield)\n",
    )
    firm = house.firm()
    assert "goodword_facts is a hook wrapper" in str(firm.plugins.broken["wrapping"])
    assert "wrapping" not in firm.plugins.names()


def test_a_hook_that_does_not_exist_is_refused(house: House) -> None:
    house.install("future", failing("goodword_send_mails"))
    assert "no hook 'goodword_send_mails'" in str(house.firm().plugins.broken["future"])


def test_a_hook_may_leave_out_arguments_and_gets_the_firms_numbers_as_settings(
    house: House,
) -> None:
    house.install(
        "curious",
        "from goodword import Weight, hookimpl\n"
        "@hookimpl\n"
        "def goodword_ask_rules(settings, c):\n"
        "    rest = settings.ask.cooldown_days\n"
        "    return [Weight('rest', c.when(c.city == 'Leith', rest, otherwise=0), because='r')]\n",
    )
    firm = house.firm("[ask]\ncooldown_days = 77")
    run.plan(firm)
    assert why(firm, "ida").points["rest"] == 77


def test_two_answers_to_a_hook_that_one_may_answer_are_an_error_until_chosen(house: House) -> None:
    house.example("goodword_stage_model", "one")
    house.example("goodword_stage_model", "two")
    with pytest.raises(PluginError, match="'one' and 'two' both answer goodword_stage_model"):
        _ = house.firm().book
    choose = 'choose = { goodword_stage_model = "two" }'
    firm = house.firm(choose=choose)
    assert firm.book.sources["has_joined"] == "two"
    back = house.firm(choose=f'choose = {{ goodword_stage_model = "{DEFAULTS}" }}')
    assert back.book.sources["bought"] == DEFAULTS


def test_two_connectors_of_one_name_are_an_error_that_names_both(house: House) -> None:
    house.example("goodword_connector", "east")
    house.example("goodword_connector", "west")
    with pytest.raises(PluginError, match="'east' and 'west' both announce 'club'"):
        house.firm(connector="club").plugins.connectors()


def test_two_rules_of_one_name_are_an_error_that_names_both_plugins(house: House) -> None:
    house.example("goodword_ask_rules", "one")
    house.example("goodword_ask_rules", "two")
    firm = house.firm()
    _ = firm.book
    assert "'two'" in str(firm.plugins.broken["two"])
    assert "'one'" in str(firm.plugins.broken["two"])


def test_an_error_after_the_run_becomes_a_notice_and_the_others_still_hear(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.install("clumsy", failing("goodword_applied", "report"))
    house.example("goodword_applied", "diary")
    firm = house.firm()
    run.plan(firm)
    with caplog.at_level(logging.INFO, logger="diary"):
        report = run.apply(firm)
    assert report.applied["create_task"] > 0
    assert any("'clumsy'" in notice for notice in report.notices)
    assert report.run_id in caplog.text


# ---------------------------------------------------------------- ordinary mistakes


def hook(head: str, body: str, imports: str = "") -> str:
    """Return a plugin of one hook; line 6 of its file is the first of *body*."""
    names = "Fact, Play, StageModel, Suppressor, TaskText, Touchpoint, hookimpl"
    lines = ["import narwhals.stable.v2 as nw", f"from goodword import {names}", imports]
    return "\n".join([*lines, "@hookimpl", f"def {head}:", f"    {body}"]) + "\n"


@pytest.mark.parametrize(
    ("head", "body", "message"),
    [
        ("goodword_veto(candidate)", "return False", "a bool; return a reason or None."),
        ("goodword_veto(candidate)", "return ''", "an empty text; return a reason or None."),
        (
            "goodword_compose(candidate)",
            "return 'Call them'",
            "a str; return TaskText(...) or None.",
        ),
    ],
    ids=["veto", "empty", "compose"],
)
def test_an_answer_of_another_kind_than_the_hook_promises_names_the_plugin(
    house: House, head: str, body: str, message: str
) -> None:
    house.install("odd", hook(head, body))
    with pytest.raises(PluginError) as error:
        run.plan(house.firm())
    name = head.partition("(")[0]
    assert error.value.message == f"Plugin 'odd': {name} returned {message}"
    assert error.value.plugin == "odd"


@pytest.mark.parametrize(
    ("head", "body", "message"),
    [
        (
            "goodword_ask_rules(c)",
            "return Suppressor('s', because='b', when=c.referrals_given > 0)",
            "goodword_ask_rules returned a Suppressor. Return a list of rules.",
        ),
        ("goodword_ask_rules(c)", "return ['no']", "returned a str in its list."),
        (
            "goodword_facts()",
            "return Fact('visits', 'int', 'Visits.', print)",
            "goodword_facts returned a Fact. Return a list of Fact(...).",
        ),
        (
            "goodword_touchpoints()",
            "return Touchpoint('open_day', 'like', 'Open day.')",
            "goodword_touchpoints returned a Touchpoint.",
        ),
        ("goodword_stage_model(c)", "return ('a', 'b')", "returned a tuple; return StageModel"),
        ("goodword_stage_model(c)", "return StageModel(('a',), ('b',), {})", "returned a str in"),
        ("goodword_plays(c)", "return [c.nope]", "unknown fact 'nope'"),
    ],
    ids=["rule", "text", "fact", "touchpoint", "stages", "stage-rule", "fact-name"],
)
def test_rules_of_another_kind_than_the_hook_promises_name_the_plugin(
    house: House, head: str, body: str, message: str
) -> None:
    house.install("odd", hook(head, body))
    firm = house.firm()
    _ = firm.book
    told = str(firm.plugins.broken["odd"])
    assert "Plugin 'odd'" in told
    assert message.lower() in told.lower()


SCORES = """\
rows = facts.select("contact_id", clv=nw.col("margin_cents"), crv=nw.col("margin_cents"),
        p_refer=nw.col("margin_cents"), n=nw.col("margin_cents"), model=nw.lit("m"),
        confidence=nw.lit("low"))
    return """


@pytest.mark.parametrize(
    ("end", "message"),
    [
        ("rows.drop('crv')", "has no column 'crv'"),
        ("rows.with_columns(n=nw.lit('many'))", "column 'n' is String, not int"),
        ("nw.concat([rows, rows])", "holds a contact more than once"),
        ("rows.collect()", "is a DataFrame"),
        ("rows.with_columns(nw.col('nope'))", "does not compute"),
    ],
    ids=["missing", "type", "twice", "eager", "lazy"],
)
def test_scores_that_are_not_what_the_hook_promises_name_the_plugin(
    house: House, end: str, message: str
) -> None:
    house.install("odd", hook("goodword_champion_score(facts)", SCORES + end))
    with pytest.raises(PluginError) as error:
        run.plan(house.firm())
    assert "Plugin 'odd': " in error.value.message
    assert message in error.value.message


@pytest.mark.parametrize(
    ("end", "message"),
    [
        ("1 / 0", "its events failed (ZeroDivisionError, at goodword_odd.py:3)"),
        ("t['contacts'].select('contact_id', cycle='contact_id')", "have no column 'at'"),
        ("t['contacts'].select('contact_id', cycle='name', at='city')", "'at' of its events is"),
        ("[]", "its events are a list, not a LazyFrame"),
    ],
    ids=["raises", "missing", "type", "list"],
)
def test_events_that_are_not_what_a_play_promises_name_plugin_and_play(
    house: House, end: str, message: str
) -> None:
    body = "return [Play('greet', doc='Hi.', events=arrived)]"
    house.install("odd", hook("goodword_plays()", body, f"def arrived(t, as_of): return {end}"))
    with pytest.raises(PluginError) as error:
        run.plan(house.firm())
    assert error.value.message.startswith("Plugin 'odd', play 'greet': ")
    assert message in error.value.message
    assert error.value.plugin == "odd"


def test_a_failure_names_the_place_in_the_plugins_own_file(house: House) -> None:
    house.install("one", hook("goodword_ask_rules()", "return int('secret of a customer')"))
    house.install("two", "import narwhals\nimport a_module_nobody_has\n")
    house.install("three", "def broken(:\n")
    firm = house.firm()
    _ = firm.book
    told = {name: str(error) for name, error in firm.plugins.broken.items()}
    assert "failed in goodword_ask_rules (ValueError, at goodword_one.py:6)" in told["one"]
    assert "secret" not in told["one"]
    assert "does not load (ModuleNotFoundError, at goodword_two.py:2)" in told["two"]
    assert "does not load (SyntaxError, at goodword_three.py:1)" in told["three"]


def test_a_fact_that_fails_names_the_place_in_the_plugins_own_file(house: House) -> None:
    body = "return [Fact('visits', 'int', 'Visits.', count)]"
    house.install("odd", hook("goodword_facts()", body, "def count(t, as_of): return t['visits']"))
    with pytest.raises(PluginError, match=r"building visits failed \(KeyError, at goodword_odd"):
        run.plan(house.firm())


def test_hooks_that_would_never_be_asked_are_refused(house: House) -> None:
    bare = hook("goodword_veto(candidate)", "return 'no'").replace("@hookimpl", "")
    house.install("bare", bare)
    house.install("typo", hook("goodword_vetoes(candidate)", "return 'no'"))
    house.install("stray", hook("goodword_veto(candidates)", "return 'no'"))
    broken = {name: str(error) for name, error in house.firm().plugins.broken.items()}
    assert "goodword_veto lacks @hookimpl" in broken["bare"]
    assert "Did you mean 'goodword_veto'?" in broken["typo"]
    assert (
        "goodword_veto has no argument 'candidates'. Did you mean 'candidate'?" in (broken["stray"])
    )


def test_a_refusal_to_write_gives_its_advice_once(house: House) -> None:
    house.install("odd", hook("goodword_ask_rules(c)", "return 'no'"))
    house.install("bad", hook("goodword_veto()", "return").replace("veto", "vetoes"))
    with pytest.raises(PluginError) as error:
        house.firm().require_sound()
    assert str(error.value).count("[plugins] enabled") == 1
